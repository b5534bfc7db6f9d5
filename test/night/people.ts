/**
 * The people of a night, and the telephony between them: callers who ring, wait and hang up at any instant; agents with pages that report,
 * vanish and come back; and a switch that reads the journal and rings, as Asterisk's does. They write their facts as the real rooms do.
 */

import * as words from '../../src/distribution/events.ts'
import { heartbeatEveryMs } from '../../src/distribution/model.ts'
import { checkEntry, type Entry, type EventType, payloadOf, type Subjects, system } from '../../src/platform/index.ts'
import { callEnded } from '../../src/telephony/events.ts'
import type { Centre } from './centre.ts'
import type { Store } from './database.ts'
import type { World } from './world.ts'

export type Outcome = 'answered' | 'abandoned' | 'refused'

interface Caller {
  readonly id: string
  section: string
  since: number
  state: 'in line' | 'ringing' | 'talking' | 'over'
  offer: string
  agent: string
  /** Each way in which the call came to its end, or was answered: exactly one in the end. */
  readonly outcomes: Outcome[]
  /** Facts about one call are written one after the other. */
  writing: Promise<void>
}

interface Agent {
  readonly id: string
  readonly path: string
  /** The page reports. */
  page: boolean
  duty: 'available' | 'paused' | 'signed-out'
  /** What rings. */
  offer: string
  talking: boolean
}

const telephony = system('telephony')
const second = 1_000

export class People {
  readonly callers: Caller[] = []
  readonly agents: Agent[] = []
  /** Everything goes well from now on. */
  healed = false
  /** Telephony hears nothing for a while. */
  deaf = false
  private readonly world: World
  private readonly store: Store
  private readonly centre: Centre
  private readonly byId = new Map<string, Caller>()
  private readonly onHeard: (entry: Entry) => void
  private read = 0
  private reading = false

  constructor(world: World, store: Store, centre: Centre, onHeard: (entry: Entry) => void) {
    this.world = world
    this.store = store
    this.centre = centre
    this.onHeard = onHeard
    for (let n = world.between(2, 8); n > 0; n--) this.agents.push(this.newAgent())
  }

  /** Callers on the line who wait for somebody. */
  get waiting(): readonly Caller[] {
    return this.callers.filter(({ state }) => state === 'in line' || state === 'ringing')
  }

  get onTheLine(): boolean {
    return this.callers.some(({ state }) => state !== 'over')
  }

  // --- callers ------------------------------------------------------------------------------------------------------

  arrive(): void {
    const { world } = this
    const caller: Caller = {
      id: world.id(),
      section: world.oneOf(this.centre.sections).id,
      since: world.now,
      state: 'in line',
      offer: '',
      agent: '',
      outcomes: [],
      writing: Promise.resolve(),
    }
    this.callers.push(caller)
    this.byId.set(caller.id, caller)
    world.after(world.chance(0.1) ? world.between(0, 5) : world.exponential(world.between(60, 900) * second), () => {
      if (!this.healed && (caller.state === 'in line' || caller.state === 'ringing')) this.hangUp(caller)
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

  private hangUp(caller: Caller): void {
    if (caller.state === 'over') return
    const { state, agent } = caller
    if (state === 'talking') this.aboutCall(caller, words.conversationEnded, { agent }, true)
    else {
      this.endWith(caller, 'abandoned')
      this.aboutCall(caller, words.callLeftQueue, { reason: 'hung-up' }, true)
    }
    this.goesOver(caller)
  }

  private goesOver(caller: Caller): void {
    const held = this.agents.find(agent => agent.id === caller.agent)
    if (caller.state === 'talking' && held) held.talking = false
    if (caller.state === 'ringing' && held) held.offer = ''
    caller.state = 'over'
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
      const entries = this.store.visible(this.read, 100)
      this.read += entries.length
      for (const entry of entries) {
        this.onHeard(entry)
        this.hear(entry)
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
    const dismissed = payloadOf(words.callDismissed, entry)
    if (dismissed || payloadOf(words.callDiverted, entry)) {
      if (dismissed && dismissed.message === null)
        this.world.fail(`${caller.id} is dismissed without a word: ${dismissed.reason}`)
      if (caller.state === 'over') return
      if (caller.state === 'talking') this.world.fail(`${caller.id} is dismissed in conversation`)
      this.endWith(caller, 'refused')
      this.goesOver(caller)
    }
  }

  private ring(caller: Caller, { offer, agent, until }: { offer: string; agent: string; until: string }): void {
    const { world, store } = this
    const rung = this.agents.find(({ id }) => id === agent)
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
    const last = Date.parse(until) - world.now + world.between(-40, 40)
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
      if (this.repeated())
        this.world.after(this.world.anySize(1, 30 * second), () =>
          this.write(words.offerAnswered, answer, { call: caller.id, person: agent.id }),
        )
    })
  }

  private stopRinging(caller: Caller, { offer, agent }: { offer: string; agent: string }): void {
    const rung = this.agents.find(({ id }) => id === agent)
    if (rung?.offer === offer) rung.offer = ''
    if (caller.state === 'ringing' && caller.offer === offer) caller.state = 'in line'
    if (rung && this.healed) this.backToWork(rung)
  }

  private join(caller: Caller, { offer, agent }: { offer: string; agent: string }): void {
    const { world, store } = this
    const held = this.agents.find(({ id }) => id === agent)
    if (held?.offer === offer) held.offer = ''
    if (caller.state === 'over' || held === undefined) return
    if (caller.state !== 'ringing' || caller.offer !== offer)
      world.fail(`${caller.id} is joined by ${offer}, which was not ringing`)
    caller.state = 'talking'
    caller.agent = agent
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
      if (this.healed) this.endWrapUp(held)
    })
  }

  /** The agent's page dies in the conversation: the caller waits for the same agent. Or the caller is passed on. */
  private breakOff(caller: Caller, agent: Agent): void {
    const { world } = this
    world.fault('conversation broken off')
    agent.talking = false
    if (world.chance(0.3)) {
      caller.section = world.oneOf(this.centre.sections).id
      this.queue(caller)
      return
    }
    this.vanish(agent)
    const page = this.store.presence.get(agent.id)
    if (page?.reachable) {
      page.reachable = false
      this.write(words.agentUnreachable, {}, { person: agent.id })
    }
    this.queue(caller, { agents: [agent.id], boundMs: world.between(5, 60) * second, resume: true })
  }

  private maybeHangUp(caller: Caller): void {
    const { world } = this
    if (this.healed || !world.chance(this.store.rates.hangsUpAtEach)) return
    world.fault('caller hangs up at an instant')
    world.after(world.between(0, 20), () => {
      if (caller.state !== 'talking') this.hangUp(caller)
    })
  }

  // --- agents -------------------------------------------------------------------------------------------------------

  private newAgent(): Agent {
    const { world, store } = this
    const id = world.id()
    const agent: Agent = { id, path: 'inps/ccm/pensions/', page: false, duty: 'signed-out', offer: '', talking: false }
    this.drawSkills(agent)
    store.presence.set(id, { heardAt: 0, reachable: true, unitPath: agent.path })
    const beat = () => {
      if (agent.page && !store.away) this.report(agent)
      world.after(heartbeatEveryMs, beat)
    }
    world.after(world.between(0, heartbeatEveryMs), beat)
    return agent
  }

  drawSkills({ id }: Agent): void {
    const { world } = this
    const skills = this.centre.sections.flatMap(section =>
      world.chance(0.6) ? [{ section: section.id, level: world.between(1, 5) }] : [],
    )
    this.store.skills.set(
      id,
      skills.sort((a, b) => (a.section < b.section ? -1 : 1)),
    )
  }

  private report(agent: Agent): void {
    const row = this.store.presence.get(agent.id)
    if (row === undefined) return
    row.heardAt = this.world.now
    if (row.reachable) return
    row.reachable = true
    this.write(words.agentReachable, {}, { person: agent.id })
  }

  /** The page is closed, or its machine dies, without a word. */
  vanish(agent: Agent): void {
    agent.page = false
    agent.offer = ''
    this.world.after(this.world.anySize(500, 180 * second), () => {
      agent.page = true
    })
  }

  /** What somebody does at the desk now and then. */
  act(agent: Agent): void {
    const { world } = this
    agent.page = true
    const what = world.between(0, 9)
    if (what < 6) this.does(agent, 'available')
    else if (what < 8) this.does(agent, 'paused')
    else if (what === 8) this.does(agent, 'signed-out')
    else this.endWrapUp(agent)
  }

  backToWork(agent: Agent): void {
    agent.page = true
    this.report(agent)
    this.does(agent, 'available')
  }

  private does(agent: Agent, duty: Agent['duty']): void {
    agent.duty = duty
    const say = () => {
      if (duty === 'available') this.write(words.agentAvailable, {}, { person: agent.id })
      else if (duty === 'paused') this.write(words.agentPaused, { reason: 'meal' }, { person: agent.id })
      else this.write(words.agentSignedOut, {}, { person: agent.id })
    }
    say()
    if (this.repeated()) this.world.after(this.world.between(0, 2 * second), say)
  }

  private endWrapUp(agent: Agent): void {
    this.world.after(this.world.between(1, 5) * second, () => this.write(words.agentWrapUpEnded, {}, { person: agent.id }))
  }

  private repeated(): boolean {
    if (this.healed || !this.world.chance(this.store.rates.repeated)) return false
    this.world.fault('event repeated')
    return true
  }

  // --- writing ------------------------------------------------------------------------------------------------------

  private aboutOffer<P extends Record<string, unknown>>(
    caller: Caller,
    type: EventType<P>,
    payload: P & { agent: string },
  ): void {
    this.inTurn(caller, () => this.write(type, payload, { call: caller.id, person: payload.agent }))
  }

  private aboutCall<P extends Record<string, unknown>>(caller: Caller, type: EventType<P>, payload: P, last = false): void {
    const say = () => this.write(type, payload, { call: caller.id })
    this.inTurn(caller, say)
    // Only what ends a call may be said again later: before, the row of the call tells telephony that it has said it.
    if (last && this.repeated()) this.world.after(this.world.anySize(1, 30 * second), say)
  }

  private inTurn(caller: Caller, say: () => Promise<void>): void {
    caller.writing = caller.writing.then(say)
    this.world.stir()
  }

  /** Writes until it is written. A transaction takes its time, and the facts of others may be written in between. */
  write<P extends Record<string, unknown>>(type: EventType<P>, payload: P, subjects: Subjects): Promise<void> {
    const { world, store } = this
    const { promise, resolve } = Promise.withResolvers<void>()
    const attempt = () => {
      if (store.away) return world.after(world.between(100, 1_000), attempt)
      const entry = checkEntry({
        type,
        payload,
        subjects: { channel: 'telephone', ...subjects },
        actor: telephony,
        at: world.now,
      })
      const xid = store.begin()
      const entries = store.place(xid, [entry])
      const slow = !this.healed && world.chance(store.rates.slowTransaction)
      if (slow) world.fault('slow transaction')
      return world.after(slow ? world.anySize(5, 5 * second) : world.between(0, 3), () => {
        if (store.away) {
          store.abort(xid)
          world.after(world.between(100, 1_000), attempt)
          return
        }
        store.commit(xid, entries)
        world.stir()
        resolve()
      })
    }
    attempt()
    return promise
  }
}
