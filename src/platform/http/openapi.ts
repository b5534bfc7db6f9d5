/** The description of the API (OpenAPI 3.1), made from the routes themselves. */
import { z } from 'zod'
import { ChangedMeanwhile } from './changed-meanwhile.ts'
import { Problem } from './problem.ts'
import type { Bytes, Route } from './route.ts'

type Json = Record<string, unknown>

/** A description with a path for each route. `answer` schemas describe outputs, the others inputs. */
export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {}
  for (const each of routes) {
    const path = each.url.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Filo Diretto',
      version: '1',
      description:
        'Customer care for public bodies: contact centre, regional expert centres, local offices. Errors are RFC 9457 problems.',
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(each => each.tag))].sort().map(name => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output'), ChangedMeanwhile: schemaOf(ChangedMeanwhile, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'session' } },
    },
  }
}

function operation(each: Route): Json {
  const status = each.status ?? (each.answer || each.gives ? 200 : 204)
  return {
    operationId: operationId(each),
    summary: each.summary,
    ...(each.description ? { description: each.description } : {}),
    tags: [each.tag],
    ...(each.access === 'public' ? { security: [] } : { security: [{ session: [] }] }),
    ...(Array.isArray(each.access) ? { 'x-roles': each.access } : {}),
    parameters: [
      ...parametersOf(each.params, 'path'),
      ...parametersOf(each.query, 'query'),
      ...(each.idempotent
        ? [header('Idempotency-Key', false, 'makes a repetition of the same request harmless', 'c0ffee00-booking-1')]
        : []),
      ...(each.ifMatch ? [header('If-Match', true, 'the version that was read', '"7"')] : []),
    ],
    ...(each.takes ? { requestBody: bytes(each.takes) } : {}),
    ...(each.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(each.body, 'input') } } } }
      : {}),
    responses: {
      [status]: {
        description: each.answer || each.gives ? 'Done' : 'Done, nothing to say',
        ...(each.gives ? { content: { [each.gives]: { schema: { type: 'string', contentMediaType: each.gives } } } } : {}),
        ...(each.answer ? { content: { 'application/json': { schema: schemaOf(each.answer, 'output') } } } : {}),
      },
      ...(each.ifMatch ? { 412: changedMeanwhile } : {}),
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** What an edit of an older version is told: what stands there now, who changed it and when. */
const changedMeanwhile: Json = {
  description: 'It was changed since the version in If-Match',
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { values: { $ref: '#/components/schemas/ChangedMeanwhile' } } },
        ],
      },
    },
  },
}

/** Bytes are no schema of JSON: OpenAPI 3.1 says their media type. */
const bytes = ({ types: [type], description, limitBytes }: Bytes): Json => ({
  required: true,
  description: `${description} At most ${Math.floor(limitBytes / 1_048_576)} MB.`,
  content: { [type]: { schema: { type: 'string', contentMediaType: type } } },
})

const operationId = (each: Route): string =>
  [each.method.toLowerCase(), ...each.url.split('/').filter(part => part !== '' && part !== 'api')]
    .map(part => part.replace(/\W/g, ''))
    .join('_')

const header = (name: string, required: boolean, description: string, example: string): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
  example,
})

function parametersOf(schema: Route['params'], place: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties, required } = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    ...(typeof property.description === 'string' ? { description: property.description } : {}),
    schema: property,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    target: 'draft-2020-12',
  }) as Json
  return json
}
