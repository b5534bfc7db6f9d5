/**
 * Seals as they are stored, and which entries lie between two of them.
 *
 * A seal is a position, and covers what lies between the position of the one before and its own. Both are stored, and whether a snapshot sees a
 * transaction is a question of numbers only, so the same rows are found again on any cluster and at any time. What commits late is covered by
 * the first seal whose snapshot sees it.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { beginning, type Position, parseSnapshot } from './position.ts'

export type Reads = Pick<Database, 'kysely'>

/**
 * Everything in a row, as PostgreSQL writes it: independent of drivers and of time zones. The version comes last and only where it is not the first, so
 * that seals from before there were versions go on fitting.
 */
export const rowText = sql<string>`(jsonb_build_array(xid::text, id, extract(epoch from at), type, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload)
                            || case when version > 1 then jsonb_build_array(version) else '[]'::jsonb end)::text`

/** Where a seal ends. In era 0, up to (xid, id). */
export type SealPlace = OldPlace | SealedPosition

export interface OldPlace {
  readonly xid: string
  readonly id: number
}

export interface SealedPosition extends Position {
  /** No transaction from this number on had begun. */
  readonly next: string
  /** Nothing that the snapshot sees was left unread. */
  readonly whole: boolean
}

export interface Seal {
  readonly seq: number
  readonly rows: number
  readonly previousHash: string
  readonly hash: string
  readonly at: Date
  readonly through: SealPlace
  /** What its rows come to since personal data were erased in them; null while none were. */
  readonly erased: string | null
}

export const beginningOfEras = (id: number): SealedPosition => ({ era: 1, snapshot: '1:1:', next: '1', whole: false, id })
export const beginningOfEraZero: OldPlace = { xid: '0', id: 0 }
/** What the first seal is made on. */
export const beforeSeals: Pick<Seal, 'through' | 'hash'> = { through: beginningOfEraZero, hash: '' }

interface SealRow {
  seq: number
  era: number | null
  xid: string | null
  snapshot: string | null
  next: string | null
  whole: boolean
  id: number
  rows: number
  previous_hash: string
  hash: string
  at: Date
  erased: string | null
}

export async function sealsWhere(database: Reads, condition: RawBuilder<unknown>): Promise<Seal[]> {
  const { rows } = await sql<SealRow>`
    select seq, era, through_xid::text as xid, through_snapshot as snapshot, next_xid::text as next, whole, through_id as id, rows, previous_hash,
           hash, at, (select seal_erased.hash from seal_erased where seal_erased.seq = seal.seq) as erased
    from   seal
    ${condition}`.execute(database.kysely)
  return rows.map(row => ({
    ...{ seq: row.seq, rows: row.rows, previousHash: row.previous_hash, hash: row.hash, at: row.at, erased: row.erased },
    through:
      row.era === null || row.snapshot === null || row.next === null
        ? { xid: row.xid ?? '0', id: row.id }
        : { era: row.era, snapshot: row.snapshot, next: row.next, whole: row.whole, id: row.id },
  }))
}

/** Returns the position up to which the journal is sealed. */
export async function lastSealed(database: Reads): Promise<Position> {
  const [last] = await sealsWhere(database, sql`order by seq desc limit 1`)
  if (last === undefined) return beginning
  const { through } = last
  return isSealedPosition(through) ? through : { era: 0, snapshot: `${through.xid}:${through.xid}:`, id: through.id }
}

/** Where the numbers of era 0 end. */
export async function endOfEraZero(database: Reads): Promise<number> {
  const { rows } = await sql<{ after_id: number }>`select after_id from journal_era where era = 1`.execute(database.kysely)
  return rows[0]?.after_id ?? 0
}

export const eraBegins = (era: number) => sql`(select after_id from journal_era where era = ${era}::int)`

/**
 * The rows with a number up to that of a position which were not read there, of transactions below `end`. Index: event_in_order, twice: with
 * `or` the planner would read the whole table.
 */
export function lateAfter(
  { era, snapshot, id }: Position,
  end: RawBuilder<unknown>,
  journal: RawBuilder<unknown> = sql`event`,
): RawBuilder<unknown> {
  const { xmax, running } = parseSnapshot(snapshot)
  const span = sql`id > ${eraBegins(era)} and id + 0 <= (select ${untilOf({ era, id })})`
  return sql`(
    select * from ${journal} event where xid = any (${running.map(String)}::text[]::xid8[]) and ${span}
    union all
    select * from ${journal} event where xid >= ${String(xmax)}::text::xid8 and xid < (select ${end}) and ${span}
  )`
}

/** Where the transactions end that a look may see; of an earlier era, all of them. */
export const endOfLook = (era: number) =>
  sql`case when exists (select from journal_era where era > ${era}::int) then ${lastXid} else pg_snapshot_xmax(pg_current_snapshot()) end`
export const lastXid = sql`'9223372036854775807'::xid8`

/** The number up to which a position has read, as later eras know it. */
export const untilOf = ({ era, id }: Pick<Position, 'era' | 'id'>) => sql`least(${id}::bigint, ${eraBegins(era + 1)})`

/** Whether a position has read a row with a number that it may have read: everything of earlier eras, and what its snapshot sees. */
export const isReadAt = ({ era, snapshot }: Position) =>
  sql`(id <= ${eraBegins(era)} or pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot))`

/** Whether a row with a greater number than a position's cannot be: its transaction had ended before. */
export const isTooLate = ({ era, snapshot, whole }: SealedPosition) =>
  whole
    ? sql`(id > coalesce(${eraBegins(era)}, 0) and not ${eraHasEnded(era)} and pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot))`
    : sql`false`
const eraHasEnded = (era: number) => sql`coalesce(id > ${eraBegins(era + 1)}, false)`

export const isSealedPosition = (place: SealPlace): place is SealedPosition => 'snapshot' in place
