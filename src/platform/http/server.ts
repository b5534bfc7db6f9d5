/**
 * The HTTP server: routes, safety headers, sessions, live stream, WebSockets, health, metrics, and the browser's pages.
 */
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import files from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Actor } from '../actor.ts'
import { Refused } from '../errors.ts'
import { fingerprintOf, type House } from '../house.ts'
import { documentationPage } from './documentation.ts'
import type { Audience } from './fan-out.ts'
import { openLive } from './live.ts'
import { httpMetrics, registry } from './metrics.ts'
import { openApi } from './openapi.ts'
import { perMinute } from './per-minute.ts'
import { answerError, Invalid } from './problem.ts'
import type { Call, Route } from './route.ts'

/** What the server asks of the rooms. */
export interface ServerParts {
  routes: readonly Route[]
  sockets: readonly SocketRoute[]
  /** Who sends the request, from its cookie; null when nobody is signed in. */
  authenticate(house: House, headers: IncomingMessage['headers']): Promise<Actor | null>
  /** Who may know that an entry exists. */
  audience: Audience
  /** What a request shows of its session, the same for all its pages; undefined without one. */
  sessionOf?(house: House, headers: IncomingMessage['headers']): string | undefined
  /** Whether the program can work; the sentences of what cannot. */
  ready(): Promise<{ ready: boolean; details: Record<string, string> }>
  /** Folder of the built pages; undefined to serve only the API. */
  webFolder?: string | undefined
}

/** A WebSocket: `open` is called for each connection that has passed the check of its origin and of its access. */
export interface SocketRoute {
  path: string
  access: 'public' | 'signed-in'
  open(house: House, socket: WebSocket, actor: Actor | null, request: IncomingMessage): void
}

export interface Server {
  readonly url: string
  readonly app: FastifyInstance
  close(): Promise<void>
}

const bodyLimit = 1_048_576
const socketMessageLimit = 262_144
const anonymous: Actor = { kind: 'citizen', channel: 'web' }

/** Starts to listen. Answers the address, which tells the port that was taken when `PORT` is 0. */
export async function openServer(house: House, parts: ServerParts): Promise<Server> {
  const { config, log } = house
  const app = Fastify({
    bodyLimit,
    trustProxy: config.TRUST_PROXY,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // Addresses that lead to no route at all (broken escapes, endless parameters) are refused in the same form as everything else.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, log),
  })
  const secure = config.PUBLIC_URL?.startsWith('https:') ?? false
  await app.register(cookie)
  await app.register(rateLimit, { global: false })
  await app.register(helmet, {
    strictTransportSecurity: secure,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Components place themselves by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        // The browser's telephone registers at Asterisk, which may be on another host.
        connectSrc: ["'self'", 'ws:', 'wss:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log))
  app.addHook('onRequest', async request => refuseForeignOrigin(request, config.PUBLIC_URL))
  app.addHook('onResponse', async (request, reply) => {
    httpMetrics.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
  })

  for (const each of parts.routes)
    if (each.takes) await addRouteForBytes(app, house, parts, each)
    else addRoute(app, house, parts, each)
  const live = openLive(house, parts)
  app.get('/api/live', live.handle)
  addSystemRoutes(app, parts)
  const stopSockets = addSockets(app, house, parts)
  await addPages(app, parts.webFolder)

  await app.listen({ host: config.HOST, port: config.PORT })
  const { port } = app.server.address() as AddressInfo
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
  return {
    url: `http://${host}:${port}`,
    app,
    async close() {
      live.close()
      stopSockets()
      await app.close()
    },
  }
}

/**
 * Requests that change something must come from our own pages: browsers say where they come from in `Sec-Fetch-Site` and `Origin`.
 * Programs send neither, and carry no cookie that a foreign page could ride on.
 */
async function refuseForeignOrigin(request: FastifyRequest, publicUrl: string | undefined): Promise<void> {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  if (!isOwnOrigin(request.headers, publicUrl)) throw new Refused('platform.foreignOrigin', {}, 403)
}

function isOwnOrigin(headers: IncomingMessage['headers'], publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const origin = headers.origin
  if (origin === undefined) return true
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true
  return URL.canParse(origin) && new URL(origin).host === headers.host
}

/** Whatever its type, the body comes as bytes; who may not send any is told so before they are read. */
async function addRouteForBytes(app: FastifyInstance, house: House, parts: ServerParts, each: Route): Promise<void> {
  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.addHook('onRequest', async request => {
      admit(each, await parts.authenticate(house, request.headers))
    })
    addRoute(scope, house, parts, each)
  })
}

/** @throws Refused 401, 403 when the actor may not call the route */
function admit(each: Route, actor: Actor | null): void {
  if (each.access === 'public') return
  if (actor?.kind !== 'person') throw new Refused('platform.signIn', {}, 401)
  if (each.access !== 'signed-in' && !each.access.includes(actor.role)) throw new Refused('platform.notYourRole', {}, 403)
}

/** A whole contact centre may sit behind one address. */
const peopleOfAddress = 1_000
const addressesShare = ({ access }: Route): number => (access === 'public' ? 1 : peopleOfAddress)

function addRoute(app: FastifyInstance, house: House, parts: ServerParts, each: Route): void {
  const asked = each.perMinute ? perMinute(house.clock, each.perMinute) : undefined
  app.route({
    method: each.method,
    url: each.url,
    ...(each.takes ? { bodyLimit: each.takes.limitBytes } : {}),
    ...(each.perMinute ? { config: { rateLimit: { max: each.perMinute * addressesShare(each), timeWindow: '1 minute' } } } : {}),
    async handler(request, reply) {
      const actor = await parts.authenticate(house, request.headers)
      admit(each, actor)
      const retryAfterSeconds = actor?.kind === 'person' ? (asked?.(actor.personId) ?? 0) : 0
      if (retryAfterSeconds > 0) throw new Refused('platform.tooManyRequests', { retryAfterSeconds }, 429)
      const call = {
        house,
        actor: actor ?? anonymous,
        params: check(each.params, request.params, 'path'),
        query: check(each.query, request.query, 'query'),
        body: check(each.body, request.body, 'body'),
        idempotency: idempotencyOf(each, request),
        version: each.ifMatch ? versionOf(request) : 0,
        request,
        reply,
      }
      const answer = await each.handle(call as never)
      if (reply.sent) return reply
      if (answer === undefined) return reply.code(each.status ?? 204).send()
      if (each.gives) reply.type(each.gives)
      else if (typeof answer === 'object' && answer !== null && 'version' in answer)
        reply.header('etag', `"${String(answer.version)}"`)
      reply.header('cache-control', 'no-store')
      return reply.code(each.status ?? 200).send(answer)
    },
  })
}

function check(schema: Route['body'], value: unknown, place: string): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value ?? {})
  if (!result.success) throw new Invalid(result.error.issues, place)
  return result.data
}

function idempotencyOf(each: Route, request: FastifyRequest): Call<undefined, undefined, undefined, 'public'>['idempotency'] {
  const key = request.headers['idempotency-key']
  if (!each.idempotent || key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\w.:-]{8,200}$/.test(key)) throw new Refused('platform.idempotencyKeyWrong', {}, 400)
  // A body that the route does not read is not part of what is asked, and has been checked by nobody.
  return { key, fingerprint: fingerprintOf(each.method, request.url, each.body ? request.body : null) }
}

/** `If-Match: "7"` → 7 (RFC 9110 §13.1.1; our entity tags are version numbers). */
function versionOf(request: FastifyRequest): number {
  const header = request.headers['if-match']
  if (header === undefined) throw new Refused('platform.versionMissing', {}, 428)
  const version = /^"(\d{1,9})"$/.exec(header)?.[1]
  if (version === undefined) throw new Refused('platform.versionWrong', {}, 400)
  return Number(version)
}

function addSystemRoutes(app: FastifyInstance, parts: ServerParts): void {
  app.get('/healthz', async () => ({ alive: true }))
  app.get('/readyz', async (_request, reply) => {
    const { ready, details } = await parts.ready()
    return reply.code(ready ? 200 : 503).send({ ready, ...details })
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  const description = openApi(parts.routes)
  app.get('/api/openapi.json', async () => description)
  app.get('/api/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(documentationPage(description)))
}

/** Upgrades go to the room whose path it is. Foreign pages are refused (a WebSocket is not held back by the same-origin policy). */
function addSockets(app: FastifyInstance, house: House, parts: ServerParts): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: socketMessageLimit })
  const refuse = (socket: Duplex, status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://local').pathname
      const wanted = parts.sockets.find(each => each.path === path)
      if (!wanted) return refuse(socket, '404 Not Found')
      if (!isOwnOrigin(request.headers, house.config.PUBLIC_URL)) return refuse(socket, '403 Forbidden')
      const actor = await parts.authenticate(house, request.headers)
      if (wanted.access === 'signed-in' && actor?.kind !== 'person') return refuse(socket, '401 Unauthorized')
      sockets.handleUpgrade(request, socket, head, connection => {
        connection.on('error', () => connection.terminate())
        wanted.open(house, connection, actor, request)
      })
    })().catch((error: unknown) => {
      house.log.error({ err: error }, 'a WebSocket could not be opened')
      socket.destroy()
    })
  })
  return () => {
    for (const connection of sockets.clients) connection.close(1001, 'the program stops')
    setTimeout(() => {
      for (const connection of sockets.clients) connection.terminate()
    }, 500).unref()
  }
}

/** The pages. Files with a hash in their name are kept for a year; every other path is a page of the browser's router. */
async function addPages(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const page = folder !== undefined && existsSync(folder)
  if (page) {
    await app.register(files, {
      root: folder,
      wildcard: false,
      index: false,
      setHeaders(reply, path) {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' && !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')
    if (page && wantsPage) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    throw new Refused('platform.notFound', { what: request.url.split('?')[0] ?? '' }, 404)
  })
}
