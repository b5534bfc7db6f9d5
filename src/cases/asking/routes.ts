/** HTTP of questions among colleagues. */
import { z } from 'zod'
import { PageQuery, page, preferredLanguage, route, Uuid } from '../../platform/index.ts'
import { AnswerQuestion, AskColleague, TicketQuestion, WaitingQuestion } from './model.ts'
import { answerColleague, askColleague, ticketQuestions, waitingQuestions, withdrawQuestion } from './service.ts'

const TicketParam = z.object({ ticketId: Uuid })
const QuestionParam = TicketParam.extend({ questionId: Uuid })
const common = { tag: 'tickets', access: 'signed-in' } as const
const questions = z.object({ items: z.array(TicketQuestion) })
const languageOf = (request: { headers: { 'accept-language'?: string | undefined } }) =>
  preferredLanguage(request.headers['accept-language'])

export const askingRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/ticket-questions',
    operation: 'listWaitingQuestions',
    summary: 'Questions of colleagues that wait for the reader, oldest first',
    query: PageQuery,
    answer: page(WaitingQuestion),
    handle: ({ house, actor, query, request }) => waitingQuestions(house, actor, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/tickets/:ticketId/questions',
    operation: 'listTicketQuestions',
    summary: 'What colleagues were asked about a ticket, and what they said',
    params: TicketParam,
    answer: questions,
    handle: ({ house, actor, params, request }) => ticketQuestions(house, actor, params.ticketId, languageOf(request)),
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
      return ticketQuestions(house, actor, params.ticketId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/tickets/:ticketId/questions/:questionId/answer',
    operation: 'answerColleague',
    summary: 'Answer a colleague who has asked',
    params: QuestionParam,
    body: AnswerQuestion,
    answer: questions,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await answerColleague(house, actor, { ...params, ...body }, idempotency)
      return ticketQuestions(house, actor, params.ticketId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/tickets/:ticketId/questions/:questionId/withdraw',
    operation: 'withdrawQuestion',
    summary: 'Take a question to a colleague back',
    params: QuestionParam,
    answer: questions,
    idempotent: true,
    handle: async ({ house, actor, params, idempotency, request }) => {
      await withdrawQuestion(house, actor, params, idempotency)
      return ticketQuestions(house, actor, params.ticketId, languageOf(request))
    },
  }),
] as const
