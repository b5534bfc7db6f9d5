/** HTTP of who else is looking. A page says what it shows, and is told who else does; it says so again when it hears that this has changed. */
import { z } from 'zod'
import { route, Uuid } from '../../platform/index.ts'
import { NoteViewer, Viewers } from './model.ts'
import { leavePage, noteViewer } from './service.ts'

const common = { method: 'PUT', access: 'signed-in', body: NoteViewer, answer: Viewers, perMinute: 240 } as const
const pageId = Uuid.describe('of the page in the browser, which its live stream names too, in the header `X-Page`')
const description =
  'It counts while the live stream of the page is open. Whoever has the same open is told on that stream when somebody comes, goes or begins to write.'

export const viewerRoutes = [
  route({
    ...common,
    url: '/api/cases/:caseId/viewers/:pageId',
    operation: 'noteCaseViewer',
    summary: 'Say that a page shows a case; who else has it open is told',
    description,
    tag: 'cases',
    params: z.object({ caseId: Uuid, pageId }),
    handle: ({ house, actor, params, body }) =>
      noteViewer(house, actor, { kind: 'case', subjectId: params.caseId, pageId: params.pageId, ...body }),
  }),
  route({
    ...common,
    url: '/api/tickets/:ticketId/viewers/:pageId',
    operation: 'noteTicketViewer',
    summary: 'Say that a page shows a ticket; who else has it open is told',
    description,
    tag: 'tickets',
    params: z.object({ ticketId: Uuid, pageId }),
    handle: ({ house, actor, params, body }) =>
      noteViewer(house, actor, { kind: 'ticket', subjectId: params.ticketId, pageId: params.pageId, ...body }),
  }),
  route({
    ...common,
    url: '/api/mails/:interactionId/viewers/:pageId',
    operation: 'noteMailViewer',
    summary: 'Say that a page shows a mail; who else has it open is told',
    description,
    tag: 'mails',
    params: z.object({ interactionId: Uuid, pageId }),
    handle: ({ house, actor, params, body }) =>
      noteViewer(house, actor, { kind: 'mail', subjectId: params.interactionId, pageId: params.pageId, ...body }),
  }),
  route({
    method: 'DELETE',
    url: '/api/viewers/:pageId',
    operation: 'leavePage',
    summary: 'Say that a page of the reader shows nothing any more',
    tag: 'cases',
    access: 'signed-in',
    params: z.object({ pageId }),
    status: 204,
    handle: ({ house, actor, params }) => leavePage(house, actor, params.pageId),
  }),
] as const
