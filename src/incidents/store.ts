/** SQL of incidents: their rows, what was done about them, and their tickets. */
import './tables.ts'
import { type Insertable, sql, type Updateable } from 'kysely'
import { Bug, type Db } from '../platform/index.ts'
import type { IncidentRow, IncidentTable, LinkedTicketRow, StepRow } from './tables.ts'

/** An incident in a list. */
export type ListedIncident = IncidentRow & { tickets: number; has_notice: boolean }

/** Tickets of one incident are not counted beyond this. */
const maxCounted = 1_000

const listed = (now: Date) => sql`
  incident.*,
  (select count(*)::int from (select from incident_ticket where incident_id = incident.id limit ${maxCounted}) linked) as tickets,
  exists (select from incident_notice given
          where given.incident_id = incident.id and given.withdrawn_at is null and given.ends_at > ${now}) as has_notice`

/** One page of the incidents that go on, or of the closed ones, newest first. Indexes: incident_current, incident_closed. */
export async function incidentPage(
  db: Db,
  {
    closed,
    procedureId,
    after,
    limit,
    now,
  }: { closed: boolean; procedureId: string | undefined; after: readonly [string, string] | undefined; limit: number; now: Date },
): Promise<ListedIncident[]> {
  const { rows } = await sql<ListedIncident>`
    select   ${listed(now)}
    from     incident
    where    ${closed ? sql`state = 'closed'` : sql`state <> 'closed'`}
             ${procedureId === undefined ? sql`` : sql`and procedure_id = ${procedureId}`}
             ${after === undefined ? sql`` : sql`and (opened_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by opened_at desc, id desc
    limit    ${limit}`.execute(db)
  return rows
}

/** Index: incident_pkey. */
export async function readIncident(db: Db, id: string, now: Date): Promise<ListedIncident | undefined> {
  const { rows } = await sql<ListedIncident>`select ${listed(now)} from incident where id = ${id}`.execute(db)
  return rows[0]
}

/** Index: incident_pkey. */
export const lockIncident = (db: Db, id: string): Promise<IncidentRow | undefined> =>
  db.selectFrom('incident').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Returns its number. */
export async function insertIncident(db: Db, row: Insertable<IncidentTable>): Promise<number> {
  const kept = await db.insertInto('incident').values(row).returning('number').executeTakeFirst()
  if (!kept) throw new Bug('An incident that was written has a number.')
  return kept.number
}

export const updateIncident = (db: Db, id: string, change: Updateable<IncidentTable>): Promise<unknown> =>
  db
    .updateTable('incident')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()

/** Incidents of a cause that go on at a group, or for the whole country. Index: incident_current: as many as go on. */
export async function currentOfCause(
  db: Db,
  { unitId, causeKey }: { unitId: string; causeKey: string },
): Promise<{ id: string; number: number } | undefined> {
  const { rows } = await sql<{ id: string; number: number }>`
    select   id, number from incident
    where    state <> 'closed' and cause_key = ${causeKey} and (unit_id = ${unitId} or region_code is null)
    order by opened_at desc
    limit    1`.execute(db)
  return rows[0]
}

// --- what was done ---------------------------------------------------------------------------------------------------

export const insertStep = (
  db: Db,
  step: Omit<StepRow, 'detail'> & { detail: Readonly<Record<string, string | number>> },
): Promise<unknown> =>
  db
    .insertInto('incident_step')
    .values({ ...step, detail: JSON.stringify(step.detail) })
    .execute()

/** One page of what was done about an incident, newest first. Index: incident_step_of_incident. */
export async function stepPage(
  db: Db,
  { incidentId, after, limit }: { incidentId: string; after: readonly [string, string] | undefined; limit: number },
): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select   * from incident_step
    where    incident_id = ${incidentId}
             ${after === undefined ? sql`` : sql`and (at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by at desc, id desc
    limit    ${limit}`.execute(db)
  return rows
}

// --- its tickets -----------------------------------------------------------------------------------------------------

/** Links tickets; one that another incident has stays there. Returns those that were linked now. Index: incident_ticket_pkey. */
export async function linkTickets(
  db: Db,
  { incidentId, ticketIds, at, byName }: { incidentId: string; ticketIds: readonly string[]; at: Date; byName: string },
): Promise<string[]> {
  if (ticketIds.length === 0) return []
  const rows = await db
    .insertInto('incident_ticket')
    .values(
      ticketIds.toSorted().map(ticket_id => ({
        ...{ ticket_id, incident_id: incidentId, linked_at: at, linked_by_name: byName },
        ...{ answering_id: null, answering: null, left_because: null },
      })),
    )
    .onConflict(conflict => conflict.column('ticket_id').doNothing())
    .returning('ticket_id')
    .execute()
  return rows.map(row => row.ticket_id)
}

/** Parts tickets from an incident, but not those whose answer is under way. Returns those that were. Index: incident_ticket_pkey. */
export async function unlinkTickets(db: Db, incidentId: string, ticketIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .deleteFrom('incident_ticket')
    .where('incident_id', '=', incidentId)
    .where('ticket_id', 'in', [...ticketIds])
    .where(eb => eb.or([eb('answering', 'is', null), eb('answering', '=', 'left')]))
    .returning('ticket_id')
    .execute()
  return rows.map(row => row.ticket_id)
}

/** One page of the tickets of an incident, in the order in which they were linked. Index: incident_ticket_of_incident. */
export async function linkPage(
  db: Db,
  { incidentId, after, limit }: { incidentId: string; after: readonly [string, string] | undefined; limit: number },
): Promise<LinkedTicketRow[]> {
  const { rows } = await sql<LinkedTicketRow>`
    select   * from incident_ticket
    where    incident_id = ${incidentId}
             ${after === undefined ? sql`` : sql`and (linked_at, ticket_id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by linked_at, ticket_id
    limit    ${limit}`.execute(db)
  return rows
}

/** Of some tickets, those that an incident has. Index: incident_ticket_pkey. */
export async function linkedOf(db: Db, ticketIds: readonly string[]): Promise<Map<string, LinkedTicketRow>> {
  if (ticketIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('incident_ticket')
    .selectAll()
    .where('ticket_id', 'in', [...ticketIds])
    .execute()
  return new Map(rows.map(row => [row.ticket_id, row]))
}
