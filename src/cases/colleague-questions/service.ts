/**
 * Asking a colleague: who has a ticket asks somebody of the same centre about it and goes on having it. Question and answer stand in the history of
 * the case; the one who is asked finds it in a list of what waits, and answers for as long as the ticket is open.
 */
import { z } from 'zod'
import {
  decodeCursor,
  type House,
  type Language,
  must,
  notFound,
  type PersonActor,
  pageOf,
  permissionOf,
  Refused,
  useCase,
} from '../../platform/index.ts'
import { actingOn } from '../acting.ts'
import { ticketQuestionAnswered, ticketQuestionAsked, ticketQuestionWithdrawn } from '../events.ts'
import {
  factsOf,
  lockedTicket,
  lockedTicketFor,
  type OneTicket,
  type TicketInHand,
  ticketSubjects,
  ticketToRead,
} from '../locked-ticket.ts'
import { colleaguesOf } from '../places.ts'
import { mayActOnTicket, mayHandTo } from '../policy.ts'
import { rulesInForce } from '../rules/store.ts'
import { scopeOf } from '../service.ts'
import { readTicket, unitsOfCase } from '../store.ts'
import { linesOf } from '../tickets/views.ts'
import type { AskColleague, ColleagueAnswer, ColleagueQuestion, WaitingColleagueQuestion } from './model.ts'
import { type ColleagueQuestionFacts, mayAnswerColleague, mayWithdrawColleagueQuestion } from './policy.ts'
import {
  type ColleagueQuestionRow,
  colleagueQuestionsOf,
  endColleagueQuestion,
  insertColleagueQuestion,
  maxColleagueQuestions,
  questionsWaiting,
  readColleagueQuestion,
  type WaitingQuestionKey,
} from './store.ts'

export interface OneColleagueQuestion extends OneTicket {
  questionId: string
}

/** @throws Refused 422 for who is no colleague or asks themselves, 409 when there are too many questions */
export const askColleague = useCase(
  async (work, { ticketId, personId, question }: OneTicket & AskColleague): Promise<OneColleagueQuestion> => {
    const { ticket, actor, facts } = await lockedTicketFor(work, ticketId, 'ask-colleague')
    const colleague = (await colleaguesOf(work.tx, ticket.centre_id)).find(each => each.id === personId)
    if (!colleague) throw new Refused('cases.colleagueUnknown', { centre: ticket.centre_name }, 422)
    if (personId === actor.personId) throw new Refused('cases.asking.yourself', { field: 'personId' }, 422)
    must(mayHandTo(colleague, facts))
    if ((await colleagueQuestionsOf(work.tx, ticketId)).length >= maxColleagueQuestions)
      throw new Refused('cases.asking.tooMany', { count: maxColleagueQuestions }, 409)
    const questionId = work.ids()
    await insertColleagueQuestion(work.tx, {
      ...{ id: questionId, ticket_id: ticketId, case_id: ticket.case_id, question, answer: null },
      ...{ asked_by: actor.personId, asked_by_name: actor.name, asked_of: colleague.id, asked_of_name: colleague.name },
      ...{ asked_at: work.now, answered_at: null, withdrawn_at: null },
    })
    await work.journal(
      ticketQuestionAsked,
      { ticketId, questionId, of: colleague.id, ofName: colleague.name },
      ticketSubjects(ticket, colleague.id),
    )
    return { ticketId, questionId }
  },
)

const factsOfQuestion = (row: ColleagueQuestionRow): ColleagueQuestionFacts => ({
  askedBy: row.asked_by,
  askedOf: row.asked_of,
  askedOfName: row.asked_of_name,
  isOpen: row.answered_at === null && row.withdrawn_at === null,
})

/** @throws Refused 404 for a question about another ticket */
async function needQuestion({ ticket }: TicketInHand, row: ColleagueQuestionRow | undefined): Promise<ColleagueQuestionRow> {
  if (row?.ticket_id !== ticket.id) throw notFound('question')
  return row
}

/** @throws Refused 403 for who was not asked, or when the question or its ticket is over */
export const answerColleague = useCase(
  async (work, { ticketId, questionId, answer }: OneColleagueQuestion & ColleagueAnswer): Promise<OneColleagueQuestion> => {
    const held = await lockedTicket(work, ticketId)
    const row = await needQuestion(held, await readColleagueQuestion(work.tx, questionId))
    must(mayAnswerColleague(held.actor, factsOfQuestion(row), held.facts))
    await endColleagueQuestion(work.tx, questionId, { answer, answered_at: work.now })
    await work.journal(
      ticketQuestionAnswered,
      { ticketId, questionId, of: row.asked_of, ofName: row.asked_of_name, by: row.asked_by, byName: row.asked_by_name },
      ticketSubjects(held.ticket, row.asked_by),
    )
    return { ticketId, questionId }
  },
)

/** The colleague need not answer any more. @throws Refused 403 */
export const withdrawColleagueQuestion = useCase(
  async (work, { ticketId, questionId }: OneColleagueQuestion): Promise<OneColleagueQuestion> => {
    const held = await lockedTicket(work, ticketId)
    const row = await needQuestion(held, await readColleagueQuestion(work.tx, questionId))
    must(mayWithdrawColleagueQuestion(held.actor, factsOfQuestion(row), held.facts))
    await endColleagueQuestion(work.tx, questionId, { withdrawn_at: work.now })
    await work.journal(
      ticketQuestionWithdrawn,
      { ticketId, questionId, of: row.asked_of, ofName: row.asked_of_name },
      ticketSubjects(held.ticket, row.asked_of),
    )
    return { ticketId, questionId }
  },
)

const viewOfQuestion = (row: ColleagueQuestionRow, { actor, facts }: TicketInHand, language: Language): ColleagueQuestion => ({
  id: row.id,
  ticketId: row.ticket_id,
  askedBy: { id: row.asked_by, name: row.asked_by_name },
  askedOf: { id: row.asked_of, name: row.asked_of_name },
  question: row.question,
  answer: row.answer,
  askedAt: row.asked_at.toISOString(),
  answeredAt: row.answered_at?.toISOString() ?? null,
  withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  mayAnswer: permissionOf(mayAnswerColleague(actor, factsOfQuestion(row), facts), language),
  mayWithdraw: permissionOf(mayWithdrawColleagueQuestion(actor, factsOfQuestion(row), facts), language),
})

/** The questions about a ticket, oldest first. @throws Refused 404 for a ticket that is not the reader's to see */
export async function colleagueQuestionsView(
  house: House,
  actor: PersonActor,
  ticketId: string,
  language: Language,
): Promise<{ items: ColleagueQuestion[] }> {
  const db = house.database.kysely
  const seen = await ticketToRead({ tx: db, actor }, ticketId)
  return { items: (await colleagueQuestionsOf(db, ticketId)).map(row => viewOfQuestion(row, seen, language)) }
}

const Cursor = z.tuple([z.number().int(), z.uuid()])

/** What waits for the reader's answer, oldest first. */
export async function waitingColleagueQuestions(
  house: House,
  actor: PersonActor,
  query: { cursor?: string | undefined; limit: number },
  language: Language,
): Promise<{ items: WaitingColleagueQuestion[]; next: string | null }> {
  const db = house.database.kysely
  scopeOf(actor)
  const cursor = decodeCursor(Cursor, query.cursor)
  const after: WaitingQuestionKey | undefined = cursor && { askedAt: new Date(cursor[0]), id: cursor[1] }
  const page = pageOf(await questionsWaiting(db, actor.personId, after, query.limit + 1), query.limit, row => [
    row.asked_at.getTime(),
    row.id,
  ])
  const items: WaitingColleagueQuestion[] = []
  const rules = await rulesInForce(db)
  for (const row of page.items) {
    const ticket = await readTicket(db, row.ticket_id, scopeOf(actor))
    if (!ticket) continue
    const facts = factsOf(ticket, await unitsOfCase(db, ticket.case_id), rules)
    const acting = await actingOn(db, actor, ticket)
    const [line] = await linesOf(db, [ticket])
    // Whoever works elsewhere by now is asked nothing any more.
    if (!line || !mayActOnTicket('look', acting, facts).allowed) continue
    items.push({ question: viewOfQuestion(row, { ticket, actor: acting, facts }, language), ticket: line })
  }
  return { items, next: page.next }
}
