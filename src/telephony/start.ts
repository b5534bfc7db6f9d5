/** Telephony in a running program: the switches that there are, the calls in course, the sockets of the pages. */
import { hostname } from 'node:os'
import { sessionEnded } from '../identity/index.ts'
import { incidentNoticePublished, noticesToSpeak } from '../incidents/index.ts'
import { flowInForce, flowPublished, isForEachCall, promptsOf } from '../ivr/index.ts'
import { type Db, eachEntry, type House, houseSecret, isOneOf, payloadOf, type SocketRoute } from '../platform/index.ts'
import { appointmentCallOrder, failCall } from './calls/appointments/service.ts'
import { type Calls, type ConnectedSwitch, openCalls, type PlacedCall } from './calls/in-course.ts'
import { beginOfferCall, beginOutbound } from './calls/life/life.ts'
import { reconcileCalls } from './calls/recovery.ts'
import { sweepAgain } from './calls/sweep.ts'
import { failOfferCall, offerCallOrder } from './calls/time-offers/service.ts'
import { appointmentCallAsked, offerCallAsked } from './events.ts'
import { ownSentences } from './prompts/heard.ts'
import { callOfAgent } from './store.ts'
import { type Asterisk, type AsteriskTelephony, discoverAsterisk, openAsteriskSwitch } from './switches/asterisk/index.ts'
import { browserSockets, type Limits } from './switches/browser/sockets.ts'
import { browserSwitch } from './switches/browser/switch.ts'
import { lostPages } from './switches/lost-pages.ts'
import type { SwitchFact } from './switches/port.ts'
import { setTelephones } from './switches/telephones.ts'

export interface TelephonyOptions {
  /** The Asterisk to use; null for none. Left out: the one that the configuration or this machine has. */
  asterisk?: Asterisk | null
  /** How long pages have to come back after a start, in milliseconds. */
  returnMs?: number
  limits?: Limits
  /** The name under which this program holds pages: the same after a restart. */
  node?: string
}

export interface Telephony {
  /** For the server. */
  sockets: SocketRoute[]
  /** For `/readyz`. A switch that is away does not make the program unready: everything else works. */
  health(): Record<string, string>
  /** For the start message: whether telephony is connected, and how to connect it. */
  lines(): string[]
  /** Stops listening; calls that are in course go on in Asterisk, and pages wait for the program to come back. */
  close(): Promise<void>
}

const connectWithinMs = 1_000

/** Starts telephony when this process has the role `voice`; otherwise returns something that has no sockets. */
export async function startTelephony(house: House, options: TelephonyOptions = {}): Promise<Telephony> {
  if (!house.config.ROLES.includes('voice')) return { sockets: [], health: () => ({}), lines: () => [], close: async () => {} }
  const calls = await openCalls(house)
  const node = options.node ?? `${hostname()}:${house.config.PORT}`

  const sweeps: (() => void)[] = []

  async function run(connection: ConnectedSwitch): Promise<void> {
    sweeps.push(sweepAgain(house, calls, connection))
    await calls.takeUp(connection)
    await connection.switch.start(fact => {
      hearFact(connection, fact).catch((error: unknown) =>
        house.log.error({ err: error }, 'telephony: a fact could not be taken'),
      )
    })
  }
  async function hearFact(connection: ConnectedSwitch, fact: SwitchFact): Promise<void> {
    if (fact.type === 'away') calls.doubt(connection)
    else if (fact.type === 'present') await reconcileCalls(house, calls, connection, fact.legs)
    else calls.hear(connection, fact)
  }

  const pages = browserSwitch({
    clock: house.clock,
    ids: house.ids,
    log: house.log,
    secret: await houseSecret(house.config, house.database.kysely),
    ...(options.returnMs === undefined ? {} : { returnMs: options.returnMs }),
  })
  const sockets = browserSockets(house, pages, options.limits)
  await run({ node: `browser@${node}`, switch: pages, telephoneOf: async agentId => agentId })

  const found = options.asterisk === undefined ? discoverAsterisk(house.config) : (options.asterisk ?? undefined)
  const asterisk = found && (await openAsteriskSwitch(house, found))
  const lost = lostPages(house.clock, personId => {
    lose(house, calls, personId, asterisk).catch((error: unknown) =>
      house.log.error({ err: error }, 'telephony: a lost page could not be noted'),
    )
  })
  const connection = found && asterisk ? asteriskConnection(found, asterisk) : undefined
  if (asterisk && connection) {
    setTelephones(house, { telephones: asterisk.telephones, asked: lost.asked })
    const connected = firstConnection(house, asterisk)
    await run(connection)
    await connected
    speakBeforehand(house, asterisk)
  }

  /** Makes a call of ours that was asked for, where there is a switch for it. */
  async function place(callId: string, { callOf, fail }: CallKind): Promise<void> {
    const call = asterisk?.switch.health().ok ? await callOf(house.database.kysely, callId) : undefined
    if (call && connection) await calls.place(connection, call)
    else await fail(house, callId)
  }
  function placeLater(callId: string, kind: CallKind): void {
    place(callId, kind).catch((error: unknown) =>
      house.log.error({ call: callId, err: error }, 'telephony: a call could not be made'),
    )
  }

  const stopFollowing = await house.tail.follow(
    eachEntry(
      house,
      'sockets',
      [sessionEnded, flowPublished, incidentNoticePublished, appointmentCallAsked, offerCallAsked],
      entry => {
        const { call } = entry.subjects
        if (call !== undefined && payloadOf(appointmentCallAsked, entry)) placeLater(call, ofOfficers)
        if (call !== undefined && payloadOf(offerCallAsked, entry)) placeLater(call, ofOffers)
        const ended = payloadOf(sessionEnded, entry)
        if (ended) sockets.revoke(ended.sessionId)
        if (asterisk && isOneOf(entry, [flowPublished, incidentNoticePublished])) speakBeforehand(house, asterisk)
      },
    ),
  )

  return {
    sockets: [...sockets.routes, ...(asterisk ? [lost.watch(asterisk.socket)] : [])],
    health: () => ({ asterisk: stateOf(asterisk) }),
    lines: () => [
      asterisk
        ? `Telephony: Asterisk at ${found?.url} is ${stateOf(asterisk)}.`
        : 'Telephony: no Asterisk. Try with the telephone page, at /telephone; "npm run asterisk" or ASTERISK_URL connects one.',
    ],
    async close() {
      stopFollowing()
      for (const stop of sweeps) stop()
      setTelephones(house, undefined)
      await pages.close()
      await calls.close()
      await asterisk?.switch.close()
    },
  }
}

/** How a call of ours is made that was asked for. */
interface CallKind {
  /** Undefined when it is over. */
  callOf(db: Db, callId: string): Promise<PlacedCall | undefined>
  /** There is no switch that can make it. */
  fail(house: House, callId: string): Promise<void>
}

const ofOfficers: CallKind = {
  async callOf(db, callId) {
    const order = await appointmentCallOrder(db, callId)
    return order && { ...order, begin: now => beginOutbound(order, now) }
  },
  fail: failCall,
}

const ofOffers: CallKind = {
  async callOf(db, callId) {
    const order = await offerCallOrder(db, callId)
    return order && { ...order, begin: now => beginOfferCall(order, now) }
  },
  fail: failOfferCall,
}

const asteriskConnection = (found: Asterisk, { switch: lines, telephones }: AsteriskTelephony): ConnectedSwitch => ({
  node: `asterisk@${found.url}`,
  switch: lines,
  async telephoneOf(agentId) {
    const name = await telephones.telephoneOf(agentId)
    if (name === undefined) throw new Error('the operator has no telephone')
    return name
  },
})

/**
 * The page of an operator is lost: a conversation over Asterisk that it was in is interrupted, a call that rang at it goes to the next, and its
 * leg is hung up.
 */
async function lose(house: House, calls: Calls, personId: string, asterisk: AsteriskTelephony | undefined): Promise<void> {
  const call = await callOfAgent(house.database.kysely, personId)
  if (!asterisk || call?.switch !== 'asterisk') return
  const { agent, offer } = call.state
  const lost =
    agent?.id === personId
      ? { leg: agent.leg, cause: 'failed' }
      : offer?.agent === personId && offer.gone === null
        ? { leg: offer.leg, cause: offer.answered ? 'failed' : 'page-gone' }
        : undefined
  if (!lost) return
  await calls.give(call.id, { type: 'ended', ...lost })
  await asterisk.switch.hangUp(lost.leg, 'normal')
}

function stateOf(asterisk: AsteriskTelephony | undefined): string {
  if (!asterisk) return 'none'
  const health = asterisk.switch.health()
  return health.ok ? 'connected' : `not connected: ${health.reason}`
}

/** The first connection, if it comes soon: the start message should be right about it. */
function firstConnection(house: House, { ari }: AsteriskTelephony): Promise<void> {
  return new Promise(resolve => {
    const cancel = house.clock.after(connectWithinMs, resolve)
    ari.onConnected(async () => {
      cancel()
      resolve()
    })
  })
}

/** Speaks what callers will hear before the first of them calls. Nobody waits for it. */
function speakBeforehand(house: House, asterisk: AsteriskTelephony): void {
  const work = async () => {
    const flow = (await flowInForce(house.database.kysely))?.flow
    // A text with the name of an office in it is spoken when it is needed.
    const texts = flow ? promptsOf(flow).filter(({ text }) => !isForEachCall(text)) : []
    const notices = await noticesToSpeak(house.database.kysely, new Date(house.clock.now()))
    // A notice is news: whoever calls now hears it first.
    await asterisk.prepare([...notices, ...ownSentences(), ...texts])
  }
  work().catch((error: unknown) => house.log.warn({ error: String(error) }, 'telephony: prompts could not be spoken beforehand'))
}
