/** HTTP of incidents and their notices. */
import { z } from 'zod'
import { ProcedureId } from '../classification/index.ts'
import { languageOf, PageQuery, page, route, TextLine, Uuid } from '../platform/index.ts'
import { answerTickets } from './answering.ts'
import { knownErrorRoutes } from './known-error-routes.ts'
import {
  AnswerTickets,
  Incident,
  IncidentChange,
  IncidentLine,
  IncidentProposal,
  IncidentStep,
  IncidentTickets,
  LinkedTicket,
  NewIncident,
  Notice,
  PublicNotice,
  PublishNotice,
  SetAsideProposal,
} from './model.ts'
import { acceptProposal, proposalList, setProposalAside } from './proposals.ts'
import { changeIncident, linkToIncident, openIncident, publishNotice, unlinkFromIncident, withdrawNotice } from './service.ts'
import {
  incidentCandidates,
  incidentList,
  incidentSteps,
  incidentTickets,
  incidentView,
  noticesForDesk,
  publicNotices,
} from './views.ts'

const common = { tag: 'incidents', access: 'signed-in' } as const
const OneIncident = z.object({ incidentId: Uuid })
const OneProposal = z.object({ proposalId: Uuid })

export const incidentRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/incidents',
    operation: 'listIncidents',
    summary: 'The incidents that go on, or are closed, newest first',
    query: PageQuery.extend({
      view: z.enum(['current', 'closed']).default('current'),
      procedureId: ProcedureId.optional(),
    }),
    answer: page(IncidentLine),
    handle: ({ house, query }) => incidentList(house, query),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/incidents',
    operation: 'openIncident',
    summary: 'Open an incident of the own IT group, with tickets if there are any',
    body: NewIncident,
    answer: Incident,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency, request }) =>
      incidentView(house, actor, (await openIncident(house, actor, body, idempotency)).incidentId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/incidents/:incidentId',
    operation: 'readIncident',
    summary: 'An incident, with its notice and what the reader may do with it',
    params: OneIncident,
    answer: Incident,
    handle: ({ house, actor, params, request }) => incidentView(house, actor, params.incidentId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/incidents/:incidentId',
    operation: 'changeIncident',
    summary: 'Change an incident, or its state; what solves or closes it ends its notice',
    params: OneIncident,
    body: IncidentChange,
    answer: Incident,
    ifMatch: true,
    async handle({ house, actor, params: { incidentId }, body, version, request }) {
      await changeIncident(house, actor, { incidentId, version, change: body })
      return incidentView(house, actor, incidentId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/incidents/:incidentId/steps',
    operation: 'listIncidentSteps',
    summary: 'What was done about an incident, newest first',
    params: OneIncident,
    query: PageQuery,
    answer: page(IncidentStep),
    handle: ({ house, params, query, request }) => incidentSteps(house, params.incidentId, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/incidents/:incidentId/tickets',
    operation: 'listIncidentTickets',
    summary: 'The tickets of an incident that the reader may see, with what one answer for all would do with each',
    params: OneIncident,
    query: PageQuery,
    answer: page(LinkedTicket),
    handle: ({ house, actor, params, query, request }) =>
      incidentTickets(house, actor, params.incidentId, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/incidents/:incidentId/candidates',
    operation: 'listIncidentCandidates',
    summary: 'Open tickets of the reader’s IT group that may have the same cause',
    params: OneIncident,
    answer: z.object({ items: z.array(LinkedTicket.shape.ticket) }),
    handle: ({ house, actor, params }) => incidentCandidates(house, actor, params.incidentId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/incidents/:incidentId/tickets',
    operation: 'linkIncidentTickets',
    summary: 'Link tickets of the own IT group to an incident; one that another incident has stays there',
    params: OneIncident,
    body: IncidentTickets,
    status: 204,
    handle: async ({ house, actor, params, body }) => void (await linkToIncident(house, actor, { ...params, ...body })),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/incidents/:incidentId/tickets/unlink',
    operation: 'unlinkIncidentTickets',
    summary: 'Part tickets from an incident; one whose answer is under way, or was given, stays',
    params: OneIncident,
    body: IncidentTickets,
    status: 204,
    handle: async ({ house, actor, params, body }) => void (await unlinkFromIncident(house, actor, { ...params, ...body })),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/incidents/:incidentId/answer',
    operation: 'answerIncidentTickets',
    summary: 'Give tickets of an incident one answer, each in its own channel, and close the incident if that is wished',
    description:
      'The answers are given by a worker, on behalf of who asks. Who is to be called has the text as a draft; a ticket that a colleague has in hand or open is left, and says why.',
    params: OneIncident,
    body: AnswerTickets,
    answer: z.object({ tickets: z.number().int().describe('how many will be answered') }),
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) => {
      const { tickets } = await answerTickets(house, actor, { ...params, ...body }, idempotency)
      return { tickets }
    },
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/incidents/:incidentId/notice',
    operation: 'publishNotice',
    summary: 'Give a notice of an incident, in the place of the one before: at once, and until it ends by itself',
    params: OneIncident,
    body: PublishNotice,
    answer: Incident,
    async handle({ house, actor, params, body, request }) {
      await publishNotice(house, actor, { ...params, ...body })
      return incidentView(house, actor, params.incidentId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/incidents/:incidentId/notice',
    operation: 'withdrawNotice',
    summary: 'End the notice of an incident before its time',
    params: OneIncident,
    status: 204,
    handle: async ({ house, actor, params }) => void (await withdrawNotice(house, actor, params)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/notices',
    operation: 'listNotices',
    summary: 'The notices in force that concern the reader’s desk',
    query: z.object({ for: z.enum(['desks', 'answers']).default('desks').describe('to read, or to put into an answer') }),
    answer: z.object({ items: z.array(Notice) }),
    handle: async ({ house, actor, query }) => ({ items: await noticesForDesk(house, actor, query.for) }),
  }),
  route({
    method: 'GET',
    url: '/api/public/notices',
    operation: 'listPublicNotices',
    summary: 'The notices in force for everybody',
    tag: 'incidents',
    access: 'public',
    answer: z.object({ items: z.array(PublicNotice) }),
    perMinute: 60,
    handle: async ({ house }) => ({ items: await publicNotices(house) }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/incident-proposals',
    operation: 'listIncidentProposals',
    summary: 'Causes of which more tickets came to the reader’s IT group than is usual',
    answer: z.object({ items: z.array(IncidentProposal) }),
    handle: ({ house, actor }) => proposalList(house, actor),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/incident-proposals/:proposalId/accept',
    operation: 'acceptIncidentProposal',
    summary: 'Make an incident of a proposal, with its tickets',
    params: OneProposal,
    body: z.object({ title: TextLine.pipe(z.string().min(5).max(160)) }),
    answer: Incident,
    idempotent: true,
    async handle({ house, actor, params, body, idempotency, request }) {
      const { incidentId } = await acceptProposal(house, actor, { ...params, ...body }, idempotency)
      return incidentView(house, actor, incidentId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/incident-proposals/:proposalId/set-aside',
    operation: 'setIncidentProposalAside',
    summary: 'Set a proposal aside, with the reason',
    params: OneProposal,
    body: SetAsideProposal,
    status: 204,
    handle: async ({ house, actor, params, body }) => void (await setProposalAside(house, actor, { ...params, ...body })),
  }),
  ...knownErrorRoutes,
] as const
