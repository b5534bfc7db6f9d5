/** Before and after, over several seeds: the same callers, and an interval that is as narrow as it may be. */
import { describe, expect, test } from 'vitest'
import { compareRuns, interval, meanDay, runTask } from './comparison.ts'
import { plainBehaviour, type Scenario } from './model.ts'
import { nationalDay } from './national-day.ts'
import { randomOf } from './random.ts'
import { simulate } from './simulate.ts'
import { withChanges } from './what-if.ts'

const day = nationalDay(1, { calls: 3_000, agents: 45, sections: 2 })
const two = withChanges(day, [{ kind: 'agents', section: 'section-1', number: 2, fromHalfHour: 18, toHalfHour: 22 }])

describe('the interval', () => {
  test('is Student’s', () => {
    // 4.303 × √(1 ÷ 3)
    expect(interval([1, 2, 3])).toEqual({ mean: 2, half: expect.closeTo(2.484, 3) })
    expect(interval([5])).toEqual({ mean: 5, half: null })
    expect(interval(new Array<number>(8).fill(0.3)).half).toBeCloseTo(0, 12)
  })

  test('holds the true mean in about 95 of 100 samples, also beyond the table', () => {
    const random = randomOf(9)
    for (const size of [5, 40]) {
      let held = 0
      for (let i = 0; i < 2_000; i++) {
        const { mean, half } = interval(Array.from({ length: size }, () => random() + random() + random()))
        if (Math.abs(mean - 1.5) <= (half ?? 0)) held++
      }
      expect(held / 2_000).toBeGreaterThan(0.935)
      expect(held / 2_000).toBeLessThan(0.965)
    }
  })
})

describe('two more people from nine to eleven', () => {
  const { comparison, before, after } = runTask({ before: day, after: two, seeds: 8 })
  const wait = comparison.sections[0]?.averageSpeedOfAnswerMs

  test('shorten the wait, and that is no accident', () => {
    expect(wait?.difference?.mean).toBeLessThan(0)
    expect((wait?.difference?.mean ?? 0) + (wait?.difference?.half ?? 0)).toBeLessThan(0)
    expect(wait?.difference?.mean).toBeCloseTo((wait?.after?.mean ?? 0) - (wait?.before.mean ?? 0), 6)
  })

  test('with the same callers the difference is known much better than with others', () => {
    const runs = (scenario: Scenario, from: number) =>
      Array.from({ length: 8 }, (_, i) => simulate({ ...scenario, seed: from + i }))
    const others = compareRuns(runs(day, 1), runs(two, 101)).sections[0]?.averageSpeedOfAnswerMs.difference
    expect(wait?.difference?.half).toBeLessThan(0.5 * (others?.half ?? 0))
  })

  test('in the mean day counts are means and shares are those of all calls', () => {
    const runs = Array.from({ length: 8 }, (_, i) => simulate({ ...day, seed: 1 + i }).total)
    const sum = (key: 'arrived' | 'abandoned' | 'longestWaitMs') => runs.reduce((total, run) => total + run[key], 0)
    expect(before.total.arrived).toBeCloseTo(sum('arrived') / 8, 9)
    expect(before.total.longestWaitMs).toBeCloseTo(sum('longestWaitMs') / 8, 9)
    expect(before.total.abandonment).toBeCloseTo(sum('abandoned') / sum('arrived'), 12)
    expect(before.total.waits.reduce((total, { calls }) => total + calls, 0)).toBeCloseTo(before.total.answered, 6)
    expect(after?.sections.map(({ id }) => id)).toEqual(['section-1', 'section-2'])
  })
})

test('one section helps another after a minute: the helped wait less, and that is no accident', () => {
  // The second section has idle people, the first too few.
  const uneven = nationalDay(3, { calls: 2_000, agents: 44, sections: 3 })
  const alone = {
    ...uneven,
    sections: uneven.sections.map(section => ({ ...section, settings: { ...section.settings, helpers: [] } })),
    agents: uneven.agents.map(agent => ({ ...agent, skills: agent.skills.slice(0, 1) })),
  }
  const more = withChanges(alone, [
    { kind: 'agents', section: 'section-1', number: -8, fromHalfHour: 16, toHalfHour: 40 },
    { kind: 'agents', section: 'section-2', number: 8, fromHalfHour: 16, toHalfHour: 40 },
  ])
  const helped = withChanges(more, [{ kind: 'helper', section: 'section-2', helps: 'section-1', afterSeconds: 60 }])
  const { comparison, before, after } = runTask({ before: more, after: helped, seeds: 5 })
  const wait = comparison.sections[0]?.averageSpeedOfAnswerMs.difference
  expect((wait?.mean ?? 0) + (wait?.half ?? 0)).toBeLessThan(0)
  // Nobody who had to wait less than the minute is helped, and nobody is forgotten.
  expect(after?.total.arrived).toBeGreaterThan(0)
  expect(before.sections[0]?.abandonment).toBeGreaterThan(after?.sections[0]?.abandonment ?? 1)
})

test('without a change there is nothing to compare with', () => {
  const one = simulate(day)
  expect(compareRuns([one]).total.serviceLevel).toEqual({
    before: { mean: one.total.serviceLevel, half: null },
    after: null,
    difference: null,
  })
  expect(meanDay([one])).toBe(one)
  expect(runTask({ before: day, after: null, seeds: 1 }).after).toBeNull()
})

test('calls that are added leave those that were there as they are', () => {
  const perHalfHour = Array.from({ length: 48 }, (_, half) => (half >= 16 && half < 24 ? 10 : 0))
  const apart = {
    ...day,
    behaviour: plainBehaviour,
    sections: day.sections.map(section => ({ ...section, settings: { ...section.settings, helpers: [] } })),
    agents: day.agents.map(agent => ({ ...agent, skills: agent.skills.slice(0, 1) })),
  }
  const was = simulate(apart)
  const is = simulate(withChanges(apart, [{ kind: 'added', section: 'section-2', perHalfHour }]))
  expect(is.total.arrived - was.total.arrived).toBeGreaterThan(50)
  expect(is.total.arrived - was.total.arrived).toBeLessThan(110)
  expect(is.sections[0]).toEqual(was.sections[0])
})
