/**
 * What more people would do, and how many a target needs. Pure.
 *
 * A seed gives the same questions with the same handling times before and after, so that the difference of each pair varies much less than the two
 * do (common random numbers, as in `src/simulation/comparison.ts`).
 */
import { interval } from '../../simulation/index.ts'
import type { PlanMeasures } from '../model.ts'
import { type PlannedMember, type StaffingResult, type StaffingScenario, simulateStaffing } from './simulate.ts'

/** What is asked of a thread. */
export interface StaffingTask {
  readonly scenario: StaffingScenario
  /** So many full-time people more; fewer, below zero. */
  readonly people: number
  /** The share of tickets to be solved in time. */
  readonly inTime: number
}

export interface StaffingOutcome {
  readonly seeds: number
  readonly before: PlanMeasures
  readonly after: PlanMeasures | null
  readonly difference: PlanMeasures | null
  readonly needed: { people: number | null; inTime: number }
}

/** Runs of a comparison, and of each number of people that is tried. */
const seedsOfComparison = 10
const seedsOfTrial = 4
/** So many people more are tried at most. */
const maxMore = 64

/** A scenario with some full-time people more, who are there every day, or without the last ones of its members. */
export function withPeople(scenario: StaffingScenario, people: number): StaffingScenario {
  if (people <= 0) return { ...scenario, members: scenario.members.slice(0, Math.max(0, scenario.members.length + people)) }
  const days = scenario.days.map((_, day) => ({ day, share: 100 }))
  const more = Array.from({ length: people }, (_, n): PlannedMember => ({ id: `more-${n + 1}`, days }))
  return { ...scenario, members: [...scenario.members, ...more] }
}

const runs = (scenario: StaffingScenario, seeds: number): StaffingResult[] =>
  Array.from({ length: seeds }, (_, n) => simulateStaffing({ ...scenario, seed: scenario.seed + n }))

/** Runs a task: as it is, with the change, and for the fewest people with whom the target is reached. */
export function planStaffing({ scenario, people, inTime }: StaffingTask): StaffingOutcome {
  const before = runs(scenario, seedsOfComparison)
  const after = people === 0 ? null : runs(withPeople(scenario, people), seedsOfComparison)
  return {
    seeds: seedsOfComparison,
    before: measured(before, each => each),
    after: after && measured(after, each => each),
    difference: after && measured(after, (each, n) => lessThan(each, before[n])),
    needed: fewestPeople(scenario, inTime),
  }
}

const measures = ['inTime', 'backlog', 'ageHours', 'occupancy'] as const satisfies readonly (keyof StaffingResult)[]

function measured(results: readonly StaffingResult[], of: (result: StaffingResult, n: number) => StaffingResult): PlanMeasures {
  const values = results.map(of)
  const one = (measure: (typeof measures)[number]) => interval(values.map(each => each[measure]))
  return { inTime: one('inTime'), backlog: one('backlog'), ageHours: one('ageHours'), occupancy: one('occupancy') }
}

function lessThan(after: StaffingResult, before: StaffingResult | undefined): StaffingResult {
  const of = (measure: (typeof measures)[number]) => after[measure] - (before?.[measure] ?? 0)
  return { inTime: of('inTime'), backlog: of('backlog'), ageHours: of('ageHours'), occupancy: of('occupancy') }
}

/** The fewest people more, or fewer, with whom the mean share in time reaches the target: found by doubling, then by halving. */
function fewestPeople(scenario: StaffingScenario, inTime: number): { people: number | null; inTime: number } {
  const known = new Map<number, number>()
  const shareWith = (people: number): number => {
    const share = known.get(people) ?? interval(runs(withPeople(scenario, people), seedsOfTrial).map(each => each.inTime)).mean
    known.set(people, share)
    return share
  }
  const least = -scenario.members.length
  let enough = 0
  let tooFew = least - 1
  if (shareWith(0) < inTime) {
    tooFew = 0
    enough = 1
    while (enough < maxMore && shareWith(enough) < inTime) {
      tooFew = enough
      enough *= 2
    }
    if (shareWith(enough) < inTime) return { people: null, inTime: shareWith(enough) }
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2)
    if (shareWith(middle) >= inTime) enough = middle
    else tooFew = middle
  }
  return { people: enough, inTime: shareWith(enough) }
}
