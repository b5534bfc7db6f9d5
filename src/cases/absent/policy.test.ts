/** When tickets of absent members go back: by hours in which the section works, over closed days, nights, and both changes of the clock. */
import { expect, test } from 'vitest'
import { closedDays, type WorkCalendar } from '../../organisation/index.ts'
import { goesBackAt } from './policy.ts'

const spans = [1, 2, 3, 4, 5].map(weekday => ({ weekday, opens: '08:00', closes: '17:00' }))
/** A section in Bologna. */
const place = { provinceCode: 'BO', municipalityCode: null }
const week = (closures: { firstDay: string; lastDay: string; reason: string }[] = []): WorkCalendar => ({
  ...{ timeZone: 'Europe/Rome', spans, closedOn: closedDays(place, closures) },
})
const at = (text: string) => new Date(text)

test.each([
  ['two hours of a working day', '2026-11-24T00:00:00+01:00', 2, '2026-11-24T09:00:00.000Z'],
  ['ten hours: the next day, after one', '2026-11-24T00:00:00+01:00', 10, '2026-11-25T08:00:00.000Z'],
  ['over a weekend', '2026-11-28T00:00:00+01:00', 3, '2026-11-30T10:00:00.000Z'],
  ['over a holiday', '2026-12-08T00:00:00+01:00', 3, '2026-12-09T10:00:00.000Z'],
  ['over the spring change', '2026-03-28T00:00:00+01:00', 1, '2026-03-30T07:00:00.000Z'],
  ['over the autumn change', '2026-10-24T00:00:00+02:00', 1, '2026-10-26T08:00:00.000Z'],
])('%s', (_name, since, hours, expected) => {
  expect(goesBackAt({ whenAbsent: 'after-hours', hours }, at(since), week())?.toISOString()).toBe(expected)
})

test('at once is at the beginning of the absence; never is never; a section that does not work lets nothing go', () => {
  const since = at('2026-11-24T00:00:00Z')
  expect(goesBackAt({ whenAbsent: 'at-once', hours: 5 }, since, week())).toEqual(since)
  expect(goesBackAt({ whenAbsent: 'never', hours: 5 }, since, week())).toBeNull()
  expect(goesBackAt({ whenAbsent: 'after-hours', hours: 5 }, since, { ...week(), spans: [] })).toBeNull()
  const august = week([{ firstDay: '2026-11-24', lastDay: '2026-12-18', reason: 'Lavori' }])
  expect(goesBackAt({ whenAbsent: 'after-hours', hours: 1 }, since, august)?.toISOString()).toBe('2026-12-21T08:00:00.000Z')
})
