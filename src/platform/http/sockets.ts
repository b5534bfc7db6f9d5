/**
 * Upgrades to WebSockets. Each goes to the room whose path it is; foreign pages are refused, because the same-origin policy does not hold a
 * WebSocket back.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Gauge } from 'prom-client'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Actor } from '../actor.ts'
import type { House } from '../house.ts'
import { addressOf, forgetForgedHeaders } from './addresses.ts'
import { bareAnswer, ignoreErrors } from './door.ts'
import { registry } from './metrics.ts'
import { isOwnOrigin } from './origin.ts'
import type { Access } from './route.ts'

/** A WebSocket: `open` is called for each connection that has passed the check of its origin and of its access. */
export interface SocketRoute {
  path: string
  access: Access
  open(house: House, socket: WebSocket, actor: Actor | null, request: IncomingMessage): void
}

const messageLimitBytes = 262_144
/** A person with this many tabs has forgotten most of them; a new one replaces an old one by itself. */
export const socketsOfPerson = 20
/** Handshakes under way: each asks the database who it is. */
const maxHandshakes = 200
const closeMs = 500

const openSockets = new Gauge({
  name: 'filodiretto_open_sockets',
  help: 'WebSockets of the browser telephone',
  labelNames: ['path'] as const,
  registers: [registry],
})

interface SocketParts {
  sockets: readonly SocketRoute[]
  authenticate(house: House, headers: IncomingMessage['headers']): Promise<Actor | null>
}

/** Begins to take upgrades. Returns how to stop. */
export function addSockets(app: FastifyInstance, house: House, parts: SocketParts): () => void {
  const server = new WebSocketServer({ noServer: true, maxPayload: messageLimitBytes, perMessageDeflate: false })
  const routes = new Map(parts.sockets.map(each => [each.path, each]))
  const held = new Map<string, number>()
  let handshakes = 0
  server.on('wsClientError', (_error, socket) => {
    if (socket.writable) socket.end(bareAnswer('400 Bad Request'))
  })

  /** Why the upgrade is refused, as a status; or whom the socket belongs to. */
  async function admit(wanted: SocketRoute | undefined, request: IncomingMessage): Promise<string | { actor: Actor | null }> {
    if (!wanted) return '404 Not Found'
    if (!isOwnOrigin(request.headers, house.config.PUBLIC_URL)) return '403 Forbidden'
    const actor = await parts.authenticate(house, request.headers)
    if (wanted.access === 'public') return { actor }
    if (actor?.kind !== 'person') return '401 Unauthorized'
    if (wanted.access !== 'signed-in' && !wanted.access.includes(actor.role)) return '403 Forbidden'
    return { actor }
  }

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    ignoreErrors(socket)
    forgetForgedHeaders(house.config, request)
    const refuse = (status: string) => {
      // The other side may go on sending; nobody reads it.
      socket.end(bareAnswer(status), () => socket.destroy())
    }
    if (handshakes >= maxHandshakes) return refuse('503 Service Unavailable')
    handshakes++
    const wanted = routes.get(pathOf(request.url))
    admit(wanted, request)
      .then(admitted => {
        if (typeof admitted === 'string') return refuse(admitted)
        if (!wanted || socket.destroyed) return socket.destroy()
        const { actor } = admitted
        const holder =
          actor?.kind === 'person'
            ? `${wanted.path} ${actor.personId}`
            : `${wanted.path} from ${addressOf(house.config, request)}`
        const count = held.get(holder) ?? 0
        if (actor?.kind === 'person' && count >= socketsOfPerson) return refuse('429 Too Many Requests')
        server.handleUpgrade(request, socket, head, connection => {
          connection.on('error', () => connection.terminate())
          held.set(holder, (held.get(holder) ?? 0) + 1)
          openSockets.inc({ path: wanted.path })
          connection.once('close', () => {
            openSockets.dec({ path: wanted.path })
            const left = (held.get(holder) ?? 1) - 1
            if (left > 0) held.set(holder, left)
            else held.delete(holder)
          })
          wanted.open(house, connection, actor, request)
        })
      })
      .catch((error: unknown) => {
        house.log.error({ err: error }, 'a WebSocket could not be opened')
        socket.destroy()
      })
      .finally(() => {
        handshakes--
      })
  })
  return () => {
    for (const connection of server.clients) closeAtStop(connection)
    setTimeout(() => {
      for (const connection of server.clients) connection.terminate()
    }, closeMs).unref()
  }
}

/** Sockets that were closed because the program stops. */
const closedAtStop = new WeakSet<WebSocket>()

/** Closes a socket because the program stops. */
export function closeAtStop(socket: WebSocket): void {
  closedAtStop.add(socket)
  socket.close(1001, 'the program stops')
}

/**
 * Whether a socket was closed because the program stops. Its close code says nothing of who went away: a browser that leaves a page sends the same
 * one, and either side echoes the other's.
 */
export const isClosedAtStop = (socket: WebSocket): boolean => closedAtStop.has(socket)

/** What stands before the question mark. No URL is made of it: strangers send what cannot be one. */
const pathOf = (url: string | undefined): string => (url ?? '').split('?')[0] ?? ''
