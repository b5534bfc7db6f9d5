/**
 * One virtual clock for everything that runs in a night: the leader's real code, the model of the database, people. Something happens, then
 * every promise that it settled is followed to its end, and only then time moves. So a seed is a night, to the millisecond, on every machine.
 */
import { type Clock, guidedClock } from '../../src/platform/index.ts'
import { type Random, randomOf } from '../../src/simulation/random.ts'

interface Timer {
  at: number
  seq: number
  work: (() => void) | null
}

const turnsOfHost = 20_000

export class World {
  now: number
  /** Faults by kind. */
  readonly faults = new Map<string, number>()
  /** What must not be; the night ends with the first. */
  violation: string | null = null
  /** Instants so far: things that happened, one after the other. */
  instants = 0
  /** Something that happens just before the instant of a number. */
  blow: { at: number; work: () => void } | null = null
  private readonly random: Random
  private readonly heap: Timer[] = []
  private made = 0
  private stirred = false
  private turns = 0

  constructor(seed: number, start: number) {
    this.now = start
    this.random = randomOf(seed)
  }

  /** Does `work` after so many milliseconds; the answer cancels it. */
  after(ms: number, work: () => void): () => void {
    const timer: Timer = { at: this.now + Math.max(0, Math.round(ms)), seq: this.made++, work }
    push(this.heap, timer)
    return () => {
      timer.work = null
    }
  }

  /** Does `work` after so many milliseconds, or now if there are none. */
  soon(ms: number, work: () => void): void {
    if (ms >= 1) this.after(ms, work)
    else {
      this.stirred = true
      work()
    }
  }

  /** What is done now settles promises: they are followed before time moves. */
  stir(): void {
    this.stirred = true
  }

  /** Lets time pass until an instant, until something is found that must not be, or until it is enough. */
  async run(until: number, enough: () => boolean = () => false): Promise<void> {
    while (this.violation === null && !enough()) {
      const next = this.heap[0]
      if (next === undefined || next.at > until) {
        this.now = until
        return
      }
      pop(this.heap)
      if (next.work === null) continue
      this.now = next.at
      if (this.blow?.at === this.instants++) {
        this.stirred = true
        this.blow.work()
      }
      next.work()
      if (!this.stirred) continue
      this.stirred = false
      // `nextTick` comes when no promise has anything left to do, and costs no turn of the event loop; now and then the host has its own.
      await new Promise<void>(++this.turns % turnsOfHost === 0 ? setImmediate : resolve => process.nextTick(resolve))
    }
  }

  fail(what: string): void {
    this.violation ??= `${new Date(this.now).toISOString()} ${what}`
  }

  fault(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1)
  }

  // --- chance -------------------------------------------------------------------------------------------------------

  chance(share: number): boolean {
    return share > 0 && this.random() < share
  }

  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1))
  }

  /** Between the two, small as often as large: for rates and times of which nobody knows the size. */
  anySize(from: number, to: number): number {
    return from * (to / from) ** this.random()
  }

  exponential(mean: number): number {
    return -mean * Math.log1p(-this.random())
  }

  oneOf<T>(things: readonly T[]): T {
    const thing = things[Math.floor(this.random() * things.length)]
    if (thing === undefined) throw new RangeError('There is nothing to choose from.')
    return thing
  }

  /** An identifier of its own. */
  id(): string {
    const hex = (digits: number) =>
      Math.floor(this.random() * 16 ** digits)
        .toString(16)
        .padStart(digits, '0')
    return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`
  }
}

/** A process: it may be paused, and what reaches it then waits; and killed, and nothing reaches it any more. */
export class Process implements Clock {
  readonly world: World
  /** Aborted when it is asked to stop. */
  readonly stop = new AbortController()
  dead = false
  /** How far its clock is wrong. */
  skew = 0
  /** Its wires are cut, and neither end knows it. */
  cut = false
  private paused = false
  private waiting: (() => void)[] = []
  private readonly guided = guidedClock(() => this.world.now + this.skew)

  constructor(world: World) {
    this.world = world
  }

  get awake(): boolean {
    return !this.dead && !this.paused
  }

  now(): number {
    return this.guided.now()
  }

  asking(): (theirs: number) => void {
    return this.guided.asking()
  }

  after(ms: number, work: () => void): () => void {
    let wanted = true
    const cancel = this.world.after(ms, () =>
      this.reach(() => {
        if (wanted) work()
      }),
    )
    return () => {
      wanted = false
      cancel()
    }
  }

  /** Like `after`, but at once when it takes no time; it cannot be cancelled. */
  soon(ms: number, work: () => void): void {
    if (ms >= 1) this.world.after(ms, () => this.reach(work))
    else this.reach(work)
  }

  /** Something comes to the process. */
  reach(work: () => void): void {
    if (this.dead) return
    if (this.paused) this.waiting.push(work)
    else {
      this.world.stir()
      work()
    }
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    for (const work of this.waiting.splice(0)) this.reach(work)
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq)
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length
  heap.push(timer)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (parent === undefined || !before(timer, parent)) break
    heap[at] = parent
    at = up
  }
  heap[at] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
    const child = right !== undefined && left !== undefined && before(right, left) ? 2 * at + 2 : 2 * at + 1
    const lower = heap[child]
    if (lower === undefined || !before(lower, last)) break
    heap[at] = lower
    at = child
  }
  heap[at] = last
}
