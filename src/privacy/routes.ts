/** HTTP of the data of one person as a whole, and of how long cases are kept. */
import { z } from 'zod'
import { TypologyId } from '../classification/index.ts'
import { languageOf, page, route, Uuid } from '../platform/index.ts'
import { exportOf } from './export.ts'
import { AskErasure, Erasure, RetentionLine, RetentionQuery, SetRetention } from './model.ts'
import { retentionPage, setRetention } from './retention.ts'
import { askErasure, erasureView } from './service.ts'

const ContactParam = z.object({ contactId: Uuid })
const tag = 'privacy'

export const privacyRoutes = [
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/export',
    operation: 'exportContact',
    summary: 'All that is known of a person, and who has looked at it: one archive with a file for programs and one for people',
    tag,
    access: 'signed-in',
    params: ContactParam,
    gives: 'application/zip',
    perMinute: 30,
    handle: async ({ house, actor, params, reply, request }) => {
      const archive = await exportOf(house, actor, params.contactId, languageOf(request))
      reply.headers({ 'content-disposition': 'attachment; filename="dati.zip"', 'x-content-type-options': 'nosniff' })
      return archive
    },
  }),
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/erasure',
    operation: 'readErasure',
    summary: 'What would be erased of a person, and what must stay and why',
    tag,
    access: 'signed-in',
    params: ContactParam,
    answer: Erasure,
    handle: ({ house, actor, params }) => erasureView(house, actor, params.contactId),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/erasure',
    operation: 'eraseContact',
    summary: 'Erase what is known of a person, as far as it need not stay',
    description:
      'It cannot be undone, so the family name is typed. What must stay is erased when its time is over, and the card when nothing stays.',
    tag,
    access: 'signed-in',
    params: ContactParam,
    body: AskErasure,
    answer: Erasure,
    handle: async ({ house, actor, params, body }) => {
      await askErasure(house, actor, { ...params, ...body })
      return erasureView(house, actor, params.contactId)
    },
  }),
  route({
    method: 'GET',
    url: '/api/retention',
    operation: 'listRetention',
    summary: 'For how many months after their end the cases of each typology are kept',
    tag,
    access: 'signed-in',
    query: RetentionQuery,
    answer: page(RetentionLine),
    handle: ({ house, actor, query }) => retentionPage(house, actor, query),
  }),
  route({
    method: 'PUT',
    url: '/api/retention/:typologyId',
    operation: 'setRetention',
    summary: 'Set for how long the cases of a typology, and of those under it, are kept',
    description: 'What is due is erased within days, some at a time, and cannot be had back.',
    tag,
    access: 'signed-in',
    params: z.object({ typologyId: TypologyId }),
    body: SetRetention,
    answer: RetentionLine,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) => setRetention(house, actor, { ...params, ...body, version }),
  }),
] as const
