/** Registered mail for who reads a matter. Rights have been looked at by who asks. */
import { Readable } from 'node:stream'
import { type Db, type House, type Language, notFound, sentence, wholeBlob } from '../../platform/index.ts'
import { readRawMail } from '../inbox/raw-store.ts'
import { mailStates } from '../store.ts'
import type { RegisteredEnvelope, RegisteredLine } from './model.ts'
import { lineOf } from './policy.ts'
import { type ProofFile, proofArchive, proofName } from './proof.ts'
import { arrivalsOf, messageBytes, type RegisteredReceiptRow, receiptOfRow, receiptsOf, registeredMessages } from './store.ts'

/** What became of some mails, by identifier; those that did not leave as registered mail are not among them. */
export async function registeredLines(
  db: Db,
  mailIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, RegisteredLine>> {
  const messages = await registeredMessages(db, mailIds)
  const [receipts, states] = [await receiptsOf(db, [...messages.keys()]), await mailStates(db, [...messages.keys()])]
  return new Map(
    [...messages].map(([id, message]) => {
      const own = receipts.get(id) ?? []
      const line = lineOf({ sentAt: message.sent_at, recipients: message.recipients }, own.map(receiptOfRow), now)
      const hasLeft = states.get(id) === 'sent'
      const sent = { kind: 'sent' as const, at: message.sent_at.toISOString(), to: [], detail: null, verdict: null }
      return [id, { state: line.state, silenceHours: hasLeft ? line.silence : null, steps: [sent, ...own.map(stepOf)] }]
    }),
  )
}

const stepOf = ({ kind, at, about, detail, verdict }: RegisteredReceiptRow): RegisteredLine['steps'][number] => ({
  kind,
  at: at.toISOString(),
  to: about,
  detail,
  verdict,
})

/** What the envelope of a mail vouches for; null for a mail that came without one. */
export async function registeredEnvelope(db: Db, rawMailId: string): Promise<RegisteredEnvelope | null> {
  const row = (await arrivalsOf(db, [rawMailId])).get(rawMailId)
  if (!row) return null
  const { kind, verdict, reason, signer, authority, issuer } = row
  return {
    ...{ kind, verdict, reason, signer, authority, issuer },
    sentAt: row.sent_at?.toISOString() ?? null,
    receivedAt: row.received_at.toISOString(),
    sha256: row.sha256.toString('hex'),
  }
}

/** The words that providers use in their subjects. */
const italian = {
  accepted: 'accettazione',
  'not-accepted': 'non-accettazione',
  'taken-in-charge': 'presa-in-carico',
  delivered: 'consegna',
  'not-delivered': 'mancata-consegna',
  'delivery-delayed': 'preavviso-mancata-consegna',
  virus: 'virus',
} as const satisfies Record<RegisteredReceiptRow['kind'], string>

/** The message and all its receipts as one archive, written as it is read. @throws Refused 404 when the mail did not leave as registered mail */
export async function messageProof(house: House, mailId: string, language: Language): Promise<Readable> {
  const db = house.database.kysely
  const message = (await registeredMessages(db, [mailId])).get(mailId)
  if (!message) throw notFound('mail')
  const receipts = (await receiptsOf(db, [mailId])).get(mailId) ?? []
  const files: ProofFile[] = [
    { name: '00-messaggio.eml', at: message.sent_at, bytes: () => messageBytes(db, mailId) },
    ...receipts.map((receipt, number) => ({
      name: proofName(number + 1, italian[receipt.kind], receipt.about[0]),
      at: receipt.at,
      bytes: () => rawBytes(house, receipt.raw_mail_id),
    })),
  ]
  const readme = sentence(language, 'channels.proof', { id: message.message_id })
  return Readable.from(proofArchive(files, readme, new Date(house.clock.now())))
}

async function rawBytes(house: House, rawMailId: string): Promise<Buffer> {
  const raw = await readRawMail(house.database.kysely, rawMailId)
  if (!raw) throw notFound('mail')
  return wholeBlob(house, raw.blob_id)
}
