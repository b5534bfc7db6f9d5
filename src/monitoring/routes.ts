/** HTTP of monitoring. */
import { rolesWhich } from '../identity/index.ts'
import { entriesSetAside, PageQuery, route, UnreadableEntries } from '../platform/index.ts'
import { ArrivalsByProvince, DayFigures, LiveFigures } from './model.ts'
import { arrivalsByProvince, dayFigures, liveFigures } from './service.ts'

export const monitoringRoutes = [
  route({
    method: 'GET',
    url: '/api/monitoring/live',
    operation: 'readLiveFigures',
    summary: 'The figures of now, by section and in total',
    description:
      'For supervisors and headquarters. Service level: calls answered within 20 s ÷ (calls answered + calls not answered, without callers who hung up within 20 s), of the waits that ended in the last 30 minutes. They change with entries of the live stream whose type begins with `call.` or `agent.`; the figures that look back also by the passing of time.',
    tag: 'monitoring',
    access: 'signed-in',
    answer: LiveFigures,
    handle: ({ house, actor }) => liveFigures(house, actor),
  }),
  route({
    method: 'GET',
    url: '/api/monitoring/day',
    operation: 'readArrivalsOfDay',
    summary: 'Arrivals and waits of today, by half hours of office time',
    description: 'For supervisors and headquarters.',
    tag: 'monitoring',
    access: 'signed-in',
    answer: DayFigures,
    handle: ({ house, actor }) => dayFigures(house, actor),
  }),
  route({
    method: 'GET',
    url: '/api/monitoring/provinces',
    operation: 'countArrivalsByProvince',
    summary: 'Calls of today by the province of the office that was called',
    description: 'For supervisors and headquarters: of the whole country; for the director of a region: of its provinces.',
    tag: 'monitoring',
    access: 'signed-in',
    answer: ArrivalsByProvince,
    handle: ({ house, actor }) => arrivalsByProvince(house, actor),
  }),
  route({
    method: 'GET',
    url: '/api/journal/set-aside',
    operation: 'listSetAsideEntries',
    summary: 'Entries of the journal that a reader could not take, the newest first',
    description:
      'For administrators. The entry stays in the journal; here stands which part of the program went on without it, and why. What stands in an entry is not told.',
    tag: 'monitoring',
    access: rolesWhich('accounts.keep'),
    query: PageQuery,
    answer: UnreadableEntries,
    handle: ({ house, query }) => entriesSetAside(house.database.kysely, query),
  }),
] as const
