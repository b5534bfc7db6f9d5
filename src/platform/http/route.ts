/**
 * A route, said once: its schemas check what comes in, type the handler, and are the text of the OpenAPI description.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor, PersonActor } from '../actor.ts'
import { Refused } from '../errors.ts'
import type { House } from '../house.ts'
import type { Idempotency } from '../idempotency.ts'
import { isText, oneLine, plainText } from '../text.ts'

/** Who may call a route: anybody, whoever is signed in, or those who act as one of the roles. What they see of it is decided in the room. */
export type Access = 'public' | 'signed-in' | readonly string[]

type Schema = z.ZodType
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Output<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined
/** What a handler returns: what its schema says, where it has one. */
type Answer<R extends Schema | undefined> = R extends Schema ? z.output<R> : unknown

export interface Call<
  P extends Schema | undefined,
  Q extends Schema | undefined,
  B extends Schema | undefined,
  A extends Access,
> {
  readonly house: House
  readonly actor: A extends 'public' ? Actor : PersonActor
  readonly params: Output<P>
  readonly query: Output<Q>
  readonly body: Output<B>
  /** Present when the request carried an `Idempotency-Key`; hand it to the use case. */
  readonly idempotency: Idempotency | undefined
  /** The version in `If-Match`; always there on routes with `ifMatch`. */
  readonly version: number
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export interface Bytes {
  /** The media types under which they may come; the first one is the proper one. */
  types: readonly [string, ...string[]]
  limitBytes: number
  description: string
}

/** The body of a route that `takes` bytes; empty when there was none. */
export const bytesOf = (request: Pick<FastifyRequest, 'body'>): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)

/** The media type of the body, without parameters. */
export const mediaTypeOf = (request: Pick<FastifyRequest, 'headers'>): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** A route: `M` its method, `U` its address, `A` who may call it, then the schemas of its parameters, query, body and answer, and what it asks for beside them. */
export interface RouteOf<
  M extends Method,
  U extends string,
  A extends Access,
  P extends Schema | undefined,
  Q extends Schema | undefined,
  B extends Schema | undefined,
  R extends Schema | undefined,
  V extends boolean,
  I extends boolean,
  T extends Bytes | undefined,
> {
  method: M
  /** Fastify's form: `/api/cases/:caseId`. */
  url: U
  /** Its name in the description of the API, from which clients make their functions: a verb and its object, e.g. `listTickets`. For ever. */
  operation: string
  summary: string
  description?: string
  tag: string
  access: A
  params?: P
  query?: Q
  body?: B
  /** The largest body in JSON, in bytes; 64 kB unless said. */
  bodyLimitBytes?: number
  /** The body is no JSON but bytes, e.g. a sound: the handler finds them in `bytesOf(request)`. */
  takes?: T
  /** The answer is no JSON but bytes of this media type; the handler returns a Buffer. */
  gives?: string
  /** Shape of the answer, which the handler must return; answered as it is, without a second check. */
  answer?: R
  /** The media type of the answer in JSON; `application/json` unless said. */
  answerType?: string
  /** 200 unless said; 204 when there is no answer. */
  status?: number
  /** The creation may be repeated with the same `Idempotency-Key`. */
  idempotent?: I
  /** The edit needs the version that was read, in `If-Match`. */
  ifMatch?: V
  /**
   * At most so many requests a minute: of one person, where people sign in (and of their address a thousand times as many); from one address
   * on a public route.
   */
  perMinute?: number
  handle(call: Call<P, Q, B, A>): Promise<Answer<R>>
}

/** A route whose own types are no longer needed: what the server and the description work with. */
export interface Route
  extends Omit<
    RouteOf<
      Method,
      string,
      Access,
      Schema | undefined,
      Schema | undefined,
      Schema | undefined,
      Schema | undefined,
      boolean,
      boolean,
      Bytes | undefined
    >,
    'handle'
  > {
  /** Takes the `Call` that its own schemas describe; only the server, which has checked them, calls it. */
  handle(call: never): Promise<unknown>
}

/** Declares a route. Its schemas type the handler, and what the browser may send and will get (`web/shared/api.ts`). */
export function route<
  const M extends Method,
  const U extends string,
  const A extends Access,
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
  const V extends boolean = false,
  const I extends boolean = false,
  T extends Bytes | undefined = undefined,
>(definition: RouteOf<M, U, A, P, Q, B, R, V, I, T>): RouteOf<M, U, A, P, Q, B, R, V, I, T> {
  return definition
}

// --- pieces that many rooms use -------------------------------------------------------------------------------------

export const Uuid = z.uuid().meta({ example: '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d' })
/** An instant, ISO 8601 in UTC, e.g. 2026-11-24T09:40:00.000Z. What lies centuries away is a slip, and calendars break on it. */
export const Instant = z.iso
  .datetime({ offset: true })
  .refine(text => {
    const year = new Date(text).getUTCFullYear()
    return year >= 1900 && year < 2200
  }, 'platform.field.yearsFarAway')
  .meta({ example: '2026-11-24T09:40:00.000Z' })
/** Text that a person typed or pasted, of several lines perhaps. */
export const Text = z.string().overwrite(plainText).refine(isText, 'platform.field.controlCharacters')
/** Text of one line: a name, a title. */
export const TextLine = z.string().overwrite(oneLine).refine(isText, 'platform.field.controlCharacters')

export const PageQuery = z.object({
  cursor: z.string().max(500).optional().describe('where the previous page ended, from its `next`'),
  limit: z.coerce.number().int().min(1).max(100).default(30).describe('entries on a page'),
})

/** The shape of one page of a list. */
export const page = <T extends Schema>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('cursor of the next page; null at the end') })

/** A cursor is the sort key of the last entry of a page, opaque to the caller. */
export const encodeCursor = (key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/**
 * Reads a cursor whose key has the shape of `schema`.
 * @throws Refused 400 for a cursor that is none of ours.
 */
export function decodeCursor<T extends Schema>(schema: T, cursor: string | undefined): z.output<T> | undefined {
  if (cursor === undefined) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new Refused('platform.cursorUnknown', {}, 400)
  }
}

/**
 * Cuts `limit + 1` rows into a page.
 * @param key the sort key of a row, which becomes the cursor.
 */
export function pageOf<R>(
  rows: readonly R[],
  limit: number,
  key: (row: R) => readonly (string | number)[],
): { items: R[]; next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null }
}
