/** The SMTP client: one attempt to send one mail. */
import nodemailer, { type Transporter } from 'nodemailer'
import { type Attempt, atOnce, htmlOf, readFailure } from '../policy.ts'
import type { AttachedFile, Carrier } from '../port.ts'
import type { MailRow } from '../store.ts'
import { replyAddress } from './reply-token.ts'

/** Less than a mail is taken in hand for, so that nobody else takes one that is still being sent. */
const smtpTimeoutMs = 30_000

/** Opens the way to an SMTP server. @param from the address that sends */
export function openSmtp(url: string, from: string): Carrier {
  const transport = openTransport(url)
  return { send: (mail, files) => trySmtp(transport, mail, files, from), close: () => transport.close() }
}

/** An SMTP client that reads no files and no addresses of the web, whatever a message says. */
export const openTransport = (url: string): Transporter =>
  nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: atOnce,
    connectionTimeout: smtpTimeoutMs,
    greetingTimeout: smtpTimeoutMs,
    socketTimeout: smtpTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })

async function trySmtp(transport: Transporter, mail: MailRow, files: readonly AttachedFile[], from: string): Promise<Attempt> {
  try {
    const said: unknown = await transport.sendMail({
      from: { name: mail.from_name, address: from },
      ...addressedTo(mail),
      replyTo: { name: mail.from_name, address: replyAddress(from, mail.reply_token) },
      messageId: mail.message_id,
      subject: mail.subject,
      text: mail.body,
      html: htmlOf(mail.body, mail.language),
      date: mail.queued_at,
      attachments: writtenFiles(files),
      ...(mail.calendar_method === null || mail.calendar === null
        ? {}
        : { icalEvent: { method: mail.calendar_method, content: mail.calendar, filename: 'calendar.ics' } }),
      ...(mail.in_reply_to === null ? {} : { inReplyTo: mail.in_reply_to, references: mail.refs }),
      headers: {
        'Content-Language': mail.language,
        ...(mail.automatic ? { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } : {}),
      },
      envelope: { from, to: [mail.to_address, ...mail.cc_addresses] },
    })
    return attemptOf(mail, said)
  } catch (error) {
    return readFailure(error)
  }
}

/** To whom a message says that it goes. */
export const addressedTo = (mail: MailRow) => ({
  to: { name: mail.to_name, address: mail.to_address },
  ...(mail.cc_addresses.length === 0 ? {} : { cc: [...mail.cc_addresses] }),
})

/** Files as the SMTP client writes them: always in base64, so that no line of theirs is too long. */
export const writtenFiles = (files: readonly AttachedFile[]) =>
  files.map(({ name, type, bytes }) => ({
    ...{ filename: name, contentType: type, content: bytes },
    ...{ contentDisposition: 'attachment' as const, contentTransferEncoding: 'base64' as const },
  }))

/**
 * What the server said of each recipient, when it has taken the message for at least one. The mail is about the citizen: when it was refused for
 * them it has not left, though copies may have; they are sent again under the same Message-ID, by which mail programs show them once.
 */
function attemptOf(mail: MailRow, said: unknown): Attempt {
  const refused = refusedIn(said)
  const own = refused.find(each => each.address === mail.to_address.toLowerCase())
  if (own) return readFailure(own.error)
  const uncopied = refused.map(({ address, error }) => {
    const { kind, problem } = readFailure(error)
    return { address, problem, isFinal: kind === 'refused' }
  })
  return uncopied.length === 0 ? { kind: 'accepted' } : { kind: 'accepted', uncopied }
}

function refusedIn(said: unknown): { address: string; error: Error }[] {
  const errors = said instanceof Object && 'rejectedErrors' in said ? said.rejectedErrors : undefined
  if (!Array.isArray(errors)) return []
  return errors.flatMap((error: unknown) =>
    error instanceof Error && 'recipient' in error && typeof error.recipient === 'string'
      ? [{ address: error.recipient.toLowerCase(), error }]
      : [],
  )
}
