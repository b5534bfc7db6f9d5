/** HTTP of the flow. */
import { z } from 'zod'
import { decodeCursor, languageOf, PageQuery, page, pageOf, route } from '../platform/index.ts'
import { flowKeepers } from './policy.ts'
import { beginDraft, discardDraft, flowLines, flowOf, flowOverview, publishDraft, restoreFlow, saveFlowDraft } from './service.ts'
import { BeginDraft, FlowLine, FlowOverview, FlowVersion, PublishDraft, RestoreFlow, SaveFlowDraft } from './views.ts'

const tag = 'automatic answerer'
const OneVersion = z.object({ number: z.coerce.number().int().min(1).max(1_000_000).meta({ example: 6 }) })

export const flowRoutes = [
  route({
    method: 'GET',
    url: '/api/flow',
    operation: 'readFlow',
    summary: 'The flow of the automatic answerer: the version in force, the draft, what the checker finds in them',
    tag,
    access: flowKeepers,
    answer: FlowOverview,
    handle: ({ house, request }) => flowOverview(house.database.kysely, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/flow/versions',
    operation: 'listFlowVersions',
    summary: 'All versions of the flow, the newest first: who wrote and who published them',
    tag,
    access: flowKeepers,
    query: PageQuery,
    answer: page(FlowLine),
    async handle({ house, query }) {
      const [before] =
        decodeCursor(
          z.tuple([
            z
              .number()
              .int()
              .max(2 ** 31 - 1),
          ]),
          query.cursor,
        ) ?? []
      return pageOf(await flowLines(house.database.kysely, query.limit, before), query.limit, line => [line.number])
    },
  }),
  route({
    method: 'GET',
    url: '/api/flow/versions/:number',
    operation: 'readFlowVersion',
    summary: 'One version of the flow, whole',
    tag,
    access: flowKeepers,
    params: OneVersion,
    answer: FlowVersion,
    handle: ({ house, params, request }) => flowOf(house.database.kysely, params.number, languageOf(request)),
  }),
  route({
    method: 'POST',
    url: '/api/flow/draft',
    operation: 'beginFlowDraft',
    summary: 'Begin a draft, as a copy of the version in force or of an earlier one',
    description: 'There is one draft at a time, which all who may change the flow work on.',
    tag,
    access: flowKeepers,
    body: BeginDraft,
    answer: FlowVersion,
    status: 201,
    idempotent: true,
    async handle({ house, actor, body, idempotency, request }) {
      const { number } = await beginDraft(house, actor, body, idempotency)
      return flowOf(house.database.kysely, number, languageOf(request))
    },
  }),
  route({
    method: 'PUT',
    url: '/api/flow/draft',
    operation: 'saveFlowDraft',
    summary: 'Save the draft',
    description: 'What the checker finds does not hinder saving; errors hinder publishing.',
    tag,
    access: flowKeepers,
    body: SaveFlowDraft,
    // A whole flow with its texts in several languages.
    bodyLimitBytes: 1_048_576,
    answer: FlowVersion,
    ifMatch: true,
    async handle({ house, actor, body, version, request }) {
      const { number } = await saveFlowDraft(house, actor, { version, flow: body.flow })
      return flowOf(house.database.kysely, number, languageOf(request))
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/flow/draft',
    operation: 'discardFlowDraft',
    summary: 'Put the draft away',
    description: 'Its content stays among the versions; a new draft can begin from it.',
    tag,
    access: flowKeepers,
    ifMatch: true,
    handle: ({ house, actor, version }) => discardDraft(house, actor, { version }),
  }),
  route({
    method: 'POST',
    url: '/api/flow/draft/publish',
    operation: 'publishFlowDraft',
    summary: 'Put the draft in force for the calls that arrive from now on',
    description: 'Refused while the checker finds an error. Calls in progress stay in the version that they began with.',
    tag,
    access: flowKeepers,
    body: PublishDraft,
    answer: FlowVersion,
    ifMatch: true,
    async handle({ house, actor, body, version, request }) {
      const { number } = await publishDraft(house, actor, { version, note: body.note })
      return flowOf(house.database.kysely, number, languageOf(request))
    },
  }),
  route({
    method: 'POST',
    url: '/api/flow/versions/:number/restore',
    operation: 'restoreFlowVersion',
    summary: 'Go back: put the content of an earlier version in force again, as a new version',
    description:
      '`If-Match` is the number of the version in force, as `GET /api/flow` answers it: another one in between refuses with 412.',
    tag,
    access: flowKeepers,
    params: OneVersion,
    body: RestoreFlow,
    answer: FlowVersion,
    ifMatch: true,
    async handle({ house, actor, params, body, version, request }) {
      const { number } = await restoreFlow(house, actor, { number: params.number, inForce: version, note: body.note })
      return flowOf(house.database.kysely, number, languageOf(request))
    },
  }),
] as const
