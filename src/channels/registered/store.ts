/** SQL of registered mail. */
import { type Generated, type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import { inOrder, type KeptReceipt, type RecipientState, type SilenceHours } from './policy.ts'
import type { FailureCause, ReceiptForm, ReceiptKind, SignatureReason, SignatureVerdict } from './port.ts'

interface RegisteredMessageTable {
  mail_id: string
  message_id: string
  sender: string
  recipients: string[]
  raw: Buffer
  sha256: Buffer
  sent_at: Date
  provider_identifier: Generated<string | null>
  state: RecipientState
  state_at: Date
  silence_hours: Generated<SilenceHours | null>
  next_look_at: Date | null
}

interface RegisteredReceiptTable {
  raw_mail_id: string
  mail_id: string
  kind: ReceiptKind
  at: Date
  about: string[]
  uncertified: string[]
  cause: FailureCause | null
  detail: string | null
  form: ReceiptForm | null
  issuer: string
  identifier: string
  verdict: SignatureVerdict
  reason: SignatureReason | null
  signer: string | null
  authority: string | null
  sha256: Buffer
  joined_at: Date
}

interface RegisteredArrivalTable {
  raw_mail_id: string
  kind: 'message' | 'anomaly'
  sent_at: Date | null
  received_at: Date
  issuer: string | null
  identifier: string | null
  verdict: SignatureVerdict
  reason: SignatureReason | null
  signer: string | null
  authority: string | null
  sha256: Buffer
}

declare module '../../platform/index.ts' {
  interface Tables {
    registered_message: RegisteredMessageTable
    registered_receipt: RegisteredReceiptTable
    registered_arrival: RegisteredArrivalTable
  }
}

export type RegisteredMessageRow = Omit<Selectable<RegisteredMessageTable>, 'raw'>
export type RegisteredReceiptRow = Selectable<RegisteredReceiptTable>
export type RegisteredArrivalRow = Selectable<RegisteredArrivalTable>

/** All but the bytes, which are read where they are needed. */
const messageColumns = [
  'mail_id',
  'message_id',
  'sender',
  'recipients',
  'sha256',
  'sent_at',
  'provider_identifier',
  'state',
  'state_at',
  'silence_hours',
  'next_look_at',
] as const

// --- messages -------------------------------------------------------------------------------------------------------

/**
 * Keeps a message before it leaves, and returns its bytes. Those that were kept at an earlier attempt stay: they may have left, and the receipts will be
 * about them. `isTaken`: the provider's receipt for them is here.
 */
export async function keepMessage(db: Db, row: Insertable<RegisteredMessageTable>): Promise<{ raw: Buffer; isTaken: boolean }> {
  await db
    .insertInto('registered_message')
    .values(row)
    .onConflict(conflict =>
      conflict
        .column('mail_id')
        .doUpdateSet({ sent_at: row.sent_at, state_at: row.state_at, next_look_at: row.next_look_at })
        .where('registered_message.state', '=', 'sent'),
    )
    .execute()
  const kept = await db
    .selectFrom('registered_message')
    .select(['raw', 'state'])
    .where('mail_id', '=', row.mail_id)
    .executeTakeFirstOrThrow()
  return { raw: Buffer.from(kept.raw), isTaken: kept.state !== 'sent' }
}

/** The bytes as the provider got them. Index: registered_message_pkey. @throws when there is no such message */
export async function messageBytes(db: Db, mailId: string): Promise<Buffer> {
  const { raw } = await db.selectFrom('registered_message').select('raw').where('mail_id', '=', mailId).executeTakeFirstOrThrow()
  return Buffer.from(raw)
}

/**
 * The message that a receipt is about, locked: by the Message-ID that it names, else by the provider's own name for it. The receipt must name our sender.
 * Indexes: registered_message_message_id_key, registered_message_of_provider.
 */
export async function lockMessageOf(
  db: Db,
  receipt: { about: string | null; identifier: string; sender: string },
): Promise<RegisteredMessageRow | undefined> {
  const found = await db
    .selectFrom('registered_message')
    .select(messageColumns)
    .where(eb =>
      eb.or([
        ...(receipt.about === null ? [] : [eb('message_id', '=', receipt.about)]),
        eb('provider_identifier', '=', receipt.identifier),
      ]),
    )
    .where('sender', '=', receipt.sender)
    .orderBy(eb => eb('message_id', '=', receipt.about ?? ''), 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return found && buffered(found)
}

/** Index: registered_message_pkey. */
export const lockMessage = async (db: Db, mailId: string): Promise<RegisteredMessageRow | undefined> => {
  const found = await db
    .selectFrom('registered_message')
    .select(messageColumns)
    .where('mail_id', '=', mailId)
    .forUpdate()
    .executeTakeFirst()
  return found && buffered(found)
}

/** Index: registered_message_pkey. */
export async function registeredMessages(db: Db, mailIds: readonly string[]): Promise<ReadonlyMap<string, RegisteredMessageRow>> {
  if (mailIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('registered_message')
    .select(messageColumns)
    .where('mail_id', 'in', [...mailIds])
    .execute()
  return new Map(rows.map(row => [row.mail_id, buffered(row)]))
}

/** Writes down where a message stands. */
export const writeStanding = (
  db: Db,
  mailId: string,
  standing: {
    state: RecipientState
    stateAt: Date
    silenceHours: SilenceHours | null
    nextLookAt: Date | null
    providerIdentifier: string | null
  },
): Promise<unknown> =>
  db
    .updateTable('registered_message')
    .set({
      state: standing.state,
      state_at: standing.stateAt,
      silence_hours: standing.silenceHours,
      next_look_at: standing.nextLookAt,
      provider_identifier: standing.providerIdentifier,
    })
    .where('mail_id', '=', mailId)
    .execute()

/** Messages that have to be looked at because time has gone by. Index: registered_message_to_look. */
export async function messagesToLookAt(
  db: Db,
  now: Date,
  { except, limit }: { except: readonly string[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ mail_id: string }>`
    select   mail_id
    from     registered_message
    where    next_look_at <= ${now} and mail_id <> all(${[...except]}::uuid[])
    order by next_look_at, mail_id
    limit    ${limit}`.execute(db)
  return rows.map(row => row.mail_id)
}

/**
 * A message has come back. It has left, also when whoever handed it over has not yet written that down, or died. Returns false when its return is
 * written down already.
 */
export async function writeReturned(db: Db, mailId: string, problem: string, reason: 'address' | 'refused'): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mail')
    .set({ state: 'failed', last_problem: problem, last_reason: reason })
    .where('id', '=', mailId)
    .where('state', 'in', ['queued', 'sending', 'sent'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

// --- receipts -------------------------------------------------------------------------------------------------------

/** Keeps a receipt. Returns false when it is kept already. */
export async function insertReceipt(db: Db, row: Insertable<RegisteredReceiptTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('registered_receipt')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .returning('raw_mail_id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** More than a message to all its recipients ever gets, with every receipt twice. */
const maxReceipts = 5_000

/** The receipts of some messages, by the instant that counts. Index: registered_receipt_of_message. */
export async function receiptsOf(db: Db, mailIds: readonly string[]): Promise<ReadonlyMap<string, RegisteredReceiptRow[]>> {
  if (mailIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('registered_receipt')
    .selectAll()
    .where('mail_id', 'in', [...mailIds])
    .orderBy('at')
    .orderBy('raw_mail_id')
    .limit(maxReceipts)
    .execute()
  return Map.groupBy(inOrder(rows.map(buffered)), row => row.mail_id)
}

/** A receipt as the policy looks at it. */
export const receiptOfRow = ({
  kind,
  at,
  about,
  uncertified,
  cause,
  detail,
  form,
  verdict,
}: RegisteredReceiptRow): KeptReceipt => ({
  kind,
  at,
  about,
  uncertified,
  cause,
  detail,
  form,
  verdict,
})

// --- arrivals -------------------------------------------------------------------------------------------------------

export const insertArrival = (db: Db, row: RegisteredArrivalTable): Promise<unknown> =>
  db
    .insertInto('registered_arrival')
    .values(row)
    .onConflict(conflict => conflict.column('raw_mail_id').doNothing())
    .execute()

/** Index: registered_arrival_pkey. */
export async function arrivalsOf(db: Db, rawMailIds: readonly string[]): Promise<ReadonlyMap<string, RegisteredArrivalRow>> {
  if (rawMailIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('registered_arrival')
    .selectAll()
    .where('raw_mail_id', 'in', [...rawMailIds])
    .execute()
  return new Map(rows.map(row => [row.raw_mail_id, buffered(row)]))
}

/** Bytes come back as a Buffer from PostgreSQL and as an Uint8Array from the embedded database. */
const buffered = <Row extends { sha256: Buffer }>(row: Row): Row => ({ ...row, sha256: Buffer.from(row.sha256) })
