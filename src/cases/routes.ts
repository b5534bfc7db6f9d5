/** HTTP of cases, their histories, and the search over everything; and the routes of all that belongs to them, in one list. */

import { z } from 'zod'
import { languageOf, PageQuery, page, route, Uuid } from '../platform/index.ts'
import { absentRoutes } from './absent/routes.ts'
import { bookAtOffice, bookSeriesAtOffice } from './at-office.ts'
import { boardRoutes } from './board/routes.ts'
import { colleagueQuestionRoutes } from './colleague-questions/routes.ts'
import { followCase } from './continuity/service.ts'
import { deadlineRoutes } from './deadlines/routes.ts'
import { caseFileRoutes } from './files/routes.ts'
import { findingRoutes } from './finding/routes.ts'
import { caseHistory, contactHistory } from './history.ts'
import { interactionRoutes } from './interactions/routes.ts'
import { linkRoutes } from './links/routes.ts'
import { mentionRoutes } from './mentions/routes.ts'
import { BookAtOffice, BookSeries, Case, HistoryEntry, OpenCaseLine, SearchResult } from './model.ts'
import { moveRoutes } from './moves/routes.ts'
import { printedCase } from './print.ts'
import { ruleRoutes } from './rules/routes.ts'
import { search } from './search.ts'
import { sentRoutes } from './sent/routes.ts'
import { ticketListRoutes } from './ticket-lists/routes.ts'
import { composingRoutes } from './tickets/composing-routes.ts'
import { ticketRoutes } from './tickets/routes.ts'
import { viewerRoutes } from './viewers/routes.ts'
import { caseProof, casesOfContact, caseView } from './views.ts'

const CaseParam = z.object({ caseId: Uuid })

const oneCaseRoutes = [
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
    method: 'POST',
    url: '/api/appointments',
    operation: 'bookAtOffice',
    summary: 'Book an appointment for a citizen on a time that is held',
    description:
      'Of an open case, or of one that is opened with it. Whoever asks in the place of the citizen does so by a mandate that holds today.',
    tag: 'agenda',
    access: 'signed-in',
    body: BookAtOffice,
    answer: z.object({ appointmentId: Uuid, caseId: Uuid }),
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => bookAtOffice(house, actor, body, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/appointments/series',
    operation: 'bookSeries',
    summary: 'Book a series of appointments for a citizen: all of them, or none',
    tag: 'agenda',
    access: 'signed-in',
    body: BookSeries,
    answer: z.object({ appointmentIds: z.array(Uuid), caseId: Uuid }),
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => bookSeriesAtOffice(house, actor, body, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/cases/:caseId/reference',
    operation: 'followCase',
    summary: 'Go on with a case: become its reference person',
    description: 'Who calls or writes about the case is offered to this person first, within the bound of the section.',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    answer: Case,
    handle: async ({ house, actor, params }) => {
      await followCase(house, actor, params)
      return caseView(house, actor, params.caseId)
    },
  }),
  route({
    method: 'GET',
    url: '/api/cases/:caseId/messages/:messageId/proof',
    operation: 'downloadMessageProof',
    summary: 'The proof of a registered message: the message and its receipts, byte for byte, with their hashes',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam.extend({ messageId: Uuid }),
    gives: 'application/zip',
    handle: async ({ house, actor, params, reply, request }) => {
      const proof = await caseProof(house, actor, params, languageOf(request))
      reply.headers({ 'content-disposition': 'attachment; filename="prova-pec.zip"', 'x-content-type-options': 'nosniff' })
      return proof
    },
  }),
  route({
    method: 'GET',
    url: '/api/cases/:caseId/print',
    operation: 'printCase',
    summary: 'A case as a page to be printed, or kept as PDF by the browser',
    description: 'For those who may take cases away. The page has no scripts and says who printed it.',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    gives: 'text/html; charset=utf-8',
    perMinute: 60,
    handle: async ({ house, actor, params, reply, request }) => {
      const page = await printedCase(house, actor, params.caseId, languageOf(request))
      reply.headers({
        'content-security-policy': "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      })
      return Buffer.from(page)
    },
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
    answer: z.object({ items: z.array(OpenCaseLine) }),
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

export const caseRoutes = [
  ...interactionRoutes,
  ...moveRoutes,
  ...colleagueQuestionRoutes,
  ...mentionRoutes,
  ...ticketListRoutes,
  ...boardRoutes,
  ...absentRoutes,
  ...ticketRoutes,
  ...deadlineRoutes,
  ...composingRoutes,
  ...oneCaseRoutes,
  ...caseFileRoutes,
  ...linkRoutes,
  ...findingRoutes,
  ...viewerRoutes,
  ...ruleRoutes,
  ...sentRoutes,
] as const
