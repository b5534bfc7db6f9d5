/**
 * Outgoing e-mail. `queueMail` writes a mail in the transaction that decides it. The worker hears of it in the journal, so it leaves at
 * once when that has committed, and never when it has not; every minute a job sends what is due for another attempt or was left behind.
 *
 * A mail leaves exactly once, as far as SMTP allows: whoever dies between the server's "accepted" and our commit does not know that it was
 * accepted, and the mail is sent again after two minutes, with the same Message-ID, by which mail programs show it once.
 */
import nodemailer, { type Transporter } from 'nodemailer'
import {
  eachEntry,
  type House,
  houseSecret,
  inTransaction,
  type Language,
  payloadOf,
  system,
  type Work,
} from '../platform/index.ts'
import { mailDelayed, mailFailed, mailQueued, mailReaddressed, mailSent } from './events.ts'
import { type Attempt, afterAttempt, headerText, htmlOf, readFailure } from './policy.ts'
import { replyAddress, replyToken } from './reply-token.ts'
import { dueMails, insertMail, type MailRow, takeMail, threadOf, writeAttempt } from './store.ts'

/** Longer than the SMTP client waits for anything, so that nobody else takes a mail that is still being sent. */
const takenForMs = 120_000
const smtpTimeoutMs = 30_000
const sweepAtOnce = 100
/** Connections to the SMTP server, and so mails on their way at the same time. */
const atOnce = 3

const sweepQueue = 'mail.sweep'

export interface NewMail {
  /** Which room's mail it is, and what for: `cases.answer`. The settler of this name hears how it went. */
  purpose: string
  /** What the settler needs to find its own thing again, e.g. the ticket. */
  subjectId: string
  caseId: string
  contactId: string
  to: { name: string; address: string }
  /** Shown as the sender's name: the office that writes. */
  fromName: string
  subject: string
  /** Plain text. The HTML part is made of it. */
  body: string
  language: Language
  /** Written by the program, not by a person: says so, and asks not to be answered by programs (RFC 3834 §5). */
  automatic: boolean
  /** Units whose members may see that it was sent. */
  units: readonly string[]
  /** An entry for the reader's calendar (iCalendar), which a mail program offers to put in, change or take out (RFC 6047). */
  calendar?: { method: 'REQUEST' | 'CANCEL'; text: string }
}

/** How a mail ended; called in the transaction that writes it down. */
export type Settler = (
  work: Work,
  mail: { mailId: string; subjectId: string | null; outcome: 'sent' | 'failed'; problem: string | null },
) => Promise<void>

/** Puts a mail in the outbox. Answers its identifier. It continues the thread of the case with the same address. */
export async function queueMail(work: Work, mail: NewMail): Promise<string> {
  const { config } = work.house
  const id = work.ids()
  const thread = await threadOf(work.tx, mail.caseId, mail.to.address)
  const secret = await houseSecret(config, work.tx)
  await insertMail(work.tx, mailRow(mail, { id, at: work.now, from: config.MAIL_FROM, secret, thread }))
  await work.journal(mailQueued, { mailId: id, purpose: mail.purpose }, subjectsOf(mail.caseId, mail.contactId, mail.units))
  return id
}

/** The row of a mail that begins to wait at an instant. */
export const mailRow = (
  mail: NewMail,
  { id, at, from, secret, thread }: { id: string; at: Date; from: string; secret: Buffer; thread: readonly string[] },
) => ({
  id,
  message_id: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
  purpose: mail.purpose,
  subject_id: mail.subjectId,
  case_id: mail.caseId,
  contact_id: mail.contactId,
  unit_ids: [...mail.units],
  to_address: mail.to.address,
  to_name: headerText(mail.to.name),
  from_name: headerText(mail.fromName),
  reply_token: replyToken(secret, mail.caseId),
  subject: headerText(mail.subject),
  body: mail.body,
  language: mail.language,
  in_reply_to: thread.at(-1) ?? null,
  refs: [...thread],
  automatic: mail.automatic,
  calendar_method: mail.calendar?.method ?? null,
  calendar: mail.calendar?.text ?? null,
  state: 'queued' as MailRow['state'],
  next_at: at,
  last_problem: null as string | null,
  last_reason: null as MailRow['last_reason'],
  queued_at: at,
  sent_at: null as Date | null,
})

/**
 * Starts to send (the role `worker`). Without `SMTP_URL` mail waits in the outbox and leaves when there is one.
 * @param settlers by purpose, who hears how a mail ended
 */
export async function startChannels(
  house: House,
  settlers: Readonly<Record<string, Settler>>,
): Promise<{ close(): Promise<void> }> {
  const url = house.config.SMTP_URL
  if (url === undefined || !house.config.ROLES.includes('worker')) return { close: async () => {} }
  const transport = openTransport(url)
  const onTheirWay = new Set<Promise<void>>()
  const waiting: string[] = []
  const next = () => {
    while (onTheirWay.size < atOnce) {
      const id = waiting.shift()
      if (id === undefined) return
      const one = sendMail(house, transport, settlers, id)
        .catch((error: unknown) => house.log.warn({ err: error, mail: id }, 'a mail could not be sent; it will be tried again'))
        .finally(() => {
          onTheirWay.delete(one)
          next()
        })
      onTheirWay.add(one)
    }
  }
  house.jobs.schedule(sweepQueue, '* * * * *', async () => {
    await sendDue(house, transport, settlers)
  })
  const stop = await house.tail.follow(
    eachEntry(house, 'mail', [mailQueued, mailReaddressed], entry => {
      const queued = payloadOf(mailQueued, entry) ?? payloadOf(mailReaddressed, entry)
      if (queued) waiting.push(queued.mailId)
      next()
    }),
  )
  return {
    async close() {
      stop()
      waiting.length = 0
      await Promise.all(onTheirWay)
      transport.close()
    },
  }
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

/** Sends what is due. Returns how many were tried. */
export async function sendDue(
  house: House,
  transport: Transporter,
  settlers: Readonly<Record<string, Settler>>,
): Promise<number> {
  const ids = await dueMails(house.database.kysely, new Date(house.clock.now()), sweepAtOnce)
  for (const id of ids) await sendMail(house, transport, settlers, id)
  return ids.length
}

/** Sends one mail, if it is due and nobody else has it in hand. */
export async function sendMail(
  house: House,
  transport: Transporter,
  settlers: Readonly<Record<string, Settler>>,
  id: string,
): Promise<void> {
  const now = house.clock.now()
  const mail = await takeMail(house.database.kysely, id, new Date(now), new Date(now + takenForMs))
  if (!mail) return
  const attempt = await trySmtp(transport, mail, house.config.MAIL_FROM)
  await inTransaction(house, system('mail'), work => writeDown(work, mail, attempt, settlers))
}

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

async function writeDown(
  work: Work,
  mail: MailRow,
  attempt: Attempt,
  settlers: Readonly<Record<string, Settler>>,
): Promise<void> {
  const next = afterAttempt(attempt, mail.attempts, work.now)
  const isOurs = await writeAttempt(work.tx, mail, {
    state: next.state,
    last_problem: next.state === 'sent' ? null : next.problem,
    last_reason: next.state === 'sent' ? null : next.reason,
    ...(next.state === 'sent' ? { sent_at: work.now } : {}),
    ...(next.state === 'queued' ? { next_at: next.nextAt } : {}),
  })
  if (!isOurs) return
  const subjects = subjectsOf(mail.case_id ?? undefined, mail.contact_id ?? undefined, mail.unit_ids)
  const about = { mailId: mail.id, purpose: mail.purpose, attempts: mail.attempts }
  const ended = { mailId: mail.id, subjectId: mail.subject_id }
  const settle = settlers[mail.purpose]
  if (next.state === 'queued') {
    await work.journal(mailDelayed, { ...about, problem: next.problem, nextAt: next.nextAt.toISOString() }, subjects)
  } else if (next.state === 'sent') {
    await work.journal(mailSent, about, subjects)
    await settle?.(work, { ...ended, outcome: 'sent', problem: null })
  } else {
    await work.journal(mailFailed, { ...about, problem: next.problem }, subjects)
    await settle?.(work, { ...ended, outcome: 'failed', problem: next.problem })
  }
}

const subjectsOf = (caseId: string | undefined, contactId: string | undefined, units: readonly string[]) => ({
  channel: 'email' as const,
  case: caseId,
  contact: contactId,
  units,
})
