/**
 * The client of Asterisk's REST interface (ARI): requests, events, and a watch over both.
 *
 * A live socket proves little: Asterisk can deadlock and keep it open. So a probe asks real questions with a deadline; when they
 * stay without an answer the connection is given up, Asterisk then knows that we are away and its dialplan answers new callers.
 */
import type { Clock, Log } from '../../../platform/index.ts'
import { type BridgeRequests, bridgeRequests } from './bridges.ts'
import { type ChannelRequests, channelRequests } from './channels.ts'
import { AriNotFound } from './errors.ts'
import { type EventListener, openEventStream, type StreamState } from './events.ts'
import { type AriAddress, type AriHttp, openHttp, path } from './http.ts'
import { Applications, type AriChannel, type AriEventType, ariEventTypes, type Bridge, Info } from './model.ts'
import { type PlaybackRequests, playbackRequests } from './playbacks.ts'
import { type ServerRequests, serverRequests } from './server.ts'
import { type TelephoneRequests, telephoneRequests } from './telephones.ts'

export interface AriOptions extends AriAddress {
  /** Name of the Stasis application in the dialplan; `filodiretto` in our templates. */
  readonly application?: string
  readonly clock: Clock
  /** Between 0 and 1; spreads the reconnections of several programs. `Math.random` in production. */
  readonly random: () => number
  readonly log: Log
  readonly requestTimeoutMs?: number
  readonly probeEveryMs?: number
  readonly probeWithinMs?: number
  /** False to stay apart until `connect`: whoever has to listen from the first event on can be made ready before. */
  readonly connectAtOnce?: boolean
  /** The types of events that are listened to; Asterisk filters the others at the source. All that we can read unless said. */
  readonly events?: readonly AriEventType[]
  /** Connections for requests; all below Asterisk's `sessionlimit`. */
  readonly connections?: number
}

/** What Asterisk holds at the moment of a connection. */
export interface Found {
  readonly channels: readonly AriChannel[]
  readonly bridges: readonly Bridge[]
  /** When this Asterisk began. A change since the last connection means that telephones and calls of before are gone. */
  readonly startedAt: Date
  readonly version: string
}

/** Compares what there is with our state. Events wait until all hooks are done, so a hook must not wait for an event. */
export type ConnectedHook = (found: Found) => void | Promise<void>

export type Health = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly reason: string }

export interface AriClient {
  readonly channels: ChannelRequests
  readonly bridges: BridgeRequests
  readonly playbacks: PlaybackRequests
  readonly telephones: TelephoneRequests
  readonly server: ServerRequests
  readonly application: string
  /** Hands on every event from now on, in order. The listener must return at once; work that takes time goes into a queue. */
  onEvent(listener: EventListener): () => void
  /** Runs at each connection, the present one included if it is already made. */
  onConnected(hook: ConnectedHook): () => void
  /** Runs when the connection is lost; not at `close`. */
  onDisconnected(hook: () => void): () => void
  /** Makes the first connection, if it was not made at once. */
  connect(): void
  state(): StreamState
  /** What the last probe found. */
  health(): Health
  /** Asks Asterisk now. Never throws. */
  probe(): Promise<Health>
  close(): Promise<void>
}

/** Failed probes in a row after which the connection is given up. One may be a moment of load. */
const failedProbesAllowed = 2
/** A new connection is probed soon: it may be one that hears nothing. */
const firstProbeAfterMs = 1_000

/** The socket is open, and the application that it was opened for is not there: no event will come. */
class Deaf extends Error {
  override readonly name = 'Deaf'
}

/** Opens the client. It connects by itself and keeps trying; `onConnected` tells when it is there. */
export function openAri(options: AriOptions): AriClient {
  const { clock, log, application = 'filodiretto', probeEveryMs = 10_000, probeWithinMs = 3_000 } = options
  const http: AriHttp = openHttp(options, clock, {
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    connections: options.connections ?? 32,
  })
  const channels = channelRequests(http, application)
  const bridges = bridgeRequests(http)
  const server = serverRequests(http)
  const listeners = new Set<EventListener>()
  const connectedHooks = new Set<ConnectedHook>()
  const disconnectedHooks = new Set<() => void>()
  let health: Health = { ok: false, reason: 'not connected yet' }
  let failedProbes = 0
  let wasConnected = false
  let cancelProbe = () => {}

  const look = async (): Promise<Found> => {
    const [allChannels, allBridges, asterisk] = await Promise.all([channels.list(), bridges.list(), server.about()])
    return { channels: allChannels, bridges: allBridges, ...asterisk }
  }

  const stream = openEventStream({
    address: options,
    application,
    clock,
    random: options.random,
    log,
    isTaken: () =>
      http.send({ method: 'GET', path: path('applications', application), timeoutMs: probeWithinMs }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AriNotFound) return false
          throw error
        },
      ),
    async reconcile() {
      // Events that nobody here acts on (each variable set, each step of the dialplan) are many times those that we need.
      await http.send({
        method: 'PUT',
        path: path('applications', application, 'eventFilter'),
        body: { allowed: [...new Set([...(options.events ?? ariEventTypes), 'ApplicationReplaced'])].map(type => ({ type })) },
      })
      const found = await look()
      for (const hook of connectedHooks) await hook(found)
      health = { ok: true, version: found.version }
    },
    deliver(event) {
      for (const listener of listeners) listener(event)
    },
    onState(state, why = 'the connection was lost') {
      if (state === 'connected') {
        wasConnected = true
        failedProbes = 0
        log.info('telephony: connected to Asterisk')
        probeAgain(Math.min(firstProbeAfterMs, probeEveryMs))
        return
      }
      if (!wasConnected || state === 'reconciling') return
      wasConnected = false
      if (state === 'closed') return
      health = { ok: false, reason: why }
      log.warn({ reason: why }, 'telephony: the connection to Asterisk was lost')
      for (const hook of disconnectedHooks) hook()
    },
  })

  /**
   * Asks what a connection that works would answer; returns the version.
   * @throws Deaf, or what a request throws
   */
  async function ask(): Promise<string> {
    const question = (where: string) => http.send({ method: 'GET', path: where, timeoutMs: probeWithinMs })
    // Several questions, because parts of Asterisk lock up apart: the list of applications can hang while channels still answer.
    const [info, applications] = await Promise.all([question('/asterisk/info'), question('/applications'), question('/channels')])
    if (stream.state() === 'connected' && !Applications.parse(applications).some(({ name }) => name === application))
      throw new Deaf('the connection is open, but Asterisk has forgotten for which application')
    return Info.parse(info).system.version
  }

  async function probe(): Promise<Health> {
    try {
      health = { ok: true, version: await ask() }
    } catch (error) {
      health = { ok: false, reason: error instanceof Error ? error.message : String(error) }
      if (error instanceof Deaf) stream.restart(error.message)
    }
    return health
  }

  function probeAgain(afterMs = probeEveryMs): void {
    cancelProbe()
    cancelProbe = clock.after(afterMs, () => {
      if (stream.state() !== 'connected') return probeAgain()
      probe().then(found => {
        failedProbes = found.ok ? 0 : failedProbes + 1
        if (!found.ok && failedProbes >= failedProbesAllowed) {
          failedProbes = 0
          stream.restart(found.reason)
        }
        if (stream.state() !== 'closed') probeAgain()
      })
    })
  }
  probeAgain()
  if (options.connectAtOnce ?? true) stream.start()

  return {
    channels,
    bridges,
    server,
    playbacks: playbackRequests(http),
    telephones: telephoneRequests(http),
    application,
    onEvent: listener => remember(listeners, listener),
    onConnected(hook) {
      const forget = remember(connectedHooks, hook)
      // A connection that exists already is renewed for the newcomer, so that no event falls between its look and its listening.
      if (stream.state() === 'connected' || stream.state() === 'reconciling') stream.restart('a new part of the program joins')
      return forget
    },
    onDisconnected: hook => remember(disconnectedHooks, hook),
    connect: stream.start,
    state: stream.state,
    health: () => health,
    probe,
    async close() {
      cancelProbe()
      await stream.close()
      http.close()
    },
  }
}

function remember<T>(set: Set<T>, one: T): () => void {
  set.add(one)
  return () => set.delete(one)
}
