/** SQL of visits: codes, rows, entries, calls. What is set up is in `setup-store.ts`. */
import './tables.ts'
import { type Insertable, sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { VisitEntry, VisitStanding } from './effects.ts'
import type { HelpRow, VisitEntryRow, VisitEntryTable, VisitRow, VisitTable } from './tables.ts'

/** A hall holds no more at once; a list is not longer. */
export const maxOpenVisits = 1_000

/** Halls are locked before anything in them changes, in one order always. Index: counter_hall_pkey. */
export async function lockHalls(db: Db, ids: readonly string[]): Promise<void> {
  await sql`select id from counter_hall where id = any(${[...ids]}::uuid[]) order by id for update`.execute(db)
}

/** Counts a ticket of the kiosk. Returns false when it has given as many today as it may. Index: counter_number_pkey. */
export async function countKioskTicket(
  db: Db,
  { hallId, day, contingent }: { hallId: string; day: string; contingent: number | null },
): Promise<boolean> {
  const { rows } = await sql`
    insert into counter_number as given (hall_id, day, kiosk) values (${hallId}, ${day}, 1)
    on conflict (hall_id, day) do update set kiosk = given.kiosk + 1
    where  ${contingent}::int is null or given.kiosk < ${contingent}::int
    returning kiosk`.execute(db)
  return rows.length > 0
}

/** How many tickets of a hall the kiosk has given on a day. Index: counter_number_pkey. */
export async function kioskTickets(db: Db, hallId: string, day: string): Promise<number> {
  const row = await db
    .selectFrom('counter_number')
    .select('kiosk')
    .where('hall_id', '=', hallId)
    .where('day', '=', day)
    .executeTakeFirst()
  return row?.kiosk ?? 0
}

export const insertVisit = (db: Db, row: Insertable<VisitTable>): Promise<unknown> => db.insertInto('visit').values(row).execute()

/** Index: visit_pkey. */
export const readVisit = (db: Db, id: string): Promise<VisitRow | undefined> =>
  db.selectFrom('visit').selectAll().where('id', '=', id).executeTakeFirst()

/** The visit of an appointment. Index: visit_appointment_id_key. */
export const visitOfAppointment = (db: Db, appointmentId: string): Promise<VisitRow | undefined> =>
  db.selectFrom('visit').selectAll().where('appointment_id', '=', appointmentId).executeTakeFirst()

export const updateVisit = (db: Db, id: string, change: Partial<Insertable<VisitTable>>): Promise<unknown> =>
  db.updateTable('visit').set(change).where('id', '=', id).execute()

/** The columns of a visit that its entries make. */
export function columnsOf(standing: VisitStanding) {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms))
  return {
    state: standing.state,
    hall_id: standing.hallId,
    service_id: standing.serviceId,
    visit_class: standing.visitClass,
    priority: standing.priority,
    arrived_at: new Date(standing.arrivedAt),
    due_at: at(standing.dueAt),
    call_by: new Date(standing.callBy),
    not_before: at(standing.notBefore),
    calls: standing.calls,
    first_called_at: at(standing.firstCalledAt),
    called_at: at(standing.calledAt),
    came_at: at(standing.cameAt),
    desk_id: standing.deskId,
    only_desk_id: standing.onlyDeskId,
    officer_id: standing.officerId,
    officer_name: standing.officerName,
    parked_why: standing.parkedWhy,
    remind_at: at(standing.remindAt),
    has_returned: standing.hasReturned,
    was_transferred: standing.wasTransferred,
    ended_at: at(standing.endedAt),
    call_reason: standing.callReason === null ? null : JSON.stringify(standing.callReason),
  }
}

/** Adds an entry behind the others of its visit. Index: visit_entry_pkey. */
export async function insertEntry(db: Db, visitId: string, entry: VisitEntry & { id: string; byName: string }): Promise<void> {
  await sql`
    insert into visit_entry (visit_id, n, id, kind, at, desk_id, detail, by_name)
    select ${visitId}, coalesce(max(n), 0) + 1, ${entry.id}, ${entry.kind}, ${new Date(entry.at)}, ${entry.deskId},
           ${JSON.stringify(entry.detail)}::jsonb, ${entry.byName}
    from   visit_entry where visit_id = ${visitId}`.execute(db)
}

/** The entries of some visits, by visit, in order. Index: visit_entry_pkey. */
export async function entriesOf(db: Db, visitIds: readonly string[]): Promise<Map<string, VisitEntry[]>> {
  const { rows } = await sql<VisitEntryRow>`
    select * from visit_entry where visit_id = any(${[...visitIds]}::uuid[]) order by visit_id, n`.execute(db)
  const byVisit = Map.groupBy(rows, row => row.visit_id)
  return new Map([...byVisit].map(([id, all]) => [id, all.map(entryFrom)]))
}

const entryFrom = ({ kind, at, desk_id: deskId, detail }: VisitEntryRow): VisitEntry => ({
  kind,
  at: at.getTime(),
  deskId,
  detail,
})

/** The visits of some halls that are not over, by the instant by which they are to be called. Index: visit_of_hall. */
export async function openVisits(db: Db, hallIds: readonly string[]): Promise<VisitRow[]> {
  const { rows } = await sql<VisitRow>`
    select   * from visit
    where    hall_id = any(${[...hallIds]}::uuid[]) and state in ('waiting', 'called', 'serving', 'parked', 'missed')
    order by call_by, code
    limit    ${maxOpenVisits}`.execute(db)
  return rows
}

/** Who is called to a desk, or sits at it. Index: visit_at_desk. */
export const visitAtDesk = (db: Db, deskId: string): Promise<VisitRow | undefined> =>
  db.selectFrom('visit').selectAll().where('desk_id', '=', deskId).where('state', 'in', ['called', 'serving']).executeTakeFirst()

/** The newest calls of some halls, without the first `skip`. Index: visit_called. */
export async function newestCalls(
  db: Db,
  hallIds: readonly string[],
  { skip, limit }: { skip: number; limit: number },
): Promise<{ id: string; code: string; desk: string; hall_id: string; called_at: Date }[]> {
  const { rows } = await sql<{ id: string; code: string; desk: string; hall_id: string; called_at: Date }>`
    select   visit.id, visit.code, desk.label as desk, visit.hall_id, visit.called_at
    from     visit join counter_desk desk on desk.id = visit.desk_id
    where    visit.hall_id = any(${[...hallIds]}::uuid[]) and visit.state in ('called', 'serving') and visit.called_at is not null
    order by visit.called_at desc, visit.id
    limit    ${limit} offset ${skip}`.execute(db)
  return rows
}

/** The visits of an office on a day. Index: visit_code_of_day. */
export async function visitsOfDay(db: Db, unitId: string, day: string): Promise<VisitRow[]> {
  const { rows } = await sql<VisitRow>`
    select * from visit where unit_id = ${unitId} and day = ${day}::date order by code limit 3000`.execute(db)
  return rows
}

/** So many measured times of a service are looked at. */
const maxMeasured = 300

/** The newest measured times of some services: from call to end, with the instant of the end. Index: visit_handled. */
export async function handledTimes(
  db: Db,
  serviceIds: readonly string[],
): Promise<{ service_id: string; ended_at: Date; handling_seconds: number }[]> {
  const { rows } = await sql<{ service_id: string; ended_at: Date; handling_seconds: number }>`
    select service.id as service_id, handled.ended_at, handled.handling_seconds
    from   unnest(${[...serviceIds]}::uuid[]) as service (id)
           cross join lateral (
             select ended_at, handling_seconds from visit
             where  service_id = service.id and handling_seconds is not null
             order  by ended_at desc
             limit  ${maxMeasured}) handled`.execute(db)
  return rows
}

/** Who served the citizens of some visits the last time, by visit. Index: visit_of_contact. */
export async function lastOfficers(db: Db, visits: readonly Pick<VisitRow, 'id' | 'contact_id'>[]): Promise<Map<string, string>> {
  const known = visits.filter(({ contact_id }) => contact_id !== null)
  const { rows } = await sql<{ id: string; officer_id: string }>`
    select asked.id, last.officer_id
    from   unnest(${known.map(({ id }) => id)}::uuid[], ${known.map(each => each.contact_id)}::uuid[]) as asked (id, contact_id)
           cross join lateral (
             select officer_id from visit
             where  contact_id = asked.contact_id and id <> asked.id and officer_id is not null and state = 'closed'
             order  by ended_at desc
             limit  1) last`.execute(db)
  return new Map(rows.map(row => [row.id, row.officer_id]))
}

/** How many of the visits of an office on a day are of people whom it had received within some days before. Index: visit_of_contact. */
export async function returnsOfDay(
  db: Db,
  { unitId, day, days }: { unitId: string; day: string; days: number },
): Promise<{ known: number; returned: number }> {
  const { rows } = await sql<{ known: number; returned: number }>`
    select count(*)::int as known,
           count(*) filter (where exists (
             select from visit earlier
             where  earlier.contact_id = visit.contact_id and earlier.unit_id = visit.unit_id and earlier.state = 'closed'
             and    earlier.day < visit.day and earlier.day >= visit.day - ${days}::int))::int as returned
    from   visit
    where  unit_id = ${unitId} and day = ${day}::date and contact_id is not null and state = 'closed'`.execute(db)
  return rows[0] ?? { known: 0, returned: 0 }
}

// --- help -------------------------------------------------------------------------------------------------------------

/** The calls for help of some halls that are not over, the oldest first. Index: counter_help_of_hall. */
export const openHelp = (db: Db, hallIds: readonly string[]): Promise<(HelpRow & { desk: string })[]> =>
  hallIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('counter_help')
        .innerJoin('counter_desk', 'counter_desk.id', 'counter_help.desk_id')
        .selectAll('counter_help')
        .select('counter_desk.label as desk')
        .where('counter_help.hall_id', 'in', hallIds)
        .where('counter_help.ended_at', 'is', null)
        .orderBy('counter_help.asked_at')
        .execute()

/** Index: counter_help_pkey. */
export const readHelp = (db: Db, id: string): Promise<HelpRow | undefined> =>
  db.selectFrom('counter_help').selectAll().where('id', '=', id).executeTakeFirst()

export const insertHelp = (db: Db, row: HelpRow): Promise<unknown> => db.insertInto('counter_help').values(row).execute()

export const updateHelp = (db: Db, id: string, change: Partial<HelpRow>): Promise<unknown> =>
  db.updateTable('counter_help').set(change).where('id', '=', id).execute()

/** Ends what some desks have asked for. Index: counter_help_of_desk. */
export const endHelpOf = (db: Db, deskIds: readonly string[], at: Date): Promise<unknown> =>
  deskIds.length === 0
    ? Promise.resolve()
    : db.updateTable('counter_help').set({ ended_at: at }).where('desk_id', 'in', deskIds).where('ended_at', 'is', null).execute()

/** Units with visits of a day before `today` that are not over, without some. Index: visit_of_hall, as many as are open. */
export async function unitsNotClosed(db: Db, today: string, except: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ unit_id: string }>`
    select distinct unit_id from visit
    where  state in ('waiting', 'called', 'serving', 'parked', 'missed') and day < ${today}::date
    and    unit_id <> all(${[...except]}::text[])
    limit  ${maxOpenVisits}`.execute(db)
  return rows.map(row => row.unit_id)
}

// --- many at once ----------------------------------------------------------------------------------------------------

/** PostgreSQL takes 65,535 parameters in a statement. */
const batchSize = 1_000

export async function insertVisits(db: Db, rows: readonly Insertable<VisitTable>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += batchSize)
    await db
      .insertInto('visit')
      .values(rows.slice(at, at + batchSize))
      .execute()
}

export async function insertEntries(db: Db, rows: readonly Insertable<VisitEntryTable>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += batchSize)
    await db
      .insertInto('visit_entry')
      .values(rows.slice(at, at + batchSize))
      .execute()
}

/** Counts the tickets of the kiosk by the visits that there are. Returns the highest number of each office, letter and day. */
export async function countGiven(db: Db): Promise<{ unitId: string; letter: string; day: string; last: number }[]> {
  await sql`
    insert into counter_number (hall_id, day, kiosk)
    select hall_id, day, count(*) from visit where origin = 'kiosk' group by hall_id, day
    on conflict (hall_id, day) do nothing`.execute(db)
  const { rows } = await sql<{ unitId: string; letter: string; day: string; last: number }>`
    select   unit_id as "unitId", substr(code, 1, 1) as letter, to_char(day, 'YYYY-MM-DD') as day, max(substr(code, 2)::int) as last
    from     visit
    group by unit_id, substr(code, 1, 1), day`.execute(db)
  return rows
}
