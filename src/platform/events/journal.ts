/**
 * The journal: what happened, in order, for ever. Audit, live pages, indicators, recovery and replay all read it, and nothing
 * is measured from anything else.
 *
 * Order. Entries have a number (`id`), drawn while their transaction runs, and commit later, in any order. A reader's position is a snapshot
 * and a number (position.ts): everything up to that number which the snapshot sees has been read. A look takes what is unread and visible
 * now, and delivers it by number. It waits for nobody: what commits late is delivered when it is there. Why that is right:
 *
 *   Each entry once. What is unread at (S, n) has a number above n, or one up to n and a transaction that S does not see: one that was running
 *   in S, or one that is not below the end of S. These three are disjoint and each is an index range; a look is one statement, so its
 *   own snapshot T decides what of them is there, and (T, last number delivered) says exactly what has been read afterwards.
 *
 *   The third range is needed and small. A number up to n was drawn before S was taken, and its transaction's number before that (the
 *   column's default draws them in this order). But S ends after the last transaction that had *completed*: one that began later, drew
 *   its numbers early and still runs is not in its list of running ones. Since T sees only what is below its own end, the range lies
 *   between the ends of two looks: what is unread anyway.
 *
 *   A page may be cut anywhere among numbers above n, because they come in order. Late ones come whole, whatever the limit: a position cannot
 *   say that half of a transaction has been read. So the bound of a look is its limit and what the transactions that came late have written
 *   together; ours write a few entries each, and who writes many (an import, a migration of data) does so a few thousand at a time.
 *
 *   What one transaction saw of another is never delivered before it. If B read what A had written, A had committed before B drew
 *   its numbers. So A's numbers are smaller, which holds within a look; and whatever snapshot sees B sees A, which holds between looks.
 *   B's own number is drawn by the statement that writes the entry: what it read later it may not have known.
 */
import { type Insertable, type RawBuilder, sql } from 'kysely'
import type { Actor } from '../actor.ts'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../database/database.ts'
import type { EventTable } from '../database/tables.ts'
import { Bug } from '../errors.ts'
import { actorOf, type Entry, type EventType, recordOf, type Subjects, type Written } from './event.ts'
import { type Position, parseSnapshot } from './position.ts'

export interface NewEntry<P extends Record<string, unknown> = Record<string, unknown>> {
  type: EventType<P>
  payload: P
  subjects: Subjects
  actor: Actor
  /** Milliseconds since the epoch. */
  at: number
}

/** An entry that has been checked and only needs writing. */
export type CheckedEntry = Insertable<EventTable>

/** Checks the payload against the type's schema. @throws ZodError */
export function checkEntry<P extends Record<string, unknown>>({ type, payload, subjects, actor, at }: NewEntry<P>): CheckedEntry {
  return {
    at: new Date(at),
    type: type.type,
    version: type.version,
    actor: JSON.stringify(actor),
    channel: subjects.channel ?? null,
    call_id: subjects.call ?? null,
    case_id: subjects.case ?? null,
    contact_id: subjects.contact ?? null,
    person_id: subjects.person ?? null,
    unit_ids: [...(subjects.units ?? [])],
    payload: JSON.stringify(type.payload.parse(payload)),
  }
}

/** Adds an entry in the transaction `tx`. The payload is checked against the type's schema. */
export function writeEntry<P extends Record<string, unknown>>(tx: Tx, entry: NewEntry<P>): Promise<void> {
  return writeEntries(tx, [checkEntry(entry)])
}

/** Adds entries in this order, in one statement. */
export async function writeEntries(tx: Tx, entries: readonly CheckedEntry[]): Promise<void> {
  if (entries.length === 0) return
  await sql`
    /* journal.write */
    ${insertOfEntries(entries)}`.execute(tx)
}

/** The statement that adds entries in this order, for a larger one; `from` is what it shall depend on, with its comma in front. */
export function insertOfEntries(entries: readonly CheckedEntry[], from: RawBuilder<unknown> = sql``): RawBuilder<unknown> {
  return sql`
    insert into event (at, type, version, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload)
    select   at, type, version, actor::jsonb, channel, call_id, case_id, contact_id, person_id, unit_ids, payload::jsonb
    from     rows from (json_to_recordset(${JSON.stringify(entries)}::json) as (
               at timestamptz, type text, version int, actor text, channel text, call_id uuid, case_id uuid, contact_id uuid, person_id uuid,
               unit_ids text[], payload text
             )) with ordinality as entry (
               at, type, version, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload, place
             )${from}
    order by place`
}

export interface JournalRow {
  xid: string
  id: number
  at: Date
  type: string
  version: number
  actor: unknown
  channel: string | null
  call_id: string | null
  case_id: string | null
  contact_id: string | null
  person_id: string | null
  unit_ids: string[]
  payload: unknown
}

/** A look at the journal: what was unread, and the position after it. `more` says that there was more than fitted. */
export interface JournalBatch {
  entries: Entry[]
  position: Position
  more: boolean
}

type Reads = Pick<Database, 'kysely'>

/**
 * Reads what is unread at a position: what came late, then up to `limit` entries by number. The clock learns what time it is by the
 * database. A transaction must not read before what it has written itself.
 */
export async function readJournal(database: Reads, after: Position, clock?: Clock, limit = 500): Promise<JournalBatch> {
  if (after.era > 0) return readByNumber(database, after, clock, limit)
  const old = await readBeforeEras(database, after, limit)
  if (old.entries.length === limit) return old
  const rest = await readByNumber(database, old.position, clock, limit - old.entries.length)
  return { ...rest, entries: [...old.entries, ...rest.entries] }
}

/** What is read of an entry: the columns of a `JournalRow`. */
export const journalColumns = sql`xid::text as xid, id, at, type, version, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload`

/**
 * Index: event_in_order for what comes late, event_pkey for what is new. One statement, so one snapshot. `id + 0` keeps the planner from
 * the second index where it would read everything up to the position.
 */
async function readByNumber(database: Reads, after: Position, clock: Clock | undefined, limit: number): Promise<JournalBatch> {
  const hear = clock?.asking?.()
  const { xmax, running } = parseSnapshot(after.snapshot)
  // What follows the next era's beginning is new, whatever number the position knows from another cluster.
  const { rows } = await sql<(JournalRow | { id: null }) & { snapshot: string; era: number; until: number; time: number }>`
    /* journal.read */
    select look.*, ${journalColumns}
    from   (
             select pg_current_snapshot()::text as snapshot, ${milliseconds} as time, (select max(era) from journal_era) as era,
                    least(${after.id}::bigint, (select after_id from journal_era where era = ${after.era}::int + 1)) as until
           ) look
    left join lateral (
             select *
             from   event
             where  xid = any (${running.map(String)}::text[]::xid8[])
             and    id + 0 <= (select least(${after.id}::bigint, (select after_id from journal_era where era = ${after.era}::int + 1)))
             and    id >= (select ${mayComeLateFrom(after)})
             union all
             select *
             from   event
             where  xid >= ${String(xmax)}::text::xid8
             and    xid < (select case when exists (select from journal_era where era > ${after.era}::int) then ${lastXid}
                                       else pg_snapshot_xmax(pg_current_snapshot()) end)
             and    id + 0 <= (select least(${after.id}::bigint, (select after_id from journal_era where era = ${after.era}::int + 1)))
             and    id >= (select ${mayComeLateFrom(after)})
             union all
             (
               select *
               from   event
               where  id > (select least(${after.id}::bigint, (select after_id from journal_era where era = ${after.era}::int + 1)))
               order  by id
               limit  ${limit}
             )
           ) unread on true
    order  by id`.execute(database.kysely)
  const [first] = rows
  if (first === undefined) throw new Bug('A look at the journal always has a row.')
  hear?.(first.time)
  const entries = rows.flatMap(row => (row.id === null ? [] : [entryOf(row)]))
  const fresh = entries.filter(entry => entry.id > first.until)
  const id = fresh.at(-1)?.id ?? first.until
  return { entries, position: { era: first.era, snapshot: first.snapshot, id }, more: fresh.length === limit }
}

/**
 * The number from which on something may come late: what is below is of earlier eras, or of months of which every transaction had ended by the
 * position's snapshot. Parts of the table that lie below are not looked into: compared with `>=`, because by `id > n` the planner leaves the part
 * in which n itself lies.
 */
function mayComeLateFrom({ era, snapshot }: Position): RawBuilder<unknown> {
  const { xmin } = parseSnapshot(snapshot)
  return sql`greatest((select after_id + 1 from journal_era where era = ${era}::int),
                      (select max(from_id) from journal_month where era = ${era}::int and begun_xid < ${String(xmin)}::text::xid8))`
}

const lastXid = sql`'9223372036854775807'::xid8`

/** What was written before there were eras, in the order of (xid, id) in which it was always read. Index: event_in_order. */
async function readBeforeEras(database: Reads, after: Position, limit: number): Promise<JournalBatch> {
  const { xmax: xid } = parseSnapshot(after.snapshot)
  const { rows } = await sql<(JournalRow | { id: null }) & { until: number }>`
    select era.after_id as until, ${journalColumns}
    from   journal_era era
    left join lateral (
             select *
             from   event
             where  (event.xid, id) > (${String(xid)}::text::xid8, ${after.id}::bigint) and id <= era.after_id
             order  by event.xid, id
             limit  ${limit}
           ) old on true
    where  era.era = 1
    order  by old.xid, id`.execute(database.kysely)
  const entries = rows.flatMap(row => (row.id === null ? [] : [entryOf(row)]))
  const last = entries.at(-1)
  if (last !== undefined && entries.length === limit)
    return { entries, position: { era: 0, snapshot: `${last.xid}:${last.xid}:`, id: last.id }, more: true }
  return { entries, position: { era: 1, snapshot: '1:1:', id: rows[0]?.until ?? 0 }, more: false }
}

/** The database's clock. */
const milliseconds = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`

/** The position after which nothing is visible yet: where a reader starts that wants only what is to come. */
export async function journalEnd(database: Reads, clock?: Clock): Promise<Position> {
  const hear = clock?.asking?.()
  const { rows } = await sql<{ time: number; snapshot: string; era: number; id: number }>`
    select ${milliseconds} as time, pg_current_snapshot()::text as snapshot, (select max(era) from journal_era) as era,
           coalesce((select id from event order by id desc limit 1), 0) as id`.execute(database.kysely)
  const [row] = rows
  if (row === undefined) throw new Bug('The end of the journal always has a row.')
  hear?.(row.time)
  return { era: row.era, snapshot: row.snapshot, id: row.id }
}

export function entryOf(row: JournalRow): Entry {
  return {
    xid: row.xid,
    id: row.id,
    at: row.at,
    actor: actorOf(row.actor),
    subjects: {
      channel: (row.channel ?? undefined) as Subjects['channel'],
      call: row.call_id ?? undefined,
      case: row.case_id ?? undefined,
      contact: row.contact_id ?? undefined,
      person: row.person_id ?? undefined,
      units: row.unit_ids,
    },
    ...writtenOf(row),
  }
}

/** What of a row is needed to read its payload. */
export function writtenOf({ type, version, payload }: Pick<JournalRow, 'type' | 'version' | 'payload'>): Written {
  const record = recordOf(payload)
  return { type, version, payload: record ?? {}, ...(record === undefined ? { broken: true } : {}) }
}
