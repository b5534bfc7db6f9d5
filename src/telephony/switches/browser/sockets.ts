/** The two WebSockets of the browser's telephone: who may connect, how many, and what is handed to the switch. */
import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { rolesWhich } from '../../../identity/capabilities.ts'
import { sessionIdOf } from '../../../identity/index.ts'
import {
  type Actor,
  addressOf,
  type House,
  isSampleLoaded,
  networkOf,
  perMinute,
  type SocketRoute,
} from '../../../platform/index.ts'
import type { CallerLeg } from './legs.ts'
import { attend, type Page } from './page.ts'
import { closeCodes, FromCaller, FromDesk, paths, protocolVersion, type ToCaller, type ToDesk } from './protocol.ts'
import type { Exchange } from './switch.ts'

/** Public telephones at once: the page is for trying, not for carrying an institute's calls. */
export interface Limits {
  fromOneAddress: number
  inAll: number
}
/** Nobody listens, hangs up and calls again more often than this. */
const callsOfTelephonePerMinute = 3
/** How long an answer to whether the public telephone is open is believed. */
const believedMs = 10_000

/** Whether anybody may call from the public page. */
export async function isOpenToAll({ config, database }: Pick<House, 'config' | 'database'>): Promise<boolean> {
  if (config.PUBLIC_TELEPHONE !== 'with-sample') return config.PUBLIC_TELEPHONE === 'true'
  return isSampleLoaded(database.kysely)
}

export interface Sockets {
  routes: SocketRoute[]
  /** Closes the telephones of a session that has ended. */
  revoke(sessionId: string): void
}

export function browserSockets({ config, clock, database }: House, exchange: Exchange, own?: Limits): Sockets {
  const limits = own ?? { fromOneAddress: config.PUBLIC_TELEPHONES_PER_ADDRESS, inAll: config.PUBLIC_TELEPHONES }
  const callFrom = perMinute(clock, limits.fromOneAddress * callsOfTelephonePerMinute)
  const call = perMinute(clock, limits.inAll * callsOfTelephonePerMinute)
  const addresses = new Map<string, number>()
  const desks = new Set<{ pageId: string; personId: string; sessionId: string | null; page: Page<ToDesk> }>()
  let inAll = 0
  let believed: { isOpen: Promise<boolean>; until: number } | undefined

  function isOpen(): Promise<boolean> {
    if (!believed || believed.until <= clock.now())
      believed = { isOpen: isOpenToAll({ config, database }), until: clock.now() + believedMs }
    return believed.isOpen
  }

  function openCaller(house: House, socket: WebSocket, request: IncomingMessage): void {
    const address = networkOf(addressOf(house.config, request))
    const fromHere = addresses.get(address) ?? 0
    if (fromHere >= limits.fromOneAddress || inAll >= limits.inAll) {
      socket.close(closeCodes.tooMany, 'too many telephones')
      return
    }
    addresses.set(address, fromHere + 1)
    inAll++
    // What the page says meanwhile waits with the socket.
    socket.pause()
    isOpen().then(
      open => {
        socket.resume()
        if (!open) socket.close(closeCodes.switchedOff, 'the public telephone is switched off')
      },
      (error: unknown) => {
        house.log.warn({ error: String(error) }, 'telephony: whether the public telephone is open could not be read')
        believed = undefined
        socket.terminate()
      },
    )
    let state: { leg: CallerLeg | null } | undefined
    const page: Page<ToCaller> = attend(socket, FromCaller, {
      hear(message) {
        if (message.type === 'hello') {
          if (state) page.close(closeCodes.badMessage, 'a second hello')
          else if (message.version !== protocolVersion) page.close(closeCodes.otherVersion, `version ${protocolVersion}`)
          else state = exchange.callerCame(page, message.resume)
        } else if (!state) page.close(closeCodes.badMessage, 'hello comes first')
        else if (message.type === 'dial' && (callFrom(address).retryAfterSeconds > 0 || call('').retryAfterSeconds > 0))
          // Shed at the door: nothing of this call is anywhere yet.
          page.send({ type: 'ended', leg: 'none', cause: 'congestion' })
        else exchange.callerSaid(state, page, message)
      },
      gone(how) {
        inAll--
        const left = (addresses.get(address) ?? 1) - 1
        if (left > 0) addresses.set(address, left)
        else addresses.delete(address)
        if (state && how !== 'stopping') exchange.callerWent(state, page, how === 'left')
      },
    })
  }

  function openDesk(house: House, socket: WebSocket, personId: string, request: IncomingMessage): void {
    let own: { pageId: string; personId: string; sessionId: string | null; page: Page<ToDesk> } | undefined
    const page: Page<ToDesk> = attend(socket, FromDesk, {
      hear(message) {
        if (message.type === 'hello') {
          if (own) return page.close(closeCodes.badMessage, 'a second hello')
          if (message.version !== protocolVersion) return page.close(closeCodes.otherVersion, `version ${protocolVersion}`)
          for (const other of desks)
            if (other.pageId === message.pageId && other.personId === personId) {
              // The same page has connected again before the end of its first socket was noticed.
              desks.delete(other)
              exchange.deskWent(other.page, false)
              other.page.close(closeCodes.replaced, 'the page has connected again')
            }
          own = { pageId: message.pageId, personId, sessionId: null, page }
          desks.add(own)
          const opened = own
          sessionIdOf(house, request.headers).then(
            sessionId => {
              opened.sessionId = sessionId
              if (sessionId === null) page.close(closeCodes.signedOut, 'the session has ended')
            },
            (error: unknown) => {
              house.log.warn({ error: String(error) }, 'telephony: a session could not be read')
              page.close(1011, 'try again')
            },
          )
          exchange.deskCame(page, personId, message.resume)
        } else if (own) exchange.deskSaid(page, message)
        else page.close(closeCodes.badMessage, 'hello comes first')
      },
      gone(how) {
        if (own && desks.delete(own) && how !== 'stopping') exchange.deskWent(page, how === 'left')
      },
    })
  }

  return {
    routes: [
      {
        path: paths.caller,
        access: 'public',
        open: (house, socket, _actor, request) => openCaller(house, socket, request),
      },
      {
        path: paths.desk,
        access: rolesWhich('calls.answer'),
        open: (house, socket, actor, request) => openDesk(house, socket, personOf(actor), request),
      },
    ],
    revoke(sessionId) {
      for (const { page, sessionId: own } of desks)
        if (own === sessionId) page.close(closeCodes.signedOut, 'the session has ended')
    },
  }
}

/** The server lets nobody else in. */
const personOf = (actor: Actor | null): string => (actor?.kind === 'person' ? actor.personId : '')
