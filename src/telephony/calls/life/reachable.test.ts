import { expect, test } from 'vitest'
import { defaultCallbacks } from '../../../distribution/index.ts'
import { callable, decentSpan, nextSpan, spokenTime } from './reachable.ts'

const rome = 'Europe/Rome'
const { hours } = defaultCallbacks
const at = (text: string) => Date.parse(text)
const span = (text: string, of = hours, isHoliday: (day: string) => boolean = () => false) => {
  const found = decentSpan(of, rome, isHoliday, at(text))
  return found && [new Date(found.from).toISOString(), new Date(found.to).toISOString()]
}

test('nobody is called before nine, after eight, on a Sunday or a holiday', () => {
  // A Wednesday; in winter Rome is an hour ahead.
  const wednesday = ['2026-11-25T08:00:00.000Z', '2026-11-25T19:00:00.000Z']
  expect(span('2026-11-25T05:00:00Z')).toEqual(wednesday)
  expect(span('2026-11-25T18:59:59Z')).toEqual(wednesday)
  expect(span('2026-11-25T19:00:00Z')).toEqual(['2026-11-26T08:00:00.000Z', '2026-11-26T19:00:00.000Z'])
  expect(span('2026-11-28T20:00:00Z')?.[0]).toBe('2026-11-30T08:00:00.000Z')
  expect(span('2026-12-07T20:00:00Z', hours, day => day === '2026-12-08')?.[0]).toBe('2026-12-09T08:00:00.000Z')
  expect(span('2026-11-25T08:00:00Z', hours, () => true)).toBeNull()
})

test('on the days on which the clock is changed, eight in the evening is eight', () => {
  const everyDay = { ...hours, days: [1, 2, 3, 4, 5, 6, 7] }
  expect(span('2026-03-29T05:00:00Z', everyDay)).toEqual(['2026-03-29T07:00:00.000Z', '2026-03-29T18:00:00.000Z'])
  expect(span('2026-10-25T05:00:00Z', everyDay)).toEqual(['2026-10-25T08:00:00.000Z', '2026-10-25T19:00:00.000Z'])
  // The hour that comes twice is not decent twice, and the one that is missing not at all.
  const nightly = { ...everyDay, from: 120, to: 180 }
  expect(span('2026-10-25T00:00:00Z', nightly)).toEqual(['2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'])
  expect(span('2026-03-29T00:00:00Z', nightly)?.[0]).toBe('2026-03-30T00:00:00.000Z')
})

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

test.each([
  ['3331234567', '+393331234567'],
  ['0612345678', '+390612345678'],
  ['00390612345678', '+390612345678'],
  ['+393331234567', '+393331234567'],
  ['0033612345678', null],
  ['899123456', null],
  ['112', null],
  ['33312', null],
  ['', null],
])('%s is called back at %s', (given, number) => expect(callable(given)).toBe(number))
