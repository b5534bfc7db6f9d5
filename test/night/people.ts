/**
 * The callers of a night, and the telephony between them and the agents: callers who ring, wait, are called back and hang up at any instant,
 * and a switch that reads the journal and rings, as Asterisk's does. They write their facts as the real rooms do.
 */
import * as words from '../../src/distribution/events.ts'
import { type Entry, type EventType, payloadOf } from '../../src/platform/index.ts'
import { callEnded } from '../../src/telephony/events.ts'
import type { Centre } from './centre.ts'
import type { Store } from './database.ts'
import { Papers } from './papers.ts'
import { Pen } from './pen.ts'
import { type Agent, Staff } from './staff.ts'
import type { World } from './world.ts'

/** How a call ended. `not-reached`: the caller wished to be called back, and all attempts were made. */
export const allOutcomes = ['answered', 'abandoned', 'refused', 'not-reached'] as const
export type Outcome = (typeof allOutcomes)[number]

interface Caller {
  readonly id: string
  section: string
  since: number
  /** `ringing`: an agent's telephone rings for it. `dialling`: the citizen's does. */
  state: 'in line' | 'ringing' | 'dialling' | 'talking' | 'over'
  /** Whether the caller hung up and kept the place, and how often the number may still be dialled. */
  callback: { attempts: number; dialled: number } | null
  offer: string
  agent: string
  /** Each way in which the call came to its end, or was answered: exactly one in the end. */
  readonly outcomes: Outcome[]
  /** Facts about one call are written one after the other. */
  writing: Promise<void>
}

const second = 1_000

export class People {
  readonly callers: Caller[] = []
  readonly staff: Staff
  readonly papers: Papers
  readonly pen: Pen
  /** Telephony hears nothing for a while. */
  deaf = false
  private readonly world: World
  private readonly store: Store
  private readonly centre: Centre
  private readonly byId = new Map<string, Caller>()
  private readonly onHeard: (entry: Entry) => void
  private read = 0
  private reading = false

  constructor(world: World, store: Store, centre: Centre, onHeard: (entry: Entry) => void, agents = world.between(2, 8)) {
    this.world = world
    this.store = store
    this.centre = centre
    this.onHeard = onHeard
    this.pen = new Pen(world, store)
    this.staff = new Staff(this.pen, centre, agents)
    this.papers = new Papers(this.pen, this.staff)
  }

  get agents(): readonly Agent[] {
    return this.staff.agents
  }

  private get healed(): boolean {
    return this.pen.healed
  }

  /** How many callers are on the line, or wait to be called back. */
  onTheLine = 0

  // --- callers ------------------------------------------------------------------------------------------------------

  arrive(): void {
    const { world } = this
    const caller: Caller = {
      id: world.id(),
      section: world.oneOf(this.centre.sections).id,
      since: this.store.now,
      state: 'in line',
      callback: null,
      offer: '',
      agent: '',
      outcomes: [],
      writing: Promise.resolve(),
    }
    this.callers.push(caller)
    this.onTheLine++
    this.byId.set(caller.id, caller)
    world.after(world.chance(0.1) ? world.between(0, 5) : world.exponential(world.between(60, 900) * second), () => {
      if (!this.healed && isWaiting(caller)) this.hangUp(caller)
    })
    const preferred = world.chance(0.2)
      ? { agents: [world.oneOf(this.agents).id], boundMs: world.between(1, 90) * second }
      : undefined
    this.queue(caller, preferred)
  }

  private queue(caller: Caller, preferred?: { agents: string[]; boundMs: number; resume?: boolean }): void {
    const { world } = this
    caller.state = 'in line'
    const waitingSince = new Date(caller.since).toISOString()
    const priority = world.chance(0.1) ? world.between(1, 3) : 0
    this.aboutCall(caller, words.callQueued, {
      sectionId: caller.section,
      priority,
      waitingSince,
      ...(preferred ? { preferred } : {}),
    })
  }

  /** The caller hangs up, whatever is happening at this instant. */
  hangUp(caller: Caller): void {
    if (caller.state === 'over') return
    const { state, agent } = caller
    if (caller.callback !== null && state !== 'talking') return
    if (state === 'talking') this.aboutCall(caller, words.conversationEnded, { agent }, true)
    else {
      this.endWith(caller, 'abandoned')
      this.aboutCall(caller, words.callLeftQueue, { reason: 'hung-up' }, true)
    }
    this.goesOver(caller)
  }

  private goesOver(caller: Caller): void {
    const held = this.staff.named(caller.agent)
    if (caller.state === 'talking' && held) held.talking = false
    if (caller.state === 'ringing' && held) held.offer = ''
    caller.state = 'over'
    this.onTheLine--
    this.aboutCall(caller, callEnded, { reason: 'caller' }, true)
  }

  /** A call that was answered, lost its agent and was left by its caller has been answered all the same. */
  private endWith(caller: Caller, outcome: Outcome): void {
    if (!caller.outcomes.includes('answered')) caller.outcomes.push(outcome)
  }

  // --- the switch ---------------------------------------------------------------------------------------------------

  /** Something may have been written. */
  wake(): void {
    if (this.reading || this.deaf || this.store.away) return
    this.reading = true
    const { world } = this
    const late = !this.healed && world.chance(this.store.rates.delayed)
    if (late) world.fault('event delayed')
    world.after(late ? world.anySize(10, 20 * second) : world.between(1, 8), () => {
      this.reading = false
      if (this.deaf || this.store.away) return
      const entries = this.store.journal.slice(this.read, this.read + 100)
      this.read += entries.length
      for (const entry of entries) {
        this.onHeard(entry)
        this.hear(entry)
        this.papers.hear(entry)
      }
      if (this.read < this.store.journal.length) this.wake()
    })
  }

  private hear(entry: Entry): void {
    const caller = this.byId.get(entry.subjects.call ?? '')
    if (!caller) return
    const made = payloadOf(words.offerMade, entry)
    if (made) this.ring(caller, made)
    const accepted = payloadOf(words.offerAccepted, entry)
    if (accepted) this.join(caller, accepted)
    const withdrawn = payloadOf(words.offerWithdrawn, entry)
    if (withdrawn) this.stopRinging(caller, withdrawn)
    if (payloadOf(words.callCallbackProposed, entry) && isWaiting(caller) && this.world.chance(this.healed ? 0.2 : 0.6))
      this.keepPlace(caller)
    const dismissed = payloadOf(words.callDismissed, entry)
    if (dismissed?.reason.startsWith('callback-')) this.notReached(caller, dismissed.reason)
    else if (dismissed || payloadOf(words.callDiverted, entry)) {
      if (dismissed && dismissed.message === null)
        this.world.fail(`${caller.id} is dismissed without a word: ${dismissed.reason}`)
      // Who has just wished to be called back was dismissed as a caller; the callback is in line by the next fact.
      if (caller.state === 'over' || caller.callback !== null) return
      if (caller.state === 'talking') this.world.fail(`${caller.id} is dismissed in conversation`)
      this.endWith(caller, 'refused')
      this.goesOver(caller)
    }
  }

  /** The caller hangs up and keeps the place. */
  private keepPlace(caller: Caller): void {
    const { world } = this
    this.stopRingingAt(caller)
    caller.callback = { attempts: world.between(1, 3), dialled: 0 }
    this.queueCallback(caller, world.between(0, 10) * second)
  }

  private queueCallback(caller: Caller, inMs: number): void {
    const { world, store } = this
    caller.state = 'in line'
    const at = (ms: number) => new Date(store.now + ms).toISOString()
    this.aboutCall(caller, words.callCallbackQueued, {
      sectionId: caller.section,
      priority: 0,
      waitingSince: new Date(caller.since).toISOString(),
      number: '+390600000000',
      notBefore: at(inMs),
      notAfter: at(inMs + (this.healed ? 2 * 3600 * second : world.anySize(60 * second, 3 * 3600 * second))),
      maxAttempts: Math.max(1, (caller.callback?.attempts ?? 1) - (caller.callback?.dialled ?? 0)),
      retryMs: world.between(5, 300) * second,
    })
  }

  /** The leader does not offer the callback any more: the day is over, or all attempts were made. */
  private notReached(caller: Caller, reason: string): void {
    if (caller.state === 'over' || caller.callback === null) return
    if (caller.state === 'talking') this.world.fail(`${caller.id} is given up in conversation`)
    this.stopRingingAt(caller)
    if (reason === 'callback-window-over' && this.world.chance(0.5)) {
      this.queueCallback(caller, this.world.between(0, 60) * second)
      return
    }
    this.endWith(caller, 'not-reached')
    this.goesOver(caller)
  }

  private stopRingingAt(caller: Caller): void {
    const held = this.staff.named(caller.agent)
    if (held && held.offer === caller.offer) held.offer = ''
    if (held && caller.state === 'dialling') held.talking = false
  }

  /** An agent has taken the callback: the number is dialled. */
  private dial(caller: Caller, agent: Agent): void {
    const { world } = this
    const { callback, offer } = caller
    if (callback === null) return
    caller.state = 'dialling'
    agent.talking = true
    if (++callback.dialled > callback.attempts) world.fail(`${caller.id} is dialled the ${callback.dialled}th time`)
    world.after(world.between(1, 20) * second, () => {
      if (caller.state !== 'dialling' || caller.offer !== offer) return
      agent.talking = false
      if (this.healed || world.chance(0.6)) return this.talk(caller, agent)
      world.fault('callback not reached')
      caller.state = 'in line'
      this.aboutCall(caller, words.callCallbackUnanswered, { agent: agent.id, attempt: callback.dialled, why: 'no-answer' })
    })
  }

  private ring(caller: Caller, { offer, agent, until }: { offer: string; agent: string; until: string }): void {
    const { world, store } = this
    const rung = this.staff.named(agent)
    if (caller.state === 'over' || rung === undefined) return
    if (caller.state === 'talking') this.world.fail(`${caller.id} is offered in conversation`)
    caller.state = 'ringing'
    caller.offer = offer
    caller.agent = agent
    this.maybeHangUp(caller)
    const answer = { offer, agent }
    if (!rung.page || rung.duty === 'signed-out') {
      this.aboutOffer(caller, words.offerFailed, { ...answer, reason: 'unreachable' })
      return
    }
    rung.offer = offer
    // Most answer soon, some at the very instant at which the offer runs out.
    const last = Date.parse(until) - store.now + world.between(-40, 40)
    if (this.healed) this.pickUp(caller, rung, offer, world.between(1, 4) * second)
    else if (world.chance(store.rates.ignores)) world.fault('agent ignores the ringing')
    else if (world.chance(store.rates.refuses)) this.refuse(caller, rung, offer)
    else this.pickUp(caller, rung, offer, world.chance(0.1) ? last : world.between(1, 8) * second)
  }

  private refuse(caller: Caller, agent: Agent, offer: string): void {
    const { world } = this
    world.fault('agent refuses or cannot be rung')
    const declines = world.chance(0.5)
    world.after(world.between(0, 4) * second, () => {
      if (agent.offer !== offer) return
      agent.offer = ''
      const refusal = { offer, agent: agent.id }
      if (declines) this.aboutOffer(caller, words.offerDeclined, refusal)
      else this.aboutOffer(caller, words.offerFailed, { ...refusal, reason: 'busy' })
    })
  }

  private pickUp(caller: Caller, agent: Agent, offer: string, afterMs: number): void {
    this.world.after(afterMs, () => {
      if (agent.offer !== offer || !agent.page || caller.state === 'over') return
      this.maybeHangUp(caller)
      const answer = { offer, agent: agent.id }
      this.aboutOffer(caller, words.offerAnswered, answer)
      if (this.pen.repeated())
        this.world.after(this.world.anySize(1, 30 * second), () =>
          this.pen.write(words.offerAnswered, answer, { call: caller.id, person: agent.id }),
        )
    })
  }

  private stopRinging(caller: Caller, { offer, agent }: { offer: string; agent: string }): void {
    const rung = this.staff.named(agent)
    if (rung?.offer === offer) rung.offer = ''
    if (caller.state === 'ringing' && caller.offer === offer) caller.state = 'in line'
    if (rung && this.healed) this.staff.backToWork(rung)
  }

  private join(caller: Caller, { offer, agent }: { offer: string; agent: string }): void {
    const { world } = this
    const held = this.staff.named(agent)
    if (held?.offer === offer) held.offer = ''
    if (caller.state === 'over' || held === undefined) return
    if (caller.state !== 'ringing' || caller.offer !== offer)
      world.fail(`${caller.id} is joined by ${offer}, which was not ringing`)
    caller.agent = agent
    if (caller.callback === null) this.talk(caller, held)
    else this.dial(caller, held)
  }

  private talk(caller: Caller, held: Agent): void {
    const { world, store } = this
    const { offer } = caller
    caller.state = 'talking'
    held.talking = true
    this.endWith(caller, 'answered')
    const broken = !this.healed && world.chance(store.rates.breaksOff)
    const ms = this.healed ? world.between(10, 60) * second : Math.min(600 * second, world.exponential(120 * second))
    if (world.chance(this.healed ? 0 : store.rates.hangsUpAtEach)) {
      world.fault('caller hangs up at an instant')
      world.after(world.between(0, 20), () => this.hangUp(caller))
    }
    world.after(ms, () => {
      if (caller.state !== 'talking' || caller.offer !== offer) return
      if (broken && !this.healed) this.breakOff(caller, held)
      else this.hangUp(caller)
      if (this.healed) this.staff.endWrapUp(held)
    })
  }

  /** The agent's page dies in the conversation: the caller waits for the same agent. Or the caller is passed on. */
  private breakOff(caller: Caller, agent: Agent): void {
    const { world } = this
    world.fault('conversation broken off')
    agent.talking = false
    caller.callback = null
    if (world.chance(0.3)) {
      caller.section = world.oneOf(this.centre.sections).id
      this.queue(caller)
      return
    }
    this.staff.lost(agent)
    this.queue(caller, { agents: [agent.id], boundMs: world.between(5, 60) * second, resume: true })
  }

  private maybeHangUp(caller: Caller): void {
    const { world } = this
    if (this.healed || caller.callback !== null || !world.chance(this.store.rates.hangsUpAtEach)) return
    world.fault('caller hangs up at an instant')
    world.after(world.between(0, 20), () => {
      if (caller.state !== 'talking') this.hangUp(caller)
    })
  }

  // --- writing ------------------------------------------------------------------------------------------------------

  private aboutOffer<P extends Record<string, unknown>>(
    caller: Caller,
    type: EventType<P, 'call'>,
    payload: P & { agent: string },
  ): void {
    this.inTurn(caller, () => this.pen.write(type, payload, { call: caller.id, person: payload.agent }))
  }

  private aboutCall<P extends Record<string, unknown>>(
    caller: Caller,
    type: EventType<P, 'call'>,
    payload: P,
    last = false,
  ): void {
    const say = () => this.pen.write(type, payload, { call: caller.id })
    this.inTurn(caller, say)
    // Only what ends a call may be said again later: before, the row of the call tells telephony that it has said it.
    if (last && this.pen.repeated()) this.world.after(this.world.anySize(1, 30 * second), say)
  }

  private inTurn(caller: Caller, say: () => Promise<void>): void {
    caller.writing = caller.writing.then(say)
    this.world.stir()
  }
}

const isWaiting = ({ state, callback }: Caller) => callback === null && (state === 'in line' || state === 'ringing')
