/**
 * Random days of a contact centre for the engine's tests: a source of chance that can be repeated, and facts as life invents them, among
 * them late answers, doubled facts, agents that vanish and callers who hang up at any moment.
 */
import {
  type Command,
  defaultDomain,
  defaultSection,
  type Level,
  type OverflowAction,
  type RoutingEvent,
  type SectionSettings,
} from '../../src/routing/index.ts'

/** Repeatable chance (Marsaglia, "Xorshift RNGs", 2003): numbers from 0 to below `n`. */
export function chance(seed: number): (n: number) => number {
  let x = (seed * 2_654_435_761 + 88_172_645) | 1
  return n => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % n
  }
}

const agents = ['anna', 'bruno', 'carla', 'dino', 'elena', 'furio', 'gina', 'hugo']
const levels: readonly Level[] = [1, 2, 3, 4, 5]
const sections = ['pensions', 'benefits', 'online']

/** How much of the engine a day uses: everything, or what the reference knows. */
export type Scope = 'everything' | 'calls'

export class Day {
  now = 1_000_000
  /** What is open, as far as the commands tell. */
  readonly offers = new Map<string, { offer: string; agent: string }>()
  readonly talks = new Map<string, string>()
  readonly alive = new Set<string>()
  private readonly callbacks = new Set<string>()
  private readonly written = new Set<string>()
  private readonly pick: (n: number) => number
  private readonly scope: Scope
  private calls = 0
  private readonly past: { offer: string; agent: string }[] = []

  constructor(seed: number, scope: Scope) {
    this.pick = chance(seed)
    this.scope = scope
  }

  /** The facts of the morning: settings, skills, who is there. */
  morning(): RoutingEvent[] {
    return [
      this.domain(),
      ...sections.map(section => this.section(section)),
      ...agents.map(agent => this.skills(agent)),
      ...agents.slice(0, 5).map(agent => ({ type: 'agent.available', agent }) as const),
    ]
  }

  /** The next fact. Time has passed before it, or not. */
  next(due: number | null): RoutingEvent {
    const { pick } = this
    if (pick(3) > 0) this.now += pick(8) === 0 ? pick(120_000) : pick(4_000)
    // Now and then exactly at the instant at which something falls due.
    if (due !== null && due > this.now && due < this.now + 200_000 && pick(6) === 0) this.now = due
    const what = pick(100)
    if (what < 26) return this.queued()
    if (what < 44) return this.answered()
    if (what < 60) return this.ended()
    if (what < 66) return this.scope === 'everything' && pick(3) === 0 ? this.taken() : this.gone()
    if (what < 74) return { type: 'agent.available', agent: this.agent() }
    if (what < 77) return { type: 'agent.paused', agent: this.agent(), reason: 'meal' }
    if (what < 79) return { type: 'agent.signed-out', agent: this.agent() }
    if (what < 82) return { type: 'agent.unreachable', agent: this.agent() }
    if (what < 86) return { type: 'agent.reachable', agent: this.agent() }
    if (what < 89) return this.refused()
    if (what < 91) return { type: 'wrap-up.ended', agent: this.agent() }
    if (what < 92) return this.section(this.sectionName())
    if (what < 93) return this.skills(this.agent())
    if (what < 94 && pick(4) === 0) return this.domain()
    if (what < 96) return { type: pick(3) === 0 ? 'section.closed' : 'section.opened', section: this.sectionName() }
    return { type: 'tick' }
  }

  /** Keeps up with what the engine commands. */
  hear(commands: readonly Command[]): void {
    for (const command of commands) {
      switch (command.type) {
        case 'offer':
          this.offers.set(command.work, { offer: command.offer, agent: command.agent })
          break
        case 'withdraw':
          this.past.push({ offer: command.offer, agent: command.agent })
          this.offers.delete(command.work)
          break
        case 'connect':
          this.offers.delete(command.work)
          this.talks.set(command.work, command.agent)
          break
        case 'released':
          this.talks.delete(command.work)
          break
        case 'dismiss':
        case 'divert':
          this.forget(command.work)
          break
        default:
          break
      }
    }
  }

  /** Keeps up with what the engine is told. */
  told(event: RoutingEvent): void {
    if (event.type === 'work.queued') {
      this.talks.delete(event.work)
      this.alive.add(event.work)
      if (event.kind === 'mail' || event.kind === 'ticket') this.written.add(event.work)
      else this.written.delete(event.work)
      if (event.callback === undefined) this.callbacks.delete(event.work)
      else this.callbacks.add(event.work)
    }
    if (event.type === 'work.gone') this.forget(event.work)
    if (event.type === 'work.taken' && this.alive.has(event.work)) this.talks.set(event.work, event.agent)
    if (event.type === 'conversation.ended' && this.talks.get(event.work) === event.agent) this.forget(event.work)
    if (event.type === 'callback.unanswered' && this.talks.get(event.work) === event.agent) this.talks.delete(event.work)
  }

  /** What is offered is answered, what is talked about ends. */
  answersAndEnds(): RoutingEvent[] {
    const answers = [...this.offers.values()].map(offer => ({ type: 'offer.accepted', ...offer }) as const)
    const ends = [...this.talks].map(([work, agent]) => ({ type: 'conversation.ended', work, agent }) as const)
    return [...answers, ...ends]
  }

  /** Everybody is there, everything is open. */
  evening(): RoutingEvent[] {
    const open = sections.map(section => ({ type: 'section.opened', section }) as const)
    const there = agents.flatMap(agent => [
      { type: 'agent.reachable', agent } as const,
      { type: 'agent.available', agent } as const,
    ])
    return [...open, ...there]
  }

  everybodyServesEverything(): RoutingEvent[] {
    const skills = sections.map(section => ({ section, level: 3 }) as const)
    const capacities = { call: 1, mail: 1, ticket: 1 } as const
    return agents.map(agent => ({ type: 'agent.configured', agent, skills, capacities }))
  }

  private forget(work: string): void {
    this.alive.delete(work)
    this.written.delete(work)
    this.offers.delete(work)
    this.talks.delete(work)
  }

  private queued(): RoutingEvent {
    const { pick } = this
    const again = this.alive.size > 0 && pick(8) === 0
    const kind = (['call', 'call', 'call', 'callback', 'mail', 'ticket'] as const)[pick(this.scope === 'calls' ? 4 : 6)]
    const talking = [...this.talks]
    const broken = again && talking.length > 0 && pick(2) === 0 ? talking[pick(talking.length)] : undefined
    const work = broken?.[0] ?? (again ? this.someone(this.alive) : undefined) ?? `call-${++this.calls}`
    const named = broken ? [broken[1]] : pick(4) === 0 ? [...new Set([this.agent(), this.agent()])] : []
    return {
      type: 'work.queued',
      work,
      kind: kind ?? 'call',
      section: pick(60) === 0 ? 'nowhere' : this.sectionName(),
      priority: pick(5) === 0 ? pick(3) : 0,
      waitingSince: this.now - (pick(6) === 0 ? pick(90_000) : 0),
      ...(named.length === 0
        ? {}
        : { preferred: { agents: named, boundMs: 1 + pick(90_000), ...(broken ? { resume: true } : {}) } }),
      ...(kind !== 'callback'
        ? {}
        : {
            callback: {
              notBefore: this.now + pick(2) * pick(60_000),
              notAfter: this.now + 60_000 + pick(600_000),
              maxAttempts: 1 + pick(3),
              retryMs: pick(60_000),
            },
          }),
    }
  }

  private answered(): RoutingEvent {
    const { pick } = this
    const late = this.past[this.past.length - 1 - pick(4)]
    const offers = [...this.offers.values()]
    const offer = pick(12) === 0 ? late : offers[pick(Math.max(1, offers.length))]
    return offer === undefined ? { type: 'tick' } : { type: 'offer.accepted', ...offer }
  }

  private refused(): RoutingEvent {
    const offers = [...this.offers.values()]
    const offer = offers[this.pick(Math.max(1, offers.length))]
    if (offer === undefined) return { type: 'tick' }
    return this.pick(2) === 0 ? { type: 'offer.declined', ...offer } : { type: 'offer.failed', ...offer, reason: 'busy' }
  }

  private ended(): RoutingEvent {
    const talks = [...this.talks]
    const talk = talks[this.pick(Math.max(1, talks.length))]
    if (talk === undefined) return { type: 'tick' }
    const [work, agent] = talk
    return this.callbacks.has(work) && this.pick(2) === 0
      ? { type: 'callback.unanswered', work, agent }
      : { type: 'conversation.ended', work, agent }
  }

  private gone(): RoutingEvent {
    const work = this.someone(this.alive)
    return work === undefined ? { type: 'tick' } : { type: 'work.gone', work }
  }

  private taken(): RoutingEvent {
    const work = this.someone(this.written)
    return work === undefined ? { type: 'tick' } : { type: 'work.taken', work, agent: this.agent() }
  }

  private someone(works: ReadonlySet<string>): string | undefined {
    return [...works][this.pick(Math.max(1, works.size))]
  }

  private agent(): string {
    return agents[this.pick(agents.length)] ?? 'anna'
  }

  private sectionName(): string {
    return sections[this.pick(sections.length)] ?? 'pensions'
  }

  private domain(): RoutingEvent {
    const { pick } = this
    // Calls that wait for somebody by name do so however long the wait is: the reference does not reckon with it.
    const continuityWorseFactor = this.scope === 'calls' ? 1_000_000_000 : 3
    const agingMs = pick(3) === 0 ? 30_000 : null
    return {
      type: 'domain.configured',
      settings: { ...defaultDomain, agingMs, continuityWorseFactor, continuityHeadStartMs: pick(2) * 60_000 },
    }
  }

  private skills(agent: string): RoutingEvent {
    const { pick } = this
    const written = this.scope === 'everything' ? pick(3) : 0
    const skills = sections.flatMap(section => (pick(2) === 0 ? [{ section, level: levels[pick(5)] ?? 3 }] : []))
    return { type: 'agent.configured', agent, skills, capacities: { call: 1, mail: written, ticket: written } }
  }

  private section(section: string): RoutingEvent {
    const { pick } = this
    const others = sections.filter(other => other !== section)
    const helpers = others.flatMap(other => (pick(3) === 0 ? [{ section: other, afterMs: pick(40_000) }] : []))
    const settings: SectionSettings = {
      ...defaultSection,
      priority: pick(4) === 0 ? 1 : 0,
      choice: pick(2) === 0 ? 'longest-idle' : 'best-level',
      offerTimeoutMs: 1 + pick(20_000),
      restMs: pick(2) * pick(8_000),
      unansweredLimit: 1 + pick(3),
      failedLimit: 1 + pick(3),
      wrapUpMs: pick(2) * pick(30_000),
      helpers,
    }
    const rule = (): OverflowAction | null =>
      [
        null,
        null,
        { do: 'move', section: others[pick(others.length)] ?? section } as const,
        { do: 'callback' } as const,
        { do: 'dismiss', message: 'Nobody can answer now.' } as const,
        { do: 'divert', to: '+390600000000' } as const,
      ][pick(6)] ?? null
    return {
      type: 'section.configured',
      section,
      settings: {
        ...settings,
        limits: {
          maxWaiting: pick(2) === 0 ? null : pick(6),
          maxWaitMs: pick(2) === 0 ? null : 1 + pick(60_000),
        },
        overflow: { full: rule(), 'too-long': rule(), nobody: rule(), closed: rule() },
      },
    }
  }
}
