/**
 * SQL of mails exactly as their servers gave them: where each lies there, who has it in hand, and what became of it.
 *
 *   fetched ──read──▶ interaction | noted | examine ──a person──▶ interaction | aside
 */
import { type Generated, type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

export type RawMailState = 'fetched' | 'interaction' | 'noted' | 'examine' | 'aside'

interface RawMailTable {
  id: string
  mailbox_id: string
  sha256: Buffer
  size_bytes: number
  is_whole: boolean
  blob_id: string
  received_at: Date
  fetched_at: Date
  state: RawMailState
  reason: string | null
  detail: string | null
  attempts: Generated<number>
  taken_until: Date | null
  settled_at: Date | null
  settled_by: string | null
}

interface RawMailPlaceTable {
  mailbox_id: string
  uid_validity: number
  uid: number
  raw_mail_id: string
  done_at: Date | null
}
declare module '../../platform/index.ts' {
  interface Tables {
    raw_mail: RawMailTable
    raw_mail_place: RawMailPlaceTable
  }
}

export type RawMailRow = Selectable<RawMailTable>

// --- fetched --------------------------------------------------------------------------------------------------------

/** Where mails of a mailbox lie on the server, in one numbering. Index: raw_mail_place_pkey. */
const placesOf = (db: Db, mailboxId: string, uidValidity: number) =>
  db.selectFrom('raw_mail_place').select('uid').where('mailbox_id', '=', mailboxId).where('uid_validity', '=', uidValidity)

/** The last mail of a mailbox that is here. They are fetched in order. Index: raw_mail_place_pkey. */
export async function lastUid(db: Db, mailboxId: string, uidValidity: number): Promise<number> {
  const row = await placesOf(db, mailboxId, uidValidity).orderBy('uid', 'desc').limit(1).executeTakeFirst()
  return row?.uid ?? 0
}

/** The mail of a mailbox with these very bytes. Index: raw_mail_mailbox_id_sha256_key. */
export const rawMailByHash = (db: Db, mailboxId: string, sha256: Buffer): Promise<{ id: string } | undefined> =>
  db.selectFrom('raw_mail').select('id').where('mailbox_id', '=', mailboxId).where('sha256', '=', sha256).executeTakeFirst()

/** Inserts a mail unless the mailbox has it. Returns whether it was inserted. */
export async function insertRawMail(db: Db, row: Insertable<RawMailTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('raw_mail')
    .values(row)
    .onConflict(conflict => conflict.columns(['mailbox_id', 'sha256']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export const insertPlace = (db: Db, row: Insertable<RawMailPlaceTable>): Promise<unknown> =>
  db
    .insertInto('raw_mail_place')
    .values(row)
    .onConflict(conflict => conflict.columns(['mailbox_id', 'uid_validity', 'uid']).doNothing())
    .execute()

/** Mails that are here and still have to be marked, moved or deleted on the server. Index: raw_mail_place_to_do. */
export async function placesToDo(db: Db, mailboxId: string, uidValidity: number, limit: number): Promise<number[]> {
  const rows = await placesOf(db, mailboxId, uidValidity).where('done_at', 'is', null).orderBy('uid').limit(limit).execute()
  return rows.map(row => row.uid)
}

export const markPlacesDone = (
  db: Db,
  mailboxId: string,
  uidValidity: number,
  uids: readonly number[],
  at: Date,
): Promise<unknown> =>
  db
    .updateTable('raw_mail_place')
    .set({ done_at: at })
    .where('mailbox_id', '=', mailboxId)
    .where('uid_validity', '=', uidValidity)
    .where('uid', 'in', [...uids])
    .execute()

/** All places of a mailbox in one numbering, in order, for the comparison with the server. Index: raw_mail_place_pkey. */
export async function placesAfter(
  db: Db,
  mailboxId: string,
  uidValidity: number,
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await placesOf(db, mailboxId, uidValidity).where('uid', '>', after).orderBy('uid').limit(limit).execute()
  return rows.map(row => row.uid)
}

// --- read -----------------------------------------------------------------------------------------------------------

/** Bytes come back as a Buffer from PostgreSQL and as an Uint8Array from the embedded database. */
const read = (row: RawMailRow): RawMailRow => ({ ...row, sha256: Buffer.from(row.sha256) })

/** Takes the oldest mail that nobody has in hand. Index: raw_mail_to_read. */
export async function takeRawMail(db: Db, now: Date, until: Date): Promise<RawMailRow | undefined> {
  const { rows } = await sql<RawMailRow>`
    update raw_mail set taken_until = ${until}, attempts = attempts + 1
    where  id = (select id from raw_mail
                 where  state = 'fetched' and (taken_until is null or taken_until <= ${now})
                 order  by fetched_at, id
                 limit  1
                 for update skip locked)
    returning *`.execute(db)
  return rows[0] && read(rows[0])
}

/** Locks a mail that is still to be read, and whose reader was not taken for dead meanwhile. */
export async function lockTaken(db: Db, { id, attempts }: Pick<RawMailRow, 'id' | 'attempts'>): Promise<boolean> {
  const row = await db
    .selectFrom('raw_mail')
    .select('id')
    .where('id', '=', id)
    .where('state', '=', 'fetched')
    .where('attempts', '=', attempts)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Puts back what could not be read for a reason that is not its own: the attempt does not count. */
export const putBackRawMail = (db: Db, { id, attempts }: Pick<RawMailRow, 'id' | 'attempts'>): Promise<unknown> =>
  db
    .updateTable('raw_mail')
    .set({ taken_until: null, attempts: attempts - 1 })
    .where('id', '=', id)
    .where('state', '=', 'fetched')
    .where('attempts', '=', attempts)
    .execute()

export const settleRawMail = (
  db: Db,
  id: string,
  {
    state,
    reason,
    detail,
    at,
    by,
  }: { state: RawMailState; reason: string | null; detail: string | null; at: Date; by: string | null },
): Promise<unknown> =>
  db
    .updateTable('raw_mail')
    .set({ state, reason, detail, settled_at: at, settled_by: by, taken_until: null })
    .where('id', '=', id)
    .execute()

// --- seen -----------------------------------------------------------------------------------------------------------

/** Index: raw_mail_pkey. */
export async function readRawMail(
  db: Db,
  id: string,
  lock = false,
): Promise<(RawMailRow & { unit_path: string; unit_id: string; address: string; kind: 'ordinary' | 'pec' }) | undefined> {
  const { rows } = await sql<RawMailRow & { unit_path: string; unit_id: string; address: string; kind: 'ordinary' | 'pec' }>`
    select raw_mail.*, mailbox.unit_path, mailbox.unit_id, mailbox.address, mailbox.kind
    from   raw_mail join mailbox on mailbox.id = mailbox_id
    where  raw_mail.id = ${id} ${lock ? sql`for update of raw_mail` : sql``}`.execute(db)
  return rows[0]
}

export interface ExaminedRow {
  id: string
  reason: string | null
  detail: string | null
  size_bytes: number
  is_whole: boolean
  received_at: Date
  unit_path: string
  mailbox: string
  from_address: string | null
  from_name: string | null
  subject: string | null
  text: string | null
}

/** Mails to be examined of the units under a path, oldest first. Index: raw_mail_to_examine, of each mailbox of the units. */
export async function examinePage(db: Db, under: string, after: string | undefined, limit: number): Promise<ExaminedRow[]> {
  const { rows } = await sql<ExaminedRow>`
    select   raw.id, raw.reason, raw.detail, raw.size_bytes, raw.is_whole, raw.received_at, mailbox.unit_path,
             mailbox.address as mailbox, mail.from_address, mail.from_name, mail.subject, left(mail.text, 300) as text
    from     mailbox
             cross join lateral (
               select * from raw_mail
               where  raw_mail.mailbox_id = mailbox.id and state = 'examine' and (${after ?? null}::uuid is null or raw_mail.id > ${after ?? null}::uuid)
               order  by raw_mail.id
               limit  ${limit}
             ) raw
             left join incoming_mail mail on mail.raw_mail_id = raw.id
    where    starts_with(mailbox.unit_path, ${under})
    order by raw.id
    limit    ${limit}`.execute(db)
  return rows
}
