/** Mailboxes of units: where their mail is fetched, and how that goes. */
import { z } from 'zod'
import { Instant, Text, TextLine, Uuid } from '../../platform/index.ts'

/** How the connection is protected: by TLS from the first byte, by STARTTLS, or not at all, which is for one's own machine. */
export const MailboxSecurity = z.enum(['tls', 'starttls', 'none'])
export type MailboxSecurity = z.infer<typeof MailboxSecurity>

export const MailboxKind = z.enum(['ordinary', 'pec']).describe('`pec`: its mails come in registered envelopes')

/** What becomes of a mail on the server once it is here: it is marked as read, moved, or deleted. */
export const Afterwards = z.enum(['mark', 'move', 'delete'])

/** Why mails cannot be fetched. */
export const mailboxReasons = [
  'unknown-host',
  'unreachable',
  'no-answer',
  'certificate',
  'no-tls',
  'sign-in',
  'folder',
  'secret',
  'server',
  'storage',
] as const
export type MailboxReason = (typeof mailboxReasons)[number]

/** Labels of letters, digits and hyphens, or a numeric address: nothing that a log or a page could take for something else. */
const Host = TextLine.pipe(z.string().min(1).max(253)).refine(text => /^[\w.:-]+$/.test(text), 'channels.field.host')

const settings = {
  address: z.email().max(254).toLowerCase().meta({ example: 'pensioni@ente.example' }),
  unitId: z.string().min(1).max(100),
  kind: MailboxKind,
  host: Host.meta({ example: 'imap.ente.example' }),
  port: z.number().int().min(1).max(65_535),
  security: MailboxSecurity,
  userName: TextLine.pipe(z.string().min(1).max(254)),
  folder: TextLine.pipe(z.string().min(1).max(200)),
  afterwards: Afterwards,
  moveTo: TextLine.pipe(z.string().min(1).max(200)).nullable().describe('the folder to which mails are moved; with `move` only'),
  signature: Text.pipe(z.string().max(2_000)).describe('stands below every answer from here'),
  enabled: z.boolean(),
}
const secret = z.string().min(1).max(1_000).describe('kept encrypted; it is never told')

export const NewMailbox = z.object({
  ...settings,
  kind: settings.kind.default('ordinary'),
  port: settings.port.default(993),
  security: settings.security.default('tls'),
  folder: settings.folder.default('INBOX'),
  afterwards: settings.afterwards.default('mark'),
  moveTo: settings.moveTo.default(null),
  signature: settings.signature.default(''),
  enabled: settings.enabled.default(true),
  secret,
})
export type NewMailbox = z.infer<typeof NewMailbox>

/** What is changed of a mailbox; what is left out stays, the secret too. */
export const MailboxChange = z
  .object({ ...settings, secret })
  .omit({ kind: true })
  .partial()
export type MailboxChange = z.infer<typeof MailboxChange>

export const MailboxState = z.object({
  state: z.enum(['off', 'waiting', 'listening', 'trouble']).describe('`waiting`: no process has begun to read it'),
  sentence: z.string().nullable().describe('what is wrong'),
  since: Instant.nullable(),
  lookedAt: Instant.nullable().describe('when it was looked into last'),
  lastMailAt: Instant.nullable(),
  onServer: z.number().int().describe('mails on the server that are not here yet'),
  unread: z.number().int().describe('mails that are here and have not been read into the program yet'),
  toExamine: z.number().int().describe('mails that somebody has to look at'),
})

export const Mailbox = z
  .object({
    id: Uuid,
    ...settings,
    unit: z.object({ id: z.string(), name: z.string() }),
    standing: MailboxState,
    version: z.number().int(),
  })
  .omit({ unitId: true })
  .meta({ id: 'Mailbox' })
export type Mailbox = z.infer<typeof Mailbox>

/** Settings to be tried before they are kept; without a secret that of the mailbox is taken. */
export const MailboxTrial = z.object({
  host: settings.host,
  port: settings.port,
  security: settings.security,
  userName: settings.userName,
  folder: settings.folder,
  secret: secret.optional(),
  mailboxId: Uuid.optional(),
})
export type MailboxTrial = z.infer<typeof MailboxTrial>

export const TrialOutcome = z
  .object({
    ok: z.boolean(),
    sentence: z.string().describe('what was found, or what is wrong and what to do'),
    detail: z.string().nullable().describe('what the server said'),
    folders: z.array(z.string()).describe('the folders that there are'),
  })
  .meta({ id: 'MailboxTrialOutcome' })
export type TrialOutcome = z.infer<typeof TrialOutcome>
