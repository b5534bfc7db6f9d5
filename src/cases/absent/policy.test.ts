/** When tickets of absent members go back: by hours in which the section is open, over closed days, nights, and both changes of the clock. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterOpen, goesBackAt, type OpenTimes, officeTimes } from './policy.ts'

const hourMs = 3_600_000
const rome = (...holidays: string[]) => officeTimes({ timeZone: 'Europe/Rome', isHoliday: day => holidays.includes(day) })
const at = (text: string) => new Date(text)

test.each([
  ['two hours of a working day', '2026-11-24T00:00:00+01:00', 2, rome(), '2026-11-24T09:00:00.000Z'],
  ['ten hours: the next day, after one', '2026-11-24T00:00:00+01:00', 10, rome(), '2026-11-25T08:00:00.000Z'],
  ['over a weekend', '2026-11-28T00:00:00+01:00', 3, rome(), '2026-11-30T10:00:00.000Z'],
  ['over a holiday', '2026-12-07T00:00:00+01:00', 3, rome('2026-12-07', '2026-12-08'), '2026-12-09T10:00:00.000Z'],
  ['over the spring change', '2026-03-28T00:00:00+01:00', 1, rome(), '2026-03-30T07:00:00.000Z'],
  ['over the autumn change', '2026-10-24T00:00:00+02:00', 1, rome(), '2026-10-26T08:00:00.000Z'],
])('%s', (_name, since, hours, times, expected) => {
  expect(goesBackAt({ whenAbsent: 'after-hours', hours }, at(since), times)?.toISOString()).toBe(expected)
})

test('at once is at the beginning of the absence; never is never; a place that does not open lets nothing go', () => {
  const since = at('2026-11-24T00:00:00Z')
  expect(goesBackAt({ whenAbsent: 'at-once', hours: 5 }, since, rome())).toEqual(since)
  expect(goesBackAt({ whenAbsent: 'never', hours: 5 }, since, rome())).toBeNull()
  expect(afterOpen(() => ({ open: false, nextChange: null }), since, hourMs)).toBeNull()
  const everyDay = Array.from({ length: 400 }, (_, n) => new Date(Date.UTC(2026, 10, 1 + n)).toISOString().slice(0, 10))
  expect(afterOpen(rome(...everyDay), since, hourMs)).toBeNull()
})

test('as a slow counter finds it, minute by minute', () => {
  const minuteMs = 60_000
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 364 * 1_440 }), fc.integer({ min: 1, max: 12 }), (minutes, hours) => {
      const times: OpenTimes = rome('2026-08-15', '2026-12-25')
      const from = new Date(Date.UTC(2026, 0, 1) + minutes * minuteMs)
      let left = hours * 60
      let now = from.getTime()
      for (; left > 0; now += minuteMs) if (times(new Date(now)).open) left--
      expect(afterOpen(times, from, hours * hourMs)?.getTime()).toBe(now)
    }),
    { numRuns: 30 },
  )
})
