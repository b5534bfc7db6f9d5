/**
 * SIP over WebSocket for browsers, through our own address: a page talks to nobody but us, the session is checked before the first
 * byte, and Asterisk's HTTP server, which also holds ARI, needs no way to the world.
 *
 *   page ── wss /api/telephone/sip ── program ── ws /ws ── Asterisk
 *
 * Messages pass unread, but for one thing: a telephone registers only if it is the person's own. The socket ends when that
 * telephone is revoked, which is what signing out does.
 */
import WebSocket from 'ws'
import type { House, PersonActor, SocketRoute } from '../../platform/index.ts'
import type { Telephones } from './telephones.ts'

/** RFC 7118 §4: the subprotocol. */
const subprotocol = 'sip'
/** An INVITE with many ICE candidates has about 6 kB. */
const largestMessageBytes = 65_536
/** Above this the side that sends is not read until the other has taken what waits. */
const mostWaitingBytes = 262_144
const lookAgainMs = 20
/** Messages that may wait while the line to Asterisk is being opened. */
const mostHeld = 32
const connectWithinMs = 5_000
/** RFC 6455 §7.4.1. */
const closed = { tooBig: 1009, policy: 1008, tryAgain: 1013 } as const
/** Ours, the same that the other sockets of the telephone use: the session has ended. */
const signedOut = 4401

export interface SipSocketOptions {
  /** Address of Asterisk's HTTP server, e.g. `http://127.0.0.1:8088`. */
  readonly url: string
  readonly telephones: Pick<Telephones, 'belongsTo' | 'onRevoked'>
}

export function sipSocket({ url, telephones }: SipSocketOptions): SocketRoute {
  const target = new URL(`${url.replace(/\/+$/, '')}/ws`)
  target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    path: '/api/telephone/sip',
    access: 'signed-in',
    open(house, page, actor, request) {
      if (actor?.kind !== 'person') return page.close(closed.policy, 'sign in')
      if (page.protocol !== subprotocol) return page.close(closed.policy, `speak "${subprotocol}"`)
      pipe(house, page, actor, target, telephones)
      // A page that asks for nothing more must still notice that the line is dead.
      request.socket.setKeepAlive(true, 30_000)
    },
  }
}

function pipe(
  { log, clock }: House,
  page: WebSocket,
  actor: PersonActor,
  target: URL,
  telephones: SipSocketOptions['telephones'],
): void {
  const asterisk = new WebSocket(target, subprotocol, {
    handshakeTimeout: connectWithinMs,
    maxPayload: largestMessageBytes,
    perMessageDeflate: false,
  })
  const own = new Set<string>()
  const forget = telephones.onRevoked(name => {
    if (own.has(name)) page.close(signedOut, 'the session has ended')
  })
  /** Messages in the order of their arrival, while the owner of the first is being looked up. */
  let checked: Promise<void> = Promise.resolve()
  let held: string[] | undefined = []

  const end = () => {
    forget()
    if (asterisk.readyState === WebSocket.CONNECTING || asterisk.readyState === WebSocket.OPEN) asterisk.terminate()
    if (page.readyState === WebSocket.OPEN) page.close(closed.tryAgain, 'the switch is away')
  }
  const pass = (from: WebSocket, to: WebSocket, text: string) => {
    if (to.readyState !== WebSocket.OPEN) return
    to.send(text)
    if (to.bufferedAmount < mostWaitingBytes || from.isPaused) return
    from.pause()
    const look = () => {
      if (to.readyState !== WebSocket.OPEN) return
      if (to.bufferedAmount < mostWaitingBytes / 2) from.resume()
      else clock.after(lookAgainMs, look)
    }
    clock.after(lookAgainMs, look)
  }
  const toAsterisk = (text: string) => {
    if (!held) return pass(page, asterisk, text)
    held.push(text)
    if (held.length > mostHeld) page.close(closed.policy, 'too much before the line was open')
  }

  page.on('message', (message, isBinary) => {
    const text = message.toString()
    if (isBinary) return page.close(closed.policy, 'SIP is text')
    if (Buffer.byteLength(text) > largestMessageBytes) return page.close(closed.tooBig, 'too long a message')
    checked = checked.then(async () => {
      const name = registering(text)
      if (name !== undefined && !own.has(name)) {
        if (!(await telephones.belongsTo(name, actor.personId))) return page.close(closed.policy, 'not your telephone')
        own.add(name)
      }
      toAsterisk(text)
    })
    checked.catch((error: unknown) => {
      log.error({ error: String(error) }, 'telephony: a message of a telephone could not be passed on')
      end()
    })
  })
  page.on('close', end)
  asterisk.on('open', () => {
    const waiting = held ?? []
    held = undefined
    for (const text of waiting) pass(page, asterisk, text)
  })
  asterisk.on('message', message => pass(asterisk, page, message.toString()))
  asterisk.on('error', error => log.debug({ error: error.message }, 'telephony: the line of a telephone to Asterisk failed'))
  asterisk.on('close', end)
}

/** The telephone that a message registers; undefined for every other message. Pure. */
export function registering(text: string): string | undefined {
  if (!/^REGISTER /i.test(text)) return undefined
  const to = /^(?:To|t)[ \t]*:.*?sips?:([^@;>\s]*)@/im.exec(text)?.[1]
  // Without a name it is nobody's: an empty one belongs to no person.
  return to ?? ''
}
