/** HTTP of the planner. */
import { z } from 'zod'
import { route, Uuid } from '../platform/index.ts'
import {
  ChannellingQuery,
  ChannellingView,
  ForecastQuery,
  ForecastView,
  NewRun,
  PastDayView,
  PlacesView,
  PlannerDay,
  RunView,
} from './schema.ts'
import { cancelRun, placesView, runOf, runView, startRun } from './service.ts'
import { viewFor } from './views.ts'

const tag = 'planner'
/** Whoever answers for staff. */
const access = ['headquarters', 'regional_director', 'supervisor'] as const
const OneRun = z.object({ runId: Uuid })

export const simulationRoutes = [
  route({
    method: 'GET',
    url: '/api/planner/day',
    operation: 'readPlannerDay',
    summary: 'A past day of the contact centre as it was, by section and half hour',
    tag,
    access,
    query: z.object({ date: PlannerDay }),
    answer: PastDayView,
    handle: ({ house, query, reply }) => viewFor(house, reply, 'day', query),
  }),
  route({
    method: 'GET',
    url: '/api/planner/forecast',
    operation: 'readForecast',
    summary: 'Calls to expect on a day, agents needed in each half hour, and shifts that cover them',
    tag,
    access,
    query: ForecastQuery,
    answer: ForecastView,
    handle: ({ house, query, reply }) => viewFor(house, reply, 'forecast', query),
  }),
  route({
    method: 'GET',
    url: '/api/planner/places',
    operation: 'listPlannerPlaces',
    summary: 'Regions, provinces and offices with numbers that still ring their office on a day',
    tag,
    access,
    query: z.object({ from: PlannerDay }),
    answer: PlacesView,
    handle: ({ house, query }) => placesView(house, query.from),
  }),
  route({
    method: 'GET',
    url: '/api/planner/channelling',
    operation: 'forecastChannelling',
    summary:
      'What channelling a territory from a day on would bring: calls, sections, staff for the same target before and after',
    tag,
    access,
    query: ChannellingQuery,
    answer: ChannellingView,
    handle: ({ house, query, reply }) => viewFor(house, reply, 'channelling', query),
  }),
  route({
    method: 'POST',
    url: '/api/planner/runs',
    operation: 'startSimulation',
    summary: 'Simulate a day, and what it would be with some changes',
    description: 'Runs beside the calls of others. One at a time for each person; the result is kept for ten minutes.',
    tag,
    access,
    body: NewRun,
    answer: RunView,
    status: 202,
    handle: async ({ house, actor, body }) => runView(await startRun(house, actor, body)),
  }),
  route({
    method: 'GET',
    url: '/api/planner/runs/:runId',
    operation: 'readSimulation',
    summary: 'How far a simulation is, and its results',
    tag,
    access,
    params: OneRun,
    answer: RunView,
    handle: async ({ house, actor, params }) => runView(runOf(house, actor, params.runId)),
  }),
  route({
    method: 'DELETE',
    url: '/api/planner/runs/:runId',
    operation: 'cancelSimulation',
    summary: 'Cancel a simulation',
    tag,
    access,
    params: OneRun,
    handle: ({ house, actor, params }) => cancelRun(house, actor, params.runId),
  }),
] as const
