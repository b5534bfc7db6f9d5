/** HTTP of callbacks. */
import { z } from 'zod'
import { SectionId } from '../../../distribution/index.ts'
import { decodeCursor, Instant, PageQuery, page, pageOf, route, Uuid } from '../../../platform/index.ts'
import { CallbackView, SettleCallback } from './model.ts'
import { callbackPage, confirmServed, settle, withdrawCallback } from './service.ts'

const tag = 'callbacks'
const OneCall = z.object({ callId: Uuid })
const Place = z.tuple([Instant, Uuid])

export const callbackRoutes = [
  route({
    method: 'GET',
    url: '/api/callbacks',
    operation: 'listCallbacks',
    summary: 'The open callbacks of a section, in the order of its queue',
    description: 'Those who wait to be called, and those who could not be reached until somebody has looked after them.',
    tag,
    access: 'signed-in',
    query: PageQuery.extend({ sectionId: SectionId }),
    answer: page(CallbackView),
    async handle({ house, actor, query: { sectionId, cursor, limit } }) {
      const [since, callId] = decodeCursor(Place, cursor) ?? []
      const after = since === undefined || callId === undefined ? null : { waitingSince: new Date(since), callId }
      const rows = await callbackPage(house, actor, { sectionId, after, limit: limit + 1 })
      return pageOf(rows, limit, row => [row.waitingSince, row.callId])
    },
  }),
  route({
    method: 'POST',
    url: '/api/callbacks/:callId/withdraw',
    operation: 'withdrawCallback',
    summary: 'Call the number no more',
    tag,
    access: 'signed-in',
    params: OneCall,
    body: SettleCallback,
    status: 204,
    handle: ({ house, actor, params, body }) => withdrawCallback(house, actor, { ...params, ...body }),
  }),
  route({
    method: 'POST',
    url: '/api/calls/:callId/callbacks/:callbackId/served',
    operation: 'noteCallbackServed',
    summary: 'The caller in conversation is the one who wished to be called back: call them no more',
    description: 'For the operator who talks to the caller. The number that is shown proves nothing: ask.',
    tag,
    access: 'signed-in',
    params: OneCall.extend({ callbackId: Uuid }),
    status: 204,
    handle: ({ house, actor, params }) => confirmServed(house, actor, params),
  }),
  route({
    method: 'POST',
    url: '/api/callbacks/:callId/settle',
    operation: 'settleCallback',
    summary: 'Somebody has looked after a citizen who could not be reached',
    tag,
    access: 'signed-in',
    params: OneCall,
    body: SettleCallback,
    status: 204,
    handle: ({ house, actor, params, body }) => settle(house, actor, { ...params, ...body }),
  }),
] as const
