/** HTTP of absences. */
import { z } from 'zod'
import { languageOf, route, Uuid } from '../../platform/index.ts'
import { Absence, NewAbsence } from './model.ts'
import { absencesView, endAbsence, enterAbsence } from './service.ts'

const common = { tag: 'absences', access: 'signed-in' } as const

export const absenceRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/absences',
    operation: 'listAbsences',
    summary: 'Absences of the members of a unit that are not over, and whose absences the reader enters',
    query: z.object({
      unitId: z.string().max(100).optional().describe('a unit at or under the own one, which it is when left out'),
    }),
    answer: z.object({
      items: z.array(Absence),
      members: z.array(z.object({ id: Uuid, name: z.string() })).describe('whose absences the reader enters'),
    }),
    handle: ({ house, actor, query, request }) => absencesView(house, actor, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/absences',
    operation: 'enterAbsence',
    summary:
      'Say on which days somebody is away; nothing is offered then, and tickets in hand go back by the rule of the section',
    body: NewAbsence,
    answer: z.object({ id: Uuid }),
    status: 201,
    handle: ({ house, actor, body }) => enterAbsence(house, actor, body),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/absences/:absenceId',
    operation: 'endAbsence',
    summary: 'Take an absence away',
    description: 'Tickets that went back to the pool stay there.',
    params: z.object({ absenceId: Uuid }),
    status: 204,
    handle: async ({ house, actor, params }) => void (await endAbsence(house, actor, params)),
  }),
] as const
