/**
 * The written work of a night, and the room whose it is: tickets that wait, are offered, taken, declined, given back and done. The room has
 * one row for each; who has it in hand is judged there, and the leader hears of it as a fact.
 */
import * as words from '../../src/distribution/events.ts'
import { type Entry, type EventType, payloadOf } from '../../src/platform/index.ts'
import type { Pen } from './pen.ts'
import type { Staff } from './staff.ts'

const second = 1_000
const minute = 60 * second

interface Paper {
  readonly id: string
  readonly since: number
  /** Who has it in hand, as the row says. */
  holder: string | null
  done: boolean
  /** Facts about one paper are written one after the other. */
  writing: Promise<void>
}

export class Papers {
  readonly all: Paper[] = []
  open = 0
  private readonly pen: Pen
  private readonly staff: Staff
  private readonly byId = new Map<string, Paper>()

  constructor(pen: Pen, staff: Staff) {
    this.pen = pen
    this.staff = staff
  }

  arrive(): void {
    const { world, store } = this.pen
    const paper: Paper = { id: world.id(), since: store.now, holder: null, done: false, writing: Promise.resolve() }
    this.all.push(paper)
    this.byId.set(paper.id, paper)
    this.open++
    const members = store.written[0]?.members ?? []
    const preferred =
      members.length > 0 && world.chance(0.2)
        ? { agents: [world.oneOf(members)], boundMs: world.between(1, 300) * second }
        : undefined
    this.queue(paper, preferred)
  }

  private queue(paper: Paper, preferred?: { agents: string[]; boundMs: number }): void {
    const { world } = this.pen
    const waitingSince = new Date(paper.since).toISOString()
    const place = { kind: 'ticket', sectionId: 'cric', priority: world.chance(0.1) ? 1 : 0, waitingSince } as const
    this.say(paper, words.workQueued, { work: paper.id, ...place, ...(preferred ? { preferred } : {}) })
  }

  hear(entry: Entry): void {
    const offered = payloadOf(words.workOffered, entry)
    if (offered) this.offered(offered)
    const released = payloadOf(words.workReleased, entry)
    if (released) {
      const paper = this.byId.get(released.work)
      if (paper?.holder === released.agent) paper.holder = null
    }
  }

  private offered({ work, offer, agent }: { work: string; offer: string; agent: string }): void {
    const { world, store, healed } = this.pen
    const paper = this.byId.get(work)
    if (paper === undefined || paper.done) return
    if (!healed && world.chance(store.rates.ignores)) {
      world.fault('written work let go by')
      return
    }
    world.after(world.between(1, healed ? 5 : 90) * second, () => {
      if (paper.done || paper.holder !== null) return
      if (!healed && world.chance(store.rates.refuses)) this.say(paper, words.workDeclined, { work, offer, agent })
      else this.take(paper, agent)
    })
  }

  /** Somebody chooses it, whoever it is offered to. */
  takeByHand(): void {
    const { world, store } = this.pen
    const members = store.written[0]?.members ?? []
    const free = this.all.filter(({ done, holder }) => !done && holder === null)
    if (members.length > 0 && free.length > 0) this.take(world.oneOf(free), world.oneOf(members))
  }

  private take(paper: Paper, agent: string): void {
    const { world, healed } = this.pen
    // Who has signed out has nothing in hand; the desk would not let it be taken.
    if (this.staff.named(agent)?.duty === 'signed-out') return
    paper.holder = agent
    this.say(paper, words.workTaken, { work: paper.id, agent })
    world.after(healed ? world.between(1, 20) * second : world.exponential(4 * minute), () => {
      if (paper.done || paper.holder !== agent) return
      paper.holder = null
      if (!this.pen.healed && world.chance(0.15)) this.queue(paper)
      else this.finish(paper)
    })
  }

  private finish(paper: Paper): void {
    const { pen } = this
    paper.done = true
    this.open--
    const left = { work: paper.id, reason: 'answered' }
    this.say(paper, words.workLeft, left)
    if (pen.repeated()) pen.world.after(pen.world.anySize(1, 30 * second), () => this.say(paper, words.workLeft, left))
  }

  private say<P extends Record<string, unknown>>(paper: Paper, type: EventType<P, 'units'>, payload: P): void {
    paper.writing = paper.writing.then(() => this.pen.write(type, payload, { case: paper.id, units: ['cric'] }))
    this.pen.world.stir()
  }
}
