import { expect, test } from 'vitest'
import { defaultCallbacks } from '../../../distribution/index.ts'
import { decentSpan } from '../../../organisation/index.ts'
import { nextSpan, spokenTime } from './reachable.ts'

const rome = 'Europe/Rome'
const { hours } = defaultCallbacks
const at = (text: string) => Date.parse(text)

test('only while the section is open, and not in the last minutes of its day', () => {
  const decent = (instant: number) => decentSpan(hours, rome, () => false, instant)
  /** Open from eight to six, office time, on working days. */
  const opening = (instant: Date) => {
    const week = { days: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60, onHolidays: true }
    const next = decentSpan(week, rome, () => false, instant.getTime())
    const open = next !== null && next.from <= instant.getTime()
    return { open, nextChange: next && new Date(open ? next.to : next.from) }
  }
  const next = (text: string) => {
    const found = nextSpan(decent, opening, at(text))
    return found && [new Date(found.from).toISOString(), new Date(found.to).toISOString()]
  }
  expect(next('2026-11-25T10:00:00Z')).toEqual(['2026-11-25T10:00:00.000Z', '2026-11-25T17:00:00.000Z'])
  expect(next('2026-11-25T16:57:00Z')).toEqual(['2026-11-26T08:00:00.000Z', '2026-11-26T17:00:00.000Z'])
  // Friday evening: the section is closed on Saturday, although Saturday is decent.
  expect(next('2026-11-27T18:00:00Z')?.[0]).toBe('2026-11-30T08:00:00.000Z')
  expect(nextSpan(decent, () => ({ open: false, nextChange: null }), at('2026-11-25T10:00:00Z'))).toBeNull()
})

test('an instant is said as people say it', () => {
  const said = (text: string) => spokenTime(rome, at(text), at('2026-11-25T12:00:00Z'))
  expect(said('2026-11-25T17:30:00Z')).toEqual({ day: 'today', hour: 18, minute: 30 })
  expect(said('2026-11-25T23:00:00Z')).toEqual({ day: 'today', hour: 24, minute: 0 })
  expect(said('2026-11-26T17:00:00Z')).toEqual({ day: 'tomorrow', hour: 18, minute: 0 })
  expect(said('2026-11-30T17:00:00Z')).toEqual({ day: 1, hour: 18, minute: 0 })
})
