/**
 * How fast the routing engine is, alone: events per second at several sizes, and what a waiting call costs in memory.
 *
 * Each size runs a centre at full load: every agent talks, the lines hold the stated number of callers. Each round a call ends,
 * its agent wraps up and gets the next caller, who is answered; a new caller queues; every tenth caller in line gives up and
 * another comes; announcements are on. Identifiers are fresh for every call, as in life. Everything that the engine is told counts
 * as one event, ticks included; the time of inventing the events is included too.
 */
import { type Command, createEngine, defaultSection, type Engine, type Level } from '../src/routing/index.ts'

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

/** A centre at full load that can be driven for any number of events. */
class Load {
  readonly engine: Engine = createEngine()
  readonly size: Size
  events = 0
  commands = 0
  private now = 1_700_000_000_000
  private calls = 0
  private readonly random = chance(7)
  /** Conversations under way, as a ring: the oldest ends first. */
  private talking: { work: string; agent: string }[] = []
  private ended = 0
  private readonly waiting: string[] = []
  /** Simulated time between two rounds, so that conversations last `handlingMs` on average. */
  private readonly gapMs: number

  constructor(size: Size) {
    this.size = size
    this.gapMs = (handlingMs + wrapUpMs) / size.agents
    for (let s = 0; s < size.sections; s++)
      this.engine.apply(
        { type: 'section.configured', section: `section-${s}`, settings: { ...defaultSection, wrapUpMs } },
        this.now,
      )
    for (let a = 0; a < size.agents; a++) {
      const skills = Array.from({ length: size.skills }, (_, i) => ({
        section: `section-${(a + i * 5) % size.sections}`,
        level: (1 + ((a + i) % 5)) as Level,
      }))
      const agent = `00000000-0000-7000-8000-${String(a).padStart(12, '0')}`
      this.engine.apply({ type: 'agent.configured', agent, skills, capacities: { call: 1, mail: 0, ticket: 0 } }, this.now)
      this.engine.apply({ type: 'agent.available', agent }, this.now)
    }
  }
}
