/** HTTP of known errors. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route, Text, Uuid } from '../platform/index.ts'
import {
  changeKnownError,
  createKnownError,
  knownErrorList,
  knownErrorsFor,
  knownErrorView,
  removeKnownError,
} from './known-errors.ts'
import { KnownError, KnownErrorChange, NewKnownError } from './model.ts'

const common = { tag: 'incidents', access: 'signed-in' } as const
const OneKnownError = z.object({ knownErrorId: Uuid })

export const knownErrorRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/known-errors',
    operation: 'listKnownErrors',
    summary: 'Known errors and their workarounds, by title',
    query: PageQuery.extend({ q: Text.pipe(z.string().max(200)).optional().meta({ example: 'sessione scaduta' }) }),
    answer: page(KnownError),
    handle: ({ house, actor, query, request }) => knownErrorList(house, actor, query, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/known-errors/:knownErrorId',
    operation: 'readKnownError',
    summary: 'One known error',
    params: OneKnownError,
    answer: KnownError,
    handle: ({ house, actor, params, request }) => knownErrorView(house, actor, params.knownErrorId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/typologies/:typologyId/known-errors',
    operation: 'listKnownErrorsOfTypology',
    summary: 'The known errors of a question: of its typology, or of one above it',
    params: z.object({ typologyId: z.string().min(1).max(100) }),
    answer: z.object({ items: z.array(KnownError) }),
    handle: ({ house, actor, params, request }) => knownErrorsFor(house, actor, params.typologyId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/known-errors',
    operation: 'createKnownError',
    summary: 'Keep a known error, also one that became known by an incident',
    body: NewKnownError,
    answer: KnownError,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency, request }) =>
      knownErrorView(house, actor, (await createKnownError(house, actor, body, idempotency)).id, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/known-errors/:knownErrorId',
    operation: 'changeKnownError',
    summary: 'Change a known error',
    params: OneKnownError,
    body: KnownErrorChange,
    answer: KnownError,
    ifMatch: true,
    async handle({ house, actor, params: { knownErrorId }, body, version, request }) {
      await changeKnownError(house, actor, { id: knownErrorId, version, change: body })
      return knownErrorView(house, actor, knownErrorId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/known-errors/:knownErrorId',
    operation: 'removeKnownError',
    summary: 'Take a known error away',
    params: OneKnownError,
    status: 204,
    handle: async ({ house, actor, params: { knownErrorId } }) =>
      void (await removeKnownError(house, actor, { id: knownErrorId })),
  }),
] as const
