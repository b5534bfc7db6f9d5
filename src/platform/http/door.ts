/**
 * The door of the HTTP server: what is done with a connection before anybody reads what it says.
 *
 *   connection  listens to its errors for as long as it lives, is counted, is shed when there are too many
 *   request     loses headers that only a proxy may write; every answer begins with the strictest headers
 *   nonsense    is answered in one sentence and closed
 *
 * A socket that emits `error` without a listener ends the process, and Node takes its own listeners off a socket that is upgraded or handed
 * over. So ours is the first and stays.
 */
import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Gauge } from 'prom-client'
import type { Config } from '../config.ts'
import { comesFromProxy, forgetForgedHeaders, isSecure, networkOf } from './addresses.ts'
import { registry } from './metrics.ts'

/** Times in milliseconds. */
export const patience = {
  headersMs: 10_000,
  /** From the first byte of a request to the last of its body. */
  requestMs: 30_000,
  /** Between two requests of one connection. */
  idleMs: 15_000,
  /** A proxy keeps its connections for a minute; if we closed one first, a request could meet its end. */
  idleOfProxyMs: 75_000,
  /** A connection on which nothing moves in either direction, e.g. of somebody who asks and does not read. */
  stillMs: 120_000,
  /** How often the first two are looked after. */
  checkMs: 1_000,
} as const

/** Names, values and the first line together; a request of a browser has about 2 kB. */
export const headersLimitBytes = 16_384
const maxHeaders = 100
const yearSeconds = 365 * 24 * 3_600

const openConnections = new Gauge({
  name: 'filodiretto_open_connections',
  help: 'Connections to the web role, live pages and WebSockets among them',
  registers: [registry],
})
const shedConnections = new Gauge({
  name: 'filodiretto_shed_connections',
  help: 'Connections refused since the start because there were too many',
  registers: [registry],
})

export type DoorSettings = Pick<Config, 'TRUST_PROXY' | 'PUBLIC_URL' | 'MAX_CONNECTIONS' | 'MAX_CONNECTIONS_PER_ADDRESS'>

/** Puts the door before everything else that listens to the server. */
export function guardDoor(app: FastifyInstance, settings: DoorSettings): void {
  const { server } = app
  const counts = new Map<string, number>()
  server.maxConnections = settings.MAX_CONNECTIONS
  server.maxHeadersCount = maxHeaders
  server.on('drop', () => shedConnections.inc())
  server.prependListener('connection', (socket: Socket) => {
    ignoreErrors(socket)
    openConnections.inc()
    const { remoteAddress } = socket
    const network = networkOf(remoteAddress ?? '')
    const count = (counts.get(network) ?? 0) + 1
    counts.set(network, count)
    socket.once('close', () => {
      openConnections.dec()
      const left = (counts.get(network) ?? 1) - 1
      if (left > 0) counts.set(network, left)
      else counts.delete(network)
    })
    // Behind a proxy everybody comes from its address: the proxy counts.
    if (count > settings.MAX_CONNECTIONS_PER_ADDRESS && !comesFromProxy(settings, remoteAddress)) {
      shedConnections.inc()
      socket.destroy()
    }
  })
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    forgetForgedHeaders(settings, request)
    for (const [name, value] of Object.entries(strictHeaders(settings, request))) response.setHeader(name, value)
  })
}

/** An error of a connection is its end, and everybody who waits for it hears of the end. */
export function ignoreErrors(socket: EventEmitter): void {
  socket.on('error', () => {})
}

/** What every answer says, also one that leads nowhere; pages say more exactly what they may load. */
function strictHeaders(settings: DoorSettings, { headers }: IncomingMessage): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), payment=(), usb=(), microphone=(self)',
    ...(isSecure(settings, headers) ? { 'strict-transport-security': `max-age=${yearSeconds}; includeSubDomains` } : {}),
  }
}

const reasons: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers what is no request, or did not come in time. */
export function answerNonsense(error: Error & { code?: string }, socket: Socket): void {
  ignoreErrors(socket)
  if (socket.writable && error.code !== 'ECONNRESET') socket.end(bareAnswer(reasons[error.code ?? ''] ?? '400 Bad Request'))
  // Whoever does not take the answer, or goes on sending, is not waited for.
  setTimeout(() => socket.destroy(), 500).unref()
}

/** An answer without a body, for where there is no server to make one. */
export const bareAnswer = (status: string): string =>
  [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Length: 0',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    '',
    '',
  ].join('\r\n')
