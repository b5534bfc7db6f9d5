/**
 * Many days instead of one: the same scenario under several seeds, before and after a change. Pure: no clock, no I/O.
 *
 * A seed gives the same callers in both, with the same patience and the same questions (common random numbers), so that the difference of
 * each pair varies much less than the two do; its mean has a narrow interval, from Student's t of the pairs' differences.
 */
import type { Counts, Figures, Result, Scenario, SimulatedDayFigures } from './model.ts'
import { simulate } from './simulate.ts'
import { noCounts } from './statistics.ts'

/** A mean over seeds and half the width of its 95 % confidence interval; null with one seed. */
export interface Interval {
  mean: number
  half: number | null
}

export const measures = ['serviceLevel', 'averageSpeedOfAnswerMs', 'abandonment', 'occupancy'] as const
export type Measure = (typeof measures)[number]

export type Compared = Record<Measure, { before: Interval; after: Interval | null; difference: Interval | null }>

export interface Comparison {
  seeds: number
  total: Compared
  sections: (Compared & { id: string })[]
}

/**
 * Compares runs pair by pair.
 * @param after the runs with the change, under the same seeds in the same order; empty without a change
 */
export function compareRuns(before: readonly Result[], after: readonly Result[] = []): Comparison {
  const compared = (of: (result: Result) => Figures | undefined): Compared => {
    const one = (measure: Measure) => {
      const was = before.map(result => of(result)?.[measure] ?? 0)
      const is = after.map(result => of(result)?.[measure] ?? 0)
      return {
        before: interval(was),
        after: is.length === 0 ? null : interval(is),
        difference: is.length === 0 ? null : interval(is.map((value, i) => value - (was[i] ?? 0))),
      }
    }
    return {
      serviceLevel: one('serviceLevel'),
      averageSpeedOfAnswerMs: one('averageSpeedOfAnswerMs'),
      abandonment: one('abandonment'),
      occupancy: one('occupancy'),
    }
  }
  return {
    seeds: before.length,
    total: compared(result => result.total),
    sections: (before[0]?.sections ?? []).map(({ id }) => ({
      id,
      ...compared(result => result.sections.find(section => section.id === id)),
    })),
  }
}

/** Mean and 95 % confidence interval by Student's t. */
export function interval(values: readonly number[]): Interval {
  const n = values.length
  if (n === 0) return { mean: 0, half: null }
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n === 1) return { mean, half: null }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  return { mean, half: t95(n - 1) * Math.sqrt(variance / n) }
}

/** Student's t, 97.5 %, by degrees of freedom. */
const student = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101,
  2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const

/** Beyond the table by the first term of Fisher's expansion. */
const t95 = (freedom: number): number => student[freedom - 1] ?? 1.959964 + 2.3723 / freedom

/** A day before and after a change, run under the same seeds. */
export interface Task {
  before: Scenario
  after: Scenario | null
  /** How many seeds, from the scenario's own on. */
  seeds: number
}

/** The mean day before and after, and how sure their difference is. */
export interface Outcome {
  before: Result
  after: Result | null
  comparison: Comparison
}

/**
 * Runs a task: the day before and after the change, seed after seed.
 * @param onProgress called with the share that is done
 */
export function runTask({ before, after, seeds }: Task, onProgress: (share: number) => void = () => {}): Outcome {
  const results: { was: Result[]; is: Result[] } = { was: [], is: [] }
  const runs = seeds * (after ? 2 : 1)
  const run = (scenario: Task['before'], into: Result[], seed: number) => {
    const done = results.was.length + results.is.length
    into.push(simulate({ ...scenario, seed }, { onProgress: share => onProgress((done + share) / runs) }))
  }
  for (let seed = before.seed; seed < before.seed + seeds; seed++) {
    run(before, results.was, seed)
    if (after) run(after, results.is, seed)
  }
  return { before: meanDay(results.was), after: after && meanDay(results.is), comparison: compareRuns(results.was, results.is) }
}

const counted = [
  'arrived',
  'answered',
  'answeredWithin',
  'abandoned',
  'abandonedWithin',
  'dismissed',
  'diverted',
  'waitMsOfAnswered',
  'waitMsOfAll',
  'longestWaitMs',
] as const satisfies readonly (keyof Counts)[]

/** The mean day of several runs of one scenario: counts and the longest wait are means over the runs, shares are those of all calls. */
export function meanDay(results: readonly Result[]): Result {
  const [first] = results
  if (!first) throw new RangeError('There is no run to take the mean of.')
  if (results.length === 1) return first
  const n = results.length
  const mean = (of: (result: Result) => number) => results.reduce((sum, result) => sum + of(result), 0) / n
  const figures = (of: (result: Result) => Figures | undefined): Figures => {
    const all = results.flatMap(result => of(result) ?? [])
    const sum = (key: keyof Figures) => all.reduce((total, each) => total + each[key], 0)
    const ratio = (of: number, to: number, without: number) => (to === 0 ? without : of / to)
    const means = Object.fromEntries(counted.map(key => [key, sum(key) / n]))
    const within = sum('answered') + sum('abandoned') - sum('abandonedWithin')
    return {
      ...noCounts(),
      ...means,
      serviceLevel: ratio(sum('answeredWithin'), within, 1),
      averageSpeedOfAnswerMs: ratio(sum('waitMsOfAnswered'), sum('answered'), 0),
      abandonment: ratio(sum('abandoned'), sum('arrived'), 0),
      occupancy: sum('occupancy') / n,
    }
  }
  const section = (id: string) => (result: Result) => result.sections.find(each => each.id === id)
  const halves = (of: (result: Result) => { halfHours: readonly Figures[] } | undefined) =>
    (of(first)?.halfHours ?? []).map((_, half) => figures(result => of(result)?.halfHours[half]))
  const estimateOf = (of: (result: Result) => { estimate: SimulatedDayFigures['estimate'] } | undefined) => {
    const all = results.flatMap(result => of(result)?.estimate ?? [])
    const calls = all.reduce((sum, each) => sum + each.calls, 0)
    const weighted = (key: 'meanErrorMs' | 'meanAbsoluteErrorMs') =>
      calls === 0 ? 0 : all.reduce((sum, each) => sum + each[key] * each.calls, 0) / calls
    return { calls: calls / n, meanErrorMs: weighted('meanErrorMs'), meanAbsoluteErrorMs: weighted('meanAbsoluteErrorMs') }
  }
  return {
    seed: first.seed,
    sections: first.sections.map(({ id, waits }) => ({
      id,
      ...figures(section(id)),
      halfHours: halves(section(id)),
      waits: waits.map(({ belowMs }, i) => ({ belowMs, calls: mean(result => section(id)(result)?.waits[i]?.calls ?? 0) })),
      estimate: estimateOf(section(id)),
    })),
    total: {
      ...figures(result => result.total),
      halfHours: halves(result => result.total),
      waits: first.total.waits.map(({ belowMs }, i) => ({ belowMs, calls: mean(result => result.total.waits[i]?.calls ?? 0) })),
      estimate: estimateOf(result => result.total),
    },
    retrials: mean(result => result.retrials),
    repeats: mean(result => result.repeats),
    unansweredOffers: mean(result => result.unansweredOffers),
    continuity: {
      asked: mean(result => result.continuity.asked),
      honoured: mean(result => result.continuity.honoured),
      givenUp: mean(result => result.continuity.givenUp),
    },
    little: {
      meanInLine: mean(result => result.little.meanInLine),
      arrivalsTimesWait: mean(result => result.little.arrivalsTimesWait),
    },
    events: mean(result => result.events),
    simulatedMs: mean(result => result.simulatedMs),
  }
}
