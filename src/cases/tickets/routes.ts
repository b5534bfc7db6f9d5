/** HTTP of Linea tickets: their lists, one of them, everything that is done with it, and how a section shares them out. */
import { z } from 'zod'
import { DeskExplanation, explainWork, Sharing } from '../../distribution/index.ts'
import {
  type House,
  type Idempotency,
  type Language,
  languageOf,
  notFound,
  PageQuery,
  type PersonActor,
  page,
  route,
  type UseCase,
  Uuid,
} from '../../platform/index.ts'
import { answerTicket, closeTicket, readdressAnswer, withdrawAnswer } from '../answers.ts'
import { AskCitizen } from '../citizen-questions/model.ts'
import { askCitizen, noteReply } from '../citizen-questions/service.ts'
import { Prioritise } from '../deadlines/model.ts'
import type { OneTicket } from '../locked-ticket.ts'
import {
  AnswerDraft,
  AnswerTicket,
  AssignTicket,
  BookFromTicket,
  ForwardTicket,
  HandOver,
  NewNote,
  ReaddressAnswer,
  RegionLoad,
  ReturnTicket,
  SaveAnswerDraft,
  SectionSharing,
  TakeOver,
  Ticket,
  TicketCounts,
  TicketDeadlines,
  TicketFilter,
  TicketLine,
  TicketOffer,
  TicketView,
} from '../model.ts'
import { colleaguesOf } from '../places.ts'
import { regionLoad } from '../region.ts'
import { changeSharing, declineOffer } from '../section-queue.ts'
import { SendBack } from '../sent/model.ts'
import { sendBackTicket } from '../sent/service.ts'
import { scopeOf } from '../service.ts'
import { readTicket } from '../store.ts'
import {
  assignTicket,
  bookFromTicket,
  claimTicket,
  forwardTicket,
  handOverTicket,
  noteTicket,
  prioritiseTicket,
  releaseTicket,
  returnTicket,
  saveAnswerDraft,
  takeOverTicket,
} from '../tickets.ts'
import { ticketCounts, ticketList } from './lists.ts'
import { ticketDeadlines } from './lying.ts'
import { sharingView, ticketOffer, ticketView } from './views.ts'

const TicketParam = z.object({ ticketId: Uuid })
const SectionParam = z.object({ sectionId: z.string().max(100) })

/** An action on a ticket: does it and returns the ticket as it is then. */
const action = <const N extends string, Read extends object, Sent>(
  name: N,
  operation: string,
  summary: string,
  body: z.ZodType<Read, Sent>,
  useCase: UseCase<OneTicket & Read, OneTicket>,
) =>
  route({
    method: 'POST',
    url: `/api/tickets/:ticketId/${name}`,
    operation,
    summary,
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    body,
    answer: Ticket,
    idempotent: true,
    handle: ({ house, actor, params, body: input, idempotency, request }) =>
      act(house, actor, useCase, Object.assign({ ticketId: params.ticketId }, input), idempotency, languageOf(request)),
  })

async function act<I extends OneTicket>(
  house: House,
  actor: PersonActor,
  useCase: UseCase<I, OneTicket>,
  input: I,
  idempotency: Idempotency | undefined,
  language: Language,
): Promise<Ticket> {
  await useCase(house, actor, input, idempotency)
  return ticketView(house, actor, input.ticketId, language)
}

const Nothing = z.object({})

export const ticketRoutes = [
  route({
    method: 'GET',
    url: '/api/tickets',
    operation: 'listTickets',
    summary: 'Tickets of the reader’s section, centre or directorate, due first',
    description: 'Those that are open can be narrowed; closed ones are found among all cases.',
    tag: 'tickets',
    access: 'signed-in',
    query: PageQuery.extend(TicketFilter.shape).extend({
      view: TicketView.default('pool'),
      sectionId: z.string().max(100).optional().describe('another section that the reader may see'),
    }),
    answer: page(TicketLine),
    handle: ({ house, actor, query }) => ticketList(house, actor, query),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/counts',
    operation: 'countTickets',
    summary: 'How many tickets are in each of the reader’s lists',
    tag: 'tickets',
    access: 'signed-in',
    answer: TicketCounts,
    handle: ({ house, actor }) => ticketCounts(house, actor),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/deadlines',
    operation: 'readTicketDeadlines',
    summary: 'How a list of open tickets lies in time: when they are due, how old they are',
    tag: 'tickets',
    access: 'signed-in',
    query: z.object({
      view: TicketView.exclude(['closed']).default('pool'),
      sectionId: z.string().max(100).optional().describe('another section that the reader may see'),
    }),
    answer: TicketDeadlines,
    handle: ({ house, actor, query }) => ticketDeadlines(house, actor, query),
  }),
  route({
    method: 'GET',
    operation: 'readRegionLoad',
    url: '/api/region/load',
    summary: 'The open tickets of the reader’s region, section by section: how many wait, are in hand, are late',
    tag: 'tickets',
    access: 'signed-in',
    answer: RegionLoad,
    handle: ({ house, actor }) => regionLoad(house, actor),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/offered',
    operation: 'readOfferedTicket',
    summary: 'The ticket that is offered to the reader now',
    description: 'Whoever takes it, claims it; "not now" declines it. When the time is over it goes to a colleague.',
    tag: 'tickets',
    access: 'signed-in',
    answer: z.object({ offered: TicketOffer.nullable() }),
    handle: async ({ house, actor }) => ({ offered: await ticketOffer(house, actor) }),
  }),
  route({
    method: 'POST',
    url: '/api/tickets/:ticketId/decline',
    operation: 'declineTicket',
    summary: 'Not now: the ticket that is offered goes on to a colleague',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await declineOffer(house, actor, { ticketId: params.ticketId })),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/:ticketId/why',
    operation: 'explainTicketOffer',
    summary: 'Why a ticket was offered to whom, and why not to me',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    answer: DeskExplanation.omit({ callId: true }),
    perMinute: 60,
    handle: async ({ house, actor, params, request }) => {
      const ticket = await readTicket(house.database.kysely, params.ticketId, scopeOf(actor))
      if (!ticket) throw notFound('ticket')
      const about = { work: ticket.id, caseId: ticket.case_id }
      return { sentences: await explainWork(house, actor, about, languageOf(request)) }
    },
  }),
  route({
    method: 'GET',
    url: '/api/sections/:sectionId/sharing',
    operation: 'readSectionSharing',
    summary: 'How a section of a regional centre shares out its tickets',
    tag: 'tickets',
    access: 'signed-in',
    params: SectionParam,
    answer: SectionSharing,
    handle: ({ house, actor, params, request }) => sharingView(house, actor, params.sectionId, languageOf(request)),
  }),
  route({
    method: 'PUT',
    url: '/api/sections/:sectionId/sharing',
    operation: 'setSectionSharing',
    summary: 'Offer the tickets of a section to its members, or leave them in a pool',
    description: 'Coordinators of the section or its centre, and administrators.',
    tag: 'tickets',
    access: 'signed-in',
    params: SectionParam,
    body: Sharing,
    answer: SectionSharing,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version, request }) => {
      await changeSharing(house, actor, { ...params, ...body, version })
      return sharingView(house, actor, params.sectionId, languageOf(request))
    },
  }),
  route({
    method: 'GET',
    url: '/api/tickets/:ticketId',
    operation: 'readTicket',
    summary: 'A ticket, with what the reader may do with it and why not',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    answer: Ticket,
    handle: ({ house, actor, params, request }) => ticketView(house, actor, params.ticketId, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/:ticketId/colleagues',
    operation: 'listColleagues',
    summary: 'Colleagues of the same centre to whom the ticket can be handed over',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    answer: z.object({ items: z.array(z.object({ id: Uuid, name: z.string(), unit: z.string() })) }),
    handle: async ({ house, actor, params }) => {
      const db = house.database.kysely
      const ticket = await readTicket(db, params.ticketId, scopeOf(actor))
      if (!ticket) throw notFound('ticket')
      const colleagues = await colleaguesOf(db, ticket.centre_id)
      return {
        items: colleagues
          .filter(each => each.id !== ticket.claimed_by)
          .map(each => ({ id: each.id, name: each.name, unit: each.unitName })),
      }
    },
  }),
  action('claim', 'claimTicket', 'Take a ticket in charge', Nothing, claimTicket),
  action('release', 'releaseTicket', 'Put a ticket back into the pool', Nothing, releaseTicket),
  action('hand-over', 'handOverTicket', 'Hand a ticket over to a colleague of the same centre', HandOver, handOverTicket),
  action(
    'take-over',
    'takeOverTicket',
    'Take over what a colleague has in charge (coordinators), with what the colleague was writing',
    TakeOver,
    takeOverTicket,
  ),
  action('notes', 'noteTicket', 'Add a note for colleagues', NewNote, noteTicket),
  action('answer', 'answerTicket', 'Answer the citizen; the ticket closes when the answer has left', AnswerTicket, answerTicket),
  route({
    method: 'PATCH',
    url: '/api/tickets/:ticketId/answer-mail',
    operation: 'changeAnswerMail',
    summary: 'Give an answer that waits another address',
    description: 'As long as it has not left. It is tried again at once.',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    body: ReaddressAnswer,
    answer: Ticket,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency, request }) =>
      act(house, actor, readdressAnswer, { ticketId: params.ticketId, ...body }, idempotency, languageOf(request)),
  }),
  action('answer-mail/withdraw', 'withdrawAnswer', 'Take back an answer that waits', Nothing, withdrawAnswer),
  action(
    'ask-citizen',
    'askCitizen',
    'Ask the citizen something: the clock stands until there is a reply',
    AskCitizen,
    askCitizen,
  ),
  action('replied', 'noteReply', 'Say that the citizen has replied', Nothing, noteReply),
  action('priority', 'prioritiseTicket', 'Say how urgent a ticket is', Prioritise, prioritiseTicket),
  action('close', 'closeTicket', 'Close a ticket that has been answered', Nothing, closeTicket),
  action('forward', 'forwardTicket', 'Ask the competent central directorate', ForwardTicket, forwardTicket),
  action(
    'send-back',
    'sendBackTicket',
    'Send a ticket back that is no matter for the second level: whoever sent it goes on with the case',
    SendBack,
    sendBackTicket,
  ),
  action('return', 'returnTicket', 'Answer the regional centre (central directorate)', ReturnTicket, returnTicket),
  action(
    'appointment',
    'bookTicketAppointment',
    'Book an appointment at an agency, to rebuild the paper dossier',
    BookFromTicket,
    bookFromTicket,
  ),
  action('assign', 'assignTicket', 'Move a ticket to another section of the same centre', AssignTicket, assignTicket),
  route({
    method: 'PUT',
    url: '/api/tickets/:ticketId/draft',
    operation: 'saveTicketDraft',
    summary: 'Keep what the reader is writing',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    body: SaveAnswerDraft,
    answer: AnswerDraft,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) =>
      saveAnswerDraft(house, actor, { ticketId: params.ticketId, version, ...body }),
  }),
] as const
