/** HTTP of the desk, and of the rules of sections. */

import { z } from 'zod'
import { languageOf, route, Uuid } from '../platform/index.ts'
import { absenceRoutes } from './absences/routes.ts'
import { deskView } from './agents/desk.ts'
import { explainCall } from './explain/explain.ts'
import { Desk, DeskExplanation, Heartbeat, PauseReasonText } from './model.ts'
import { deskRoles } from './policy.ts'
import { sectionRoutes } from './sections/routes.ts'
import { becomeAvailable, endWrapUp, heartbeat, pauseAgent, signOutAgent } from './service.ts'

const tag = 'desk'
const access = deskRoles
export const distributionRoutes = [
  ...sectionRoutes,
  ...absenceRoutes,
  route({
    method: 'GET',
    url: '/api/desk',
    operation: 'readDesk',
    summary: "The operator's own desk: state, sections, queues",
    tag,
    access,
    query: z.object({ pageId: Uuid.optional().describe('the page that asks, to hear whether it is the one that rings') }),
    answer: Desk,
    handle: ({ house, actor, query, request }) => deskView(house, actor, query.pageId, languageOf(request)),
  }),
  route({
    method: 'POST',
    url: '/api/desk/available',
    operation: 'becomeAvailable',
    summary: 'Take calls from now on, on this page',
    description: 'During a conversation it holds for afterwards. It ends a pause, and a wrap-up.',
    tag,
    access,
    body: z.object({ pageId: Uuid }),
    status: 204,
    handle: ({ house, actor, body }) => becomeAvailable(house, actor, body),
  }),
  route({
    method: 'POST',
    url: '/api/desk/pause',
    operation: 'pauseDesk',
    summary: 'Take no more calls for now',
    description: 'During a conversation it holds for afterwards. A call that rings goes on to somebody else and keeps its place.',
    tag,
    access,
    body: z.object({ reason: PauseReasonText }),
    status: 204,
    handle: ({ house, actor, body }) => pauseAgent(house, actor, body),
  }),
  route({
    method: 'POST',
    url: '/api/desk/wrap-up/end',
    operation: 'endWrapUp',
    summary: 'The work after the call is done',
    tag,
    access,
    status: 204,
    handle: ({ house, actor }) => endWrapUp(house, actor, {}),
  }),
  route({
    method: 'POST',
    url: '/api/desk/sign-out',
    operation: 'leaveDesk',
    summary: 'Leave the desk',
    tag,
    access,
    status: 204,
    handle: ({ house, actor }) => signOutAgent(house, actor, {}),
  }),
  route({
    method: 'POST',
    url: '/api/desk/heartbeat',
    operation: 'reportPresence',
    summary: 'The page is here',
    description:
      'Every 5 seconds. The newest page is the one that rings. After 12 seconds of silence, or while the telephone is not ready, no call is offered.',
    tag,
    access,
    body: Heartbeat,
    answer: z.object({ active: z.boolean().describe('whether this page is the one that rings') }),
    handle: ({ house, actor, body }) => heartbeat(house, actor, body),
  }),
  route({
    method: 'GET',
    url: '/api/desk/explain',
    operation: 'explainCallOffer',
    summary: 'Why a call went to whom, and why not to me',
    tag,
    access,
    query: z.object({ callId: Uuid }),
    answer: DeskExplanation,
    perMinute: 60,
    handle: ({ house, actor, query, request }) => explainCall(house, actor, query.callId, languageOf(request)),
  }),
] as const
