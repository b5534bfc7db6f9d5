/**
 * The journal: what happened, in order, for ever. Audit, live pages, indicators, recovery and replay all read it, and nothing
 * is measured from anything else.
 *
 * Order. An identifier is drawn before its transaction commits, so going by identifier alone can skip a late commit. Readers go by
 * (xid, id) and only below the oldest transaction that still runs: what they have passed can never be joined by something before it.
 */
import { type Insertable, sql } from 'kysely'
import type { Actor } from '../actor.ts'
import type { Database, Tx } from '../database/database.ts'
import type { EventTable } from '../database/tables.ts'
import type { Entry, EventType, Position, Subjects } from './event.ts'

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

/** So many rows go into one statement; PostgreSQL takes 65,535 parameters. */
const rowsOfStatement = 1_000

/** Adds entries in this order, in few statements. */
export async function writeEntries(tx: Tx, entries: readonly CheckedEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += rowsOfStatement) {
    await tx
      .insertInto('event')
      .values(entries.slice(from, from + rowsOfStatement))
      .execute()
  }
}

export interface JournalRow {
  xid: string
  id: number
  at: Date
  type: string
  actor: unknown
  channel: string | null
  call_id: string | null
  case_id: string | null
  contact_id: string | null
  person_id: string | null
  unit_ids: string[]
  payload: unknown
}

/**
 * Reads up to `limit` entries after a position, in order. `more` says that there are entries which a running transaction
 * still hides, or which did not fit: look again soon.
 */
export async function readJournal(
  database: Pick<Database, 'kysely'>,
  after: Position,
  limit = 500,
): Promise<{ entries: Entry[]; more: boolean }> {
  // Index: event_in_order. `behind` is answered by the same index: the newest row of all.
  const { rows } = await sql<JournalRow>`
    select xid::text as xid, id, at, type, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload
    from   event
    where  (event.xid, id) > (${after.xid}::text::xid8, ${after.id}::bigint)
    and    event.xid < pg_snapshot_xmin(pg_current_snapshot())
    order  by event.xid, id
    limit  ${limit}`.execute(database.kysely)
  const entries = rows.map(entryOf)
  if (entries.length === limit) return { entries, more: true }
  const last = entries.at(-1) ?? after
  const { rows: hidden } = await sql`
    select 1 from event where (xid, id) > (${last.xid}::text::xid8, ${last.id}::bigint) limit 1`.execute(database.kysely)
  return { entries, more: hidden.length > 0 }
}

/** The position after which nothing is visible yet: where a reader starts that wants only what is to come. */
export async function journalEnd(database: Pick<Database, 'kysely'>): Promise<Position> {
  const { rows } = await sql<Position>`
    select xid::text as xid, id from event where xid < pg_snapshot_xmin(pg_current_snapshot()) order by event.xid desc, id desc limit 1`.execute(
    database.kysely,
  )
  return rows[0] ?? { xid: '0', id: 0 }
}

export function entryOf(row: JournalRow): Entry {
  return {
    xid: row.xid,
    id: row.id,
    at: row.at,
    type: row.type,
    actor: row.actor as Actor,
    subjects: {
      channel: (row.channel ?? undefined) as Subjects['channel'],
      call: row.call_id ?? undefined,
      case: row.case_id ?? undefined,
      contact: row.contact_id ?? undefined,
      person: row.person_id ?? undefined,
      units: row.unit_ids,
    },
    payload: row.payload as Record<string, unknown>,
  }
}
