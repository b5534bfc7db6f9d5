/** Whatever a request may bring is bounded by its schema. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { routes } from '../src/routes.ts'

interface Schema {
  readonly type?: string
  readonly items?: Schema
  readonly prefixItems?: unknown
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** The lists of a schema that have no bound, by where they stand. */
function unboundedLists(schema: Schema, at: string): string[] {
  const { items, additionalProperties } = schema
  const own = schema.type === 'array' && schema.maxItems === undefined && schema.prefixItems === undefined ? [at] : []
  const parts: [string, Schema][] = [
    ...Object.entries(schema.properties ?? {}),
    ...Object.entries(schema.$defs ?? {}),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].map((part): [string, Schema] => ['|', part]),
    ...(items ? [['[]', items] satisfies [string, Schema]] : []),
    ...(typeof additionalProperties === 'object' ? [['{}', additionalProperties] satisfies [string, Schema]] : []),
  ]
  return [...own, ...parts.flatMap(([name, part]) => unboundedLists(part, `${at}.${name}`))]
}

test('every list in a body or an address has a greatest length', () => {
  const unbounded = routes.flatMap(({ method, url, body, query, params }) =>
    [body, query, params].flatMap(schema =>
      schema ? unboundedLists(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema, `${method} ${url}`) : [],
    ),
  )
  expect(unbounded).toEqual([])
})

test('no body is larger than what its route needs', () => {
  for (const { method, url, bodyLimitBytes = 65_536 } of routes)
    expect(bodyLimitBytes, `${method} ${url}`).toBeLessThanOrEqual(1_048_576)
  expect(routes.find(({ method, url }) => method === 'POST' && url === '/api/session')?.bodyLimitBytes).toBe(4_096)
})
