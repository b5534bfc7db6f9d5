/** Mails of citizens as the API has them: lists, one mail, and what is done with it. */
import { z } from 'zod'
import { maxCopies, RegisteredEnvelope } from '../../channels/index.ts'
import { Instant, Permission, Text, Uuid } from '../../platform/index.ts'
import { AnswerFile } from '../answering/model.ts'
import { KnownContact, OpenCaseLine, Repeats, RequestCode } from '../model.ts'

const Person = z.object({ id: Uuid, name: z.string() })

export const MailLine = z
  .object({
    id: Uuid.describe('of the interaction'),
    channel: z.enum(['email', 'pec']),
    from: z.object({ name: z.string(), address: z.string() }).describe('as the mail says: nobody is identified by it'),
    subject: z.string(),
    excerpt: z.string(),
    contact: KnownContact.nullable(),
    code: RequestCode.nullable().describe('of the case that it surely belongs to'),
    mailbox: z.string().nullable(),
    holder: Person.nullable().describe('who has taken it'),
    attachments: z.number().int(),
    receivedAt: Instant,
    state: z.enum(['open', 'answered', 'linea', 'appointment']),
  })
  .meta({ id: 'MailLine' })
export type MailLine = z.infer<typeof MailLine>

export const MailAttachment = z.object({
  id: Uuid,
  name: z.string(),
  type: z.string().describe('as the content shows'),
  sizeBytes: z.number().int(),
  scan: z.enum(['unchecked', 'clean', 'infected']),
  isExpectedType: z.boolean().describe('whether the content is what the mail says that it is'),
})

/** The mail went from one unit to another. */
export const MailPassing = z.object({
  fromUnit: z.string(),
  toUnit: z.string(),
  note: z.string(),
  by: z.string(),
  at: Instant,
})

export const IncomingMail = MailLine.extend({
  rawMailId: Uuid,
  to: z.array(z.string()),
  cc: z.array(z.string()),
  text: z.string(),
  quoted: z.string().describe('of earlier mails, below what was written'),
  hasHtml: z.boolean(),
  files: z.array(MailAttachment),
  matchedBy: z.enum(['token', 'thread']).nullable().describe('how it came to its case'),
  caseId: Uuid.nullable(),
  typologyId: z.string().nullable(),
  typology: z.string().nullable(),
  proposed: z
    .array(
      z.object({
        caseId: Uuid,
        code: RequestCode,
        title: z.string(),
        contact: z.string(),
        status: z.enum(['open', 'closed']),
        openedAt: Instant,
        reason: z
          .enum(['number', 'same-person'])
          .describe('its number stands in the subject, which anybody may write; or it is open, and of the contact'),
      }),
    )
    .describe('cases that it may belong to, the likeliest first; empty when it surely belongs to one'),
  open: z
    .array(OpenCaseLine)
    .describe(
      'what is open for who wrote, with who goes on with it; of a mail that belongs to a case, this case alone, also when it is closed',
    ),
  repeats: Repeats.nullable(),
  addressTrouble: z.string().nullable().describe('why mails to this sender may not arrive'),
  answer: z
    .object({
      text: z.string(),
      state: z.enum(['waiting', 'leaving', 'sent', 'failed', 'withdrawn']),
      mayWithdrawUntil: Instant.nullable(),
      copies: z.array(z.string()),
      files: z.array(AnswerFile),
    })
    .nullable(),
  registered: RegisteredEnvelope.nullable().describe('what its envelope vouches for, where it came as registered mail'),
  signature: z.string(),
  others: z.array(z.string()).describe('who else got the mail, and may get a copy of the answer'),
  answerFiles: z.array(AnswerFile).describe('what goes out with the next answer'),
  passings: z.array(MailPassing).describe('from unit to unit, the last first'),
  may: z.object({ take: Permission, giveBack: Permission, answer: Permission }),
  version: z.number().int(),
}).meta({ id: 'IncomingMail' })
export type IncomingMail = z.infer<typeof IncomingMail>

export const MailOffer = z.object({ mail: MailLine, offer: z.string(), until: Instant }).meta({ id: 'MailOffer' })
export type MailOffer = z.infer<typeof MailOffer>

export const AnswerToMail = z.object({
  answer: Text.pipe(z.string().min(1).max(20_000)).describe('the whole text, with its greeting and signature'),
  typologyId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('what it is about; needed unless it belongs to a case, or continues one'),
  caseId: Uuid.optional().describe('the case that it continues, as whoever answers has found; its person is the contact then'),
  copies: z.array(z.email().max(254).toLowerCase()).max(maxCopies).default([]).describe('of those who got the mail too'),
  contactId: Uuid.optional().describe('who the sender is; without it a card is made of what the mail says'),
})
export type AnswerToMail = z.infer<typeof AnswerToMail>

/** A unit to which a mail may be passed on. */
export const MailDestination = z.object({ unitId: z.string(), name: z.string() }).meta({ id: 'MailDestination' })

export const PassMail = z.object({
  unitId: z.string().min(1).max(100),
  note: Text.pipe(z.string().min(3).max(1_000)).describe('why, for the colleagues there; the citizen does not see it'),
})
export type PassMail = z.infer<typeof PassMail>
