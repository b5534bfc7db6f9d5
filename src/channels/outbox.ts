/**
 * The outbox: e-mail, and whatever else is carried (`port.ts`). `queueMail` writes a mail in the transaction that decides it. The worker hears of it in the journal, so it leaves at
 * once when that has committed, and never when it has not; every minute a job sends what is due for another attempt or was left behind.
 *
 * A mail leaves exactly once, as far as SMTP allows: whoever dies between the server's "accepted" and our commit does not know that it was
 * accepted, and the mail is sent again after two minutes, with the same Message-ID, by which mail programs show it once.
 */
import type { ContactLanguage } from '../contacts/index.ts'
import {
  eachEntry,
  type House,
  houseSecret,
  inTransaction,
  onItsOwn,
  payloadOf,
  Refused,
  system,
  type Work,
} from '../platform/index.ts'
import { replyToken } from './email/reply-token.ts'
import { mailDelayed, mailFailed, mailQueued, mailReaddressed, mailSent } from './events.ts'
import { attachedTo } from './files/service.ts'
import { addressTrouble } from './inbox/policy.ts'
import { markAddress } from './inbox/return-store.ts'
import { carriedHere, channelOf, type ReplyKind } from './model.ts'
import { type Attempt, afterAttempt, atOnce, headerText } from './policy.ts'
import type { Carrier } from './port.ts'
import { dueMails, insertMail, type MailRow, mailDueAt, takeMail, threadOf, writeAttempt } from './store.ts'

/** Longer than the SMTP client waits for anything, so that nobody else takes a mail that is still being sent. */
const takenForMs = 120_000
const sweepBatchSize = 100
/** What is to leave later than that is left to the sweep. */
const heldAtMostMs = 60_000
const sweepQueue = 'mail.sweep'

export interface NewMail {
  /** E-mail when left out. */
  channel?: ReplyKind
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
  language: ContactLanguage
  /** Written by the program, not by a person: says so, and asks not to be answered by programs (RFC 3834 §5). */
  automatic: boolean
  /** Units whose members may see that it was sent. */
  units: readonly string[]
  /** An entry for the reader's calendar (iCalendar), which a mail program offers to put in, change or take out (RFC 6047). */
  calendar?: { method: 'REQUEST' | 'CANCEL'; text: string }
  /** The mail that it answers, oldest of the thread first: its reader's mail program puts it there. */
  answers?: readonly string[]
  /** Others who took part in the conversation, and get a copy. */
  copies?: readonly string[]
  /** It does not leave before: until then its writer may take it back. */
  notBefore?: Date
}

/** How a mail ended; called in the transaction that writes it down. */
export type Settler = (
  work: Work,
  mail: { mailId: string; subjectId: string | null; outcome: 'sent' | 'failed'; problem: string | null },
) => Promise<void>

/** Puts a mail in the outbox. Returns its identifier. It continues the thread of the case with the same address. */
export async function queueMail(work: Work, mail: NewMail): Promise<string> {
  const { config } = work.house
  const id = work.ids()
  const thread = await threadOf(work.tx, mail.caseId, mail.to.address)
  const secret = await houseSecret(config, work.tx)
  await insertMail(work.tx, mailRow(mail, { id, at: work.now, from: config.MAIL_FROM, secret, thread }))
  await work.journal(
    mailQueued,
    { mailId: id, purpose: mail.purpose },
    subjectsOf(mail.channel ?? 'email', mail.caseId, mail.contactId, mail.units),
  )
  return id
}

/** The row of a mail that begins to wait at an instant. */
export const mailRow = (
  mail: NewMail,
  { id, at, from, secret, thread }: { id: string; at: Date; from: string; secret: Buffer; thread: readonly string[] },
) => ({
  id,
  message_id: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
  channel: mail.channel ?? ('email' satisfies ReplyKind),
  purpose: mail.purpose,
  subject_id: mail.subjectId,
  case_id: mail.caseId,
  contact_id: mail.contactId,
  unit_ids: [...mail.units],
  to_address: mail.to.address,
  to_name: headerText(mail.to.name),
  cc_addresses: [...(mail.copies ?? [])],
  from_name: headerText(mail.fromName),
  reply_token: replyToken(secret, mail.caseId),
  subject: headerText(mail.subject),
  body: mail.body,
  language: mail.language,
  in_reply_to: (mail.answers ?? thread).at(-1) ?? null,
  refs: [...(mail.answers ?? thread)],
  automatic: mail.automatic,
  calendar_method: mail.calendar?.method ?? null,
  calendar: mail.calendar?.text ?? null,
  state: 'queued' as MailRow['state'],
  next_at: mail.notBefore ?? at,
  last_problem: null as string | null,
  last_reason: null as MailRow['last_reason'],
  queued_at: at,
  sent_at: null as Date | null,
})

/**
 * Starts to send (the role `worker`). Without a carrier for its channel, such as `SMTP_URL`, mail waits in the outbox and leaves when there is one.
 * @param settlers by purpose, who hears how a mail ended
 */
export async function startChannels(
  house: House,
  settlers: Readonly<Record<string, Settler>>,
): Promise<{ close(): Promise<void> }> {
  const { config } = house
  if (carriedHere(config).length === 0 || !config.ROLES.includes('worker')) return { close: async () => {} }
  const carriers = await openCarriers(house)
  const onTheirWay = new Set<Promise<void>>()
  const waiting: string[] = []
  /** Those that may still be taken back, by what ends the waiting. */
  const held = new Set<() => void>()
  const sendWhenDue = async (id: string) => {
    const due = (await mailDueAt(house.database.kysely, id))?.getTime() ?? 0
    const leftMs = due - house.clock.now()
    if (leftMs <= 0) return sendMail(house, carriers, settlers, id)
    if (leftMs > heldAtMostMs) return
    const cancel = house.clock.after(leftMs, () => {
      held.delete(cancel)
      waiting.push(id)
      next()
    })
    held.add(cancel)
  }
  const next = () => {
    while (onTheirWay.size < atOnce) {
      const id = waiting.shift()
      if (id === undefined) return
      const one = sendWhenDue(id)
        .catch((error: unknown) => house.log.warn({ err: error, mail: id }, 'a mail could not be sent; it will be tried again'))
        .finally(() => {
          onTheirWay.delete(one)
          next()
        })
      onTheirWay.add(one)
    }
  }
  house.jobs.schedule(sweepQueue, '* * * * *', async () => {
    await sendDue(house, carriers, settlers)
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
      for (const cancel of held) cancel()
      waiting.length = 0
      await Promise.all(onTheirWay)
      for (const carrier of carriers.values()) carrier.close()
    },
  }
}

/** What brings messages away, by channel. */
export type Carriers = ReadonlyMap<ReplyKind, Carrier>

/** Opens the carriers of all channels whose messages leave here. */
export async function openCarriers(house: House): Promise<Carriers> {
  const { config } = house
  const carriers = new Map<ReplyKind, Carrier>()
  for (const kind of carriedHere(config)) {
    const carrier = await channelOf(kind).carried?.open(config, house)
    if (carrier) carriers.set(kind, carrier)
  }
  return carriers
}

/** Sends what is due. Returns how many were tried. */
export async function sendDue(house: House, carriers: Carriers, settlers: Readonly<Record<string, Settler>>): Promise<number> {
  const ids = await dueMails(house.database.kysely, [...carriers.keys()], new Date(house.clock.now()), sweepBatchSize)
  for (const mail of ids) await onItsOwn(house, 'mail.send', { mail }, () => sendMail(house, carriers, settlers, mail))
  return ids.length
}

/** Sends one mail, if it is due and nobody else has it in hand. */
export async function sendMail(
  house: House,
  carriers: Carriers,
  settlers: Readonly<Record<string, Settler>>,
  id: string,
): Promise<void> {
  const now = house.clock.now()
  const mail = await takeMail(house.database.kysely, id, [...carriers.keys()], new Date(now), new Date(now + takenForMs))
  const carrier = mail && carriers.get(mail.channel)
  if (!mail || !carrier) return
  const attempt = await attemptOf(house, carrier, mail)
  await inTransaction(house, system('mail'), work => writeDown(work, mail, attempt, settlers))
}

/** Without its files a mail does not leave: it waits for them as for a server that does not answer. */
async function attemptOf(house: House, carrier: Carrier, mail: MailRow): Promise<Attempt> {
  try {
    return await carrier.send(mail, await attachedTo(house, mail.id))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { kind: 'again', problem: error.message, reason: 'storage' }
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
  const subjects = subjectsOf(mail.channel, mail.case_id ?? undefined, mail.contact_id ?? undefined, mail.unit_ids)
  const about = { mailId: mail.id, purpose: mail.purpose, attempts: mail.attempts }
  const ended = { mailId: mail.id, subjectId: mail.subject_id }
  const settle = settlers[mail.purpose]
  if (next.state === 'queued') {
    await work.journal(mailDelayed, { ...about, problem: next.problem, nextAt: next.nextAt.toISOString() }, subjects)
  } else if (next.state === 'sent') {
    await work.journal(mailSent, about, subjects)
    await markUncopied(work, attempt)
    await settle?.(work, { ...ended, outcome: 'sent', problem: null })
  } else {
    await work.journal(mailFailed, { ...about, problem: next.problem }, subjects)
    await settle?.(work, { ...ended, outcome: 'failed', problem: next.problem })
  }
}

/** Who gets no copy is known the next time that somebody writes to them. */
async function markUncopied({ tx, now }: Work, attempt: Attempt): Promise<void> {
  if (attempt.kind !== 'accepted') return
  for (const { address, problem, isFinal } of attempt.uncopied ?? []) {
    const { reason, until } = addressTrouble(isFinal ? '5.1.1' : '4.0.0', now)
    await markAddress(tx, { address: address.toLowerCase(), reason, status: null, detail: problem, since: now, until })
  }
}

const subjectsOf = (kind: ReplyKind, caseId: string | undefined, contactId: string | undefined, units: readonly string[]) => ({
  channel: channelOf(kind).on,
  case: caseId,
  contact: contactId,
  units,
})
