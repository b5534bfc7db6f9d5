/** SQL of tickets by their cause. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

/** Whether anybody has a text for the answer to a ticket that is not sent. Index: answer_draft_pkey. */
export async function isBeingWritten(db: Db, ticketId: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from answer_draft where ticket_id = ${ticketId} and btrim(text) <> '') as found`.execute(db)
  return rows[0]?.found ?? false
}

/** Tickets of one cause that reached one group. */
export interface CauseCount {
  unit_id: string
  unit_path: string
  cause_key: string
  procedure_id: string | null
  tickets: number
}

/** The causes of which tickets have come between two instants, by group, the most frequent first. Index: ticket_of_it. */
export async function arrivalsByCause(
  db: Db,
  { from, to, least, limit }: { from: Date; to: Date; least: number; limit: number },
): Promise<CauseCount[]> {
  const { rows } = await sql<CauseCount>`
    select   unit_id, unit_path, cause_key, max(procedure_id) as procedure_id, count(*)::int as tickets
    from     ticket
    where    cause_key is not null and opened_at >= ${from} and opened_at < ${to}
    group by unit_id, unit_path, cause_key
    having   count(*) >= ${least}
    order by tickets desc, unit_id, cause_key
    limit    ${limit}`.execute(db)
  return rows
}

/** How many tickets of a cause came to a group in all of some spans of time together. Index: ticket_of_cause. */
export async function countOfCause(
  db: Db,
  { unitId, causeKey }: { unitId: string; causeKey: string },
  spans: readonly { from: Date; to: Date }[],
): Promise<number> {
  const { rows } = await sql<{ tickets: number }>`
    select count(*)::int as tickets
    from   unnest(${spans.map(span => span.from)}::timestamptz[], ${spans.map(span => span.to)}::timestamptz[]) span (since, until)
           join ticket on ticket.unit_id = ${unitId} and ticket.cause_key = ${causeKey}
                      and ticket.opened_at >= span.since and ticket.opened_at < span.until`.execute(db)
  return rows[0]?.tickets ?? 0
}

/** Open tickets of a cause at a group since an instant, newest first. Index: ticket_of_cause. */
export async function openTicketsOfCause(
  db: Db,
  { unitId, causeKey, since, limit }: { unitId: string; causeKey: string; since: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select   id from ticket
    where    unit_id = ${unitId} and cause_key = ${causeKey} and opened_at >= ${since} and state <> 'closed'
    order by opened_at desc, id
    limit    ${limit}`.execute(db)
  return rows.map(row => row.id)
}

/** What links a ticket to an incident has to know of it. */
export interface TicketOfUnit {
  id: string
  unit_id: string
  unit_path: string
  kind: 'linea' | 'it'
}

/** Some tickets, by identifier. Index: ticket_pkey. */
export async function ticketUnits(db: Db, ids: readonly string[]): Promise<TicketOfUnit[]> {
  const { rows } = await sql<TicketOfUnit>`
    select id, unit_id, unit_path, kind from ticket where id = any(${[...ids]}::uuid[])`.execute(db)
  return rows
}
