/** From last weeks' calls to shifts, and what a change does. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nationalDay } from './national-day.ts'
import { agentsNeeded, coverWithShifts, forecast, median, type PastDay } from './planner.ts'
import { simulate } from './simulate.ts'
import { withChanges } from './what-if.ts'

const past = (day: string, weekday: number, calls: number, holiday = false): PastDay => ({
  day,
  weekday,
  holiday,
  perHalfHour: [calls, calls * 2],
})

describe('the forecast', () => {
  test('is the median of the same weekday, so one wild Monday changes nothing', () => {
    const history = [
      past('2026-11-02', 1, 100),
      past('2026-11-09', 1, 110),
      past('2026-11-16', 1, 900),
      past('2026-11-03', 2, 50),
    ]
    expect(forecast(history, { weekday: 1, holiday: false })).toEqual([110, 220])
    expect(forecast(history, { weekday: 2, holiday: false })).toEqual([50, 100])
  })

  test('keeps holidays apart, whatever the weekday', () => {
    const history = [past('2026-12-08', 2, 0, true), past('2026-12-01', 2, 80), past('2026-11-24', 2, 90)]
    expect(forecast(history, { weekday: 2, holiday: false })).toEqual([85, 170])
    expect(forecast(history, { weekday: 5, holiday: true })).toEqual([0, 0])
  })

  test('of a weekday without history is that of the other working days; of nothing, nothing', () => {
    expect(forecast([past('2026-11-03', 2, 50)], { weekday: 4, holiday: false })).toEqual([50, 100])
    expect(forecast([], { weekday: 4, holiday: false })).toEqual([])
    expect(median([])).toBe(0)
  })
})

test('agents needed grow with the calls, with shrinkage, and are none when nobody calls', () => {
  const load = { handlingMs: 300_000, patienceMs: 240_000, target: { answered: 0.8, withinSeconds: 20 }, shrinkage: 0 }
  const [none = 0, some = 0, many = 0] = agentsNeeded({ ...load, perHalfHour: [0, 60, 600] })
  expect(none).toBe(0)
  // 60 calls of five minutes in half an hour are ten erlangs: a little more than ten people.
  expect(some).toBeGreaterThan(9)
  expect(some).toBeLessThan(14)
  // Ten times the calls need less than ten times the people.
  expect(many).toBeLessThan(10 * some)
  expect(agentsNeeded({ ...load, shrinkage: 0.3, perHalfHour: [60] })).toEqual([Math.ceil(some / 0.7)])
})

describe('shifts', () => {
  const kinds = [
    { halfHours: 12, firstStart: 0, lastStart: 47 },
    { halfHours: 8, firstStart: 0, lastStart: 47 },
  ]

  test('cover every need that they can, and nobody in them is superfluous', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 12, maxLength: 48 }), need => {
        const { shifts, onDuty, over, under } = coverWithShifts(need, kinds)
        expect(under).toBe(0)
        const counted = need.map((_, half) =>
          shifts.reduce((sum, { start, halfHours, agents }) => sum + (start <= half && half < start + halfHours ? agents : 0), 0),
        )
        expect(counted).toEqual(onDuty)
        expect(over).toBe(onDuty.reduce((sum, on, half) => sum + on - (need[half] ?? 0), 0))
        for (const { start, halfHours } of shifts) {
          const spare = Array.from({ length: halfHours }, (_, i) => (onDuty[start + i] ?? 0) - (need[start + i] ?? 0))
          expect(Math.min(...spare)).toBe(0)
        }
      }),
    )
  })

  test('say what no kind of shift can cover', () => {
    expect(coverWithShifts([3, 3], [{ halfHours: 4, firstStart: 0, lastStart: 10 }])).toMatchObject({
      shifts: [],
      under: 6,
      over: 0,
    })
  })
})

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
