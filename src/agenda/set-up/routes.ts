/** HTTP of the set-up of an office. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route } from '../../platform/index.ts'
import { AgencyId } from '../model.ts'
import { bookedOnDays, displacedView, rebookDisplaced } from './closed-days.ts'
import {
  BookedOnDays,
  BookedOnDaysQuery,
  DisplacedList,
  NewSetUp,
  Rebookings,
  RebookingsDone,
  SetUpEffect,
  SetUpTrial,
  SetUpVersion,
  SetUpView,
} from './model.ts'
import { saveSetUp, setUpHistory, setUpView, trySetUp } from './service.ts'

const common = { tag: 'agenda', access: 'signed-in', params: z.object({ unitId: AgencyId }) } as const

export const setUpRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/agenda',
    operation: 'readAgendaSetUp',
    summary: 'The agenda of an office as it is set up: services, who receives when, closures',
    answer: SetUpView,
    handle: ({ house, actor, params }) => setUpView(house, actor, params.unitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/units/:unitId/agenda/effect',
    operation: 'previewAgendaSetUp',
    summary:
      'What would come of a set-up: which times are free then, and which booked citizens have to be moved, with a proposal for each',
    description: 'Nothing is written.',
    body: SetUpTrial,
    answer: SetUpEffect,
    handle: ({ house, actor, params, body, request }) => trySetUp(house, actor, { ...params, ...body }, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/units/:unitId/agenda',
    operation: 'saveAgendaSetUp',
    summary: 'Put a set-up of an office in force',
    description:
      'As a whole, and from the next booking on. Of each booked citizen whose time is no longer there it says where the appointment goes (`rebookings`); who is left out is counted in the refusal `agenda.setUp.booked`, and nothing is saved.',
    body: NewSetUp,
    answer: SetUpView,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version }) => {
      await saveSetUp(house, actor, { ...params, ...body, version })
      return setUpView(house, actor, params.unitId)
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/agenda/versions',
    operation: 'listAgendaSetUps',
    summary: 'Every set-up that an office has had, with who saved it and why',
    query: PageQuery,
    answer: page(SetUpVersion),
    handle: ({ house, actor, params, query }) => setUpHistory(house, actor, { ...params, ...query }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/booked',
    operation: 'countBookedOnDays',
    summary: 'How many people are booked on some days at the offices of a unit, and at which most',
    description:
      'Asked before the unit is closed on these days, and afterwards: what is left is still to be moved or cancelled by the offices.',
    query: BookedOnDaysQuery,
    answer: BookedOnDays,
    handle: ({ house, actor, params, query }) => bookedOnDays(house, actor, { ...params, ...query }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/agenda/displaced',
    operation: 'listDisplacedAppointments',
    summary:
      'Booked citizens whose time is no longer there, because the office or a unit above it is closed then, with a proposal for each',
    answer: DisplacedList,
    handle: ({ house, actor, params }) => displacedView(house, actor, params.unitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/units/:unitId/agenda/rebookings',
    operation: 'rebookDisplacedAppointments',
    summary: 'Move or cancel booked citizens whose time is no longer there',
    description:
      'All or none; each is written to, and the set-up of the office stays as it is. Refused when one was dealt with meanwhile (`agenda.setUp.settled`) or a place was taken (`agenda.setUp.placeGone`).',
    body: Rebookings,
    answer: RebookingsDone,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) => rebookDisplaced(house, actor, { ...params, ...body }, idempotency),
  }),
] as const
