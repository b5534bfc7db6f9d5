/**
 * The HTTP server: routes, safety headers, sessions, live stream, WebSockets, health, metrics, and the browser's pages.
 */
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import files from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Actor } from '../actor.ts'
import type { Config } from '../config.ts'
import { Refused } from '../errors.ts'
import type { House } from '../house.ts'
import { fingerprintOf } from '../idempotency.ts'
import { programVersion } from '../version.ts'
import { addressOf, hasProxies, isSecure, networkOf } from './addresses.ts'
import { documentationPage, documentationScript, documentationScriptPath } from './documentation.ts'
import { answerNonsense, guardDoor, headersLimitBytes, patience } from './door.ts'
import type { Audience } from './fan-out.ts'
import { readJson } from './json.ts'
import { type LivePages, openLive } from './live.ts'
import { httpMetrics, registry } from './metrics.ts'
import { bearsToken } from './metrics-server.ts'
import { openApiInTurns } from './openapi.ts'
import { isOwnOrigin } from './origin.ts'
import { type Count, perMinute } from './per-minute.ts'
import { answerError, Invalid } from './problem.ts'
import type { Call, Route } from './route.ts'
import { addSockets, type SocketRoute } from './sockets.ts'
import { statusRoute } from './status.ts'

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

export interface Server {
  readonly url: string
  readonly app: FastifyInstance
  /** The pages that are connected to this process. */
  readonly pages: LivePages
  close(): Promise<void>
}

/** Bodies in JSON, unless a route says otherwise: a text of 10,000 characters fits with all that goes with it. */
const bodyLimitBytes = 65_536
const anonymous: Actor = { kind: 'citizen', channel: 'web' }

/** Starts to listen. Returns the address, which tells the port that was taken when `PORT` is 0. */
export async function openServer(house: House, parts: ServerParts): Promise<Server> {
  const { config, log } = house
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    requestTimeout: patience.requestMs,
    keepAliveTimeout: hasProxies(config) ? patience.idleOfProxyMs : patience.idleMs,
    connectionTimeout: patience.stillMs,
    http: {
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: patience.checkMs,
      maxHeaderSize: headersLimitBytes,
    },
    clientErrorHandler: answerNonsense,
    routerOptions: { maxParamLength: 200 },
    // Addresses that lead to no route at all (broken escapes, endless parameters) are refused in the same form as everything else.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, log),
  })
  guardDoor(app, config)
  readJson(app)
  await app.register(cookie)
  await app.register(helmet, {
    // Whether the browser came over TLS, each request says for itself: the door sets it.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Components place themselves by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        // Telephones reach Asterisk through our own address. Older browsers do not take 'self' for WebSockets.
        connectSrc: ["'self'", request => ownSockets(config, request)],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log))
  app.addHook('onRequest', async (request, reply) => {
    // What the program calls "since" and "until" goes by its own clock, and pages count against this.
    reply.header('date', new Date(house.clock.now()).toUTCString())
    refuseForeignOrigin(request, config.PUBLIC_URL)
    refuseEncoded(request)
  })
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
  addSystemRoutes(app, house, parts)
  const stopSockets = addSockets(app, house, parts)
  await addPages(app, parts.webFolder)

  await app.listen({ host: config.HOST, port: config.PORT })
  const { port } = app.server.address() as AddressInfo
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
  return {
    url: `http://${host}:${port}`,
    app,
    pages: live.pages,
    async close() {
      live.close()
      stopSockets()
      await app.close()
    },
  }
}

/** Requests that change something must come from our own pages. */
function refuseForeignOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  if (!isOwnOrigin(request.headers, publicUrl)) throw new Refused('platform.foreignOrigin', {}, 403)
}

/** A small body that unpacks to a large one would pass every limit. */
function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new Refused('platform.encodedBody', {}, 415)
}

/** The WebSockets of our own address, for `connect-src`. */
function ownSockets({ PUBLIC_URL }: { PUBLIC_URL?: string | undefined }, { headers }: IncomingMessage): string {
  const host = PUBLIC_URL === undefined ? headers.host : new URL(PUBLIC_URL).host
  // It becomes part of a header: only what can be a host.
  if (host === undefined || !/^[\w.[\]:-]{1,255}$/.test(host)) return "'self'"
  return `${isSecure({ PUBLIC_URL }, headers) ? 'wss' : 'ws'}://${host}`
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
  const askedFrom = each.perMinute ? perMinute(house.clock, each.perMinute * addressesShare(each)) : undefined
  const askedBy = each.perMinute ? perMinute(house.clock, each.perMinute) : undefined
  app.route({
    method: each.method,
    url: each.url,
    bodyLimit: each.takes?.limitBytes ?? each.bodyLimitBytes ?? bodyLimitBytes,
    // Before the body is read: of an address that asks too often nothing is taken.
    onRequest: async (request, reply) => limit(reply, askedFrom?.(networkOf(addressOf(house.config, request.raw)))),
    async handler(request, reply) {
      const actor = await parts.authenticate(house, request.headers)
      admit(each, actor)
      if (actor?.kind === 'person') limit(reply, askedBy?.(actor.personId))
      const body = check(each.body, request.body, 'body')
      const call = {
        house,
        actor: actor ?? anonymous,
        params: check(each.params, request.params, 'path'),
        query: check(each.query, request.query, 'query'),
        body,
        idempotency: idempotencyOf(each, request, body),
        version: each.ifMatch ? versionOf(request) : 0,
        request,
        reply,
      }
      const answer = await each.handle(call as never)
      if (reply.sent) return reply
      if (answer === undefined) return reply.code(each.status ?? 204).send()
      const type = each.gives ?? each.answerType
      // A handler that shows a picture has set its type.
      if (type !== undefined) reply.type(String(reply.getHeader('content-type') ?? type))
      else if (typeof answer === 'object' && answer !== null && 'version' in answer)
        reply.header('etag', `"${String(answer.version)}"`)
      reply.header('cache-control', 'no-store')
      return reply.code(each.status ?? 200).send(answer)
    },
  })
}

/**
 * Tells in headers what is left of the minute.
 * @throws Refused 429 when nothing was left
 */
function limit(reply: FastifyReply, count: Count | undefined): void {
  if (!count) return
  const { limit: most, remaining, resetSeconds, retryAfterSeconds } = count
  reply.headers({ 'x-ratelimit-limit': most, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': resetSeconds })
  if (retryAfterSeconds > 0) throw new Refused('platform.tooManyRequests', { retryAfterSeconds }, 429)
}

function check(schema: Route['body'], value: unknown, place: string): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value ?? {})
  if (!result.success) throw new Invalid(result.error.issues, place)
  return result.data
}

function idempotencyOf(
  each: Route,
  request: FastifyRequest,
  body: unknown,
): Call<undefined, undefined, undefined, 'public'>['idempotency'] {
  const key = request.headers['idempotency-key']
  if (!each.idempotent || key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\w.:-]{8,200}$/.test(key)) throw new Refused('platform.idempotencyKeyWrong', {}, 400)
  // Of the body as it was checked: what nobody reads is not part of what is asked.
  return { key, fingerprint: fingerprintOf(each.method, request.url, body ?? null) }
}

/** `If-Match: "7"` → 7 (RFC 9110 §13.1.1; our entity tags are version numbers). */
function versionOf(request: FastifyRequest): number {
  const header = request.headers['if-match']
  if (header === undefined) throw new Refused('platform.versionMissing', {}, 428)
  const version = /^"(\d{1,9})"$/.exec(header)?.[1]
  if (version === undefined) throw new Refused('platform.versionWrong', {}, 400)
  return Number(version)
}

/** Strangers learn whether the program is ready; the rest is for who has the token, or asks on the port of the figures. */
function addSystemRoutes(app: FastifyInstance, house: House, parts: ServerParts): void {
  const { config } = house
  app.get('/healthz', async () => ({ alive: true }))
  app.get('/readyz', async (request, reply) => {
    const { ready, details } = await parts.ready()
    return reply.code(ready ? 200 : 503).send(bearsToken(config, request.headers) ? { ready, ...details } : { ready })
  })
  app.get('/metrics', async (request, reply) => {
    if (!bearsToken(config, request.headers)) throw new Refused('platform.noAddress', { address: '/metrics' }, 404)
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  const status = statusRoute(parts.ready)
  addRoute(app, house, parts, status)
  let made: Promise<{ text: string; page: string }> | undefined
  const described = () => (made ??= describe([...parts.routes, status], config))
  const readDocs = async (request: FastifyRequest): Promise<void> => {
    if (config.PUBLIC_API_DOCS) return
    const actor = await parts.authenticate(house, request.headers)
    if (actor?.kind !== 'person') throw new Refused('platform.signIn', {}, 401)
  }
  app.get('/api/openapi.json', async (request, reply) => {
    await readDocs(request)
    return reply.type('application/json; charset=utf-8').send((await described()).text)
  })
  app.get('/api/docs', async (request, reply) => {
    await readDocs(request)
    return reply.type('text/html; charset=utf-8').send((await described()).page)
  })
  app.get(documentationScriptPath, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(documentationScript),
  )
}

/** The description of the API, and the page for people. It is made when somebody first asks: most programs run without. */
async function describe(routes: readonly Route[], config: Config): Promise<{ text: string; page: string }> {
  const description = await openApiInTurns(routes, { ...config, version: programVersion })
  return { text: JSON.stringify(description), page: documentationPage(description) }
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
    throw new Refused('platform.noAddress', { address: request.url.split('?')[0] ?? '' }, 404)
  })
}
