/** SQL of questions to citizens. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import type { CitizenQuestionEnd } from './model.ts'
import type { CitizenQuestionTable } from './tables.ts'

export type CitizenQuestionRow = CitizenQuestionTable

export type NewCitizenQuestion = Omit<CitizenQuestionRow, 'ended_at' | 'ended_by' | 'interaction_id'>

export async function insertCitizenQuestion(db: Db, row: NewCitizenQuestion): Promise<void> {
  await db
    .insertInto('citizen_question')
    .values({ ...row, ended_at: null, ended_by: null, interaction_id: null })
    .execute()
}

/** What was asked about a ticket, the newest first. Index: citizen_question_of_ticket. */
export const citizenQuestionsOf = (db: Db, ticketId: string): Promise<CitizenQuestionRow[]> =>
  db
    .selectFrom('citizen_question')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .orderBy('asked_at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()

/** The question of a ticket that is open. Index: citizen_question_open. */
export const openCitizenQuestion = (db: Db, ticketId: string): Promise<CitizenQuestionRow | undefined> =>
  db.selectFrom('citizen_question').selectAll().where('ticket_id', '=', ticketId).where('ended_at', 'is', null).executeTakeFirst()

/** The ticket of a question that is still open. Index: citizen_question_pkey. */
export async function ticketOfQuestion(db: Db, questionId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('citizen_question')
    .select('ticket_id')
    .where('id', '=', questionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row?.ticket_id
}

/** What some questions ask, and about which tickets. Index: citizen_question_pkey. */
export async function citizenQuestionsByIds(
  db: Db,
  ids: readonly string[],
): Promise<Pick<CitizenQuestionRow, 'id' | 'ticket_id' | 'text'>[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('citizen_question')
    .select(['id', 'ticket_id', 'text'])
    .where('id', 'in', [...ids])
    .execute()
}

/** Ends a question whose ticket is locked in this transaction. */
export async function endCitizenQuestion(
  tx: Tx,
  id: string,
  end: { at: Date; by: CitizenQuestionEnd; interactionId: string | null },
): Promise<void> {
  await tx
    .updateTable('citizen_question')
    .set({ ended_at: end.at, ended_by: end.by, interaction_id: end.interactionId })
    .where('id', '=', id)
    .execute()
}

/** Tickets of a case, and of those joined with it, about which the citizen is asked something. Indexes: case_joined_into, ticket_case_id_key, citizen_question_open. */
export async function waitingTickets(tx: Tx, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select ticket.id from ticket
    where  ticket.case_id in (select case_with_joined(surviving_case(${caseId}))) and ticket.waiting_since is not null
    order  by ticket.id`.execute(tx)
  return rows.map(row => row.id)
}

/** Tickets of a case, and of those joined with it, that were closed with it. Indexes: case_joined_into, ticket_case_id_key. */
export async function closedTickets(tx: Tx, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select ticket.id from ticket
    where  ticket.case_id in (select case_with_joined(surviving_case(${caseId}))) and ticket.state = 'closed'
    order  by ticket.closed_at desc, ticket.id
    limit  1`.execute(tx)
  return rows.map(row => row.id)
}
