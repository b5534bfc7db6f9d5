/** SQL of moves: rows that let whoever moved a ticket undo it. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import type { TicketState } from '../model.ts'

interface TicketMoveTable {
  id: string
  ticket_id: string
  by_person: string
  from_state: Extract<TicketState, 'pool' | 'claimed' | 'returned'>
  /** Null: the pool. */
  from_id: string | null
  from_name: string | null
  to_id: string | null
  at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    ticket_move: TicketMoveTable
  }
}
export type TicketMove = TicketMoveTable

/** Keeps a move. */
export async function insertMove(tx: Tx, move: TicketMove): Promise<void> {
  await tx.insertInto('ticket_move').values(move).execute()
}

/** A move, with whether its ticket was moved again since. Indexes: ticket_move_pkey, ticket_move_of_ticket. */
export async function readMove(db: Db, id: string): Promise<(TicketMove & { is_last: boolean }) | undefined> {
  const { rows } = await sql<TicketMove & { is_last: boolean }>`
    select move.*, not exists (select from ticket_move later where later.ticket_id = move.ticket_id and later.at > move.at) as is_last
    from   ticket_move move where id = ${id}`.execute(db)
  return rows[0]
}

/** Takes a move away that was undone. Index: ticket_move_pkey. */
export async function deleteMove(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('ticket_move').where('id', '=', id).execute()
}

/** Forgets moves of before an instant, at most so many. Returns how many. Index: ticket_move_by_age. */
export async function forgetMoves(db: Db, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ticket_move where id in (select id from ticket_move where at < ${before} order by at limit ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Titles of some tickets, by identifier; of those that are not there, none. Index: ticket_pkey. */
export async function titlesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; title: string }>`
    select ticket.id, "case".title from ticket join "case" on "case".id = ticket.case_id
    where  ticket.id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(row => [row.id, row.title]))
}
