/**
 * Requests to Asterisk, each with a deadline, over a bounded number of kept-alive connections.
 *
 * Bounded, because Asterisk's small HTTP server refuses sessions above its `sessionlimit` and a burst of calls would reach it;
 * `node:http` and not `fetch`, because the bound belongs to the connections and the cost of a request is paid ten times a call.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { Clock } from '../../../platform/index.ts'
import { AriUnavailable, ariError } from './errors.ts'

/** Idle connections are ours to close: well before the 15 s after which Asterisk would, so that a request never meets a closing one. */
const idleConnectionMs = 5_000

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below `/ari`, its variable parts already encoded (`path` does it). */
  readonly path: string
  /** Lists are sent with commas between, undefined is left out. */
  readonly query?: Query
  readonly body?: unknown
  /** Milliseconds until the request is given up; default from the options. */
  readonly timeoutMs?: number
}

export interface AriHttp {
  /**
   * Sends a request and returns the decoded body, undefined when there is none.
   * @throws AriError by the status of the answer, AriUnavailable when there is none in time.
   */
  send(request: AriRequest): Promise<unknown>
  close(): void
}

export interface AriAddress {
  /** Where Asterisk's HTTP server listens, e.g. `http://127.0.0.1:8088`, with its `prefix` if it has one. */
  readonly url: string
  readonly user: string
  readonly password: string
}

/** Joins parts of a path, each encoded: `path('channels', id, 'answer')`. */
export const path = (...parts: readonly string[]): string => parts.map(part => `/${encodeURIComponent(part)}`).join('')

/** The header that signs in to ARI (RFC 7617). */
export const authorization = ({ user, password }: AriAddress): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

export function openHttp(address: AriAddress, clock: Clock, options: { requestTimeoutMs: number; connections: number }): AriHttp {
  const base = `${address.url.replace(/\/+$/, '')}/ari`
  const secure = base.startsWith('https:')
  const agentOptions = {
    keepAlive: true,
    maxSockets: options.connections,
    scheduling: 'lifo',
    timeout: idleConnectionMs,
  } as const
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
  const start = secure ? requestHttps : requestHttp

  return {
    send: ({ method, path: where, query, body, timeoutMs = options.requestTimeoutMs }) =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body), 'utf8')
        const headers: Record<string, string | number> = { authorization: authorization(address), accept: 'application/json' }
        if (payload) {
          headers['content-type'] = 'application/json'
          headers['content-length'] = payload.length
        } else if (method === 'POST' || method === 'PUT') headers['content-length'] = 0

        const request = start(`${base}${where}${queryString(query)}`, { method, headers, agent }, answer => {
          readBody(answer).then(text => {
            cancelDeadline()
            const status = answer.statusCode ?? 0
            const decoded = decode(text)
            if (status >= 200 && status < 300) resolve(decoded)
            else
              reject(
                ariError({ method, path: where, status }, `${status} ${reasonIn(decoded) ?? answer.statusMessage ?? ''}`.trim()),
              )
          }, failed)
        })
        const cancelDeadline = clock.after(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)))
        const failed = (error: Error) => {
          cancelDeadline()
          reject(new AriUnavailable({ method, path: where, status: 0 }, error.message, { cause: error }))
        }
        request.on('error', failed)
        request.end(payload)
      }),
    close: () => agent.destroy(),
  }
}

function queryString(query: Query | undefined): string {
  if (!query) return ''
  const pairs: string[] = []
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    pairs.push(`${name}=${encodeURIComponent(typeof value === 'object' ? value.join(',') : String(value))}`)
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function decode(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's error page, or Asterisk's own: the status says what happened.
    return undefined
  }
}

function reasonIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  if ('message' in body && typeof body.message === 'string') return body.message
  if ('error' in body && typeof body.error === 'string') return body.error
  return undefined
}
