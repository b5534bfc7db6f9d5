/** What is counted while a simulation runs, and the figures that follow from it. */
import { type Counts, type Figures, halfHourMs, type Result, type SimulatedDayFigures } from './model.ts'

const waitBoundsMs = [1, 5_000, 10_000, 20_000, 30_000, 60_000, 90_000, 120_000, 180_000, 300_000, 600_000, 1_200_000]

export type CallOutcome = 'answered' | 'abandoned' | 'dismissed' | 'diverted'

interface Duty {
  onDutyMs: number
  busyMs: number
}

/** Nothing has happened yet. */
export const noCounts = (): Counts => ({
  arrived: 0,
  answered: 0,
  answeredWithin: 0,
  abandoned: 0,
  abandonedWithin: 0,
  dismissed: 0,
  diverted: 0,
  waitMsOfAnswered: 0,
  waitMsOfAll: 0,
  longestWaitMs: 0,
})
const noDuty = (): Duty => ({ onDutyMs: 0, busyMs: 0 })

interface SectionBook {
  id: string
  withinMs: number
  halfHours: Counts[]
  duty: Duty[]
  waits: number[]
  estimate: { calls: number; errorMs: number; absoluteErrorMs: number }
}

export class Statistics {
  private readonly from: number
  private readonly books: SectionBook[]
  private readonly halfHours: number
  retrials = 0
  repeats = 0
  unansweredOffers = 0
  readonly continuity = { asked: 0, honoured: 0, givenUp: 0 }
  private inLine = 0
  private inLineSince: number
  private inLineArea = 0

  constructor(from: number, to: number, sections: readonly { id: string; withinMs: number }[]) {
    this.from = from
    this.inLineSince = from
    this.halfHours = Math.max(1, Math.ceil((to - from) / halfHourMs))
    this.books = sections.map(({ id, withinMs }) => ({
      id,
      withinMs,
      halfHours: Array.from({ length: this.halfHours }, noCounts),
      duty: Array.from({ length: this.halfHours }, noDuty),
      waits: new Array<number>(waitBoundsMs.length + 1).fill(0),
      estimate: { calls: 0, errorMs: 0, absoluteErrorMs: 0 },
    }))
  }

  /** What happens after the last half hour counts for it. */
  private halfHourOf(at: number): number {
    return Math.min(this.halfHours - 1, Math.max(0, Math.floor((at - this.from) / halfHourMs)))
  }

  /** The number of calls in line changes. */
  line(now: number, change: 1 | -1): void {
    this.inLineArea += this.inLine * (now - this.inLineSince)
    this.inLine += change
    this.inLineSince = now
  }

  /**
   * A call left the line of a section.
   * @param arrivedAt by whose half hour it is counted
   * @param expectedMs what it was told at entry; null if it was told nothing
   */
  ended(section: number, arrivedAt: number, waitedMs: number, how: CallOutcome, expectedMs: number | null): void {
    const book = this.books[section]
    const counts = book?.halfHours[this.halfHourOf(arrivedAt)]
    if (!book || !counts) return
    counts.arrived++
    counts[how]++
    counts.waitMsOfAll += waitedMs
    if (waitedMs > counts.longestWaitMs) counts.longestWaitMs = waitedMs
    const within = waitedMs <= book.withinMs
    if (how === 'abandoned' && within) counts.abandonedWithin++
    if (how !== 'answered') return
    counts.waitMsOfAnswered += waitedMs
    if (within) counts.answeredWithin++
    const bound = waitBoundsMs.findIndex(each => waitedMs < each)
    const place = bound === -1 ? waitBoundsMs.length : bound
    book.waits[place] = (book.waits[place] ?? 0) + 1
    if (expectedMs === null) return
    book.estimate.calls++
    book.estimate.errorMs += expectedMs - waitedMs
    book.estimate.absoluteErrorMs += Math.abs(expectedMs - waitedMs)
  }

  /** An agent of a section was on duty from `from` to `to`, busy or waiting for calls. */
  duty(section: number, from: number, to: number, busy: boolean): void {
    const duty = this.books[section]?.duty
    if (!duty) return
    for (let at = from; at < to; ) {
      const half = this.halfHourOf(at)
      const end = half === this.halfHours - 1 ? to : Math.min(to, this.from + (half + 1) * halfHourMs)
      const span = Math.max(0, end - at)
      const place = duty[half]
      if (place) {
        place.onDutyMs += span
        if (busy) place.busyMs += span
      }
      at = Math.max(end, at + 1)
    }
  }

  result(seed: number, events: number, now: number): Result {
    this.inLineArea += this.inLine * (now - this.inLineSince)
    this.inLineSince = now
    const sections = this.books.map(book => ({ id: book.id, ...dayFigures(book) }))
    const simulatedMs = Math.max(1, now - this.from)
    const total = dayFigures(this.together())
    return {
      seed,
      sections,
      total,
      retrials: this.retrials,
      repeats: this.repeats,
      unansweredOffers: this.unansweredOffers,
      continuity: { ...this.continuity },
      little: { meanInLine: this.inLineArea / simulatedMs, arrivalsTimesWait: total.waitMsOfAll / simulatedMs },
      events,
      simulatedMs,
    }
  }

  /** The books of all sections as one. */
  private together(): Omit<SectionBook, 'id' | 'withinMs'> {
    const half = (n: number) => ({
      counts: add(this.books.map(book => book.halfHours[n] ?? noCounts())),
      duty: addDuty(this.books.map(book => book.duty[n] ?? noDuty())),
    })
    const halves = Array.from({ length: this.halfHours }, (_, n) => half(n))
    const estimate = { calls: 0, errorMs: 0, absoluteErrorMs: 0 }
    for (const book of this.books) {
      estimate.calls += book.estimate.calls
      estimate.errorMs += book.estimate.errorMs
      estimate.absoluteErrorMs += book.estimate.absoluteErrorMs
    }
    return {
      halfHours: halves.map(each => each.counts),
      duty: halves.map(each => each.duty),
      waits: [...waitBoundsMs, null].map((_, i) => this.books.reduce((sum, book) => sum + (book.waits[i] ?? 0), 0)),
      estimate,
    }
  }
}

function dayFigures(book: Omit<SectionBook, 'id' | 'withinMs'>): SimulatedDayFigures {
  const { calls, errorMs, absoluteErrorMs } = book.estimate
  return {
    ...figures(add(book.halfHours), addDuty(book.duty)),
    halfHours: book.halfHours.map((counts, half) => figures(counts, book.duty[half] ?? noDuty())),
    waits: book.waits.map((number, i) => ({ belowMs: waitBoundsMs[i] ?? null, calls: number })),
    estimate: {
      calls,
      meanErrorMs: calls === 0 ? 0 : errorMs / calls,
      meanAbsoluteErrorMs: calls === 0 ? 0 : absoluteErrorMs / calls,
    },
  }
}

function add(all: readonly Counts[]): Counts {
  const sum = noCounts()
  for (const counts of all) {
    for (const key of Object.keys(sum) as (keyof Counts)[]) if (key !== 'longestWaitMs') sum[key] += counts[key]
    sum.longestWaitMs = Math.max(sum.longestWaitMs, counts.longestWaitMs)
  }
  return sum
}

const addDuty = (all: readonly Duty[]): Duty => ({
  onDutyMs: all.reduce((sum, each) => sum + each.onDutyMs, 0),
  busyMs: all.reduce((sum, each) => sum + each.busyMs, 0),
})

function figures(counts: Counts, duty: Duty): Figures {
  const counted = counts.answered + counts.abandoned - counts.abandonedWithin
  return {
    ...counts,
    serviceLevel: counted === 0 ? 1 : counts.answeredWithin / counted,
    averageSpeedOfAnswerMs: counts.answered === 0 ? 0 : counts.waitMsOfAnswered / counts.answered,
    abandonment: counts.arrived === 0 ? 0 : counts.abandoned / counts.arrived,
    occupancy: duty.onDutyMs === 0 ? 0 : duty.busyMs / duty.onDutyMs,
  }
}
