/** HTTP of callbacks, and of how the lines of sections work. */
import { z } from 'zod'
import { decodeCursor, Instant, PageQuery, page, pageOf, route, Uuid } from '../../platform/index.ts'
import { CallbackView, SectionLine, SetSectionLine, SettleCallback } from './model.ts'
import { callbackPage, confirmServed, sectionLine, setSectionLine, settle, withdrawCallback } from './service.ts'

const tag = 'callbacks'
const OneCall = z.object({ callId: Uuid })
const SectionId = z.string().regex(/^[a-z0-9-]{1,60}$/)
const OneSection = z.object({ sectionId: SectionId.meta({ example: 'ccm-pensioni' }) })
const Place = z.tuple([Instant, Uuid])

export const callbackRoutes = [
  route({
    method: 'GET',
    url: '/api/callbacks',
    operation: 'listCallbacks',
    summary: 'The open callbacks of a section, in the order of its line',
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
  route({
    method: 'GET',
    url: '/api/sections/:sectionId/line',
    operation: 'readSectionLine',
    summary: 'How the line of a section works: limits, what happens at them, callbacks',
    tag,
    access: 'signed-in',
    params: OneSection,
    answer: SectionLine,
    handle: ({ house, actor, params }) => sectionLine(house, actor, params.sectionId),
  }),
  route({
    method: 'PUT',
    url: '/api/sections/:sectionId/line',
    operation: 'setSectionLine',
    summary: 'Set how the line of a section works',
    description: 'It holds from the next call on; nobody who waits loses the place.',
    tag,
    access: 'signed-in',
    params: OneSection,
    body: SetSectionLine,
    answer: SectionLine,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) =>
      setSectionLine(house, actor, { sectionId: params.sectionId, version, ...body }),
  }),
] as const
