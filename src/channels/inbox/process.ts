/**
 * What is here as bytes becomes an interaction, a note on what we sent, or something that somebody has to look at: exactly one of them, in one
 * transaction. Whoever dies on the way leaves the mail as it was, and after a while another one takes it; a mail on which several have died is
 * looked at by a person. One bad mail never stops the next.
 */
import {
  type BroughtBlob,
  BucketAway,
  bringBlob,
  type Config,
  type House,
  houseSecret,
  inTransaction,
  keepBlob,
  Refused,
  system,
  unitsIn,
  type Work,
  wholeBlob,
} from '../../platform/index.ts'
import { readReplyToken } from '../email/reply-token.ts'
import { mailFailed, mailNoted, mailReceived, mailToExamine } from '../events.ts'
import { ownAddresses } from '../mailboxes/store.ts'
import type { Settler } from '../outbox.ts'
import { arrivalOf, type Letter, type PecArrival } from '../registered/arrival.ts'
import type { RegisteredMailReader } from '../registered/port.ts'
import { joinReceipt, keepArrival } from '../registered/service.ts'
import {
  addressTrouble,
  type EnvelopeOf,
  type ExamineReason,
  envelopeByHead,
  type Fate,
  fateOf,
  mostOfSenderInHour,
} from './policy.ts'
import { lockTaken, putBackRawMail, type RawMailRow, readRawMail, settleRawMail, takeRawMail } from './raw-store.ts'
import type { DeliveryReport, ReadMail } from './reading/model.ts'
import { type MailReader, openMailReader, readersAtOnce } from './reading/reader.ts'
import { markAddress, type SentMail, sentMails, writeBounce } from './return-store.ts'
import { type Scan, type Scanner, scannerOf } from './scan.ts'
import { insertAttachment, insertIncomingMail, joinToInteraction, mailsOfSender } from './store.ts'

/** A mail for the room that deals with citizens: who wrote from where, to which unit, and what it surely belongs to. */
export interface ArrivedMail {
  rawMailId: string
  channel: 'email' | 'pec'
  unit: { id: string; path: string }
  from: { address: string; name: string }
  subject: string
  text: string
  receivedAt: Date
  /** The case that it answers; null for a new matter. */
  caseId: string | null
}

/** Port: makes an interaction of a mail, in the transaction that settles it. Returns its identifier. */
export type Receive = (work: Work, mail: ArrivedMail) => Promise<string>

export interface ProcessParts {
  receive: Receive
  /** By purpose, who hears that a mail of ours came back. */
  settlers: Readonly<Record<string, Settler>>
  envelopeOf?: EnvelopeOf
  /** Reads what comes into mailboxes of registered mail. */
  registered: RegisteredMailReader
  /** Longer than a mail may be read for. */
  takenForMs?: number
  /** What others have left behind is looked for so often. */
  sweepMs?: number
}

const usualTakenForMs = 60_000
/** A mail on which so many have died or failed is looked at by a person. */
const mostAttempts = 5
const usualSweepMs = 10_000

export interface Processing {
  /** There may be something to read. */
  wake(): void
  close(): Promise<void>
}

/** Reads what is fetched, and what will be, until it is closed. */
export function startProcessing(house: House, parts: ProcessParts): Processing {
  const reader = openMailReader()
  const scanner = scannerOf(house.config)
  let closed = false
  let running = 0
  let isMore = false
  let cancel = () => {}
  const lanes = new Set<Promise<void>>()

  async function lane(): Promise<void> {
    do {
      isMore = false
      while (!closed && (await processNext(house, reader, scanner, parts))) {}
    } while (isMore && !closed)
  }
  function wake(): void {
    isMore = true
    while (!closed && running < readersAtOnce) {
      running++
      const one = lane()
        .catch((error: unknown) => house.log.warn({ err: error }, 'a mail could not be read; it will be tried again'))
        .finally(() => {
          running--
          lanes.delete(one)
        })
      lanes.add(one)
    }
  }
  const sweep = () => {
    wake()
    cancel = house.clock.after(parts.sweepMs ?? usualSweepMs, sweep)
  }
  sweep()
  return {
    wake,
    async close() {
      closed = true
      cancel()
      await Promise.all(lanes)
      await reader.close()
    },
  }
}

/** Deals with the oldest mail that nobody has in hand. Returns whether there was one that could be dealt with now. */
export async function processNext(house: House, reader: MailReader, scanner: Scanner, parts: ProcessParts): Promise<boolean> {
  const now = house.clock.now()
  const { takenForMs = usualTakenForMs } = parts
  const raw = await takeRawMail(house.database.kysely, new Date(now), new Date(now + takenForMs))
  if (!raw) return false
  const read = await readAndBring(house, reader, scanner, raw, parts.registered)
  if (read === undefined) return false
  const { found, attached } = read
  await inTransaction(house, system('mail'), async work => {
    if (!(await lockTaken(work.tx, raw))) return
    if ('mail' in found) await settleRead(work, raw, found, attached, parts)
    else if ('receipt' in found) await settleReceipt(work, raw, found, parts.settlers)
    else await examine(work, raw, found.reason, found.detail)
  })
  return true
}

/** Reads a mail, and brings what is attached to it to its place; undefined while that place is away: it will be tried again, as often as needed. */
async function readAndBring(
  house: House,
  reader: MailReader,
  scanner: Scanner,
  raw: RawMailRow,
  registered: RegisteredMailReader,
): Promise<{ found: Found; attached: Attached[] } | undefined> {
  try {
    const found = await readOrSay(house, reader, raw, registered)
    return { found, attached: 'mail' in found ? await bringAttached(house, scanner, found.mail) : [] }
  } catch (error) {
    if (!(error instanceof BucketAway)) throw error
    house.log.warn({ mail: raw.id, problem: error.message }, 'a mail cannot be read now; it will be tried again')
    await putBackRawMail(house.database.kysely, raw)
    return undefined
  }
}

/** A mail that was read, and how it came. */
interface ReadArrival {
  mail: ReadMail
  channel: 'email' | 'pec'
  receivedAt: Date
  letter: Letter | undefined
}

type Found = ReadArrival | Extract<PecArrival, { is: 'receipt' }> | { reason: ExamineReason; detail: string }

/** Reads a mail; what cannot be read says why. */
async function readOrSay(house: House, reader: MailReader, raw: RawMailRow, registered: RegisteredMailReader): Promise<Found> {
  if (!raw.is_whole) return { reason: 'too-large', detail: '' }
  if (raw.attempts > mostAttempts) return { reason: 'unreadable', detail: `given up after ${mostAttempts} attempts` }
  const bytes = await wholeBlob(house, raw.blob_id)
  const place = await readRawMail(house.database.kysely, raw.id)
  const arrival: PecArrival =
    place?.kind === 'pec' ? arrivalOf(await registered.read(bytes), raw.received_at) : { is: 'ordinary' }
  if (arrival.is === 'receipt') return arrival
  if (arrival.is === 'unreadable') return { reason: 'unreadable', detail: arrival.why }
  const letter = arrival.is === 'letter' ? arrival.letter : undefined
  try {
    const mail = await reader.read(letter?.content ?? bytes)
    return {
      mail: letter?.sender ? { ...mail, from: { ...mail.from, address: letter.sender } } : mail,
      channel: letter?.kind === 'message' ? 'pec' : 'email',
      receivedAt: letter?.receivedAt ?? raw.received_at,
      letter,
    }
  } catch (error) {
    const detail = error instanceof Refused ? 'it takes too long to read' : error instanceof Error ? error.message : String(error)
    return { reason: 'unreadable', detail: detail.split('\n')[0]?.slice(0, 300) ?? '' }
  }
}

/** What is attached to a mail, checked, and where it will lie. */
interface Attached {
  attachment: ReadMail['attachments'][number]
  scan: Scan
  blob: BroughtBlob
}

async function bringAttached(house: House, scanner: Scanner, mail: ReadMail): Promise<Attached[]> {
  const scans = await Promise.all(mail.attachments.map(each => scanner(each.bytes)))
  const brought: Attached[] = []
  for (const [n, attachment] of mail.attachments.entries())
    brought.push({
      attachment,
      scan: scans[n] ?? { scan: 'unchecked', detail: null },
      blob: await bringBlob(house, attachment.bytes),
    })
  return brought
}

async function examine(work: Work, raw: RawMailRow, reason: ExamineReason, detail: string): Promise<void> {
  const place = await readRawMail(work.tx, raw.id)
  await settleRawMail(work.tx, raw.id, { state: 'examine', reason, detail: detail || null, at: work.now, by: null })
  await work.journal(mailToExamine, { rawMailId: raw.id, reason }, { channel: 'email', units: unitsIn(place?.unit_path) })
}

/** A receipt of what we sent is kept with its message; one about nothing that we know is for somebody to look at. */
async function settleReceipt(
  work: Work,
  raw: RawMailRow,
  { receipt, signature, sha256 }: Extract<PecArrival, { is: 'receipt' }>,
  settlers: ProcessParts['settlers'],
): Promise<void> {
  const isOurs = await joinReceipt(work, { rawMailId: raw.id, receipt, signature, sha256 }, settlers)
  if (!isOurs) return examine(work, raw, 'receipt', '')
  await settleRawMail(work.tx, raw.id, { state: 'noted', reason: 'receipt', detail: null, at: work.now, by: null })
}

async function settleRead(
  work: Work,
  raw: RawMailRow,
  { mail, channel, receivedAt, letter }: ReadArrival,
  attached: readonly Attached[],
  { receive, settlers, envelopeOf = envelopeByHead }: ProcessParts,
): Promise<void> {
  const place = await readRawMail(work.tx, raw.id)
  if (!place) return
  const secret = await houseSecret(work.house.config, work.tx)
  const token = tokenIn(mail, secret)
  const answered = await sentMails(work.tx, mail.references)
  const reported = mail.report?.about ? (await sentMails(work.tx, [mail.report.about]))[0] : undefined
  const toSender = answered.find(each => recipientsOf(each).includes(mail.from.address) && each.case_id !== null)
  const matchedBy = token !== undefined ? 'token' : toSender ? 'thread' : null
  const fate = fateOf({
    mail,
    envelope: envelopeOf(mail.marks),
    isFromUs: await isOurs(work, mail),
    isAboutOurs: reported !== undefined || token !== undefined || toSender !== undefined,
    ofSenderInHour: await mailsOfSender(work.tx, mail.from.address, new Date(work.now.getTime() - 3_600_000), mostOfSenderInHour),
    isInfected: attached.some(({ scan }) => scan.scan === 'infected'),
  })
  await insertIncomingMail(work.tx, { ...columnsOf(raw, mail), received_at: receivedAt, matched_by: matchedBy })
  if (letter) await keepArrival(work, raw.id, letter)
  for (const [n, { attachment, scan, blob }] of attached.entries())
    await insertAttachment(work.tx, {
      id: work.ids(),
      raw_mail_id: raw.id,
      n,
      name: attachment.name,
      declared_type: attachment.declaredType,
      type: attachment.type,
      size_bytes: attachment.bytes.length,
      blob_id: await keepBlob(work, blob),
      content_id: attachment.contentId,
      scan: scan.scan,
      scan_detail: scan.detail,
    })
  await carryOut(work, fate, {
    raw,
    mail,
    place,
    channel,
    receivedAt,
    caseId: token ?? toSender?.case_id ?? null,
    about: reported ?? toSender,
    settlers,
    receive,
  })
}

interface Reading {
  raw: RawMailRow
  mail: ReadMail
  place: { unit_id: string; unit_path: string }
  channel: ReadArrival['channel']
  receivedAt: Date
  caseId: string | null
  about: SentMail | undefined
  settlers: ProcessParts['settlers']
  receive: Receive
}

async function carryOut(
  work: Work,
  fate: Fate,
  { raw, mail, place, channel, receivedAt, caseId, about, settlers, receive }: Reading,
): Promise<void> {
  if (fate.kind === 'examine') return examine(work, raw, fate.reason, '')
  const settle = (state: 'interaction' | 'noted', reason: string | null) =>
    settleRawMail(work.tx, raw.id, { state, reason, detail: null, at: work.now, by: null })
  if (fate.kind === 'noted') {
    await settle('noted', fate.as)
    const subjects = { channel, case: about?.case_id ?? caseId ?? undefined, contact: about?.contact_id ?? undefined } as const
    await work.journal(
      mailNoted,
      { rawMailId: raw.id, as: fate.as },
      { ...subjects, units: about?.unit_ids ?? unitsIn(place.unit_path) },
    )
    if (fate.as === 'bounce' && about) await comeBack(work, about, mail.report, settlers)
    return
  }
  const interactionId = await receive(work, {
    rawMailId: raw.id,
    channel,
    unit: { id: place.unit_id, path: place.unit_path },
    from: mail.from,
    subject: mail.subject,
    text: mail.text,
    receivedAt,
    caseId,
  })
  await joinToInteraction(work.tx, raw.id, interactionId)
  await settle('interaction', null)
  await work.journal(
    mailReceived,
    { rawMailId: raw.id, interactionId },
    { channel, case: caseId ?? undefined, units: unitsIn(place.unit_path) },
  )
}

const recipientsOf = (mail: Pick<SentMail, 'to_address' | 'cc_addresses'>): string[] =>
  [mail.to_address, ...mail.cc_addresses].map(address => address.toLowerCase())

/** A mail of ours came back: whoever waits for its fate hears of it, and its address is marked for a time. */
async function comeBack(
  work: Work,
  about: SentMail,
  report: DeliveryReport | null,
  settlers: ProcessParts['settlers'],
): Promise<void> {
  const own = report?.recipients.find(each => each.address === about.to_address.toLowerCase())
  const copies = about.cc_addresses.map(address => address.toLowerCase())
  // The citizen has it: of who got a copy it is only known that there is no use in writing to them.
  if (own === undefined && report?.recipients.some(each => copies.includes(each.address))) return markCopies(work, copies, report)
  const said = own ?? report?.recipients[0]
  const { reason, until } = addressTrouble(said?.status || '5.0.0', work.now)
  const problem = [said?.status, said?.detail].filter(Boolean).join(' ') || 'the mail came back'
  if (!(await writeBounce(work.tx, about.id, problem, reason === 'address' ? 'address' : 'refused'))) return
  // The address that we wrote to: what a report says of others is nobody's business.
  await markAddress(work.tx, {
    ...{ address: about.to_address.toLowerCase(), reason, status: said?.status || null, detail: problem },
    ...{ since: work.now, until },
  })
  await work.journal(
    mailFailed,
    { mailId: about.id, purpose: about.purpose, attempts: about.attempts, problem },
    { channel: 'email', case: about.case_id ?? undefined, contact: about.contact_id ?? undefined, units: about.unit_ids },
  )
  await settlers[about.purpose]?.(work, { mailId: about.id, subjectId: about.subject_id, outcome: 'failed', problem })
}

async function markCopies({ tx, now }: Work, copies: readonly string[], { recipients }: DeliveryReport): Promise<void> {
  for (const { address, status, detail } of recipients) {
    if (!copies.includes(address)) continue
    const { reason, until } = addressTrouble(status || '5.0.0', now)
    await markAddress(tx, { address, reason, status: status || null, detail, since: now, until })
  }
}

/** The case that a signed address names, wherever the mail has it. */
function tokenIn(mail: ReadMail, secret: Buffer): string | undefined {
  for (const address of [...mail.deliveredTo, ...mail.to, ...mail.cc]) {
    const token = /\+([a-z2-7]{50})@/.exec(address)?.[1]
    const caseId = token === undefined ? undefined : readReplyToken(secret, token)
    if (caseId !== undefined) return caseId
  }
  return undefined
}

async function isOurs({ tx, house }: Work, { from }: ReadMail): Promise<boolean> {
  return (
    from.address === senderOf(house.config) ||
    from.address === house.config.PEC_FROM ||
    (await ownAddresses(tx, [from.address])).length > 0
  )
}

const senderOf = ({ MAIL_FROM }: Pick<Config, 'MAIL_FROM'>): string => MAIL_FROM.toLowerCase()

const columnsOf = (raw: RawMailRow, mail: ReadMail) => ({
  raw_mail_id: raw.id,
  mailbox_id: raw.mailbox_id,
  interaction_id: null,
  from_address: mail.from.address,
  from_name: mail.from.name,
  to_addresses: mail.to,
  cc_addresses: mail.cc,
  reply_to: mail.replyTo,
  subject: mail.subject,
  message_id: mail.messageId,
  refs: mail.references,
  sent_at: mail.sentAt === null ? null : new Date(mail.sentAt),
  received_at: raw.received_at,
  text: mail.text,
  quoted: mail.quoted,
  html: mail.html,
  proposed_code: codeIn(mail.subject),
})

/** Ten digits, as request codes are written: whether it is one, and whose, says who reads the mail. */
const codeIn = (subject: string): string | null =>
  /(?<!\d)\d{3}[ .-]?\d{3}[ .-]?\d{4}(?!\d)/.exec(subject)?.[0].replace(/\D/g, '') ?? null
