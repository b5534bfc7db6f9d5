/** SQL of the workload: the follower's place, where tickets stand, the steps of members, and the sums of weeks. */
import '../tables.ts'
import { sql } from 'kysely'
import type { Day, Db, Tx } from '../../platform/index.ts'
import type { CountedTicket, MemberStep } from './count.ts'
import type { TimedStep } from './steps.ts'

// --- the follower ---------------------------------------------------------------------------------------------------

/** How far the journal was read, kept for the transaction; undefined while another node reads. */
export async function lockPlaceIfFree(tx: Tx): Promise<string | undefined> {
  const row = await tx.selectFrom('workload_follower').select('position').forUpdate().skipLocked().executeTakeFirst()
  return row?.position
}

/** How far the journal was read, and the instant of the last entry. */
export const readPlace = (db: Db): Promise<{ position: string; read_through: Date | null }> =>
  db.selectFrom('workload_follower').select(['position', 'read_through']).executeTakeFirstOrThrow()

/** Says how far the journal was read; an older instant does not take the place of a newer one. */
export async function movePlace(tx: Tx, position: string, readThrough: Date | null): Promise<void> {
  await sql`
    update workload_follower set position = ${position}, read_through = greatest(read_through, ${readThrough}::timestamptz)`.execute(
    tx,
  )
}

/** Waits for whoever reads, and forgets everything that was counted. */
export async function forgetCounted(tx: Tx): Promise<void> {
  await sql`update workload_follower set position = '', read_through = null`.execute(tx)
  await sql`delete from workload_week`.execute(tx)
  await sql`delete from workload_step`.execute(tx)
  await sql`delete from workload_ticket`.execute(tx)
}

// --- where tickets stand --------------------------------------------------------------------------------------------

const instant = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`

/** Where some tickets stand, by ticket. Index: workload_ticket_pkey. */
export async function countedTickets(db: Db, ticketIds: readonly string[]): Promise<Map<string, CountedTicket>> {
  if (ticketIds.length === 0) return new Map()
  const { rows } = await sql<CountedTicket>`
    select ticket_id as "ticketId", section_id as "sectionId", state, holder_id as "holderId", ${instant('held_since')} as "heldSince",
           ${instant('started_at')} as "startedAt", is_late as "isLate", ${instant('closed_at')} as "closedAt"
    from   workload_ticket where ticket_id = any(${[...new Set(ticketIds)]}::uuid[])`.execute(db)
  return new Map(rows.map(row => [row.ticketId, row]))
}

const dateOf = (at: number | null): Date | null => (at === null ? null : new Date(at))

/** Keeps where tickets stand. */
export async function keepTickets(tx: Tx, tickets: readonly CountedTicket[]): Promise<void> {
  if (tickets.length === 0) return
  const rows = tickets.map(each => ({
    ...{ ticket_id: each.ticketId, section_id: each.sectionId, state: each.state, holder_id: each.holderId },
    ...{ held_since: dateOf(each.heldSince), started_at: dateOf(each.startedAt), is_late: each.isLate },
    closed_at: dateOf(each.closedAt),
  }))
  await sql`
    insert into workload_ticket (ticket_id, section_id, state, holder_id, held_since, started_at, is_late, closed_at)
    select * from json_to_recordset(${JSON.stringify(rows)}::json) as given
      (ticket_id uuid, section_id text, state text, holder_id uuid, held_since timestamptz, started_at timestamptz, is_late boolean, closed_at timestamptz)
    on conflict (ticket_id) do update
    set section_id = excluded.section_id, state = excluded.state, holder_id = excluded.holder_id, held_since = excluded.held_since,
        started_at = excluded.started_at, is_late = excluded.is_late, closed_at = excluded.closed_at`.execute(tx)
}

/** When the open tickets of a section came, the oldest first, in milliseconds since the epoch. Index: workload_ticket_open. */
export async function openSince(db: Db, sectionId: string, limit: number): Promise<number[]> {
  const { rows } = await sql<{ at: number }>`
    select ${instant('started_at')} as at from workload_ticket
    where  section_id = ${sectionId} and state = 'here' order by started_at limit ${limit}`.execute(db)
  return rows.map(row => row.at)
}

// --- the steps of members -------------------------------------------------------------------------------------------

const step = (
  of: string,
) => sql`${sql.ref(`${of}.person_id`)} as "personId", ${instant(`${of}.at`)} as at, ${sql.ref(`${of}.entry_id`)} as "entryId",
  ${sql.ref(`${of}.section_id`)} as "sectionId", ${instant(`${of}.since`)} as since, ${sql.ref(`${of}.worked_ms`)} as "workedMs"`

/** The steps of the members of some new ones, by member: the last before their first, and all after it. Index: workload_step_pkey. */
export async function stepsAround(db: Db, fresh: readonly MemberStep[]): Promise<Map<string, TimedStep[]>> {
  const first = new Map<string, number>()
  for (const { personId, at } of fresh) first.set(personId, Math.min(at, first.get(personId) ?? at))
  const { rows } = await sql<TimedStep>`
    select ${step('found')}
    from   unnest(${[...first.keys()]}::uuid[], ${[...first.values()].map(at => new Date(at).toISOString())}::timestamptz[]) wanted (person_id, at)
    cross  join lateral (
             (select * from workload_step before
              where  before.person_id = wanted.person_id and before.at < wanted.at
              order  by before.at desc, before.entry_id desc limit 1)
             union all
             (select * from workload_step after where after.person_id = wanted.person_id and after.at >= wanted.at)
           ) found`.execute(db)
  return Map.groupBy(rows, row => row.personId)
}

/** Keeps steps with what they took. */
export async function keepSteps(tx: Tx, steps: readonly TimedStep[]): Promise<void> {
  if (steps.length === 0) return
  const rows = steps.map(each => ({
    ...{ person_id: each.personId, at: new Date(each.at), entry_id: each.entryId, section_id: each.sectionId },
    ...{ since: new Date(each.since), worked_ms: each.workedMs },
  }))
  await sql`
    insert into workload_step (person_id, at, entry_id, section_id, since, worked_ms)
    select * from json_to_recordset(${JSON.stringify(rows)}::json) as given
      (person_id uuid, at timestamptz, entry_id bigint, section_id text, since timestamptz, worked_ms integer)
    on conflict (person_id, at, entry_id) do update set worked_ms = excluded.worked_ms`.execute(tx)
}

/** Takes steps away that are older than an instant: nothing that still comes can lie before them. Index: workload_step_by_time. */
export const forgetSteps = (tx: Tx, before: Date): Promise<unknown> =>
  sql`delete from workload_step where at < ${before}`.execute(tx)

// --- the sums -------------------------------------------------------------------------------------------------------

/** The columns of the sums. Times are in the unit of their name; `worked_squares` is in square minutes of the steps. */
export const weekFigures = [
  'arrived',
  'closed',
  'closed_in_time',
  'closed_after_s',
  'backlog',
  'backlog_since_s',
  'steps',
  'worked_ms',
  'worked_squares',
] as const
export type WeekFigure = (typeof weekFigures)[number]

/** The sums of a section and a week; a week is its Monday. */
export type WeekSums = { section_id: string; week: Day } & Record<WeekFigure, number>

const columns = sql.join(weekFigures.map(figure => sql.ref(figure)))

/** Adds to the sums, in one order always, so that two who add never wait for each other crosswise. */
export async function addToWeeks(tx: Tx, rows: readonly WeekSums[]): Promise<void> {
  if (rows.length === 0) return
  const shape = sql.raw(weekFigures.map(figure => `${figure} bigint`).join(', '))
  const added = sql.join(
    weekFigures.map(figure => sql`${sql.ref(figure)} = ${sql.ref(`workload_week.${figure}`)} + ${sql.ref(`excluded.${figure}`)}`),
  )
  await sql`
    insert into workload_week (section_id, week, ${columns})
    select section_id, week, ${columns}
    from   json_to_recordset(${JSON.stringify(rows)}::json) as given (section_id text, week date, ${shape})
    order  by section_id, week
    on     conflict (section_id, week) do update set ${added}`.execute(tx)
}

/** All weeks of some sections, in order: some hundreds of rows in ten years of a region. Index: workload_week_pkey. */
export async function weeksOf(db: Db, sectionIds: readonly string[]): Promise<WeekSums[]> {
  if (sectionIds.length === 0) return []
  const { rows } = await sql<WeekSums>`
    select   section_id, to_char(week, 'YYYY-MM-DD') as week, ${columns}
    from     workload_week where section_id = any(${[...sectionIds]}::text[])
    order by section_id, workload_week.week`.execute(db)
  return rows
}
