/** HTTP of the set-up of the counters of an office. */
import { z } from 'zod'
import { PageQuery, page, route } from '../../platform/index.ts'
import { CounterSetUp, CounterSetUpEffect, CounterSetUpVersion, CounterSetUpView, NewCounterSetUp } from './model.ts'
import { counterSetUpHistory, counterSetUpView, saveCounterSetUp, tryCounterSetUp } from './service.ts'

const UnitId = z.string().min(1).max(100).meta({ example: 'ag-roma-eur' })
const common = { tag: 'counters', access: 'signed-in', params: z.object({ unitId: UnitId }) } as const

export const counterSetUpRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/counters',
    operation: 'readCounterSetUp',
    summary: 'The counters of an office as they are set up: halls, services, desks, rules, what the kiosk asks',
    answer: CounterSetUpView,
    handle: ({ house, actor, params }) => counterSetUpView(house, actor, params.unitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/units/:unitId/counters/effect',
    operation: 'previewCounterSetUp',
    summary: 'What would come of a set-up: who is in what would go, and what would no longer be reached',
    description: 'Nothing is written.',
    body: z.object({ setUp: CounterSetUp }),
    answer: CounterSetUpEffect,
    handle: ({ house, actor, params, body }) => tryCounterSetUp(house, actor, { ...params, ...body }),
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/units/:unitId/counters',
    operation: 'saveCounterSetUp',
    summary: 'Put the counters of an office in force, as a whole, for those who come from now on',
    description:
      'Refused while a visit is in a hall, at a desk or for a service that would go, or somebody sits at such a desk (`counters.setUp.inUse`): nothing is saved then.',
    body: NewCounterSetUp,
    answer: CounterSetUpView,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version }) => {
      await saveCounterSetUp(house, actor, { ...params, ...body, version })
      return counterSetUpView(house, actor, params.unitId)
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/counters/versions',
    operation: 'listCounterSetUps',
    summary: 'Every set-up that the counters of an office have had, with who saved it and why',
    query: PageQuery,
    answer: page(CounterSetUpVersion),
    handle: ({ house, actor, params, query }) => counterSetUpHistory(house, actor, { ...params, ...query }),
  }),
] as const
