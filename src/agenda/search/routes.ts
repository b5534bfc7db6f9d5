/** HTTP of the search. */
import { page, route } from '../../platform/index.ts'
import { FoundTime, SearchQuery } from './model.ts'
import { searchTimes } from './service.ts'

export const searchRoutes = [
  route({
    method: 'GET',
    url: '/api/agenda/search',
    operation: 'searchTimes',
    summary: 'First free times of a service, the earliest first: of an office, a province, around a place, or of each region',
    description:
      'Each office stands once on a page with its first time, unless one office is asked for. The next page begins after the last time of this one. Without a place: the first time of each region.',
    tag: 'agenda',
    access: 'signed-in',
    query: SearchQuery,
    answer: page(FoundTime),
    handle: ({ house, actor, query }) => searchTimes(house, actor, query),
  }),
] as const
