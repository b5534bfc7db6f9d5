/** SQL of tickets as their senders see them. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import { type TicketWithCase, withCase } from '../store.ts'
import type { SentView } from './model.ts'

export interface SentKey {
  openedAt: Date
  id: string
}

const conditionOf: Readonly<Record<SentView, string>> = {
  open: `state <> 'closed'`,
  answered: `state = 'closed' and sent_back_reason is null`,
  'sent-back': 'sent_back_reason is not null',
}

/** What somebody has sent, the newest first. Indexes: ticket_of_sender, case_pkey. */
export async function sentTickets(
  db: Db,
  { personId, view, after, limit }: { personId: string; view: SentView | undefined; after: SentKey | undefined; limit: number },
): Promise<TicketWithCase[]> {
  const { rows } = await sql<TicketWithCase>`
    select ${withCase}
    from   ticket join "case" on "case".id = ticket.case_id
    where  sent_by = ${personId} and ${view === undefined ? sql`true` : sql.raw(conditionOf[view])}
    and    ${after === undefined ? sql`true` : sql`(ticket.opened_at, ticket.id) < (${after.openedAt}, ${after.id}::uuid)`}
    order  by ticket.opened_at desc, ticket.id desc
    limit  ${limit}`.execute(db)
  return rows
}

/** How many tickets came back in a span of time, by typology, the most first. Index: ticket_sent_back. */
export async function sentBackCounts(db: Db, from: Date, until: Date): Promise<{ typologyId: string | null; count: number }[]> {
  const { rows } = await sql<{ typologyId: string | null; count: number }>`
    select "case".typology_id as "typologyId", count(*)::int as count
    from   ticket join "case" on "case".id = ticket.case_id
    where  sent_back_reason is not null and ticket.closed_at >= ${from} and ticket.closed_at < ${until}
    group  by 1 order by 2 desc, 1`.execute(db)
  return rows
}
