/**
 * The working time of a section as one line without gaps, on which durations are added and deadlines found at once. Pure.
 *
 *   real time      ──open──│  night  │──open──│lunch│──open──│ holiday …
 *   working time   ──open──┼──open──┼──open──┼ …
 */

/** A day of the office calendar. Instants are milliseconds since the epoch. */
export interface WorkingDay {
  /** Its midnight. */
  readonly from: number
  /** When the section works, in order and apart; empty on a closed day. */
  readonly open: readonly WorkSpan[]
}

export interface WorkSpan {
  readonly from: number
  readonly until: number
}

export interface Target {
  readonly amount: number
  readonly measure: 'minutes' | 'days'
}

const minuteMs = 60_000

export class WorkingTime {
  private readonly days: readonly WorkingDay[]
  /** When there is working time. */
  readonly spans: readonly WorkSpan[]
  /** The working time before each span. */
  private readonly before: readonly number[]
  /** All of it. */
  readonly total: number

  /** @param days one after the other, without a gap */
  constructor(days: readonly WorkingDay[]) {
    this.days = days
    this.spans = days.flatMap(({ open }) => open)
    let total = 0
    this.before = this.spans.map(({ from, until }) => {
      const before = total
      total += until - from
      return before
    })
    this.total = total
  }

  /** How much working time lies before an instant, in milliseconds. */
  at(instant: number): number {
    const n = lastAtOrBefore(this.spans, span => span.from, instant)
    const span = this.spans[n]
    return span === undefined ? 0 : (this.before[n] ?? 0) + Math.min(instant, span.until) - span.from
  }

  /** The instant at which so much working time has passed; Infinity beyond the last day. */
  instantOf(working: number): number {
    if (working > this.total) return Number.POSITIVE_INFINITY
    const n = Math.max(
      0,
      lastAtOrBefore(this.before, before => before, working - 1),
    )
    const span = this.spans[n]
    return span === undefined ? Number.POSITIVE_INFINITY : span.from + working - (this.before[n] ?? 0)
  }

  /**
   * When what came at an instant is due, as the clock of deadlines has it (`src/cases/deadlines/clock.ts`): after so many working minutes, or at the end
   * of the so many-th working day after the day on which it came; Infinity beyond the last day.
   */
  due(from: number, { amount, measure }: Target): number {
    if (measure === 'minutes') return this.instantOf(this.at(from) + amount * minuteMs)
    let left = amount
    for (let n = lastAtOrBefore(this.days, day => day.from, from) + 1; n < this.days.length; n++) {
      const end = this.days[n]?.open.at(-1)?.until
      if (end !== undefined && --left === 0) return end
    }
    return Number.POSITIVE_INFINITY
  }
}

/** The index of the last of some things in order whose key is not beyond a bound; -1 where all are. */
function lastAtOrBefore<T>(things: readonly T[], keyOf: (thing: T) => number, bound: number): number {
  let low = -1
  let high = things.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const thing = things[middle]
    if (thing !== undefined && keyOf(thing) <= bound) low = middle
    else high = middle
  }
  return low
}

/** The first part of the working time of a day. @param percent of it */
export function firstPart(open: readonly WorkSpan[], percent: number): WorkSpan[] {
  let left = (open.reduce((sum, { from, until }) => sum + until - from, 0) * percent) / 100
  return open.flatMap(({ from, until }) => {
    const taken = Math.min(left, until - from)
    left -= taken
    return taken > 0 ? [{ from, until: from + Math.round(taken) }] : []
  })
}
