/** HTTP of questions among colleagues. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route, Uuid } from '../../platform/index.ts'
import { AskColleague, ColleagueAnswer, ColleagueQuestion, WaitingColleagueQuestion } from './model.ts'
import {
  answerColleague,
  askColleague,
  colleagueQuestionsView,
  waitingColleagueQuestions,
  withdrawColleagueQuestion,
} from './service.ts'

const TicketParam = z.object({ ticketId: Uuid })
const QuestionParam = TicketParam.extend({ questionId: Uuid })
const common = { tag: 'tickets', access: 'signed-in' } as const
const questions = z.object({ items: z.array(ColleagueQuestion) })
export const colleagueQuestionRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/ticket-questions',
    operation: 'listWaitingQuestions',
    summary: 'Questions of colleagues that wait for the reader, oldest first',
    query: PageQuery,
    answer: page(WaitingColleagueQuestion),
    handle: ({ house, actor, query, request }) => waitingColleagueQuestions(house, actor, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/tickets/:ticketId/questions',
    operation: 'listTicketQuestions',
    summary: 'What colleagues were asked about a ticket, and what they said',
    params: TicketParam,
    answer: questions,
    handle: ({ house, actor, params, request }) => colleagueQuestionsView(house, actor, params.ticketId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/tickets/:ticketId/questions',
    operation: 'askColleague',
    summary: 'Ask a colleague of the centre about a ticket, which stays with whoever has it',
    params: TicketParam,
    body: AskColleague,
    answer: questions,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await askColleague(house, actor, { ...params, ...body }, idempotency)
      return colleagueQuestionsView(house, actor, params.ticketId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/tickets/:ticketId/questions/:questionId/answer',
    operation: 'answerColleague',
    summary: 'Answer a colleague who has asked',
    params: QuestionParam,
    body: ColleagueAnswer,
    answer: questions,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await answerColleague(house, actor, { ...params, ...body }, idempotency)
      return colleagueQuestionsView(house, actor, params.ticketId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/tickets/:ticketId/questions/:questionId/withdraw',
    operation: 'withdrawColleagueQuestion',
    summary: 'Take a question to a colleague back',
    params: QuestionParam,
    answer: questions,
    idempotent: true,
    handle: async ({ house, actor, params, idempotency, request }) => {
      await withdrawColleagueQuestion(house, actor, params, idempotency)
      return colleagueQuestionsView(house, actor, params.ticketId, languageOf(request))
    },
  }),
] as const
