/**
 * The journal: what happened, in order, for ever. Audit, live pages, indicators, recovery and replay all read it, and nothing
 * is measured from anything else.
 *
 * Order. An identifier is drawn before its transaction commits, so going by identifier alone can skip a late commit. Readers go by
 * (xid, id) and only below the oldest transaction that still runs: what they have passed can never be joined by something before it.
 */
import { type Insertable, type RawBuilder, sql } from 'kysely'
import type { Actor } from '../actor.ts'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../database/database.ts'
import type { EventTable } from '../database/tables.ts'
import { actorOf, beginning, type Entry, type EventType, type Position, recordOf, type Subjects, type Written } from './event.ts'

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

/** A look at the journal: `more` says that there are entries which a running transaction still hides, or which did not fit. */
export interface Look {
  entries: Entry[]
  more: boolean
}

/** Reads up to `limit` entries after a position, in order. The clock learns what time it is by the database. */
export async function readJournal(
  database: Pick<Database, 'kysely'>,
  after: Position,
  clock?: Clock,
  limit = 500,
): Promise<Look> {
  const hear = clock?.asking?.()
  // Index: event_in_order, for the entries as for what is hidden: whether the newest of all is. One statement, so one snapshot.
  const { rows } = await sql<(JournalRow | { id: null }) & { hidden: boolean; time: number }>`
    /* journal.read */
    select coalesce(newest.hidden, false) as hidden, ${milliseconds} as time,
           xid::text as xid, id, at, type, version, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload
    from   (select) look
    left join lateral (
             select xid >= pg_snapshot_xmin(pg_current_snapshot()) as hidden
             from   event
             order  by event.xid desc, id desc
             limit  1
           ) newest on true
    left join lateral (
             select *
             from   event
             where  (event.xid, id) > (${after.xid}::text::xid8, ${after.id}::bigint)
             and    event.xid < pg_snapshot_xmin(pg_current_snapshot())
             order  by event.xid, id
             limit  ${limit}
           ) settled on true
    order  by settled.xid, id`.execute(database.kysely)
  const [first] = rows
  if (first !== undefined) hear?.(first.time)
  const entries = rows.flatMap(row => (row.id === null ? [] : [entryOf(row)]))
  return { entries, more: entries.length === limit || first?.hidden === true }
}

/** The database's clock. */
const milliseconds = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`

/** The position after which nothing is visible yet: where a reader starts that wants only what is to come. */
export async function journalEnd(database: Pick<Database, 'kysely'>, clock?: Clock): Promise<Position> {
  const hear = clock?.asking?.()
  const { rows } = await sql<{ time: number; xid: string | null; id: number | null }>`
    select ${milliseconds} as time, settled.xid::text as xid, settled.id
    from   (select) look
    left join lateral (
             select xid, id
             from   event
             where  xid < pg_snapshot_xmin(pg_current_snapshot())
             order  by event.xid desc, id desc
             limit  1
           ) settled on true`.execute(database.kysely)
  const [row] = rows
  if (row !== undefined) hear?.(row.time)
  return row === undefined || row.xid === null || row.id === null ? beginning : { xid: row.xid, id: row.id }
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
