/**
 * What the steps of members took. Pure.
 *
 * Nobody is timed. A step (an answer, a question to the citizen or to a directorate, an appointment, a ticket sent back) is taken to have been
 * worked on since its member could begin with it: since the ticket was in hand, or since the member's step before it. Over a day these add up
 * to the working time in which there was something in hand.
 */
import type { MemberStep } from './count.ts'

/** A step with its working time, which is null until it is reckoned. */
export interface TimedStep extends MemberStep {
  readonly workedMs: number | null
}

/** The working time of a section between two instants, in milliseconds. */
export type WorkingTimeOf = (sectionId: string, from: number, until: number) => number

/** What took longer was not worked on but left lying: a working day. */
export const maxStepMs = 8 * 3_600_000
/** Nothing before that is looked at: holidays of a week lie within. */
const lookBackMs = 7 * 86_400_000

const inOrder = (a: MemberStep, b: MemberStep): number => a.at - b.at || a.entryId - b.entryId

/**
 * Reckons the steps of one member that are new, and each that follows a new one, because it began later than was thought.
 * @param known all steps from the last one before the first new one on
 * @returns those that are new or have changed
 */
export function timeSteps(known: readonly TimedStep[], fresh: readonly MemberStep[], working: WorkingTimeOf): TimedStep[] {
  const there = new Set(known.map(({ entryId }) => entryId))
  const added = fresh.filter(({ entryId }) => !there.has(entryId)).map(step => ({ ...step, workedMs: null }))
  const all = [...known, ...added].sort(inOrder)
  const changed: TimedStep[] = []
  for (const [n, step] of all.entries()) {
    const before = all[n - 1]
    if (step.workedMs !== null && before?.workedMs !== null) continue
    if (step.workedMs !== null && before === undefined) continue
    const from = Math.max(step.since, before?.at ?? step.since, step.at - lookBackMs)
    const workedMs = Math.min(maxStepMs, Math.round(working(step.sectionId, from, step.at)))
    if (workedMs !== step.workedMs) changed.push({ ...step, workedMs })
  }
  return changed
}
