/**
 * How fast the routing engine is, alone: events per second at several sizes, and what a waiting call costs in memory.
 *
 * Each size runs a centre at full load: every agent talks, the lines hold the stated number of callers. Each round a call ends,
 * its agent wraps up and gets the next caller, who is answered; a new caller queues; every tenth caller in line gives up and
 * another comes; announcements are on. Identifiers are fresh for every call, as in life. Everything that the engine is told counts
 * as one event, ticks included; the time of inventing the events is included too.
 */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createEngine, defaultSection, type Engine, type Level, type RoutingEvent } from '../src/routing/index.ts'

interface Size {
  name: string
  agents: number
  sections: number
  /** Sections that each agent serves. */
  skills: number
  waiting: number
  target: string
}

const sizes: readonly Size[] = [
  { name: 'small', agents: 100, sections: 1, skills: 1, waiting: 200, target: '>= 1,000,000' },
  { name: 'middle', agents: 200, sections: 1, skills: 1, waiting: 400, target: 'yardstick of growth' },
  { name: 'upper', agents: 2_000, sections: 1, skills: 1, waiting: 4_000, target: '>= 200,000, growth <= 2' },
  { name: 'large', agents: 5_000, sections: 12, skills: 3, waiting: 10_000, target: '>= 500,000' },
]

const handlingMs = 300_000
const wrapUpMs = 30_000
const levels: readonly Level[] = [1, 2, 3, 4, 5]
const warmUpEvents = 200_000
const eventsOfStretch = 500_000
const stretches = 3
const callsInMemory = 100_000

/** A small, fast, repeatable source of chance (Marsaglia, "Xorshift RNGs", 2003), so that runs can be compared. */
function chance(seed: number): () => number {
  let x = seed | 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 4_294_967_296
  }
}

/** A centre at full load that can be driven for any number of rounds. */
class Load {
  readonly engine: Engine = createEngine()
  events = 0
  ticks = 0
  commands = 0
  private now = 1_700_000_000_000
  private exactNow = this.now
  private calls = 0
  private readonly random = chance(7)
  /** Conversations under way, in the order in which they began: the oldest ends first. */
  private talking: { work: string; agent: string }[] = []
  private ended = 0
  private readonly waiting: string[] = []
  private readonly placeOf = new Map<string, number>()
  private readonly size: Size
  /** Simulated time between two rounds, so that conversations last `handlingMs` on average. */
  private readonly gapMs: number

  constructor(size: Size) {
    this.size = size
    this.gapMs = (handlingMs + wrapUpMs) / size.agents
    for (let s = 0; s < size.sections; s++)
      this.apply({ type: 'section.configured', section: `section-${s}`, settings: { ...defaultSection, wrapUpMs } })
    for (let a = 0; a < size.agents; a++) {
      const skills = Array.from({ length: size.skills }, (_, i) => ({
        section: `section-${(a + i * 5) % size.sections}`,
        level: levels[(a + i) % levels.length] ?? 3,
      }))
      const agent = `00000000-0000-7000-8000-${String(a).padStart(12, '0')}`
      this.apply({ type: 'agent.configured', agent, skills, capacities: { call: 1, mail: 0, ticket: 0 } })
      this.apply({ type: 'agent.available', agent })
    }
    while (this.talking.length < size.agents) this.queue()
    this.queueMore(size.waiting)
  }

  /** Calls join the line without any time passing. */
  queueMore(calls: number): void {
    for (let i = 0; i < calls; i++) this.queue()
  }

  /** Drives on for so many events. */
  run(events: number): void {
    for (const until = this.events + events; this.events < until; ) this.round()
  }

  private round(): void {
    this.exactNow += this.gapMs
    const until = Math.floor(this.exactNow)
    for (let due = this.engine.nextDeadline(); due !== null && due <= until; due = this.engine.nextDeadline()) {
      this.now = due
      this.ticks++
      this.apply({ type: 'tick' })
    }
    this.now = until
    const over = this.talking[this.ended++]
    if (over !== undefined) this.apply({ type: 'conversation.ended', ...over })
    if (this.ended > 10_000) {
      this.talking = this.talking.slice(this.ended)
      this.ended = 0
    }
    if (this.calls % 10 === 0) this.giveUp()
    while (this.waiting.length < this.size.waiting) this.queue()
  }

  private queue(): void {
    const work = `018f0000-0000-7000-8000-${String(this.calls).padStart(12, '0')}`
    const section = `section-${this.calls++ % this.size.sections}`
    this.placeOf.set(work, this.waiting.push(work) - 1)
    this.apply({ type: 'work.queued', work, kind: 'call', section, priority: 0, waitingSince: this.now })
  }

  private giveUp(): void {
    const work = this.waiting[Math.floor(this.random() * this.waiting.length)]
    if (work === undefined) return
    this.leave(work)
    this.apply({ type: 'work.gone', work })
  }

  /** Takes a call out of the list of those who wait: the last one takes its place. */
  private leave(work: string): void {
    const place = this.placeOf.get(work)
    const last = this.waiting.pop()
    this.placeOf.delete(work)
    if (place === undefined || last === undefined || last === work) return
    this.waiting[place] = last
    this.placeOf.set(last, place)
  }

  private apply(event: RoutingEvent): void {
    this.events++
    const commands = this.engine.apply(event, this.now)
    this.commands += commands.length
    for (const command of commands) {
      if (command.type !== 'offer') continue
      const { offer, work, agent } = command
      this.leave(work)
      this.talking.push({ work, agent })
      this.apply({ type: 'offer.accepted', offer, agent })
    }
  }
}

interface Figure {
  size: Size
  perSecond: number
  ticks: number
  commands: number
}

/**
 * Events per second of one core: by the processor time that was used, because other programs may share the machine. The best of several
 * stretches, because what else runs only ever makes it slower.
 */
function measure(size: Size): Figure {
  const load = new Load(size)
  load.run(warmUpEvents)
  let best = 0
  const before = { events: load.events, ticks: load.ticks, commands: load.commands }
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = process.cpuUsage()
    const events = load.events
    load.run(eventsOfStretch)
    const { user, system } = process.cpuUsage(start)
    best = Math.max(best, (load.events - events) / ((user + system) / 1_000_000))
  }
  const events = load.events - before.events
  return {
    size,
    perSecond: Math.round(best),
    ticks: (load.ticks - before.ticks) / events,
    commands: (load.commands - before.commands) / events,
  }
}

/** What a waiting call keeps in memory, identifier included: from the heap before and after many have queued. */
function bytesPerWaitingCall(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('This Node cannot be asked to collect its garbage.')
  const used = () => {
    collect()
    collect()
    return process.memoryUsage().heapUsed
  }
  const engine = createEngine()
  const now = 1_700_000_000_000
  engine.apply({ type: 'section.configured', section: 'section', settings: defaultSection }, now)
  const before = used()
  for (let n = 0; n < callsInMemory; n++) {
    const work = `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`
    engine.apply({ type: 'work.queued', work, kind: 'call', section: 'section', priority: 0, waitingSince: now + n }, now + n)
  }
  const bytes = (used() - before) / callsInMemory
  // Asked afterwards, so that the engine is still there while it is measured.
  if (engine.explain('unknown') !== null) throw new Error('The engine knows a call that never came.')
  return Math.round(bytes)
}

/** SimPy with an M/M/1 that decides nothing, on the same machine: events a second; null when Python or SimPy is not at hand. */
function simPy(): number | null {
  const { status, stdout } = spawnSync('python3', ['-c', emptyModel], { encoding: 'utf8' })
  return status === 0 ? Math.round(Number(stdout)) : null
}

const emptyModel = `
import random, simpy, time
random.seed(7)
env = simpy.Environment()
server = simpy.Resource(env, capacity=1)
served = 0
def customer():
    global served
    with server.request() as turn:
        yield turn
        yield env.timeout(random.expovariate(1.0))
    served += 1
def source():
    while True:
        yield env.timeout(random.expovariate(0.9))
        env.process(customer())
env.process(source())
start = time.process_time()
events = 0
while events < 500000:
    env.step()
    events += 1
print(events / (time.process_time() - start))
`

export default async function bench(): Promise<void> {
  const figures = sizes.map(measure)
  const bytes = bytesPerWaitingCall()
  console.log(`Routing engine alone, one core, Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`)
  console.log('size    agents  sections  waiting   events/s  ticks  commands/event  target')
  for (const { size, perSecond, ticks, commands } of figures) {
    const cells = [
      size.name.padEnd(6),
      String(size.agents).padStart(7),
      String(size.sections).padStart(9),
      String(size.waiting).padStart(8),
      perSecond.toLocaleString('en').padStart(10),
      `${Math.round(ticks * 100)} %`.padStart(6),
      commands.toFixed(2).padStart(15),
    ]
    console.log(`${cells.join(' ')}  ${size.target}`)
  }
  console.log(`a waiting call keeps ${bytes} bytes (target < 1,000)`)
  const yardstick = simPy()
  console.log(
    yardstick === null
      ? 'SimPy is not at hand (python3 with the package simpy): no yardstick today'
      : `yardstick: SimPy's M/M/1, which decides nothing: ${yardstick.toLocaleString('en')} events/s`,
  )
  const of = (name: string) => figures.find(figure => figure.size.name === name)?.perSecond ?? 0
  const growth = of('middle') / of('upper')
  console.log(
    `bench routing small_events_per_s=${of('small')} large_events_per_s=${of('large')} growth=${growth.toFixed(2)} bytes_per_waiting_call=${bytes}`,
  )
}
