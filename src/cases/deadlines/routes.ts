/** HTTP of deadlines: the targets of the institute, and why a ticket is due when it is. */
import { z } from 'zod'
import { languageOf, route, Uuid } from '../../platform/index.ts'
import { DeadlineExplanation, DeadlineKind, DeadlineTargets, TargetKey, TargetTime } from './model.ts'
import { deadlineTargets, removeTarget, setTarget } from './targets.ts'
import { deadlineExplanation } from './views.ts'

export const deadlineRoutes = [
  route({
    method: 'GET',
    url: '/api/deadline-targets',
    operation: 'listDeadlineTargets',
    summary: 'Within how much working time tickets are answered first, and solved',
    description: 'By typology and priority. A typology without a target of its own has that of the nearest above it.',
    tag: 'tickets',
    access: 'signed-in',
    answer: DeadlineTargets,
    handle: ({ house, actor, request }) => deadlineTargets(house, actor, languageOf(request)),
  }),
  route({
    method: 'PUT',
    url: '/api/deadline-targets',
    operation: 'setDeadlineTarget',
    summary: 'Set a target, or give a typology one of its own',
    description: 'Version 0 for one that is not there yet. Deadlines of open tickets are computed anew.',
    tag: 'tickets',
    access: 'signed-in',
    body: TargetKey.extend(TargetTime.shape),
    answer: TargetKey,
    ifMatch: true,
    handle: ({ house, actor, body, version }) => {
      const { typologyId, priority, kind, ...time } = body
      return setTarget(house, actor, { key: { typologyId, priority, kind }, time, version })
    },
  }),
  route({
    method: 'POST',
    url: '/api/deadline-targets/removal',
    operation: 'removeDeadlineTarget',
    summary: 'Take the target of a typology away: it has that of the nearest above it again',
    tag: 'tickets',
    access: 'signed-in',
    body: TargetKey,
    answer: TargetKey,
    handle: ({ house, actor, body }) => removeTarget(house, actor, body),
  }),
  route({
    method: 'GET',
    url: '/api/tickets/:ticketId/deadlines/:kind',
    operation: 'explainDeadline',
    summary: 'Why a ticket is due when it is',
    description:
      'Every stretch of time since the question, with how much of it counts and why not: closed, holiday, waiting for the citizen.',
    tag: 'tickets',
    access: 'signed-in',
    params: z.object({ ticketId: Uuid, kind: DeadlineKind }),
    answer: DeadlineExplanation,
    handle: ({ house, actor, params, request }) => deadlineExplanation(house, actor, params, languageOf(request)),
  }),
] as const
