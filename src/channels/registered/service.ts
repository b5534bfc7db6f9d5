/**
 * Registered mail that we sent, and what becomes of it: receipts are joined to their message, and whoever has the case in hand is told when one is missing.
 * A receipt is never a contact of a citizen: one that is about no message of ours is for somebody to look at.
 */
import { type House, inTransaction, system, type Work, workThrough } from '../../platform/index.ts'
import { mailFailed } from '../events.ts'
import { channelOf } from '../model.ts'
import type { Settler } from '../outbox.ts'
import { type MailRow, readMail } from '../store.ts'
import type { Letter } from './arrival.ts'
import { receiptJoined, receiptMissing } from './events.ts'
import { keptReceipt, type Line, lineOf } from './policy.ts'
import type { Receipt, Signature } from './port.ts'
import {
  insertArrival,
  insertReceipt,
  lockMessage,
  lockMessageOf,
  messagesToLookAt,
  type RegisteredMessageRow,
  receiptOfRow,
  receiptsOf,
  writeReturned,
  writeStanding,
} from './store.ts'

const lookBatchSize = 100
const lookQueue = 'registered-mail.look'

/** A receipt as it came in. */
export interface IncomingReceipt {
  readonly rawMailId: string
  readonly receipt: Receipt
  readonly signature: Signature
  readonly sha256: string
}

/**
 * Joins a receipt to the message that it is about, in the transaction that settles the mail with it. Returns false when it is about none of ours.
 * @param settlers by purpose, who hears that a message did not arrive
 */
export async function joinReceipt(
  work: Work,
  { rawMailId, receipt, signature, sha256 }: IncomingReceipt,
  settlers: Readonly<Record<string, Settler>>,
): Promise<boolean> {
  const message = await lockMessageOf(work.tx, receipt)
  if (!message) return false
  const kept = keptReceipt(receipt, signature.verdict)
  const isNew = await insertReceipt(work.tx, {
    raw_mail_id: rawMailId,
    mail_id: message.mail_id,
    ...kept,
    about: [...kept.about],
    uncertified: [...kept.uncertified],
    issuer: receipt.issuer,
    identifier: receipt.identifier,
    reason: signature.reason,
    signer: signature.signer?.address ?? null,
    authority: signature.signer?.authority ?? null,
    sha256: Buffer.from(sha256, 'hex'),
    joined_at: work.now,
  })
  if (!isNew) return true
  const identifier = signature.verdict === 'valid' ? receipt.identifier : null
  const line = await stand(work, message, message.provider_identifier ?? identifier)
  const mail = await readMail(work.tx, message.mail_id)
  if (!mail) return true
  await work.journal(
    receiptJoined,
    { mailId: mail.id, kind: receipt.kind, at: receipt.at.toISOString(), verdict: signature.verdict, state: line.state },
    subjectsOf(mail),
  )
  if (line.state === 'not-accepted' || line.state === 'not-delivered') await cameBack(work, mail, receipt, settlers)
  return true
}

/** Keeps what the envelope of a mail vouches for, in the transaction that settles the mail. */
export const keepArrival = (work: Work, rawMailId: string, { kind, signature, ...letter }: Letter): Promise<unknown> =>
  insertArrival(work.tx, {
    raw_mail_id: rawMailId,
    kind,
    sent_at: letter.sentAt,
    received_at: letter.receivedAt,
    issuer: letter.issuer,
    identifier: letter.identifier,
    verdict: signature.verdict,
    reason: signature.reason,
    signer: signature.signer?.address ?? null,
    authority: signature.signer?.authority ?? null,
    sha256: Buffer.from(letter.sha256, 'hex'),
  })

/** Computes where a message stands, and writes it down; the hours of silence are written by who tells somebody. */
async function stand(work: Work, message: RegisteredMessageRow, providerIdentifier: string | null): Promise<Line> {
  const receipts = (await receiptsOf(work.tx, [message.mail_id])).get(message.mail_id) ?? []
  const line = lineOf({ sentAt: message.sent_at, recipients: message.recipients }, receipts.map(receiptOfRow), work.now)
  const worst = line.recipients.find(each => each.state === line.state)
  await writeStanding(work.tx, message.mail_id, {
    state: line.state,
    stateAt: worst?.at ?? message.sent_at,
    silenceHours: line.isOpen ? message.silence_hours : null,
    nextLookAt: line.isOpen ? dueLook(line, message) : null,
    providerIdentifier,
  })
  return line
}

/** At once when more hours have gone by than somebody was told of. */
function dueLook(line: Line, message: RegisteredMessageRow): Date | null {
  const isUntold = line.silence !== null && line.silence > (message.silence_hours ?? 0)
  return isUntold ? new Date(message.sent_at) : line.nextLookAt
}

/** It had left and does not arrive: what was waiting for it is told, as of every mail that could not be delivered. */
async function cameBack(work: Work, mail: MailRow, receipt: Receipt, settlers: Readonly<Record<string, Settler>>): Promise<void> {
  const failed = 'cause' in receipt ? receipt : undefined
  const problem = (failed?.detail || failed?.cause || receipt.kind).replace(/\s+/g, ' ').slice(0, 300)
  const isAddress = failed?.cause === 'no-recipient' || failed?.cause === 'no-domain'
  if (!(await writeReturned(work.tx, mail.id, problem, isAddress ? 'address' : 'refused'))) return
  await work.journal(mailFailed, { mailId: mail.id, purpose: mail.purpose, attempts: mail.attempts, problem }, subjectsOf(mail))
  await settlers[mail.purpose]?.(work, { mailId: mail.id, subjectId: mail.subject_id, outcome: 'failed', problem })
}

/** Port: who has in hand what a mail of a purpose is about, by the identifier of its subject; undefined when nobody has. */
export type HolderOf = (work: Work, subjectId: string) => Promise<string | undefined>

/**
 * Tells of messages for which no receipt of delivery has come in time. Returns how many were looked at.
 * @param holders by purpose, who is told
 */
export function lookForSilence(house: House, holders: Readonly<Record<string, HolderOf>>): Promise<number> {
  return workThrough(house, {
    what: 'mail.registered',
    read: except => messagesToLookAt(house.database.kysely, new Date(house.clock.now()), { except, limit: lookBatchSize }),
    idOf: mailId => mailId,
    act: async mailId => {
      await inTransaction(house, system('mail'), work => lookAt(work, mailId, holders))
      return true
    },
  })
}

async function lookAt(work: Work, mailId: string, holders: Readonly<Record<string, HolderOf>>): Promise<void> {
  const message = await lockMessage(work.tx, mailId)
  // Somebody else has looked meanwhile.
  if (!message?.next_look_at || message.next_look_at > work.now) return
  const receipts = (await receiptsOf(work.tx, [mailId])).get(mailId) ?? []
  const line = lineOf({ sentAt: message.sent_at, recipients: message.recipients }, receipts.map(receiptOfRow), work.now)
  const mail = await readMail(work.tx, mailId)
  // It waits in the outbox for another attempt: its hours have not begun.
  const isGone = mail?.state === 'sent'
  const isUntold = isGone && line.silence !== null && line.silence > (message.silence_hours ?? 0)
  await writeStanding(work.tx, mailId, {
    state: line.state,
    stateAt: message.state_at,
    silenceHours: isGone ? line.silence : null,
    nextLookAt: line.nextLookAt,
    providerIdentifier: message.provider_identifier,
  })
  if (!mail || !isUntold || line.silence === null) return
  const person = mail.subject_id === null ? undefined : await holders[mail.purpose]?.(work, mail.subject_id)
  await work.journal(receiptMissing, { mailId, hours: line.silence }, { ...subjectsOf(mail), person })
}

/** Looks every minute whether a receipt is missing (the role `worker`). */
export function watchSilence(house: House, holders: Readonly<Record<string, HolderOf>>): void {
  if (!house.config.ROLES.includes('worker')) return
  house.jobs.schedule(lookQueue, '* * * * *', async () => {
    await lookForSilence(house, holders)
  })
}

const subjectsOf = (mail: MailRow) => ({
  channel: channelOf(mail.channel).on,
  case: mail.case_id ?? undefined,
  contact: mail.contact_id ?? undefined,
  units: mail.unit_ids,
})
