/**
 * The stories of the engine, in plain words. Each begins with a centre that has one section, `pensions`, and goes on by facts.
 */
import { describe, expect, it } from 'vitest'
import {
  type Command,
  createEngine,
  type DomainSettings,
  defaultDomain,
  defaultSection,
  type Engine,
  type Level,
  type RoutingEvent,
  restore,
  type SectionSettings,
  type WorkQueued,
} from './index.ts'

const seconds = (n: number) => n * 1000

/** A centre under test: an engine, a clock moved by hand, and everything that was commanded so far. */
class Centre {
  now = 1_000_000
  engine: Engine = createEngine()
  readonly said: Command[] = []

  constructor(settings: Partial<SectionSettings> = {}, domain: Partial<DomainSettings> = {}) {
    this.apply({ type: 'domain.configured', settings: { ...defaultDomain, ...domain } })
    this.section('pensions', settings)
  }

  apply(event: RoutingEvent): readonly Command[] {
    const commands = this.engine.apply(event, this.now)
    this.said.push(...commands)
    return commands
  }

  section(section: string, settings: Partial<SectionSettings> = {}): void {
    this.apply({ type: 'section.configured', section, settings: { ...defaultSection, wrapUpMs: 0, ...settings } })
  }

  /** Signs agents in, a second apart, so that the first has been idle longest. */
  agents(...names: string[]): void {
    for (const name of names) this.agent(name, { pensions: 3 })
  }

  agent(agent: string, skills: Record<string, Level>, written = 0): readonly Command[] {
    const list = Object.entries(skills).map(([section, level]) => ({ section, level }))
    this.apply({ type: 'agent.configured', agent, skills: list, capacities: { call: 1, mail: written, ticket: written } })
    this.pass(seconds(1))
    return this.apply({ type: 'agent.available', agent })
  }

  queue(work: string, more: Partial<WorkQueued> = {}): readonly Command[] {
    const queued = { kind: 'call', section: 'pensions', priority: 0, waitingSince: this.now } as const
    return this.apply({ type: 'work.queued', work, ...queued, ...more })
  }

  /** Lets time pass, ticking whenever the engine asks for it. */
  pass(ms: number): readonly Command[] {
    const until = this.now + ms
    const before = this.said.length
    for (let due = this.engine.nextDeadline(); due !== null && due <= until; due = this.engine.nextDeadline()) {
      this.now = due
      this.apply({ type: 'tick' })
    }
    this.now = until
    return this.said.slice(before)
  }

  /** The open offer of a work: the last one made, if it was not withdrawn or answered since. */
  offerOf(work: string): { offer: string; agent: string } | null {
    const last = this.said.findLast(c => (c.type === 'offer' || c.type === 'withdraw' || c.type === 'connect') && c.work === work)
    return last?.type === 'offer' ? last : null
  }

  offeredTo(work: string): string | null {
    return this.offerOf(work)?.agent ?? null
  }

  answer(work: string): readonly Command[] {
    const offer = this.offerOf(work)
    if (offer === null) throw new Error(`${work} is not offered`)
    return this.apply({ type: 'offer.accepted', offer: offer.offer, agent: offer.agent })
  }

  decline(work: string): readonly Command[] {
    const offer = this.offerOf(work)
    if (offer === null) throw new Error(`${work} is not offered`)
    return this.apply({ type: 'offer.declined', offer: offer.offer, agent: offer.agent })
  }

  /** The agent takes the call that is offered and talks. */
  talk(work: string, more: Partial<WorkQueued> = {}): string {
    this.queue(work, more)
    const agent = this.offeredTo(work)
    if (agent === null) throw new Error(`nobody is free for ${work}`)
    this.answer(work)
    return agent
  }

  end(work: string, agent: string): readonly Command[] {
    return this.apply({ type: 'conversation.ended', work, agent })
  }

  stateOf(agent: string): string {
    const last = this.said.findLast(c => c.type === 'agent.state' && c.agent === agent)
    return last?.type === 'agent.state' ? last.state : 'signed-out'
  }
}

const only = <T extends Command['type']>(commands: readonly Command[], type: T) =>
  commands.filter((c): c is Extract<Command, { type: T }> => c.type === type)

describe('a caller and the first available operator', () => {
  it('rings the operator who has been idle longest, and joins the two on the answer', () => {
    const centre = new Centre()
    centre.agents('anna', 'bruno')
    const [offer] = only(centre.queue('call-1'), 'offer')
    expect(offer).toMatchObject({
      agent: 'anna',
      until: centre.now + 20_000,
      reason: { rule: 'longest-idle', trigger: 'work', free: 2 },
    })
    expect(centre.answer('call-1')).toMatchObject([
      { type: 'connect', agent: 'anna', work: 'call-1' },
      { type: 'agent.state', agent: 'anna', state: 'in-conversation', work: 'call-1' },
    ])
    centre.queue('call-2')
    expect(centre.offeredTo('call-2')).toBe('bruno')
  })

  it('tells who must wait how many are ahead, and rings whoever becomes free first', () => {
    const centre = new Centre()
    centre.agents('anna')
    centre.talk('call-1')
    expect(centre.queue('call-2')).toMatchObject([{ type: 'announce', position: 1, ahead: 0 }])
    expect(centre.queue('call-3')).toMatchObject([{ type: 'announce', position: 2, ahead: 1 }])
    centre.end('call-1', 'anna')
    expect(centre.offeredTo('call-2')).toBe('anna')
  })
})

describe('a saved engine', () => {
  it('goes on as if it had never stopped', () => {
    const centre = new Centre()
    centre.agents('anna', 'bruno')
    centre.talk('call-1')
    centre.queue('call-2')
    for (const call of ['call-3', 'call-4']) centre.queue(call)
    const saved = JSON.stringify(centre.engine.snapshot())
    centre.engine = restore(JSON.parse(saved))
    expect(JSON.stringify(centre.engine.snapshot())).toBe(saved)
    centre.answer('call-2')
    centre.end('call-1', 'anna')
    expect(centre.offeredTo('call-3')).toBe('anna')
  })
})
