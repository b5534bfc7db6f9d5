/**
 * The switch that is made of browsers: for trying everything without a telephone. The pages have the voice (protocol.ts); this keeps who is
 * connected with whom, and turns what pages say into the facts of the port.
 *
 * It keeps nothing on disk. When the program starts anew the pages come back with signed tokens that say which legs they are; those that
 * have come back after `reconnect.keepCallerMs` are `present`, as Asterisk's channels are after a lost connection.
 */
import type { Clock, Ids, Log } from '../../../platform/index.ts'
import type { Dial, EndReason, RingAgent, Saying, Switch, SwitchFact } from '../port.ts'
import { type AgentLeg, type BrowserLeg, type CallerLeg, type Connection, claimOf, type EndFact, otherEnd, tell } from './legs.ts'
import type { Page } from './page.ts'
import { type FromCaller, type FromDesk, reconnect, type Signal, type ToCaller, type ToDesk } from './protocol.ts'
import { readClaim, signClaim } from './token.ts'

export interface BrowserSwitchParts {
  clock: Clock
  ids: Ids
  log: Log
  /** The key of signed tokens. */
  secret: Buffer
  /** How long pages have to come back after a start, in milliseconds. */
  returnMs?: number
}

/** What a page asked to go on with, and whether it may. */
export type Resume = { token: string; connection: string | null } | undefined

/** The switch as the sockets see it. */
export interface Exchange {
  callerCame(page: Page<ToCaller>, resume: Resume): { leg: CallerLeg | null }
  callerSaid(state: { leg: CallerLeg | null }, page: Page<ToCaller>, message: Exclude<FromCaller, { type: 'hello' }>): void
  /** @param left the page took leave: its caller has hung up */
  callerWent(state: { leg: CallerLeg | null }, page: Page<ToCaller>, left: boolean): void
  deskCame(page: Page<ToDesk>, personId: string, resume: Resume): boolean
  deskSaid(page: Page<ToDesk>, message: Exclude<FromDesk, { type: 'hello' }>): void
  /** @param left the page took leave: its voice is gone, and it will not come back for it */
  deskWent(page: Page<ToDesk>, left: boolean): void
}

/** How old the token of a leg may be; a page that is there is given a new one in time. */
const resumeWithinMs = 15 * 60_000
const renewEveryMs = 5 * 60_000
/** A citizen's page may wait for a callback for half a day. */
const awaitWithinMs = 12 * 3_600_000
const maxAwaited = 10

/** An operator's page is not there, or is in another call. */
export class NoPage extends Error {
  override readonly name = 'NoPage'
}

export function browserSwitch(parts: BrowserSwitchParts): Switch & Exchange {
  const { clock, ids, log, secret } = parts
  const legs = new Map<string, BrowserLeg>()
  const connections = new Map<string, Connection>()
  /** The pages of each operator, the newest last. */
  const desks = new Map<string, Page<ToDesk>[]>()
  /** The pages of citizens whose call may be called back, by call. */
  const awaiting = new Map<string, { page: Page<ToCaller>; state: { leg: CallerLeg | null } }>()
  let hear: (fact: SwitchFact) => void = () => {}
  let cancelReturn = () => {}
  /** While pages may still come back with legs of which we know nothing. */
  let returning = true
  let closed = false

  const callerLeg = (id: string): CallerLeg | undefined => {
    const leg = legs.get(id)
    return leg?.role === 'caller' ? leg : undefined
  }

  // --- ends ---

  function end(leg: BrowserLeg, cause: EndFact, told: EndReason | 'failed' | null): void {
    if (!legs.delete(leg.id) || closed) return
    leg.cancel()
    disconnect(leg.connection)
    if (told !== null) tell(leg, { type: 'ended', leg: leg.id, cause: told })
    leg.page = null
    hear({ type: 'ended', leg: leg.id, cause })
  }

  /** The page has gone without a word. */
  function awaitPage(leg: BrowserLeg, ms: number): void {
    leg.page = null
    leg.cancel()
    leg.cancel = clock.after(ms, () => end(leg, leg.role === 'agent' && !leg.answered ? 'page-gone' : 'failed', null))
  }

  // --- connections ---

  function connect(callId: string, first: BrowserLeg, second: BrowserLeg): void {
    const connection: Connection = { id: ids(), callId, legs: [first, second] }
    connections.set(connection.id, connection)
    for (const leg of connection.legs) leg.connection = connection
    // The operator's page offers: its microphone is open already.
    const initiator = first.role === 'caller' ? second : first
    for (const leg of connection.legs)
      tell(leg, { type: 'connect', connection: connection.id, leg: leg.id, initiator: leg === initiator })
  }

  function disconnect(connection: Connection | null): void {
    if (!connection || !connections.delete(connection.id)) return
    for (const leg of connection.legs) {
      if (leg.connection === connection) leg.connection = null
      tell(leg, { type: 'disconnect', connection: connection.id })
    }
  }

  function relay(leg: BrowserLeg | null | undefined, connection: string, signal: Signal): void {
    if (!leg || leg.connection?.id !== connection) return
    const other = otherEnd(leg)
    if (other) tell(other, { type: 'signal', connection, signal })
  }

  // --- coming back ---

  /** The leg of a token: one that we know, or, after a start, one that we learn of. */
  function legOf(resume: Resume, role: BrowserLeg['role'], personId: string | null): BrowserLeg | undefined {
    const claim = resume && readClaim(secret, resume.token, { now: clock.now(), withinMs: resumeWithinMs })
    if (!claim || claim.role !== role || claim.personId !== personId) return undefined
    const known = legs.get(claim.leg)
    // What only rang is rung anew by the life of its call.
    if (known || !returning || (role === 'agent' && !claim.answered)) return known
    const common = {
      id: claim.leg,
      callId: claim.callId,
      answered: claim.answered,
      from: claim.from,
      connection: null,
      cancel: () => {},
    }
    const leg: BrowserLeg =
      claim.role === 'caller'
        ? { ...common, role: 'caller', to: claim.to, page: null, ringing: false, music: false, saying: null }
        : { ...common, role: 'agent', personId: claim.personId ?? '', page: null, ringsUntil: 0 }
    legs.set(leg.id, leg)
    return leg
  }

  /** The page says which voice it still has; one that has lost it, or has another, is connected anew. */
  function voiceOf(leg: BrowserLeg, connection: string | null): void {
    if (returning && connection !== null && leg.connection === null && leg.callId !== null) {
      const other = [...legs.values()].find(
        each => each !== leg && each.callId === leg.callId && halves.get(each.id) === connection,
      )
      halves.set(leg.id, connection)
      if (!other) return
      const whole: Connection = { id: connection, callId: leg.callId, legs: [leg, other] }
      connections.set(connection, whole)
      leg.connection = whole
      other.connection = whole
      return
    }
    if (leg.connection === null || leg.connection.id === connection) return
    const { callId, legs: pair } = leg.connection
    disconnect(leg.connection)
    connect(callId, pair[0], pair[1])
  }
  /** After a start: the connection that a leg says it is in, until the other leg says so too. */
  const halves = new Map<string, string>()

  // --- what callers hear ---

  function say(leg: CallerLeg): void {
    if (leg.saying) leg.page?.send({ type: 'say', ...leg.saying })
  }

  function said(leg: CallerLeg, playback: string): void {
    if (leg.saying?.playback !== playback) return
    leg.saying = null
    hear({ type: 'said', leg: leg.id, playback })
  }

  const tokenTo = (leg: CallerLeg) =>
    leg.page?.send({ type: 'leg', leg: leg.id, token: signClaim(secret, claimOf(leg, clock.now())), callId: leg.callId })

  const ringTo = (leg: AgentLeg) =>
    leg.page?.send({
      type: 'ring',
      leg: leg.id,
      token: signClaim(secret, claimOf(leg, clock.now())),
      callId: leg.callId ?? '',
      from: leg.from,
      timeoutMs: Math.max(0, leg.ringsUntil - clock.now()),
    })

  /** Tokens grow old: every page that has a leg is given a new one from time to time. */
  function renew(): void {
    for (const leg of legs.values()) {
      if (leg.role === 'caller') tokenTo(leg)
      else ringTo(leg)
    }
    cancelRenewal = clock.after(renewEveryMs, renew)
  }
  let cancelRenewal = clock.after(renewEveryMs, renew)

  const agentLegOf = (page: Page<ToDesk>): AgentLeg | undefined => {
    for (const leg of legs.values()) if (leg.role === 'agent' && leg.page === page) return leg
    return undefined
  }

  const exchange: Exchange = {
    callerCame(page, resume) {
      const leg = legOf(resume, 'caller', null)
      page.send({ type: 'welcome', version: 1, resumed: leg !== undefined, iceServers: [] })
      if (leg?.role !== 'caller') return { leg: null }
      leg.cancel()
      leg.page = page
      tokenTo(leg)
      if (leg.answered) page.send({ type: 'answered' })
      voiceOf(leg, resume?.connection ?? null)
      // What it may have missed. After a start the life of the call says it anew.
      if (!returning) {
        page.send({ type: 'music', on: leg.music })
        if (leg.ringing) page.send({ type: 'ringing' })
        say(leg)
      }
      return { leg }
    },
    callerSaid(state, page, message) {
      const { leg } = state
      switch (message.type) {
        case 'dial': {
          if (leg && legs.has(leg.id)) return
          const made: CallerLeg = {
            id: ids(),
            role: 'caller',
            callId: null,
            answered: false,
            from: message.from,
            to: message.to,
            page,
            connection: null,
            cancel: () => {},
            ringing: false,
            music: false,
            saying: null,
          }
          legs.set(made.id, made)
          state.leg = made
          tokenTo(made)
          hear({ type: 'arrived', leg: made.id, from: made.from, to: message.to })
          return
        }
        case 'key':
          if (leg && legs.has(leg.id)) hear({ type: 'key', leg: leg.id, key: message.key })
          return
        case 'said':
          if (leg) said(leg, message.playback)
          return
        case 'hang-up':
          if (leg) end(leg, leg.to === null && !leg.answered ? 'declined' : 'normal', 'normal')
          return
        case 'await': {
          const claim = readClaim(secret, message.token, { now: clock.now(), withinMs: awaitWithinMs })
          if (claim?.role !== 'caller' || claim.callId === null) return
          const own = [...awaiting].filter(([, waits]) => waits.page === page)
          // The oldest of its calls goes: a page cannot wait for more than it was given.
          if (own.length >= maxAwaited && own[0]) awaiting.delete(own[0][0])
          awaiting.set(claim.callId, { page, state })
          return
        }
        case 'answer':
          if (leg?.id !== message.leg || !legs.has(leg.id) || leg.answered) return
          leg.cancel()
          leg.answered = true
          tokenTo(leg)
          page.send({ type: 'answered' })
          hear({ type: 'answered', leg: leg.id })
          return
        case 'signal':
          relay(leg, message.connection, message.signal)
      }
    },
    callerWent(state, page, left) {
      for (const [callId, waits] of awaiting) if (waits.page === page) awaiting.delete(callId)
      if (state.leg?.page !== page || !legs.has(state.leg.id)) return
      const isCalledBack = state.leg.to === null && !state.leg.answered
      // Who is called back and closes the page while it rings has not declined: the telephone is gone.
      if (left) end(state.leg, isCalledBack ? 'failed' : 'normal', null)
      else awaitPage(state.leg, reconnect.keepCallerMs)
    },
    deskCame(page, personId, resume) {
      const leg = legOf(resume, 'agent', personId)
      desks.set(personId, [...(desks.get(personId) ?? []), page])
      page.send({ type: 'welcome', version: 1, resumed: leg !== undefined, iceServers: [] })
      if (leg?.role !== 'agent') return false
      leg.cancel()
      leg.page = page
      if (!leg.answered)
        leg.cancel = clock.after(Math.max(0, leg.ringsUntil - clock.now()), () => end(leg, 'no-answer', 'no-answer'))
      ringTo(leg)
      voiceOf(leg, resume?.connection ?? null)
      return true
    },
    deskSaid(page, message) {
      const leg = agentLegOf(page)
      if (!leg) return
      if (message.type === 'signal') relay(leg, message.connection, message.signal)
      else if (message.type === 'leave') end(leg, leg.answered ? 'failed' : 'page-gone', null)
      else if (message.leg !== leg.id) return
      else if (message.type === 'decline') end(leg, leg.answered ? 'normal' : 'declined', 'normal')
      else if (message.type === 'hang-up') end(leg, leg.answered ? 'normal' : 'declined', 'normal')
      else if (!leg.answered) {
        leg.cancel()
        leg.answered = true
        ringTo(leg)
        hear({ type: 'answered', leg: leg.id })
      }
    },
    deskWent(page, left) {
      for (const [personId, pages] of desks) {
        const left = pages.filter(each => each !== page)
        if (left.length === 0) desks.delete(personId)
        else desks.set(personId, left)
      }
      const leg = agentLegOf(page)
      if (leg && left) end(leg, leg.answered ? 'failed' : 'page-gone', null)
      else if (leg) awaitPage(leg, reconnect.keepAgentMs)
    },
  }

  return {
    ...exchange,
    kind: 'browser',
    async start(listener) {
      hear = listener
      cancelReturn = clock.after(parts.returnMs ?? reconnect.keepCallerMs, () => {
        returning = false
        halves.clear()
        hear({ type: 'present', legs: [...legs.values()].map(presentOf) })
      })
    },
    async answer(id) {
      const leg = callerLeg(id)
      if (!leg || leg.answered) return
      leg.answered = true
      leg.ringing = false
      tokenTo(leg)
      leg.page?.send({ type: 'answered' })
    },
    async ring(id) {
      const leg = callerLeg(id)
      if (!leg) return
      leg.ringing = true
      leg.page?.send({ type: 'ringing' })
    },
    async name(id, callId) {
      const leg = callerLeg(id)
      if (!leg) return
      leg.callId = callId
      tokenTo(leg)
    },
    async say(id, playback, sayings, language) {
      const leg = callerLeg(id)
      if (!leg || leg.saying?.playback === playback) return
      leg.saying = { playback, text: textOf(sayings), language }
      say(leg)
    },
    async hush(id, playback) {
      const leg = callerLeg(id)
      if (!leg || leg.saying?.playback !== playback) return
      leg.page?.send({ type: 'hush', playback })
      said(leg, playback)
    },
    async startMusic(id) {
      const leg = callerLeg(id)
      if (!leg) return
      leg.music = true
      leg.page?.send({ type: 'music', on: true })
    },
    async stopMusic(id) {
      const leg = callerLeg(id)
      if (!leg) return
      leg.music = false
      leg.page?.send({ type: 'music', on: false })
    },
    async ringAgent({ leg: id, callId, agentId, from, timeoutMs }: RingAgent) {
      if (legs.has(id)) return
      const page = desks.get(agentId)?.findLast(each => !agentLegOf(each))
      if (!page) throw new NoPage('the operator has no page that can ring')
      const leg: AgentLeg = {
        id,
        role: 'agent',
        callId,
        answered: false,
        from,
        personId: agentId,
        page,
        connection: null,
        ringsUntil: clock.now() + timeoutMs,
        cancel: clock.after(timeoutMs, () => {
          const ringing = legs.get(id)
          if (ringing) end(ringing, 'no-answer', 'no-answer')
        }),
      }
      legs.set(id, leg)
      ringTo(leg)
    },
    async dial({ leg: id, callId, callerLeg, number, from, timeoutMs }: Dial) {
      // Offices are reached over a trunk only; a citizen is called back at the page that called.
      if (callerLeg !== null) throw new NoPage(`there is no trunk to ${number}`)
      if (legs.has(id)) return
      const waits = awaiting.get(callId)
      if (!waits || (waits.state.leg && legs.has(waits.state.leg.id))) {
        hear({ type: 'ended', leg: id, cause: waits ? 'busy' : 'unreachable' })
        return
      }
      const { page, state } = waits
      const leg: CallerLeg = {
        ...{ id, role: 'caller', callId, answered: false, from, to: null, page, connection: null },
        ...{ ringing: false, music: false, saying: null },
        cancel: clock.after(timeoutMs, () => end(leg, 'no-answer', 'no-answer')),
      }
      legs.set(id, leg)
      state.leg = leg
      page.send({ type: 'ring', leg: id, token: signClaim(secret, claimOf(leg, clock.now())), callId, from, timeoutMs })
    },
    async join(callId, [first, second]) {
      const one = legs.get(first)
      const other = legs.get(second)
      if (!one || !other || (one.connection && one.connection === other.connection)) return
      disconnect(one.connection)
      disconnect(other.connection)
      connect(callId, one, other)
    },
    async part(callId) {
      for (const connection of [...connections.values()]) if (connection.callId === callId) disconnect(connection)
    },
    async hangUp(id, reason) {
      const leg = legs.get(id)
      if (leg) end(leg, 'normal', reason)
    },
    // The page's own voice speaks.
    prepare: async () => {},
    sweep: async () => [...legs.values()].map(presentOf),
    health: () => ({ ok: true }),
    async close() {
      closed = true
      hear = () => {}
      cancelReturn()
      cancelRenewal()
      for (const leg of legs.values()) leg.cancel()
      log.debug({ legs: legs.size }, 'telephony: the browser switch is closed')
    },
  }
}

/** As it is read: where a number ends a sentence, or digits a clause, the voice pauses and the page needs a mark. */
function textOf(sayings: readonly Saying[]): string {
  return sayings
    .map((saying, i) => {
      if ('text' in saying) return saying.text
      const text = 'number' in saying ? String(saying.number) : [...saying.digits].join(' ')
      const next = sayings[i + 1]
      if (next === undefined || ('text' in next && /^\p{Lu}/u.test(next.text))) return `${text}.`
      return 'digits' in saying ? `${text},` : text
    })
    .join(' ')
}

const presentOf = (leg: BrowserLeg) => ({
  leg: leg.id,
  callId: leg.callId,
  role: leg.role === 'caller' && leg.to === null ? ('office' as const) : leg.role,
  answered: leg.answered,
  joinedWith: [otherEnd(leg)?.id ?? []].flat(),
  from: leg.from,
  to: leg.role === 'caller' ? leg.to : null,
})
