/**
 * From the calls of the last weeks to who should be there when. Pure.
 *
 *   history ──seasonal median──▶ calls per half hour ──Erlang A──▶ agents needed per half hour ──greedy cover──▶ shifts
 */
import { leastServers, type Target } from './erlang.ts'
import { halfHourMs } from './model.ts'

/** Calls of one past day, by half hour of office time; `holiday` also for Sundays. */
export interface PastDay {
  /** YYYY-MM-DD. */
  day: string
  /** 1 Monday … 7 Sunday. */
  weekday: number
  holiday: boolean
  perHalfHour: readonly number[]
}

/**
 * Calls to expect in each half hour of a day: the median of the same half hour on the days of the same kind (same weekday and no holiday;
 * holidays among themselves). The median, because one day on which everything broke must not plan the next weeks. Without a day of the
 * same kind the median of all days that are no holidays is taken; without any day, nothing is expected.
 * @param weeks so many of the latest days of the kind are used
 */
export function forecast(history: readonly PastDay[], day: { weekday: number; holiday: boolean }, weeks = 8): number[] {
  const used = daysLike(history, day, weeks)
  const halfHours = Math.max(0, ...used.map(past => past.perHalfHour.length))
  return Array.from({ length: halfHours }, (_, half) => median(used.map(past => past.perHalfHour[half] ?? 0)))
}

/** The past days that a forecast is made of, the latest first. */
export function daysLike(history: readonly PastDay[], day: { weekday: number; holiday: boolean }, weeks: number): PastDay[] {
  const latest = history.toSorted((a, b) => b.day.localeCompare(a.day))
  const same = latest.filter(past => (day.holiday ? past.holiday : !past.holiday && past.weekday === day.weekday))
  return (same.length > 0 ? same : latest.filter(past => past.holiday === day.holiday)).slice(0, weeks)
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

export interface Workload {
  perHalfHour: readonly number[]
  /** Conversation and wrap-up. */
  handlingMs: number
  /** Mean patience; null when nobody ever gives up. */
  patienceMs: number | null
  target: Target
  /** Share of an agent's paid time that is not on the line: breaks, training, absence. 0.3 means that 10 needed are 15 to be planned. */
  shrinkage: number
}

/** The least agents on duty in each half hour, shrinkage included (each half hour taken as a line in its steady state). */
export function agentsNeeded({ perHalfHour, handlingMs, patienceMs, target, shrinkage }: Workload): number[] {
  return perHalfHour.map(calls => {
    const servers = leastServers(
      {
        arrivalRate: calls / (halfHourMs / 1_000),
        serviceRate: 1_000 / handlingMs,
        abandonRate: patienceMs === null ? undefined : 1_000 / patienceMs,
      },
      target,
    )
    return Math.ceil(servers / (1 - shrinkage))
  })
}

/** A kind of shift: so many half hours, which may begin from one half hour of the day to another. */
export interface ShiftKind {
  halfHours: number
  firstStart: number
  lastStart: number
}

export interface Shift {
  start: number
  halfHours: number
  agents: number
}

export interface Cover {
  shifts: Shift[]
  /** Agents on duty in each half hour. */
  onDuty: number[]
  /** Agent half hours that are planned beyond the need, and those that no kind of shift can cover. */
  over: number
  under: number
}

/**
 * Shifts that cover a need.
 *
 * Stated heuristic: again and again one agent is put on the shift that covers the most need that is still open, counted per half hour paid
 * (ties: the earlier start, then the shorter shift); afterwards each agent is taken away whom nobody misses, the latest added first. It is not
 * an optimum; for unimodal days it comes close, and what it plans too much is said in `over`.
 */
export function coverWithShifts(need: readonly number[], kinds: readonly ShiftKind[]): Cover {
  const candidates = kinds
    .flatMap(({ halfHours, firstStart, lastStart }) =>
      Array.from({ length: Math.max(0, lastStart - firstStart + 1) }, (_, i) => ({ start: firstStart + i, halfHours })),
    )
    .filter(({ start, halfHours }) => start >= 0 && start + halfHours <= need.length && halfHours > 0)
    .sort((a, b) => a.start - b.start || a.halfHours - b.halfHours)
  const open = [...need]
  const onDuty = need.map(() => 0)
  const chosen: { start: number; halfHours: number }[] = []
  for (;;) {
    let best: { start: number; halfHours: number } | undefined
    let bestWorth = 0
    for (const shift of candidates) {
      let covered = 0
      for (let half = shift.start; half < shift.start + shift.halfHours; half++) if ((open[half] ?? 0) > 0) covered++
      const worth = covered / shift.halfHours
      if (worth > bestWorth) {
        best = shift
        bestWorth = worth
      }
    }
    if (!best) break
    chosen.push(best)
    change(best, 1)
  }
  const kept = chosen.toReversed().filter(shift => {
    const missed = span(shift).some(half => (onDuty[half] ?? 0) - 1 < (need[half] ?? 0))
    if (!missed) change(shift, -1)
    return missed
  })
  return {
    shifts: gather(kept),
    onDuty,
    over: need.reduce((sum, needed, half) => sum + Math.max(0, (onDuty[half] ?? 0) - needed), 0),
    under: need.reduce((sum, needed, half) => sum + Math.max(0, needed - (onDuty[half] ?? 0)), 0),
  }

  function change(shift: { start: number; halfHours: number }, by: 1 | -1): void {
    for (const half of span(shift)) {
      onDuty[half] = (onDuty[half] ?? 0) + by
      open[half] = (need[half] ?? 0) - (onDuty[half] ?? 0)
    }
  }
}

const span = ({ start, halfHours }: { start: number; halfHours: number }): number[] =>
  Array.from({ length: halfHours }, (_, i) => start + i)

function gather(shifts: readonly { start: number; halfHours: number }[]): Shift[] {
  const together = new Map<string, Shift>()
  for (const { start, halfHours } of shifts) {
    const key = `${start}+${halfHours}`
    const shift = together.get(key) ?? { start, halfHours, agents: 0 }
    shift.agents++
    together.set(key, shift)
  }
  return [...together.values()].sort((a, b) => a.start - b.start || a.halfHours - b.halfHours)
}
