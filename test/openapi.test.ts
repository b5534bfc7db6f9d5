/**
 * The description of the API, held against Spectral's own rules for OpenAPI and against what the Italian guidelines for interoperability ask for
 * beyond them. Without it no generator makes a client that can be trusted.
 */
import { createRequire } from 'node:module'
import type { RuleDefinition, RulesetDefinition } from '@stoplight/spectral-core'
import { beforeAll, expect, test } from 'vitest'
import { openApi, statusRoute } from '../src/platform/index.ts'
import { routes } from '../src/routes.ts'

// Both are CommonJS whose names Node does not find by reading them.
const require = createRequire(import.meta.url)
const { Spectral } = require('@stoplight/spectral-core') as typeof import('@stoplight/spectral-core')
const { oas } = require('@stoplight/spectral-rulesets') as typeof import('@stoplight/spectral-rulesets')
const { truthy, pattern, defined, enumeration } =
  require('@stoplight/spectral-functions') as typeof import('@stoplight/spectral-functions')

const published = {
  PUBLIC_URL: 'https://filo.example',
  API_CONTACT_NAME: 'Istituto di esempio',
  API_CONTACT_EMAIL: 'api@filo.example',
  API_TERMS_URL: 'https://filo.example/termini',
  version: '1.2.3',
}
const ofType = (kind: string) => `$..[?(@ && @.type==='${kind}')]`

type Check = Exclude<RuleDefinition['then'], readonly unknown[]>

/** A rule: what it looks at, and what must hold there. */
const rule = (given: string, ...checks: Check[]): RuleDefinition => ({
  given,
  severity: 'error',
  // biome-ignore lint/suspicious/noThenProperty: Spectral's word for what is checked
  then: checks,
})
const needs = (...fields: string[]): Check[] => fields.map(field => ({ field, function: truthy }))
const has = (...fields: string[]): Check[] => fields.map(field => ({ field, function: defined }))
const matches = (match: string, field?: string): Check => ({
  ...(field && { field }),
  function: pattern,
  functionOptions: { match },
})
const formats = (...values: string[]): Check[] => [
  ...needs('format'),
  { field: 'format', function: enumeration, functionOptions: { values } },
]
const operations = '$.paths[*][get,put,post,patch,delete]'

const rules: RulesetDefinition = {
  extends: [[oas as RulesetDefinition, 'all']],
  rules: {
    'integer-format': rule(ofType('integer'), ...formats('int32', 'int64')),
    'number-format': rule(ofType('number'), ...formats('double', 'float')),
    'info-complete': rule('$.info', ...needs('x-summary', 'termsOfService', 'description')),
    'contact-complete': rule('$.info.contact', ...needs('name', 'email', 'url')),
    'semantic-version': rule('$.info.version', matches('^\\d+\\.\\d+\\.\\d+')),
    'server-complete': rule('$.servers[*]', ...needs('description'), matches('^https://', 'url')),
    'status-path': rule('$.paths', ...has('/status')),
    'merge-patch': rule('$.paths[*].patch.requestBody.content', ...has('application/merge-patch+json')),
    'errors-are-problems': rule('$.components.responses[*].content', ...has('application/problem+json')),
    'limits-are-told': rule(
      "$.components.responses['TooManyRequests'].headers",
      ...has('X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'Retry-After'),
    ),
    'operation-described': rule(operations, ...needs('description', 'summary', 'operationId')),
    'operation-has-a-verb-of-its-own': rule(`${operations}.operationId`, {
      function: pattern,
      functionOptions: { notMatch: '^(get|put|post|patch|delete|head|options)([A-Z_]|$)' },
    }),
    'kebab-paths': rule('$.paths[*]~', matches('^(/([a-z0-9-]+|\\{[A-Za-z]+\\}))+(\\.[a-z]+)?$')),
    'schema-names': rule('$.components.schemas[*]~', matches('^[A-Z][A-Za-z0-9]*$')),
  },
}

let description: ReturnType<typeof openApi>
let spectral: InstanceType<typeof Spectral>

beforeAll(() => {
  description = openApi([...routes, statusRoute(async () => ({ ready: true }))], published)
  spectral = new Spectral()
  spectral.setRuleset(rules)
})

const found = async (text: object) =>
  (await spectral.run(JSON.parse(JSON.stringify(text)))).map(
    ({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`,
  )

test('nothing is wrong with the description', async () => {
  expect((await found(description)).slice(0, 20)).toEqual([])
})

test('what is wrong is found', async () => {
  const broken = structuredClone(description) as {
    info: Record<string, unknown>
    paths: Record<string, Record<string, Record<string, unknown>>>
    components: { schemas: Record<string, object> }
  }
  broken.info.version = '1'
  const [first = ''] = Object.keys(broken.paths)
  const [method = ''] = Object.keys(broken.paths[first] ?? {})
  const operation = broken.paths[first]?.[method] ?? {}
  operation.operationId = 'getSomething'
  operation.responses = { 200: { description: 'Done', content: { 'application/json': { schema: { $ref: '#/$defs/Nowhere' } } } } }
  broken.components.schemas.Length = { type: 'integer' }
  const codes = (await found(broken)).map(each => each.split(' ')[0])
  expect(codes).toEqual(
    expect.arrayContaining(['semantic-version', 'operation-has-a-verb-of-its-own', 'invalid-ref', 'integer-format']),
  )
})

test('every operation has a name of its own', () => {
  const names = routes.map(({ operation }) => operation)
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([])
})
