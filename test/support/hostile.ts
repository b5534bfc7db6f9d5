/**
 * Requests that nobody should send: random, malformed, or nearly right with one thing wrong. From a seed, so that each can be sent again.
 */
import fc from 'fast-check'
import { z } from 'zod'
import type { Route } from '../../src/platform/index.ts'

export interface HostileRequest {
  url: string
  headers: Record<string, string>
  /** The body as it goes over the wire; undefined when there is none. */
  body: string | undefined
}

/** Things of the database that a request may name, so that it gets further than "not found". */
export type KnownIds = readonly string[]

const hostileTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff\ud800y',
  '\u202e\u200b\ufeff',
  '\u0001\u007f\u0085',
  "'; drop table person; --",
  '" or 1=1 --',
  "\\'; select pg_sleep(9); --",
  '%00',
  '$1',
  '{{7*7}}#{7*7}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '../../../../etc/passwd',
  '\r\nSet-Cookie: session=x',
  'a@example.org\r\nBcc: b@example.org',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  '1e400',
  '-1',
  '0x10',
  '9999-99-99',
  '2026-02-30',
  '2026-13-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00.000Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'İıſK',
  '𝒳'.repeat(70),
  'à'.repeat(5_000),
  'a'.repeat(70_000),
]

const hostileNumbers = [-1, 0.5, -0, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -1e308, Number.MIN_VALUE, 99_999_999_999]

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostileTexts) },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
)

/** Values of every kind, with keys that must never reach a prototype. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(...hostileNumbers, true, false, null, [], {}, [[]], [null], [{}]),
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'id', 'length', '', '\0', 'then'),
    fc.jsonValue({ maxDepth: 1 }),
    {
      maxKeys: 4,
    },
  ),
)

interface Schema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minLength?: number
  minimum?: number
  maximum?: number
  default?: unknown
  examples?: unknown[]
  example?: unknown
}

const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema

/** Values that fit a schema more or less; about one leaf in ten is replaced by something else. */
function nearly(schema: Schema, ids: KnownIds): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    const either = schema.anyOf ?? schema.oneOf
    if (either) return fc.oneof(...either.map(each => nearly(each, ids)))
    if (schema.allOf)
      return fc.tuple(...schema.allOf.map(each => nearly(each, ids))).map(parts => Object.assign({}, ...parts) as unknown)
    if (schema.properties) {
      const required = new Set(schema.required ?? [])
      const fields = Object.entries(schema.properties).map(([name, field]) => {
        const value = nearly(field, ids)
        return [name, required.has(name) ? value : fc.option(value, { nil: undefined })] as const
      })
      return fc.record(Object.fromEntries(fields))
    }
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
    if (type === 'array') return fc.array(nearly(typeof schema.items === 'object' ? schema.items : {}, ids), { maxLength: 4 })
    if (type === 'boolean') return fc.boolean()
    if (type === 'integer' || type === 'number') return fc.oneof(fc.integer(boundsOf(schema)), fc.constantFrom(...hostileNumbers))
    if (type === 'null') return fc.constant(null)
    if (type === 'string') return textFor(schema, ids)
    return anything
  }
  return fc.oneof({ weight: 9, arbitrary: fitting() }, { weight: 1, arbitrary: anything })
}

function boundsOf({ minimum = 0, maximum = 100 }: Schema): { min: number; max: number } {
  const min = Math.ceil(Math.max(minimum, -1e9))
  return { min, max: Math.max(min, Math.floor(Math.min(maximum, 1e9))) }
}

function textFor(schema: Schema, ids: KnownIds): fc.Arbitrary<unknown> {
  const example = schema.example ?? schema.examples?.[0]
  if (schema.format === 'uuid') return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, fc.uuid())
  if (schema.format === 'date-time')
    return fc.constantFrom(
      '2026-11-24T09:40:00.000Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '9999-12-31T23:59:59-23:59',
      '2199-12-31T23:59:59.999Z',
      '2026-11-24T09:40:00+23:59',
    )
  if (schema.format === 'date') return fc.constantFrom('2026-11-24', '0001-01-01', '9999-12-31')
  if (schema.format === 'email') return fc.constantFrom('a@example.org', 'à@example.org')
  return fc.oneof(
    ...(example === undefined ? [] : [{ weight: 3, arbitrary: fc.constant(example) }]),
    { weight: 2, arbitrary: text },
    { weight: 2, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.constant("Una frase come un'altra") },
  )
}

const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth)

/** Texts that are no JSON, or JSON of a kind that hurts parsers. */
const raw = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[',
    '"',
    'null',
    'NaN',
    '{"a":1e400}',
    '{"a":1,}',
    "{'a':1}",
    '\ufeff{}',
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"a":1,"a":2}',
    '{"a":"\\ud800"}',
    '{"a":"\\u0000"}',
    `{"a":${'9'.repeat(400)}}`,
    deep('[', ']', 10_000),
    deep('{"a":', '', 5_000),
    `${deep('{"a":', '', 500)}1${'}'.repeat(500)}`,
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.jsonValue().map(value => JSON.stringify(value)),
)

const types = [
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/octet-stream',
  '',
  'json',
  'application/json;;;',
]

/**
 * Requests for one route.
 * @param ids named in paths only where a body or a query decides what happens: a body that nobody reads cannot be wrong
 */
export function hostileRequests(route: Route, ids: KnownIds, count: number, seed: number): HostileRequest[] {
  const decides = route.method === 'GET' || route.body !== undefined
  const param = fc.oneof(
    { weight: 2, arbitrary: fc.uuid() },
    { weight: 2, arbitrary: text.map(encoded) },
    ...(decides ? [{ weight: 6, arbitrary: fc.constantFrom(...ids).map(encoded) }] : []),
    { weight: 1, arbitrary: fc.constantFrom('%', '%ff', '%00', '..%2f..', '.', '%2e%2e', 'a'.repeat(300), '%f0%9f%98%80') },
  )
  const names = [...route.url.matchAll(/:(\w+)/g)].map(match => match[1] ?? '')
  const path = fc.tuple(...names.map(() => param)).map(values => {
    let i = 0
    return route.url.replace(/:\w+/g, () => values[i++] ?? '')
  })
  const query = route.query ? queryOf(schemaOf(route.query), ids) : fc.constantFrom('', '', '?', '?a=1', '?__proto__=1')
  const body =
    route.method === 'GET'
      ? fc.constant<Pick<HostileRequest, 'headers' | 'body'>>({ headers: {}, body: undefined })
      : bodyOf(route, ids)
  const match = fc.constantFrom(
    '"1"',
    '"1"',
    '"2"',
    '"0"',
    '1',
    '*',
    '"999999999"',
    '"-1"',
    '"99999999999999999999"',
    'W/"1"',
    '',
  )
  const key = fc.constantFrom('', 'hostile-key-1', 'hostile-key-2', 'x', 'a b c d e f g h', 'a'.repeat(300))
  const language = fc.constantFrom('it', 'en', '*;q=x', 'x'.repeat(500), '')
  const request = fc
    .tuple(path, query, body, match, key, language)
    .map(([where, search, { headers, body: sent }, ifMatch, idempotency, accept]) => ({
      url: where + search,
      headers: {
        ...headers,
        ...(route.ifMatch && ifMatch !== '' ? { 'if-match': ifMatch } : {}),
        ...(route.idempotent && idempotency !== '' ? { 'idempotency-key': idempotency } : {}),
        'accept-language': accept,
      },
      body: sent,
    }))
  const requests = fc.sample(request, { numRuns: count, seed })
  // One of a megabyte and one that is larger than is taken; more would only cost time.
  if (route.method !== 'GET' && requests.length > 2) {
    const [first, second] = requests
    if (first)
      Object.assign(first, {
        body: JSON.stringify({ text: 'à'.repeat(500_000) }),
        headers: { 'content-type': 'application/json' },
      })
    if (second) Object.assign(second, { body: `[${'1,'.repeat(600_000)}1]`, headers: { 'content-type': 'application/json' } })
  }
  return requests
}

function bodyOf(route: Route, ids: KnownIds): fc.Arbitrary<Pick<HostileRequest, 'headers' | 'body'>> {
  const json = (value: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
  const guided = route.body ? nearly(schemaOf(route.body), ids) : anything
  return fc.oneof(
    { weight: 6, arbitrary: guided.map(json) },
    { weight: 2, arbitrary: anything.map(json) },
    { weight: 2, arbitrary: raw.map(body => ({ headers: { 'content-type': 'application/json' }, body })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(raw, fc.constantFrom(...types))
        .map(([body, type]) => ({ headers: type === '' ? {} : { 'content-type': type }, body })),
    },
    { weight: 1, arbitrary: fc.constant({ headers: {}, body: undefined }) },
  )
}

function queryOf(schema: Schema, ids: KnownIds): fc.Arbitrary<string> {
  const names = [...Object.keys(schema.properties ?? {}), '__proto__', 'a[b]', '']
  const pair = fc.constantFrom(...names).chain(name => {
    const field = schema.properties?.[name]
    return fc
      .oneof(field ? nearly(field, ids) : text, text)
      .map(value => `${encoded(name)}=${encoded(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}`)
  })
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.array(pair, { minLength: 0, maxLength: 5 }).map(pairs => (pairs.length > 0 ? `?${pairs.join('&')}` : '')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '?',
        '?=',
        '?&&&',
        '?%',
        '?a=%ff',
        `?${'a&'.repeat(2_000)}`,
        '?limit=1&limit=2',
        '?cursor=W10',
        '?cursor=bnVsbA',
        '?cursor=WyJcdTAwMDAiLCJcdWQ4MDAiXQ',
      ),
    },
  )
}

/** As it can stand in an address; what cannot be written there at all is left as its escape. */
function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed().slice(0, 3_000)) || '%20'
}
