/** HTTP of who is named in notes. */
import { z } from 'zod'
import { PageQuery, page, route, Uuid } from '../../platform/index.ts'
import { Mention, Mentionable } from './model.ts'
import { mentionable, mentionsView, readMentions } from './service.ts'

export const mentionRoutes = [
  route({
    method: 'GET',
    url: '/api/mentions',
    operation: 'listMentions',
    summary: 'Notes in which the reader is named, newest first',
    tag: 'tickets',
    access: 'signed-in',
    query: PageQuery,
    answer: page(Mention).extend({ unread: z.number().int().describe('how many are not read yet; counted to a hundred') }),
    handle: ({ house, actor, query }) => mentionsView(house, actor, query),
  }),
  route({
    method: 'POST',
    url: '/api/mentions/read',
    operation: 'readMentions',
    summary: 'Say that the reader has read notes',
    tag: 'tickets',
    access: 'signed-in',
    body: z.object({ noteIds: z.array(Uuid).min(1).max(100) }),
    status: 204,
    handle: ({ house, actor, body }) => readMentions(house, actor, body),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/:ticketId/mentionable',
    operation: 'listMentionable',
    summary: 'Who can be named in a note about a ticket: whoever may see it, of its centre or of those who worked on the case',
    tag: 'tickets',
    access: 'signed-in',
    params: z.object({ ticketId: Uuid }),
    answer: z.object({ items: z.array(Mentionable) }),
    handle: ({ house, actor, params }) => mentionable(house, actor, params.ticketId),
  }),
] as const
