/** HTTP of interactions, tickets, cases and the search over all of them. */
import { z } from 'zod'
import { DeskExplanation, explainWork, Sharing } from '../distribution/index.ts'
import {
  type House,
  type Idempotency,
  type Language,
  notFound,
  PageQuery,
  type PersonActor,
  page,
  preferredLanguage,
  route,
  sentence,
  type UseCase,
  Uuid,
} from '../platform/index.ts'
import { answerTicket, closeTicket, readdressAnswer, withdrawAnswer } from './answers.ts'
import { ticketDeadlines } from './deadlines.ts'
import { derivationFor } from './destination.ts'
import { caseHistory, contactHistory } from './history.ts'
import { answerInteraction, bookFromInteraction, changeInteraction, openInteraction, sendLinea } from './interactions.ts'
import type { OneTicket } from './locked-ticket.ts'
import {
  AnswerDraft,
  AnswerInteraction,
  AnswerTicket,
  AssignTicket,
  BookFromInteraction,
  BookFromTicket,
  Case,
  CaseLine,
  Derivation,
  ForwardTicket,
  HandOver,
  HistoryEntry,
  Interaction,
  InteractionChange,
  NewNote,
  OpenInteraction,
  ReaddressAnswer,
  RegionLoad,
  ReturnTicket,
  SaveAnswerDraft,
  SearchResult,
  SectionSharing,
  SendLinea,
  TakeOver,
  Ticket,
  TicketCounts,
  TicketDeadlines,
  TicketLine,
  TicketOffer,
  TicketView,
  WritingPresence,
} from './model.ts'
import { colleaguesOf } from './places.ts'
import { regionLoad } from './region.ts'
import { spokenCode } from './request-code.ts'
import { search } from './search.ts'
import { changeSharing, declineOffer } from './section-queue.ts'
import { scopeOf } from './service.ts'
import { readTicket } from './store.ts'
import {
  assignTicket,
  bookFromTicket,
  claimTicket,
  forwardTicket,
  handOverTicket,
  noteTicket,
  releaseTicket,
  returnTicket,
  saveAnswerDraft,
  showPresence,
  takeOverTicket,
} from './tickets.ts'
import {
  casesOfContact,
  caseView,
  interactionView,
  ownInteractions,
  sharingView,
  ticketCounts,
  ticketList,
  ticketOffer,
  ticketView,
} from './views.ts'

const InteractionParam = z.object({ interactionId: Uuid })
const TicketParam = z.object({ ticketId: Uuid })
const SectionParam = z.object({ sectionId: z.string().max(100) })
const CaseParam = z.object({ caseId: Uuid })

const languageOf = (request: { headers: { 'accept-language'?: string | undefined } }): Language =>
  preferredLanguage(request.headers['accept-language'])

// --- interactions ---------------------------------------------------------------------------------------------------

const interactionRoutes = [
  route({
    method: 'POST',
    url: '/api/interactions',
    operation: 'openInteraction',
    summary: 'Open an interaction, from a call or from another channel',
    description: 'A call has one interaction: a second request answers the same.',
    tag: 'interactions',
    access: 'signed-in',
    body: OpenInteraction,
    answer: Interaction,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) => {
      const { id } = await openInteraction(house, actor, body, idempotency)
      return interactionView(house, actor, id)
    },
  }),
  route({
    method: 'GET',
    url: '/api/interactions',
    operation: 'listOwnInteractions',
    summary: 'Your own interactions of today, newest first, and older ones that are still open',
    tag: 'interactions',
    access: 'signed-in',
    answer: z.object({ items: z.array(Interaction) }),
    handle: async ({ house, actor }) => ({ items: await ownInteractions(house, actor) }),
  }),
  route({
    method: 'GET',
    url: '/api/interactions/:interactionId',
    operation: 'readInteraction',
    summary: 'An interaction',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    answer: Interaction,
    handle: ({ house, actor, params }) => interactionView(house, actor, params.interactionId),
  }),
  route({
    method: 'PATCH',
    url: '/api/interactions/:interactionId',
    operation: 'changeInteraction',
    summary: 'Write down who it is, what it is about, what is asked',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: InteractionChange,
    answer: Interaction,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version }) => {
      await changeInteraction(house, actor, { id: params.interactionId, version, change: body })
      return interactionView(house, actor, params.interactionId)
    },
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/answer',
    operation: 'answerInteraction',
    summary: 'Answer and close at the first contact',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: AnswerInteraction,
    answer: Interaction,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) => {
      await answerInteraction(house, actor, { id: params.interactionId, ...body }, idempotency)
      return interactionView(house, actor, params.interactionId)
    },
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/linea',
    operation: 'sendLineaTicket',
    summary: 'Pass the question to the second level',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: SendLinea,
    answer: z.object({
      interaction: Interaction,
      case: Case,
      ticket: Ticket,
      code: z.string().describe('the request code as it is said to the citizen').meta({ example: '482 719 3056' }),
    }),
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      const sent = await sendLinea(house, actor, { id: params.interactionId, ...body }, idempotency)
      const [interaction, matter, ticket] = await Promise.all([
        interactionView(house, actor, sent.interactionId),
        caseView(house, actor, sent.caseId),
        ticketView(house, actor, sent.ticketId, languageOf(request)),
      ])
      return { interaction, case: matter, ticket, code: spokenCode(matter.code) }
    },
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/appointment',
    operation: 'bookAppointment',
    summary: 'Book an appointment at an agency for the citizen',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: BookFromInteraction,
    answer: z.object({ interaction: Interaction, case: Case, appointmentId: Uuid, code: z.string() }),
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) => {
      const booked = await bookFromInteraction(house, actor, { id: params.interactionId, ...body }, idempotency)
      const [interaction, matter] = await Promise.all([
        interactionView(house, actor, booked.interactionId),
        caseView(house, actor, booked.caseId),
      ])
      return { interaction, case: matter, appointmentId: booked.appointmentId, code: spokenCode(matter.code) }
    },
  }),
  route({
    method: 'GET',
    url: '/api/linea/derivation',
    operation: 'deriveLineaSection',
    summary: 'Which regional centre and section a Linea ticket would go to, and why',
    tag: 'interactions',
    access: 'signed-in',
    query: z.object({ typologyId: z.string().max(100), contactId: Uuid.optional(), callId: Uuid.optional() }),
    answer: Derivation,
    handle: async ({ house, actor, query, request }) => {
      const derived = await derivationFor(house, actor, query)
      return { ...derived, why: sentence(languageOf(request), derived.why.code, derived.why.values) }
    },
  }),
] as const

// --- tickets --------------------------------------------------------------------------------------------------------

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

const ticketRoutes = [
  route({
    method: 'GET',
    url: '/api/tickets',
    operation: 'listTickets',
    summary: 'Tickets of the reader’s section, centre or directorate, due first',
    tag: 'tickets',
    access: 'signed-in',
    query: PageQuery.extend({
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
  action('close', 'closeTicket', 'Close a ticket that has been answered', Nothing, closeTicket),
  action('forward', 'forwardTicket', 'Ask the competent central directorate', ForwardTicket, forwardTicket),
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
  route({
    method: 'PUT',
    url: '/api/tickets/:ticketId/presence',
    operation: 'noteTicketPresence',
    summary: 'Say that the reader has the ticket open',
    tag: 'tickets',
    access: 'signed-in',
    params: TicketParam,
    body: WritingPresence,
    handle: async ({ house, actor, params, body }) => {
      await showPresence(house, actor, { ticketId: params.ticketId, ...body })
    },
  }),
] as const

// --- cases ----------------------------------------------------------------------------------------------------------

const caseFileRoutes = [
  route({
    method: 'GET',
    url: '/api/cases/:caseId',
    operation: 'readCase',
    summary: 'A case: conversations, ticket, notes, messages',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    answer: Case,
    handle: ({ house, actor, params }) => caseView(house, actor, params.caseId),
  }),
  route({
    method: 'GET',
    url: '/api/cases/:caseId/history',
    operation: 'readCaseHistory',
    summary: 'Everything that happened in a case: when, by whom, on which channel',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    query: PageQuery,
    answer: page(HistoryEntry),
    handle: ({ house, actor, params, query, request }) => caseHistory(house, actor, params.caseId, query, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/history',
    operation: 'readContactHistory',
    summary: 'What happened with a contact over all channels, newest first',
    tag: 'contacts',
    access: 'signed-in',
    params: z.object({ contactId: Uuid }),
    query: PageQuery,
    answer: page(HistoryEntry),
    handle: ({ house, actor, params, query, request }) =>
      contactHistory(house, actor, params.contactId, query, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/cases',
    operation: 'listContactCases',
    summary: 'Open cases of a contact, newest first',
    tag: 'contacts',
    access: 'signed-in',
    params: z.object({ contactId: Uuid }),
    answer: z.object({ items: z.array(CaseLine) }),
    handle: async ({ house, actor, params }) => ({ items: await casesOfContact(house, actor, params.contactId) }),
  }),
  route({
    method: 'GET',
    url: '/api/search',
    operation: 'search',
    summary: 'Find a person, a case by its request code, or an office',
    tag: 'search',
    access: 'signed-in',
    query: z.object({ q: z.string().trim().min(1).max(200) }),
    answer: z.object({ items: z.array(SearchResult) }),
    handle: async ({ house, actor, query, request }) => ({ items: await search(house, actor, query.q, languageOf(request)) }),
  }),
] as const

export const caseRoutes = [...interactionRoutes, ...ticketRoutes, ...caseFileRoutes] as const
