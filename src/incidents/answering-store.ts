/** SQL of the answers that tickets of an incident get together. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db, PersonActor } from '../platform/index.ts'
import type { Answering } from './model.ts'

/** Writes down an answer, and for which of the incident's tickets it is. Those whose answer is under way, or was given, are left out. Returns how many get it. */
export async function beginAnswering(
  db: Db,
  {
    id,
    incidentId,
    text,
    actor,
    at,
    ticketIds,
  }: { id: string; incidentId: string; text: string; actor: PersonActor; at: Date; ticketIds: readonly string[] },
): Promise<number> {
  await db
    .insertInto('incident_answering')
    .values({ id, incident_id: incidentId, text, actor: JSON.stringify(actor), begun_at: at })
    .execute()
  const rows = await db
    .updateTable('incident_ticket')
    .set({ answering_id: id, answering: 'waiting', left_because: null })
    .where('incident_id', '=', incidentId)
    .where('ticket_id', 'in', [...ticketIds])
    .where(eb => eb.or([eb('answering', 'is', null), eb('answering', 'in', ['left', 'to-call'])]))
    .returning('ticket_id')
    .execute()
  return rows.length
}

export interface WaitingAnswer {
  ticket_id: string
  incident_id: string
  text: string
  actor: PersonActor
}

/** The next ticket that waits for its answer. Index: incident_ticket_waiting. */
export async function nextWaiting(db: Db): Promise<WaitingAnswer | undefined> {
  const { rows } = await sql<WaitingAnswer>`
    select   one.ticket_id, one.incident_id, answering.text, answering.actor
    from     incident_ticket one join incident_answering answering on answering.id = one.answering_id
    where    one.answering = 'waiting'
    order by one.linked_at, one.ticket_id
    limit    1`.execute(db)
  return rows[0]
}

/** Locks a ticket's place in its incident if it still waits for its answer: whoever comes second waits, and finds it answered. Index: incident_ticket_pkey. */
export async function lockWaiting(db: Db, ticketId: string): Promise<boolean> {
  const row = await db
    .selectFrom('incident_ticket')
    .select('ticket_id')
    .where('ticket_id', '=', ticketId)
    .where('answering', '=', 'waiting')
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Index: incident_ticket_pkey. */
export const setAnswering = (
  db: Db,
  ticketId: string,
  { answering, because }: { answering: Exclude<Answering, 'waiting'>; because: string | null },
): Promise<unknown> =>
  db.updateTable('incident_ticket').set({ answering, left_because: because }).where('ticket_id', '=', ticketId).execute()
