/**
 * The description of the API (OpenAPI 3.1), made from the routes themselves.
 *
 * It is in the order that the Italian guidelines for interoperability ask for (AgID, "Linee guida sull'interoperabilità tecnica", 2021, and the
 * checks made of them): numbers say their format, errors are RFC 9457 problems, limits are told in headers, `/status` says whether the service
 * stands. `test/openapi.test.ts` holds it against the rules.
 */
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { ChangedMeanwhile } from './changed-meanwhile.ts'
import { Problem } from './problem.ts'
import type { Bytes, Route } from './route.ts'
import { Schemas } from './schemas.ts'

type Json = Record<string, unknown>

/** Where the paths of the description begin. */
export const apiBase = '/api'

/** Who offers the API: what a reader of its description must know of the installation. */
export type Publisher = Pick<Config, 'PUBLIC_URL' | 'API_CONTACT_NAME' | 'API_CONTACT_EMAIL' | 'API_TERMS_URL'> & {
  /** Semantic version of the program. */
  version: string
}

/** Returns a description with a path for each route. `answer` schemas describe outputs, the others inputs. */
export function openApi(routes: readonly Route[], publisher: Publisher): Json {
  const steps = describing(routes, publisher)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same, for a process that has callers on the line: after each route whatever else waits has its turn. It takes about a second in all. */
export async function openApiInTurns(routes: readonly Route[], publisher: Publisher): Promise<Json> {
  const steps = describing(routes, publisher)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await setImmediate()
  }
}

/** One step for each route. */
function* describing(routes: readonly Route[], publisher: Publisher): Generator<undefined, Json> {
  const schemas = new Schemas()
  schemas.of(Problem, 'output', 'Problem')
  schemas.of(ChangedMeanwhile, 'output', 'ChangedMeanwhile')
  const paths: Record<string, Json> = {}
  for (const each of routes) {
    const path = each.url.slice(apiBase.length).replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each, schemas) }
    yield
  }
  return {
    openapi: '3.1.0',
    info: info(publisher),
    servers: [
      {
        url: `${(publisher.PUBLIC_URL ?? '').replace(/\/+$/, '')}${apiBase}`,
        description: publisher.PUBLIC_URL === undefined ? 'This installation, wherever it is reached' : 'This installation',
        // Without an address of its own it is not published: a trial on one machine.
        ...(publisher.PUBLIC_URL === undefined ? { 'x-sandbox': true } : {}),
      },
    ],
    tags: [...new Set(routes.map(each => each.tag))].sort().map(name => ({ name, description: `Operations on ${name}` })),
    paths,
    components: {
      schemas: schemas.named,
      headers,
      responses: {
        Refused: problem('Refused: the problem says what to mend'),
        TooManyRequests: tooMany,
        Unavailable: unavailable,
        ChangedMeanwhile: changedMeanwhile,
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'The cookie that signing in sets' },
      },
    },
  }
}

const info = ({ version, API_CONTACT_NAME, API_CONTACT_EMAIL, API_TERMS_URL, PUBLIC_URL }: Publisher): Json => ({
  title: 'Filo Diretto',
  'x-summary': 'Customer care of a public body: contact centre, expert centres, offices by appointment',
  version,
  description:
    'Customer care for public bodies: contact centre, regional expert centres, local offices. Errors are RFC 9457 problems in the language of ' +
    '`Accept-Language`; creations take an `Idempotency-Key`; edits take the version that was read in `If-Match`; lists answer `next`, the cursor of the following page.',
  termsOfService: API_TERMS_URL ?? `${PUBLIC_URL?.replace(/\/+$/, '') ?? ''}${apiBase}/docs#terms`,
  contact: {
    name: API_CONTACT_NAME,
    ...(API_CONTACT_EMAIL === undefined ? {} : { email: API_CONTACT_EMAIL }),
    url: `${PUBLIC_URL?.replace(/\/+$/, '') ?? ''}${apiBase}/docs`,
  },
  license: { name: 'EUPL-1.2', url: 'https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12' },
})

function operation(each: Route, schemas: Schemas): Json {
  const done = each.status ?? (each.answer || each.gives ? 200 : 204)
  const name = capital(each.operation)
  return {
    operationId: each.operation,
    summary: each.summary,
    description: describe(each),
    tags: [each.tag],
    ...(each.access === 'public' ? { security: [] } : { security: [{ session: [] }] }),
    ...(Array.isArray(each.access) ? { 'x-roles': each.access } : {}),
    parameters: [
      ...parametersOf(each.params, 'path', schemas, name),
      ...parametersOf(each.query, 'query', schemas, name),
      ...(each.idempotent
        ? [header('Idempotency-Key', false, 'makes a repetition of the same request harmless', 'c0ffee00-booking-1')]
        : []),
      ...(each.ifMatch ? [header('If-Match', true, 'the version that was read', '"7"')] : []),
    ],
    ...(each.takes ? { requestBody: bytes(each.takes) } : {}),
    ...(each.body
      ? {
          requestBody: {
            required: true,
            content: { [bodyType(each)]: { schema: schemas.of(each.body, 'input', `${name}Body`) } },
          },
        }
      : {}),
    responses: {
      [done]: {
        description: each.answer || each.gives ? 'Done' : 'Done, nothing to say',
        ...(each.perMinute ? { headers: limitHeaders } : {}),
        ...(each.gives ? { content: { [each.gives]: { schema: { type: 'string', contentMediaType: each.gives } } } } : {}),
        ...(each.answer
          ? {
              content: {
                [each.answerType ?? 'application/json']: { schema: schemas.of(each.answer, 'output', `${name}Answer`) },
              },
            }
          : {}),
      },
      ...(each.ifMatch ? { 412: { $ref: '#/components/responses/ChangedMeanwhile' } } : {}),
      ...(each.perMinute ? { 429: { $ref: '#/components/responses/TooManyRequests' } } : {}),
      503: { $ref: '#/components/responses/Unavailable' },
      default: { $ref: '#/components/responses/Refused' },
    },
  }
}

/** A change names the fields that shall be others, and nothing else (RFC 7396). */
export const bodyType = (each: Pick<Route, 'method'>): string =>
  each.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'

/** What can be said of an operation beyond its summary. */
function describe(each: Route): string {
  const sentences = [each.description ?? `${each.summary}.`]
  if (each.access === 'public') sentences.push('Open to anybody.')
  else if (each.access === 'signed-in')
    sentences.push('Needs a session; what the role may do with it decides the table of rights.')
  else sentences.push(`For the roles ${each.access.join(', ')}.`)
  if (each.ifMatch) sentences.push('Refused with 412 when somebody else has changed it since it was read.')
  if (each.idempotent) sentences.push('May be repeated with the same `Idempotency-Key`.')
  if (each.perMinute) sentences.push(`At most ${each.perMinute} requests a minute.`)
  return sentences.map(sentence => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)).join(' ')
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

// --- limits and errors ----------------------------------------------------------------------------------------------

const count = (description: string): Json => ({ description, schema: { type: 'integer', format: 'int32', minimum: 0 } })

/** Set by the limiter of requests, by these names. */
const headers: Json = {
  'X-RateLimit-Limit': count('requests that are allowed in a minute'),
  'X-RateLimit-Remaining': count('requests that are left of them'),
  'X-RateLimit-Reset': count('seconds until they are counted anew'),
  'Retry-After': count('seconds after which it may be tried again'),
}
const headerRef = (name: string): Json => ({ [name]: { $ref: `#/components/headers/${name}` } })
const limitHeaders: Json = {
  ...headerRef('X-RateLimit-Limit'),
  ...headerRef('X-RateLimit-Remaining'),
  ...headerRef('X-RateLimit-Reset'),
}
const problem = (description: string, own: Json = {}): Json => ({
  description,
  ...(Object.keys(own).length > 0 ? { headers: own } : {}),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const tooMany = problem('Too many requests for now', { ...limitHeaders, ...headerRef('Retry-After') })
const unavailable = problem('Not able to answer for now', headerRef('Retry-After'))

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

// --- pieces ---------------------------------------------------------------------------------------------------------

/** Bytes are no schema of JSON: OpenAPI 3.1 says their media type. */
const bytes = ({ types: [type], description, limitBytes }: Bytes): Json => ({
  required: true,
  description: `${description} At most ${Math.floor(limitBytes / 1_048_576)} MB.`,
  content: { [type]: { schema: { type: 'string', contentMediaType: type } } },
})

const header = (name: string, required: boolean, description: string, example: string): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
  example,
})

/** What the parameters mean that need no word of their own where they are declared: one meaning for one name. */
const meanings: Readonly<Record<string, string>> = {
  q: 'words to look for, in any order; their beginnings are enough',
  kind: 'only those of this kind',
  mode: 'only those that are channelled, or that ring their office',
  view: 'which of the reader’s lists',
  limit: 'how many at most',
  year: 'year of the calendar',
  date: 'day in the time zone of the institute',
  days: 'how many days, from the first',
  weeks: 'how many weeks of history it is reckoned from',
  from: 'the first instant or day of the span',
  until: 'the end of the span, which is not part of it',
  of: 'the version of the flow: the one in force, or the draft',
  version: 'number of the version; the newest unless said',
  number: 'number of the version',
  phone: 'telephone number in any writing',
  withinSeconds: 'target: seconds within which calls are answered',
  urgent: 'at once, whatever the person is doing',
  afterCall: 'when the conversation has ended that the person is in',
}

/** `personId` is the identifier of a person. */
function meaningOf(field: string): string {
  const words = field.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return meanings[field] ?? (words.endsWith(' id') ? `identifier of the ${words.slice(0, -3)}` : words)
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Schemas, name: string): Json[] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([field, type]) => {
    const { description, example, examples, ...property } = schemas.of(type, 'input', `${name}${capital(field)}`)
    const first = example ?? (Array.isArray(examples) ? examples[0] : undefined)
    return {
      name: field,
      in: place,
      required: place === 'path' || !type.safeParse(undefined).success,
      description: typeof description === 'string' ? description : meaningOf(field),
      schema: property,
      ...(first === undefined ? {} : { example: first }),
    }
  })
}
