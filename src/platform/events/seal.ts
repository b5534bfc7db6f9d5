/**
 * Sealing: every minute a hash over the new rows and the previous seal. Writers never wait for it, and a row that is later
 * changed, removed or slipped in breaks a seal.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { beginning, type Position } from './event.ts'

const rowsAtATime = 5_000

/** Everything in a row, in the order of the columns, as PostgreSQL writes it: independent of drivers and of time zones. */
const rowText = sql<string>`jsonb_build_array(xid::text, id, extract(epoch from at), type, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload)::text`

async function hashRows(
  database: Pick<Database, 'kysely'>,
  after: Position,
  through: Position | undefined,
  previousHash: string,
) {
  const hash = createHash('sha256').update(previousHash)
  let position = after
  let rows = 0
  for (;;) {
    const bound = through
      ? sql`(xid, id) <= (${through.xid}::text::xid8, ${through.id}::bigint)`
      : sql`xid < pg_snapshot_xmin(pg_current_snapshot())`
    const { rows: found } = await sql<{ xid: string; id: number; text: string }>`
      select xid::text as xid, id, ${rowText} as text from event
      where (event.xid, id) > (${position.xid}::text::xid8, ${position.id}::bigint) and ${bound}
      order by event.xid, id limit ${rowsAtATime}`.execute(database.kysely)
    for (const row of found) hash.update(row.text).update('\n')
    rows += found.length
    position = found.at(-1) ?? position
    if (found.length < rowsAtATime) return { position, rows, hash: hash.digest('hex') }
  }
}

/** Seals what is new. Answers how many rows the seal covers; 0 when there was nothing to seal or another process did it. */
export async function sealJournal(database: Pick<Database, 'kysely'>, now: number): Promise<number> {
  const previous = await database.kysely
    .selectFrom('seal')
    .selectAll()
    .select(sql<string>`through_xid::text`.as('xid'))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const after = previous ? { xid: previous.xid, id: previous.through_id } : beginning
  const { position, rows, hash } = await hashRows(database, after, undefined, previous?.hash ?? '')
  if (rows === 0) return 0
  const { numInsertedOrUpdatedRows } = await database.kysely
    .insertInto('seal')
    .values({
      seq: (previous?.seq ?? 0) + 1,
      through_xid: position.xid,
      through_id: position.id,
      rows,
      previous_hash: previous?.hash ?? '',
      hash,
      at: new Date(now),
    })
    .onConflict(conflict => conflict.column('seq').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n ? rows : 0
}

export type Verification =
  | { sound: true; seals: number; rows: number; unsealed: number }
  | { sound: false; seq: number; sentence: string }

/** Computes every seal again. The first that does not fit is reported, with the span of entries in which something was changed. */
export async function verifyJournal(database: Pick<Database, 'kysely'>): Promise<Verification> {
  const seals = await database.kysely
    .selectFrom('seal')
    .selectAll()
    .select(sql<string>`through_xid::text`.as('xid'))
    .orderBy('seq')
    .execute()
  let previous: { position: Position; hash: string } = { position: beginning, hash: '' }
  let total = 0
  let expectedSeq = 1
  for (const seal of seals) {
    const through = { xid: seal.xid, id: seal.through_id }
    const broken = (what: string): Verification => ({
      sound: false,
      seq: seal.seq,
      sentence: `Seal ${seal.seq} of ${seal.at.toISOString()} does not fit: ${what} between entry ${previous.position.id} and entry ${through.id}.`,
    })
    if (seal.seq !== expectedSeq++ || seal.previous_hash !== previous.hash) return broken('a seal was removed or changed')
    const { rows, hash } = await hashRows(database, previous.position, through, previous.hash)
    if (rows !== seal.rows)
      return broken(rows < seal.rows ? `${seal.rows - rows} entries were removed` : `${rows - seal.rows} entries were inserted`)
    if (hash !== seal.hash) return broken('an entry was changed')
    total += rows
    previous = { position: through, hash }
  }
  const { rows: unsealed } = await hashRows(database, previous.position, undefined, previous.hash)
  return { sound: true, seals: seals.length, rows: total, unsealed }
}
