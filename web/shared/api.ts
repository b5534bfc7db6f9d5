/**
 * The way to the API: fetch over JSON and problem+json (RFC 9457), typed by the declarations of the routes (`routes.ts`).
 *
 *   const page = await api.get('/api/tickets', { query: { view: 'mine' }, signal })
 *   await api.post('/api/tickets/:ticketId/answer', { path: { ticketId }, body: { answer }, key })
 *   await api.patch('/api/contacts/:contactId', { path: { contactId }, body: change, version: contact.version })
 */
import i18next from 'i18next'
import type { Problem } from '../../src/platform/http/problem.ts'
import type { AnswerOf, Method, RequestArguments, UrlOf } from './routes.ts'

/** A request that was refused or did not arrive, with a sentence for the reader. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** HTTP status; 0 when nothing was answered. */
  readonly status: number
  /** `room.sentence`; `web.offline` when nothing was answered. */
  readonly code: string
  readonly values: Readonly<Record<string, unknown>>
  /** What is wrong with each field of the body, by the name of the field (`answer`, `replyTo.email`). */
  readonly errors: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    detail: string,
    values: Readonly<Record<string, unknown>> = {},
    errors: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.values = values
    this.errors = errors
  }

  /** Somebody else has changed the thing since it was read, or the thing is not any more as the action needs it. */
  get isConflict(): boolean {
    return this.status === 409 || this.status === 412
  }
}

/** The sentence of any error, for a notice. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiProblem ? error.message : i18next.t('web:unexpected')
}

/** What an error says about each field; nothing when it says nothing of fields. */
export const errorsOf = (error: unknown): Readonly<Record<string, string>> => (error instanceof ApiProblem ? error.errors : {})

/** Something that the form itself asks for before anything is sent: a sentence for each field, or one for all. */
export const missing = (what: string | Readonly<Record<string, string>>): ApiProblem =>
  typeof what === 'string' ? new ApiProblem(422, 'web.empty', what) : new ApiProblem(422, 'web.empty', '', {}, what)

/** What may go with any request; which of it a route takes, its declaration says. */
interface AnyRequest {
  path?: Readonly<Record<string, string | number>> | undefined
  query?: Readonly<Record<string, unknown>> | undefined
  body?: unknown
  key?: string | undefined
  version?: number | undefined
  signal?: AbortSignal | undefined
  /** Arrives although the page is left. */
  keepalive?: boolean | undefined
}

/** One page of a list. */
export interface Page<T> {
  items: T[]
  next: string | null
}

let serverAheadMs = 0

/** The time at the server, in ms since 1970: what it calls "since" and "until" is counted against it, whatever the clock here says. */
export const serverNow = (): number => Date.now() + serverAheadMs

function listenToClock(response: Response): void {
  const said = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(said)) return
  const ahead = said + 500 - Date.now()
  // The header has whole seconds: a smaller difference tells nothing.
  serverAheadMs = Math.abs(ahead) > 1_500 ? ahead : 0
}

async function send<M extends Method, U extends string>(method: M, url: U, request: AnyRequest = {}): Promise<AnswerOf<M, U>> {
  const { body, key, version, signal, keepalive = false } = request
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': i18next.language }
  if (body !== undefined) headers['content-type'] = body instanceof Blob ? body.type : 'application/json'
  if (key !== undefined) headers['idempotency-key'] = key
  if (version !== undefined) headers['if-match'] = `"${version}"`
  let response: Response
  try {
    response = await fetch(filled(url, request), {
      method,
      headers,
      credentials: 'same-origin',
      keepalive,
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : bodyText(body) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem(0, 'web.offline', i18next.t('web:offline.request'))
  }
  listenToClock(response)
  if (!response.ok) throw await problemOf(response)
  // The server's handler is typed by the schema from which this type is taken.
  return (response.status === 204 ? undefined : await response.json()) as AnswerOf<M, U>
}

async function problemOf(response: Response): Promise<ApiProblem> {
  if (!(response.headers.get('content-type') ?? '').includes('json'))
    return new ApiProblem(response.status, 'web.unexpected', i18next.t('web:unexpected'))
  const problem = (await response.json()) as Problem
  return new ApiProblem(response.status, problem.code, problem.detail, problem.values, fieldErrors(problem))
}

/** `body.replyTo.email` is `replyTo.email` to the form; a refusal about one field names it in `values.field`. */
export function fieldErrors(problem: Pick<Problem, 'errors' | 'values' | 'detail'>): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { field, message } of problem.errors ?? []) errors[field.replace(/^(body|query|path)\./, '')] ??= message
  const field = problem.values?.field
  if (typeof field === 'string') errors[field] ??= problem.detail
  return errors
}

/** Returns the address of a route with its parameters in their places. What is null, undefined or empty in the query is left out. */
export function filled(url: string, { path = {}, query = {} }: AnyRequest = {}): string {
  const address = url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(path[name])))
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') text.set(name, String(value))
  return text.size > 0 ? `${address}?${text}` : address
}

/** The address of what a page shows or plays by itself, e.g. the sound of a recording. */
export const addressOf = <U extends UrlOf<'GET'>>(url: U, ...[request]: RequestArguments<'GET', U>): string =>
  filled(url, request)

export const api = {
  get: <U extends UrlOf<'GET'>>(url: U, ...[request]: RequestArguments<'GET', U>) => send('GET', url, request),
  post: <U extends UrlOf<'POST'>>(url: U, ...[request]: RequestArguments<'POST', U>) => send('POST', url, request),
  put: <U extends UrlOf<'PUT'>>(url: U, ...[request]: RequestArguments<'PUT', U>) => send('PUT', url, request),
  patch: <U extends UrlOf<'PATCH'>>(url: U, ...[request]: RequestArguments<'PATCH', U>) => send('PATCH', url, request),
  delete: <U extends UrlOf<'DELETE'>>(url: U, ...[request]: RequestArguments<'DELETE', U>) => send('DELETE', url, request),
}

/** Returns a body as JSON. @throws Error for a number that is none: JSON would say null, which may mean something else */
export const bodyText = (body: unknown): string =>
  JSON.stringify(body, (field, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${field} is not a number`)
    return value
  })
