/** HTTP of prevention: activities, their steps, history and effect. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route, Text, Uuid } from '../platform/index.ts'
import { addresseeRoutes } from './addressee-routes.ts'
import { effectWeeks } from './choices.ts'
import { materialRoutes } from './material-routes.ts'
import {
  Activity,
  ActivityChange,
  ActivityEffect,
  ActivityHistoryLine,
  ActivityKind,
  ActivityLine,
  ActivityStep,
  NewActivity,
} from './model.ts'
import { changeActivity, planActivity, stepActivity, undoActivityStep } from './service.ts'
import { activityEffect, activityHistory, activityHolders, activityList, activityView } from './views.ts'

const common = { tag: 'prevention', access: 'signed-in' } as const
const OneActivity = z.object({ activityId: Uuid })

export const preventionRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/prevention',
    operation: 'listActivities',
    summary: 'Activities of prevention that are ahead, by day, or over, the last one first',
    query: PageQuery.extend({
      view: z.enum(['ahead', 'over']).default('ahead'),
      q: Text.pipe(z.string().max(200)).optional().meta({ example: 'patronati' }),
      kind: ActivityKind.optional(),
      regionCode: z.string().max(10).optional(),
      addresseeId: Uuid.optional(),
    }),
    answer: page(ActivityLine),
    handle: ({ house, query }) => activityList(house, query),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/prevention',
    operation: 'planActivity',
    summary: 'Plan an activity of the own IT group, or ask for work on an infrastructure',
    body: NewActivity,
    answer: Activity,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency, request }) =>
      activityView(house, actor, (await planActivity(house, actor, body, idempotency)).activityId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/prevention-holders',
    operation: 'listActivityHolders',
    summary: 'Who can hold activities of the reader’s IT group',
    answer: z.object({ items: z.array(z.object({ id: Uuid, name: z.string() })) }),
    handle: async ({ house, actor }) => ({ items: await activityHolders(house, actor) }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/prevention/:activityId',
    operation: 'readActivity',
    summary: 'An activity, with its materials and what the reader may do with it',
    params: OneActivity,
    answer: Activity,
    handle: ({ house, actor, params, request }) => activityView(house, actor, params.activityId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/prevention/:activityId',
    operation: 'changeActivity',
    summary: 'Change an activity; one that was refused or cancelled stays as it is',
    params: OneActivity,
    body: ActivityChange,
    answer: Activity,
    ifMatch: true,
    async handle({ house, actor, params: { activityId }, body, version, request }) {
      await changeActivity(house, actor, { activityId, version, change: body })
      return activityView(house, actor, activityId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/prevention/:activityId/step',
    operation: 'stepActivity',
    summary: 'Take an activity a step on: assessed, planned, done, refused or cancelled',
    params: OneActivity,
    body: ActivityStep,
    answer: Activity,
    ifMatch: true,
    async handle({ house, actor, params: { activityId }, body, version, request }) {
      await stepActivity(house, actor, { activityId, version, ...body })
      return activityView(house, actor, activityId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/prevention/:activityId/undo',
    operation: 'undoActivityStep',
    summary: 'Undo the last step of an activity, as long as nothing else was done',
    params: OneActivity,
    answer: Activity,
    ifMatch: true,
    async handle({ house, actor, params: { activityId }, version, request }) {
      await undoActivityStep(house, actor, { activityId, version })
      return activityView(house, actor, activityId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/prevention/:activityId/history',
    operation: 'listActivityHistory',
    summary: 'What was done about an activity, newest first',
    params: OneActivity,
    query: PageQuery,
    answer: page(ActivityHistoryLine),
    handle: ({ house, params, query, request }) => activityHistory(house, params.activityId, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/prevention/:activityId/effect',
    operation: 'readActivityEffect',
    summary: 'Tickets of the related typologies and territory before and after an activity, with the interval of their ratio',
    description:
      'The same days of the week on both sides, without holidays; the exact conditional interval of the ratio of two Poisson rates, widened by the dispersion of the weeks. An effect is said only where the whole interval carries it.',
    params: OneActivity,
    query: z.object({
      weeks: z.coerce
        .number()
        .int()
        .refine(weeks => effectWeeks.some(each => each === weeks))
        .optional()
        .describe('on each side: 2, 4, 8 or 13; without, as many as have passed'),
    }),
    answer: ActivityEffect,
    handle: ({ house, params, query }) => activityEffect(house, params.activityId, query),
  }),
  ...materialRoutes,
  ...addresseeRoutes,
] as const
