/** HTTP of procedures. */
import { z } from 'zod'
import { PageQuery, page, route } from '../platform/index.ts'
import { addProcedure, changeProcedure, procedureHistory } from './procedure-service.ts'
import { proceduresOf } from './procedure-store.ts'
import { NewProcedure, Procedure, ProcedureChange, ProcedureHistoryLine, ProcedureId } from './procedures.ts'

const common = { tag: 'classification', access: 'signed-in' } as const
const OneProcedure = z.object({ procedureId: ProcedureId })

export const procedureRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/procedures',
    operation: 'listProcedures',
    summary: 'The online procedures about which malfunctions are reported, by name, also those that were retired',
    answer: z.object({ items: z.array(Procedure) }),
    handle: async ({ house }) => ({ items: await proceduresOf(house.database.kysely) }),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/procedures',
    operation: 'addProcedure',
    summary: 'Add a procedure to the list',
    body: NewProcedure,
    answer: Procedure,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => addProcedure(house, actor, body, idempotency),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/procedures/:procedureId',
    operation: 'changeProcedure',
    summary: 'Rename a procedure, retire it or take it back',
    params: OneProcedure,
    body: ProcedureChange,
    answer: Procedure,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) => changeProcedure(house, actor, { ...params, version, change: body }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/procedures/:procedureId/history',
    operation: 'listProcedureHistory',
    summary: 'What was done with a procedure, the newest first',
    params: OneProcedure,
    query: PageQuery,
    answer: page(ProcedureHistoryLine),
    handle: ({ house, params, query }) => procedureHistory(house, { ...params, ...query }),
  }),
] as const
