/** SQL of questions among colleagues. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'

interface TicketQuestionTable {
  id: string
  ticket_id: string
  case_id: string
  asked_by: string
  asked_by_name: string
  asked_of: string
  asked_of_name: string
  question: string
  answer: string | null
  asked_at: Date
  answered_at: Date | null
  withdrawn_at: Date | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    ticket_question: TicketQuestionTable
  }
}
export type ColleagueQuestionRow = TicketQuestionTable

/** A ticket has so many questions at most. */
export const maxColleagueQuestions = 100

/** The questions about a ticket, oldest first. Index: ticket_question_of_ticket. */
export const colleagueQuestionsOf = (db: Db, ticketId: string): Promise<ColleagueQuestionRow[]> =>
  db
    .selectFrom('ticket_question')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .orderBy('asked_at')
    .orderBy('id')
    .limit(maxColleagueQuestions)
    .execute()

/** Index: ticket_question_pkey. */
export const readColleagueQuestion = (db: Db, id: string): Promise<ColleagueQuestionRow | undefined> =>
  db.selectFrom('ticket_question').selectAll().where('id', '=', id).executeTakeFirst()

/** Inserts a question. */
export async function insertColleagueQuestion(tx: Tx, row: ColleagueQuestionRow): Promise<void> {
  await tx.insertInto('ticket_question').values(row).execute()
}

/** Answers or withdraws a question. Index: ticket_question_pkey. */
export async function endColleagueQuestion(
  tx: Tx,
  id: string,
  change: { answer: string; answered_at: Date } | { withdrawn_at: Date },
): Promise<void> {
  await tx.updateTable('ticket_question').set(change).where('id', '=', id).execute()
}

export interface WaitingQuestionKey {
  askedAt: Date
  id: string
}

/** Questions about open tickets that wait for somebody, oldest first. Index: ticket_question_asked_of. */
export async function questionsWaiting(
  db: Db,
  personId: string,
  after: WaitingQuestionKey | undefined,
  limit: number,
): Promise<ColleagueQuestionRow[]> {
  const { rows } = await sql<ColleagueQuestionRow>`
    select question.* from ticket_question question join ticket on ticket.id = question.ticket_id
    where  question.asked_of = ${personId} and question.answered_at is null and question.withdrawn_at is null
    and    ticket.state <> 'closed'
    ${after ? sql`and (question.asked_at, question.id) > (${after.askedAt}, ${after.id}::uuid)` : sql``}
    order  by question.asked_at, question.id
    limit  ${limit}`.execute(db)
  return rows
}
