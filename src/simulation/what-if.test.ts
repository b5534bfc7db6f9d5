/** What a change does to a day. */
import { describe, expect, test } from 'vitest'
import { nationalDay } from './national-day.ts'
import { simulate } from './simulate.ts'
import { withChanges } from './what-if.ts'

describe('what if', () => {
  const day = nationalDay(11, { calls: 3_000, agents: 45, sections: 2 })
  const before = simulate(day)
  const changed = (...changes: Parameters<typeof withChanges>[1]) => simulate(withChanges(day, changes))

  test('ten more people from nine to noon: the same callers wait less', () => {
    const more = changed({ kind: 'agents', section: 'section-1', number: 10, fromHalfHour: 18, toHalfHour: 24 })
    expect(more.total.averageSpeedOfAnswerMs).toBeLessThan(before.total.averageSpeedOfAnswerMs)
  })

  test('ten fewer: they wait longer', () => {
    const fewer = changed({ kind: 'agents', section: 'section-1', number: -10, fromHalfHour: 18, toHalfHour: 24 })
    expect(fewer.total.averageSpeedOfAnswerMs).toBeGreaterThan(before.total.averageSpeedOfAnswerMs)
  })

  test('a fifth more calls, longer calls: more people give up', () => {
    expect(changed({ kind: 'calls', section: null, factor: 1.2 }).total.arrived).toBeGreaterThan(before.total.arrived)
    expect(changed({ kind: 'handling', section: null, factor: 1.3 }).total.abandonment).toBeGreaterThan(before.total.abandonment)
  })

  test('a section that the day does not have is named', () => {
    expect(() => withChanges(day, [{ kind: 'calls', section: 'mars', factor: 2 }])).toThrow('"mars"')
  })

  test('a real day is thinned and thickened evenly', () => {
    const [section] = day.sections
    if (!section) throw new Error('no section')
    const listed = { ...day, sections: [{ ...section, arrivals: { at: [1_000, 2_000, 3_000, 4_000] } }] }
    const calls = (factor: number) => {
      const changed = withChanges(listed, [{ kind: 'calls', section: null, factor }]).sections[0]?.arrivals
      return changed && 'at' in changed ? changed.at.length : 0
    }
    expect([calls(0.5), calls(1), calls(2.5)]).toEqual([2, 4, 10])
  })
})
