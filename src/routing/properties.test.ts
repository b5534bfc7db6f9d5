/**
 * What must hold for every day that life can invent: the invariants of the architecture, on more than a million random facts, and the engine
 * beside a slow and obvious one. A failure prints the seed and the number of facts; put them into `regressions`, where they run for ever.
 */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { Day, type Scope } from '../../test/support/routing-days.ts'
import { Reference } from '../../test/support/routing-reference.ts'
import {
  type CallbackSchedule,
  type Command,
  createEngine,
  type Engine,
  type EngineSnapshot,
  type InstantMs,
  type RoutingEvent,
  restoreEngine,
} from './index.ts'

/** Days that run every time, seed and number of facts: those that once found something, in the engine or in what is asked of it. */
const regressions: readonly [number, number][] = [
  [1, 400],
  [7, 2_000],
  [2_039_329_265, 1_107],
  [40_082_004, 1_000],
  [344_471_071, 1_258],
]

let facts = 0
afterAll(() => {
  console.log(`${facts.toLocaleString('en')} random facts`)
  expect(facts).toBeGreaterThan(1_000_000)
})

/** Runs the day for many seeds, the regressions first. */
function forAllDays(runs: number, longest: number, day: (seed: number, length: number) => void): void {
  for (const [seed, length] of regressions) day(seed, length)
  const property = fc.property(fc.nat(), fc.integer({ min: longest >> 1, max: longest }), day)
  fc.assert(property, { numRuns: runs })
}

/** Drives a day through an engine. */
function live(
  seed: number,
  length: number,
  scope: Scope,
  each: (event: RoutingEvent, day: Day, engine: Engine) => readonly Command[],
) {
  const day = new Day(seed, scope)
  const engine = createEngine()
  const take = (event: RoutingEvent) => {
    facts++
    day.told(event)
    day.hear(each(event, day, engine))
  }
  for (const event of day.morning()) take(event)
  for (let n = 0; n < length; n++) {
    const { now } = day
    const event = day.next(engine.nextDeadline())
    if (scope === 'calls') tickUntil(day, now, engine, take)
    take(event)
  }
  return { day, engine, take }
}

/**
 * Time passes from one deadline to the next, as a leader lets it. Where it is let jump over several, what they ask is done in an order that
 * is right but only the engine's own.
 */
function tickUntil(day: Day, from: number, engine: Engine, take: (event: RoutingEvent) => void): void {
  const until = day.now
  day.now = from
  for (let due = engine.nextDeadline(); due !== null && due < until; due = engine.nextDeadline()) {
    day.now = Math.max(day.now, due)
    take({ type: 'tick' })
  }
  day.now = until
}

/** No agent has two offers, no work is offered twice at once, no callback outside its hours, nobody is offered a call while talking, nobody anything who is not there. */
class Ledger {
  private readonly duty = new Map<string, 'signed-out' | 'available' | 'paused'>()
  private readonly silent = new Set<string>()
  readonly workOf = new Map<string, string>()
  readonly agentOf = new Map<string, string>()
  readonly talking = new Map<string, string>()
  private readonly calls = new Set<string>()
  private readonly offers = new Set<string>()
  private readonly callbacks = new Map<string, CallbackSchedule>()

  note(event: RoutingEvent, now: InstantMs, commands: readonly Command[]): void {
    if (event.type === 'work.queued' || event.type === 'work.gone' || event.type === 'conversation.ended')
      this.endTalk(event.work)
    if (event.type === 'work.queued') {
      if (isCall(event.kind)) this.calls.add(event.work)
      else this.calls.delete(event.work)
      if (event.callback === undefined) this.callbacks.delete(event.work)
      else this.callbacks.set(event.work, event.callback)
    }
    if (event.type === 'callback.unanswered') this.endTalk(event.work)
    if (event.type === 'agent.available') this.duty.set(event.agent, 'available')
    if (event.type === 'agent.paused') this.duty.set(event.agent, 'paused')
    if (event.type === 'agent.signed-out') this.duty.set(event.agent, 'signed-out')
    if (event.type === 'agent.unreachable') this.silent.add(event.agent)
    if (event.type === 'agent.reachable') this.silent.delete(event.agent)
    for (const command of commands) this.check(command, now)
  }

  private check(command: Command, now: InstantMs): void {
    if (command.type === 'offer') {
      const { offer, work, agent } = command
      if (this.offers.has(offer)) throw new Error(`the offer ${offer} was made twice`)
      if (this.workOf.has(agent)) throw new Error(`${agent} has an offer already`)
      if (this.agentOf.has(work)) throw new Error(`${work} is offered already`)
      if (this.talking.has(agent)) throw new Error(`${agent} is in conversation`)
      if (this.duty.get(agent) !== 'available' || this.silent.has(agent))
        throw new Error(`${agent} is offered ${work} and not there`)
      const callback = this.callbacks.get(work)
      if (callback !== undefined && (now < callback.notBefore || now >= callback.notAfter))
        throw new Error(`the callback ${work} is offered outside its hours`)
      this.offers.add(offer)
      this.workOf.set(agent, work)
      this.agentOf.set(work, agent)
    }
    // Set to pause by the engine itself.
    if (command.type === 'agent.state' && command.state === 'paused') this.duty.set(command.agent, 'paused')
    if (command.type === 'withdraw' || command.type === 'connect') {
      if (this.agentOf.get(command.work) !== command.agent) throw new Error(`${command.offer} is not open`)
      if (command.type === 'connect' && this.calls.has(command.work)) this.talking.set(command.agent, command.work)
      this.workOf.delete(command.agent)
      this.agentOf.delete(command.work)
    }
  }

  /** Whoever had the work is with it no longer: it ended, or begins anew. */
  private endTalk(work: string): void {
    for (const [agent, talked] of this.talking) if (talked === work) this.talking.delete(agent)
  }
}

type Saved = EngineSnapshot['works'][number]

/** Looks at the whole state: is there a free agent beside a work that the agent could take? Is the order of each line right? */
function expectNobodyWaitsInVain({ sections, agents, works }: EngineSnapshot): void {
  const settings = new Map(sections.map(section => [section.id, section.settings]))
  const withOffer = new Set(works.filter(({ state }) => state === 'offered').map(w => w.agent))
  // An offer of written work, and the rest from it, keep no call away.
  const withCall = new Set(works.filter(({ state, kind }) => state !== 'waiting' && isCall(kind)).map(w => w.agent))
  for (const agent of agents) {
    if (agent.duty !== 'available' || !agent.reachable || withCall.has(agent.id)) continue
    for (const work of works) {
      if (work.state !== 'waiting' || !hasRoom(agent, work, works)) continue
      if (agent.phase !== 'ready' && !(agent.phase === 'written-rest' && isCall(work.kind))) continue
      if (withOffer.has(agent.id) && !isCall(work.kind)) continue
      const through = [work.section, ...(settings.get(work.section)?.helpers ?? []).slice(0, work.helped).map(h => h.section)]
      const serves = agent.skills.some(skill => through.includes(skill.section))
      const named = work.promised?.agents.includes(agent.id) ?? false
      if (named || (serves && !work.promised?.exclusive)) throw new Error(`${agent.id} is free while ${work.id} waits`)
    }
  }
}

const isCall = (kind: Saved['kind']) => kind === 'call' || kind === 'callback'

function hasRoom(agent: EngineSnapshot['agents'][number], work: Saved, works: readonly Saved[]): boolean {
  if (isCall(work.kind)) return agent.capacities.call > 0
  const inHand = works.filter(
    ({ state, kind, agent: owner }) => state === 'connected' && kind === work.kind && owner === agent.id,
  )
  return inHand.length < (work.kind === 'mail' ? agent.capacities.mail : work.kind === 'ticket' ? agent.capacities.ticket : 0)
}

/** Of those who waited before and after, and could have been given to this agent by rule, none came before the one that was offered. */
function expectFirstCome(before: EngineSnapshot, after: EngineSnapshot, commands: readonly Command[]): void {
  const [offer, ...others] = commands.filter(command => command.type === 'offer')
  if (offer === undefined || others.length > 0 || offer.reason.trigger !== 'agent') return
  if (offer.reason.rule === 'continuity' || offer.reason.rule === 'resume') return
  const taken = before.works.find(work => work.id === offer.work)
  // Through a helping section only those come who have waited long enough for help.
  if (taken === undefined || offer.reason.through !== taken.section) return
  // What was queued anew, or came back from an offer by settings that have changed since, has another place than before.
  const offered = after.works.find(work => work.id === offer.work)
  if (offered?.order !== taken.order || offered.kind !== taken.kind) return
  const places = new Map(after.works.filter(({ lined }) => lined).map(({ id, order }) => [id, order]))
  for (const work of before.works) {
    if (!work.lined || places.get(work.id) !== work.order) continue
    if (work.section !== taken.section || work.promised?.exclusive) continue
    if (work.kind !== taken.kind) continue
    if (work.order < taken.order || (work.order === taken.order && work.seq < taken.seq))
      throw new Error(`${taken.id} was offered before ${work.id}, which came first`)
  }
}

describe('every day', () => {
  test('no two offers, nobody free while somebody waits, first come first served, and in the end everybody is served', () => {
    forAllDays(200, 2_000, (seed, length) => {
      const ledger = new Ledger()
      let looked = 0
      const { day, engine, take } = live(seed, length, 'everything', (event, { now }, engine) => {
        const look = ++looked % 25 === 0
        const before = look ? engine.snapshot() : null
        const commands = engine.apply(event, now)
        ledger.note(event, now, commands)
        if (before !== null) {
          const after = engine.snapshot()
          expectNobodyWaitsInVain(after)
          if (event.type !== 'section.configured' && event.type !== 'domain.configured') expectFirstCome(before, after, commands)
        }
        return commands
      })
      // All heals: whoever still waits is served, told, or led elsewhere.
      for (let rounds = 0; day.alive.size > 0; rounds++) {
        if (rounds > 5_000) throw new Error(`still there: ${JSON.stringify(engine.snapshot().works)}`)
        const open = day.answersAndEnds()
        if (open.length === 0) day.now = Math.max(day.now + 1, engine.nextDeadline() ?? 0)
        for (const event of open.length > 0 ? open : day.evening()) take(event)
        // Some day somebody serves every section: else a work could have nobody on earth.
        if (rounds === 200) for (const event of day.everybodyServesEverything()) take(event)
      }
      expect(engine.snapshot().works).toEqual([])
    })
  }, 120_000)

  test('the same facts give the same commands, and an engine that was saved at any moment goes on as if it had not been', () => {
    forAllDays(100, 2_000, (seed, length) => {
      let saved: Engine | undefined
      const twin = createEngine()
      // Saved again and again: what a saved engine has wrong may show only for a moment.
      const every = 20 + (seed % 60)
      let n = 0
      let restart = 0
      live(seed, length, 'everything', (event, { now }, engine) => {
        if (++n % every === 0) {
          saved = restoreEngine(JSON.parse(JSON.stringify(engine.snapshot())))
          restart = n
        }
        const commands = engine.apply(event, now)
        const again = twin.apply(event, now)
        const after = saved?.apply(event, now)
        facts += saved === undefined ? 1 : 2
        if (!isDeepStrictEqual(again, commands)) throw new Error(`fact ${n} gives other commands the second time`)
        if (after !== undefined && !isDeepStrictEqual(after, commands)) throw new Error(`saved before ${restart}, other at ${n}`)
        return commands
      })
    })
  }, 120_000)

  test('it decides like the slow and obvious engine', () => {
    forAllDays(50, 500, (seed, length) => {
      const reference = new Reference()
      let n = 0
      live(seed, length, 'calls', (event, { now }, engine) => {
        n++
        const commands = engine.apply(event, now)
        const expected = reference.apply(event, now).map(plain)
        const got = commands.filter(command => command.type !== 'announce').map(plain)
        const at = got.findIndex((command, i) => !isDeepStrictEqual(command, expected[i]))
        const differs = at >= 0 ? at : got.length === expected.length ? -1 : got.length
        if (differs >= 0)
          throw new Error(
            `fact ${n}, ${JSON.stringify(event)} at ${now}, command ${differs}: ${JSON.stringify(got[differs])}, expected ${JSON.stringify(expected[differs])}`,
          )
        return commands
      })
    })
  }, 120_000)
})

/** An offer without its reason, which the slow engine does not give. */
function plain(command: Command): unknown {
  return command.type === 'offer' ? { ...command, reason: null } : command
}
