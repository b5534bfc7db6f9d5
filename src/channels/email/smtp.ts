/** The SMTP client: one attempt to send one mail. */
import nodemailer, { type Transporter } from 'nodemailer'
import { type Attempt, atOnce, htmlOf, readFailure } from '../policy.ts'
import type { Carrier } from '../port.ts'
import type { MailRow } from '../store.ts'
import { replyAddress } from './reply-token.ts'

/** Less than a mail is taken in hand for, so that nobody else takes one that is still being sent. */
const smtpTimeoutMs = 30_000

/** Opens the way to an SMTP server. @param from the address that sends */
export function openSmtp(url: string, from: string): Carrier {
  const transport = openTransport(url)
  return { send: mail => trySmtp(transport, mail, from), close: () => transport.close() }
}

/** An SMTP client that reads no files and no addresses of the web, whatever a message says. */
const openTransport = (url: string): Transporter =>
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

async function trySmtp(transport: Transporter, mail: MailRow, from: string): Promise<Attempt> {
  try {
    await transport.sendMail({
      from: { name: mail.from_name, address: from },
      to: { name: mail.to_name, address: mail.to_address },
      replyTo: { name: mail.from_name, address: replyAddress(from, mail.reply_token) },
      messageId: mail.message_id,
      subject: mail.subject,
      text: mail.body,
      html: htmlOf(mail.body, mail.language),
      date: mail.queued_at,
      ...(mail.calendar_method === null || mail.calendar === null
        ? {}
        : { icalEvent: { method: mail.calendar_method, content: mail.calendar, filename: 'calendar.ics' } }),
      ...(mail.in_reply_to === null ? {} : { inReplyTo: mail.in_reply_to, references: mail.refs }),
      headers: {
        'Content-Language': mail.language,
        ...(mail.automatic ? { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } : {}),
      },
      envelope: { from, to: mail.to_address },
    })
    return { kind: 'accepted' }
  } catch (error) {
    return readFailure(error)
  }
}
