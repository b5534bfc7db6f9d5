/** HTTP of what an answer to a Linea ticket is made of beside its words. */
import { z } from 'zod'
import { FileQuery, maxFileBytes } from '../../channels/index.ts'
import { bytesOf, route, Uuid } from '../../platform/index.ts'
import { AnswerFile, FileName } from '../answering/model.ts'
import { FilledTemplate } from '../templates/model.ts'
import { templatesForTicket, ticketFiles } from './composing.ts'

const TicketParam = z.object({ ticketId: Uuid })
const FileParam = TicketParam.extend({ fileId: Uuid })
const common = { tag: 'tickets', access: 'signed-in' } as const
const bytes = 'application/octet-stream'

export const composingRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/tickets/:ticketId/templates',
    operation: 'listTemplatesForTicket',
    summary: 'Templates for an answer to a ticket, filled as far as it is known what goes into them',
    params: TicketParam,
    answer: z.object({ items: z.array(FilledTemplate) }),
    handle: ({ house, actor, params }) => templatesForTicket(house, actor, params),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/tickets/:ticketId/files',
    operation: 'addTicketFile',
    summary: 'Attach a file to the answer that is being written',
    params: TicketParam,
    query: FileName,
    takes: { types: [bytes], limitBytes: maxFileBytes, description: 'Any file; what malware is found in is refused.' },
    answer: z.object({ items: z.array(AnswerFile) }),
    perMinute: 60,
    handle: ({ house, actor, params, query, request }) =>
      ticketFiles.add(house, actor, { subjectId: params.ticketId, ...query, bytes: bytesOf(request) }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/tickets/:ticketId/files/:fileId',
    operation: 'downloadTicketFile',
    summary: 'A file of an answer to a ticket, as a download',
    params: FileParam,
    query: FileQuery,
    gives: bytes,
    handle: ({ house, actor, params: { ticketId, fileId }, query, reply }) =>
      ticketFiles.download(house, actor, { subjectId: ticketId, fileId, reply }, query),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/tickets/:ticketId/files/:fileId',
    operation: 'removeTicketFile',
    summary: 'Take a file away from the answer that is being written',
    params: FileParam,
    status: 204,
    handle: async ({ house, actor, params: { ticketId, fileId } }) =>
      void (await ticketFiles.remove(house, actor, { subjectId: ticketId, fileId })),
  }),
] as const
