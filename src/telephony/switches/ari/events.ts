/**
 * The stream of events from Asterisk: a WebSocket that comes back by itself.
 *
 *   connecting ──open──▶ reconciling ──hooks done──▶ connected
 *       ▲                     │                          │
 *       └──── pause ◀─────────┴── closed, or replaced ◀──┘
 *
 * Events that happen while nobody is connected are lost: Asterisk keeps none. So every connection begins with `reconcile`, which
 * looks at what there is; what arrives meanwhile is held and handed on afterwards, in order. The reader itself never waits for
 * anybody: Asterisk closes a WebSocket that is read slowly.
 *
 * A socket of ours that ended is still open to Asterisk for some milliseconds. When it then sees the end, it strikes the application off by its
 * name, also when a newer socket has taken it: that one stays open and hears nothing. So we open none before the application is free.
 *
 * When another program opens the same application, Asterisk sends the events there and leaves our socket open, deaf. So we give it up at once, and
 * stay away long enough that the other, if it is the next release of ourselves, takes the calls in peace.
 */
import WebSocket from 'ws'
import { backOffMs, type Clock, type Log } from '../../../platform/index.ts'
import { type AriAddress, authorization } from './http.ts'
import { AriEvent, ariEventTypes } from './model.ts'

const pauses = { minRetryMs: 250, maxRetryMs: 10_000 }
const replacedPauseMs = 30_000
/** An application that is taken for longer than this is not the remains of a connection of ours: another program is alive and holds it. */
const freeWithinMs = 1_000
const askIfFreeEveryMs = 20
const pingEveryMs = 5_000
const pongWithinMs = 5_000
const handshakeWithinMs = 5_000
/** No event is near this size; a larger message is not Asterisk's. */
const largestMessageBytes = 1_048_576

const replaced = 'another program takes the calls of this Asterisk: the same application was opened from elsewhere'

export type EventListener = (event: AriEvent) => void
export type StreamState = 'connecting' | 'reconciling' | 'connected' | 'closed'

export interface EventStreamOptions {
  readonly address: AriAddress
  readonly application: string
  readonly clock: Clock
  /** Between 0 and 1, for the jitter of the pauses. */
  readonly random: () => number
  readonly log: Log
  /**
   * Whether Asterisk still knows the application as somebody's.
   * @throws when Asterisk does not say. Then no socket is opened either: those opened to one that stands still would all be taken at once later.
   */
  isTaken(): Promise<boolean>
  /** Runs after each opening, before events are handed on. When it fails, the connection is given up and tried again. */
  reconcile(): Promise<void>
  deliver: EventListener
  /** @param why it is no longer connected, where that is known */
  onState(state: StreamState, why?: string): void
}

export interface EventStream {
  state(): StreamState
  /** Makes the first connection. Later calls do nothing. */
  start(): void
  /** Gives the present connection up and begins a new one: for when a probe says that it leads nowhere. */
  restart(reason: string): void
  close(): Promise<void>
}

export function openEventStream(options: EventStreamOptions): EventStream {
  const { address, application, clock, log } = options
  const target = new URL(`${address.url.replace(/\/+$/, '')}/ari/events`)
  target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:'
  target.searchParams.set('app', application)
  target.searchParams.set('subscribeAll', 'false')

  let state: StreamState = 'connecting'
  let socket: WebSocket | undefined
  let failures = 0
  let isReplaced = false
  let cancelPause = () => {}

  const enter = (next: StreamState, why?: string) => {
    if (state === next) return
    state = next
    options.onState(next, why)
  }

  /** @param since the instant from which on the application was waited for */
  function connect(since = clock.now()): void {
    options.isTaken().then(
      taken => {
        if (state === 'closed') return
        if (taken && clock.now() - since < freeWithinMs) cancelPause = clock.after(askIfFreeEveryMs, () => connect(since))
        else open()
      },
      (error: unknown) => {
        log.debug({ error: String(error) }, 'telephony: Asterisk does not say whether the application is free')
        connectAgain()
      },
    )
  }

  function connectAgain(): void {
    if (state !== 'closed') cancelPause = clock.after(backOffMs(pauses, failures++, options.random()), () => connect())
  }

  function open(): void {
    // The password goes in a header: an address ends up in logs.
    const current = new WebSocket(target, {
      headers: { authorization: authorization(address) },
      handshakeTimeout: handshakeWithinMs,
      maxPayload: largestMessageBytes,
      perMessageDeflate: false,
    })
    socket = current
    let held: AriEvent[] | undefined = []
    let cancelPing = () => {}
    let cancelPong = () => {}

    const ping = () => {
      cancelPing = clock.after(pingEveryMs, () => {
        current.ping()
        cancelPong = clock.after(pongWithinMs, () => current.terminate())
      })
    }
    current.on('pong', () => {
      cancelPong()
      cancelPing()
      ping()
    })
    current.on('open', () => {
      ping()
      enter('reconciling')
      options.reconcile().then(
        () => {
          if (socket !== current || current.readyState !== WebSocket.OPEN) return
          failures = 0
          enter('connected')
          const waiting = held ?? []
          held = undefined
          for (const event of waiting) deliver(event)
        },
        (error: unknown) => {
          log.warn(
            { error: String(error) },
            'telephony: what Asterisk holds could not be compared with our state; connecting again',
          )
          current.terminate()
        },
      )
    })
    current.on('message', message => {
      const event = read(message)
      if (!event) return
      if (event.type === 'ApplicationReplaced') {
        // Said to a socket of ours that we have given up already: it was we who came in its place.
        isReplaced = socket === current
        current.terminate()
      } else if (held) held.push(event)
      else deliver(event)
    })
    current.on('error', error => log.debug({ error: error.message }, 'telephony: the event connection failed'))
    current.on('close', () => {
      cancelPing()
      cancelPong()
      if (socket !== current) return
      socket = undefined
      if (state === 'closed') return
      enter('connecting', isReplaced ? replaced : undefined)
      if (isReplaced) cancelPause = clock.after(replacedPauseMs, () => connect())
      else connectAgain()
      isReplaced = false
    })
  }

  function deliver(event: AriEvent): void {
    try {
      options.deliver(event)
    } catch (error) {
      log.error({ error: String(error), event: event.type }, 'telephony: an event could not be handled')
    }
  }

  function read(message: WebSocket.RawData): AriEvent | undefined {
    let decoded: unknown
    try {
      decoded = JSON.parse(message.toString())
    } catch {
      log.warn('telephony: Asterisk sent something that is not JSON')
      return undefined
    }
    const event = AriEvent.safeParse(decoded)
    if (event.success) return event.data
    const type = typeof decoded === 'object' && decoded !== null && 'type' in decoded ? String(decoded.type) : ''
    // Types that we did not ask for arrive until the filter is in force; one that we know and cannot read is worth a line.
    if (ariEventTypes.some(known => known === type))
      log.warn({ event: type, issues: event.error.issues }, 'telephony: an event of unknown form')
    return undefined
  }

  let started = false
  return {
    state: () => state,
    start() {
      if (started || state === 'closed') return
      started = true
      connect()
    },
    restart(reason) {
      log.warn({ reason }, 'telephony: the connection to Asterisk is renewed')
      socket?.terminate()
    },
    close() {
      cancelPause()
      enter('closed')
      const open = socket
      if (!open) return Promise.resolve()
      return new Promise(resolve => {
        open.once('close', () => resolve())
        // A close frame would wait for Asterisk's; nobody reads any more, so the line is simply put down.
        open.terminate()
      })
    },
  }
}
