/**
 * SIP over WebSocket for browsers, through our own address: a page talks to nobody but us, the session is checked before the first
 * byte, and Asterisk's HTTP server, which also holds ARI, needs no way to the world.
 *
 *   page ── wss /api/telephone/sip ── program ── ws /ws ── Asterisk
 *
 * A page says only what our telephones need (sip.ts): it registers the person's own telephone, and speaks in calls that came to that person.
 * The socket ends when that telephone is revoked, which is what signing out does.
 */
import WebSocket from 'ws'
import { rolesWhich } from '../../../identity/capabilities.ts'
import type { House, PersonActor, SocketRoute } from '../../../platform/index.ts'
import { begunDialog, readSip } from './sip.ts'
import type { Telephones } from './telephones.ts'

/** RFC 7118 §4: the subprotocol. */
const subprotocol = 'sip'
/** An INVITE with many ICE candidates has about 6 kB. */
const largestMessageBytes = 65_536
/** Above this the side that sends is not read until the other has taken what waits. */
const maxWaitingBytes = 262_144
const drainPollIntervalMs = 20
/** Messages that may wait while the line to Asterisk is being opened. */
const maxHeld = 32
/** Messages that may wait while the owner of a telephone is being looked up. */
const maxUnchecked = 64
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
  const dialogs = openDialogs()
  return {
    path: '/api/telephone/sip',
    access: rolesWhich('calls.answer'),
    open(house, page, actor, request) {
      if (actor?.kind !== 'person') return page.close(closed.policy, 'sign in')
      if (page.protocol !== subprotocol) return page.close(closed.policy, `speak "${subprotocol}"`)
      pipe(house, page, actor, target, telephones, dialogs)
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
  dialogs: Dialogs,
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
  let unchecked = 0
  let held: string[] | undefined = []

  const end = () => {
    forget()
    if (asterisk.readyState === WebSocket.CONNECTING || asterisk.readyState === WebSocket.OPEN) asterisk.terminate()
    if (page.readyState === WebSocket.OPEN) page.close(closed.tryAgain, 'the switch is away')
  }
  const pass = (from: WebSocket, to: WebSocket, text: string) => {
    if (to.readyState !== WebSocket.OPEN) return
    to.send(text)
    if (to.bufferedAmount < maxWaitingBytes || from.isPaused) return
    from.pause()
    const look = () => {
      if (to.readyState !== WebSocket.OPEN) return
      if (to.bufferedAmount < maxWaitingBytes / 2) from.resume()
      else clock.after(drainPollIntervalMs, look)
    }
    clock.after(drainPollIntervalMs, look)
  }
  const toAsterisk = (text: string) => {
    if (!held) return pass(page, asterisk, text)
    held.push(text)
    if (held.length > maxHeld) page.close(closed.policy, 'too much before the line was open')
  }

  page.on('message', (message, isBinary) => {
    if (page.readyState !== WebSocket.OPEN) return
    const text = message.toString()
    if (isBinary) return page.close(closed.policy, 'SIP is text')
    if (Buffer.byteLength(text) > largestMessageBytes) return page.close(closed.tooBig, 'too long a message')
    if (unchecked >= maxUnchecked) return page.close(closed.policy, 'too much at once')
    unchecked++
    checked = checked.then(async () => {
      unchecked--
      const verdict = readSip(text)
      if (!verdict.allowed) return page.close(closed.policy, verdict.why)
      if (verdict.kind === 'keep-alive') return
      if (verdict.kind === 'register' && !own.has(verdict.account)) {
        if (!(await telephones.belongsTo(verdict.account, actor.personId))) return page.close(closed.policy, 'not your telephone')
        own.add(verdict.account)
      }
      if (verdict.kind === 'dialog' && !dialogs.mayBe(verdict.callId, actor.personId))
        return page.close(closed.policy, 'not your call')
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
  asterisk.on('message', message => {
    const text = message.toString()
    const begun = begunDialog(text)
    if (begun !== undefined) dialogs.begun(begun, actor.personId)
    pass(asterisk, page, text)
  })
  asterisk.on('error', error => log.debug({ error: error.message }, 'telephony: the line of a telephone to Asterisk failed'))
  asterisk.on('close', end)
}

/** Whose calls are whose, also when a page comes back over another socket. */
interface Dialogs {
  begun(callId: string, personId: string): void
  /** Whether a call may be this person's: one that the program does not know began before it was started. */
  mayBe(callId: string, personId: string): boolean
}

const maxDialogs = 20_000

function openDialogs(): Dialogs {
  const owners = new Map<string, string>()
  return {
    begun(callId, personId) {
      owners.set(callId, personId)
      const [oldest] = owners.size > maxDialogs ? owners.keys() : []
      if (oldest !== undefined) owners.delete(oldest)
    },
    mayBe: (callId, personId) => (owners.get(callId) ?? personId) === personId,
  }
}
