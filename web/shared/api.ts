/**
 * The way to the API: typed fetch over JSON and problem+json (RFC 9457).
 *
 *   const page = await api.get<Page<TicketLine>>('/api/tickets', { view: 'mine' })
 *   await api.post<Ticket>(`/api/tickets/${id}/answer`, { answer }, { key })
 *   await api.patch<Contact>(`/api/contacts/${id}`, change, { version: contact.version })
 */
import i18next from 'i18next'
import type { Problem } from '../../src/platform/http/problem.ts'

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

export interface SendOptions {
  /** `Idempotency-Key`: a repetition with the same key does nothing twice. See `useIdempotencyKey`. */
  key?: string | undefined
  /** `If-Match`: the version that was read. */
  version?: number | undefined
  signal?: AbortSignal | undefined
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

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

async function send<T>(method: string, path: string, body: unknown, options: SendOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': i18next.language }
  if (body !== undefined) headers['content-type'] = body instanceof Blob ? body.type : 'application/json'
  if (options.key !== undefined) headers['idempotency-key'] = options.key
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : bodyText(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiProblem(0, 'web.offline', i18next.t('web:offline.request'))
  }
  listenToClock(response)
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
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

function withQuery(path: string, query: Query | undefined): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') text.set(name, String(value))
  return text.size > 0 ? `${path}?${text}` : path
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    send<T>('GET', withQuery(path, query), undefined, { signal }),
  post: <T = void>(path: string, body: unknown = {}, options?: SendOptions): Promise<T> => send<T>('POST', path, body, options),
  put: <T = void>(path: string, body: unknown = {}, options?: SendOptions): Promise<T> => send<T>('PUT', path, body, options),
  patch: <T = void>(path: string, body: unknown = {}, options?: SendOptions): Promise<T> => send<T>('PATCH', path, body, options),
  delete: <T = void>(path: string, options?: SendOptions): Promise<T> => send<T>('DELETE', path, undefined, options),
}

/** Returns a body as JSON. @throws Error for a number that is none: JSON would say null, which may mean something else */
export const bodyText = (body: unknown): string =>
  JSON.stringify(body, (field, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${field} is not a number`)
    return value
  })
