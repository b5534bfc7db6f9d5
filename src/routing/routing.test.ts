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
  restoreEngine,
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

describe('written work', () => {
  const ticket = { kind: 'ticket' } as const
  const take = (centre: Centre, work: string, agent: string) => centre.apply({ type: 'work.taken', work, agent })

  it('is shared out among those who have room, and waits when nobody has', () => {
    const centre = new Centre()
    for (const name of ['anna', 'bruno']) centre.agent(name, { pensions: 3 }, 2)
    const given = ['t1', 't2', 't3', 't4'].map(work => {
      centre.pass(seconds(1))
      return centre.talk(work, ticket)
    })
    expect(given).toEqual(['anna', 'bruno', 'anna', 'bruno'])
    centre.queue('t5', ticket)
    expect(centre.offeredTo('t5')).toBe(null)
    centre.apply({ type: 'work.gone', work: 't1' })
    expect(centre.offeredTo('t5')).toBe('anna')
  })

  it('is interrupted by a call, and goes on after it; it never interrupts one', () => {
    const centre = new Centre({ wrapUpMs: seconds(10) })
    centre.agent('anna', { pensions: 3 }, 2)
    centre.talk('t1', ticket)
    centre.queue('call-1')
    expect(only(centre.answer('call-1'), 'suspend')).toMatchObject([{ work: 't1', agent: 'anna' }])
    expect(only(centre.queue('t2', ticket), 'offer')).toEqual([])
    expect(only(centre.end('call-1', 'anna'), 'resume')).toEqual([])
    const after = centre.pass(seconds(10))
    expect(only(after, 'resume')).toMatchObject([{ work: 't1' }])
    expect(only(after, 'offer')).toMatchObject([{ work: 't2', agent: 'anna' }])
  })

  it('makes room for a call while it is only offered, and keeps its place', () => {
    const centre = new Centre({ offerTimeoutMs: seconds(300) })
    centre.agent('anna', { pensions: 3 }, 1)
    centre.queue('t1', ticket)
    expect(centre.offeredTo('t1')).toBe('anna')
    expect(centre.queue('call-1').filter(c => c.type === 'withdraw' || c.type === 'offer')).toMatchObject([
      { type: 'withdraw', work: 't1', reason: 'call-first' },
      { type: 'offer', work: 'call-1', agent: 'anna' },
    ])
    centre.answer('call-1')
    centre.end('call-1', 'anna')
    expect(centre.offeredTo('t1')).toBe('anna')
  })

  it('belongs to who takes it by hand, whoever it was offered to', () => {
    const centre = new Centre()
    for (const name of ['anna', 'bruno']) centre.agent(name, { pensions: 3 }, 1)
    centre.queue('t1', ticket)
    expect(only(take(centre, 't1', 'bruno'), 'withdraw')).toMatchObject([{ agent: 'anna', reason: 'taken' }])
    centre.queue('t2', ticket)
    expect(centre.offeredTo('t2')).toBe('anna')
    take(centre, 't2', 'anna')
    expect(only(centre.said, 'connect')).toMatchObject([{ work: 't2', agent: 'anna' }])
    // Both have their hands full, and what was never in a queue is nobody's business here.
    expect(only(take(centre, 't9', 'anna'), 'offer')).toEqual([])
    centre.queue('t3', ticket)
    expect(centre.offeredTo('t3')).toBe(null)
  })

  it('that is given back is not offered to the same member at once, who takes calls meanwhile', () => {
    const centre = new Centre({ restMs: seconds(300) })
    centre.agent('anna', { pensions: 3 }, 2)
    centre.talk('t1', ticket)
    centre.queue('t1', ticket)
    expect(centre.offeredTo('t1')).toBe(null)
    centre.queue('call-1')
    expect(centre.offeredTo('call-1')).toBe('anna')
    centre.answer('call-1')
    centre.end('call-1', 'anna')
    expect(only(centre.pass(seconds(300)), 'offer')).toMatchObject([{ work: 't1', agent: 'anna' }])
    centre.decline('t1')
    expect(centre.offeredTo('t1')).toBe(null)
  })

  it('goes back to its place when its member signs out', () => {
    const centre = new Centre()
    centre.agent('anna', { pensions: 3 }, 1)
    centre.talk('t1', ticket)
    centre.queue('t2', ticket)
    const gone = centre.apply({ type: 'agent.signed-out', agent: 'anna' })
    expect(only(gone, 'released')).toMatchObject([{ work: 't1', agent: 'anna' }])
    centre.agent('bruno', { pensions: 3 }, 2)
    expect(centre.offeredTo('t1')).toBe('bruno')
  })

  it('is not offered again to who has just signed out, however much room there was', () => {
    const centre = new Centre()
    centre.agent('anna', { pensions: 3 }, 5)
    centre.talk('t1', ticket)
    const gone = centre.apply({ type: 'agent.signed-out', agent: 'anna' })
    expect(only(gone, 'offer')).toEqual([])
    expect(centre.offeredTo('t1')).toBe(null)
  })
})

describe('a call that asked for Anna', () => {
  it('and was let go by somebody else after the bound asks for nobody by name any more', () => {
    const centre = new Centre({ offerTimeoutMs: seconds(20), choice: 'longest-idle' })
    centre.agents('anna', 'bruno')
    centre.talk('c0')
    centre.queue('c1', { preferred: { agents: ['anna'], boundMs: seconds(10) } })
    expect(centre.offeredTo('c1')).toBe('bruno')
    centre.pass(seconds(20))
    expect(centre.engine.snapshot().works.find(({ id }) => id === 'c1')).toMatchObject({ state: 'waiting', promised: null })
    expect(only(centre.said, 'continuity').at(-1)).toMatchObject({ work: 'c1', outcome: 'given-up' })
  })
})

describe('a callback', () => {
  it('that asked for Anna goes to anybody when Anna has left while it slept', () => {
    const centre = new Centre()
    centre.agents('anna', 'bruno')
    const callback = {
      notBefore: centre.now + seconds(60),
      notAfter: centre.now + seconds(3_600),
      maxAttempts: 1,
      retryMs: seconds(60),
    }
    centre.queue('c1', { kind: 'callback', callback, preferred: { agents: ['anna'], boundMs: seconds(300) } })
    centre.apply({ type: 'agent.signed-out', agent: 'anna' })
    centre.pass(seconds(60))
    expect(centre.offeredTo('c1')).toBe('bruno')
  })

  it('that sleeps is kept for who was asked for also when somebody else is free, until the bound is over', () => {
    const centre = new Centre({}, { continuityWorseFactor: 100 })
    centre.agents('anna', 'bruno')
    centre.talk('c0', { preferred: { agents: ['anna'], boundMs: seconds(60) } })
    const callback = {
      notBefore: centre.now + seconds(10),
      notAfter: centre.now + seconds(3_600),
      maxAttempts: 1,
      retryMs: seconds(60),
    }
    centre.queue('c1', { kind: 'callback', callback, preferred: { agents: ['anna'], boundMs: seconds(40) } })
    centre.pass(seconds(20))
    expect(centre.offeredTo('c1')).toBe(null)
    centre.pass(seconds(20))
    expect(centre.offeredTo('c1')).toBe('bruno')
  })

  it('that rings unanswered past the end of its hours is not offered to the next agent', () => {
    const centre = new Centre({ offerTimeoutMs: seconds(20) })
    centre.agents('anna', 'bruno')
    const callback = { notBefore: 0, notAfter: centre.now + seconds(10), maxAttempts: 3, retryMs: seconds(60) }
    centre.queue('c1', { kind: 'callback', callback })
    expect(centre.offeredTo('c1')).toBe('anna')
    const commands = centre.pass(seconds(20))
    expect(only(commands, 'offer')).toEqual([])
    expect(only(commands, 'dismiss')).toEqual([{ type: 'dismiss', work: 'c1', reason: 'callback-window-over', message: null }])
  })

  it('is left out for the next caller by who becomes free when its hours are over, however late the engine hears of the time', () => {
    const centre = new Centre()
    centre.agents('anna')
    centre.talk('c0')
    const callback = { notBefore: 0, notAfter: centre.now + seconds(10), maxAttempts: 3, retryMs: seconds(60) }
    centre.queue('c1', { kind: 'callback', callback })
    centre.queue('c2')
    centre.now += seconds(10)
    const commands = centre.end('c0', 'anna')
    expect(only(commands, 'dismiss')).toMatchObject([{ work: 'c1', reason: 'callback-window-over' }])
    expect(centre.offeredTo('c1')).toBe(null)
    expect(centre.offeredTo('c2')).toBe('anna')
  })
})

describe('a saved engine', () => {
  it('knows since when those are idle who let a ticket go by', () => {
    const centre = new Centre()
    for (const name of ['anna', 'bruno']) centre.agent(name, { pensions: 3 }, 2)
    centre.queue('t1', { kind: 'ticket' })
    expect(centre.offeredTo('t1')).toBe('anna')
    centre.pass(seconds(1))
    centre.decline('t1')
    const twin = restoreEngine(JSON.parse(JSON.stringify(centre.engine.snapshot())))
    const call = { type: 'work.queued', work: 'c1', kind: 'call', section: 'pensions', priority: 0, waitingSince: 0 } as const
    const commands = centre.apply(call)
    expect(only(commands, 'offer')).toMatchObject([{ work: 'c1', agent: 'bruno' }])
    expect(twin.apply(call, centre.now)).toEqual(commands)
  })

  it('goes on as if it had never stopped', () => {
    const centre = new Centre()
    centre.agents('anna', 'bruno')
    centre.talk('call-1')
    centre.queue('call-2')
    for (const call of ['call-3', 'call-4']) centre.queue(call)
    const saved = JSON.stringify(centre.engine.snapshot())
    centre.engine = restoreEngine(JSON.parse(saved))
    expect(JSON.stringify(centre.engine.snapshot())).toBe(saved)
    centre.answer('call-2')
    centre.end('call-1', 'anna')
    expect(centre.offeredTo('call-3')).toBe('anna')
  })
})
