import { expect, test } from 'vitest'
import { decentSpan } from './decent-hours.ts'

const hours = { days: [1, 2, 3, 4, 5, 6], from: 9 * 60, to: 20 * 60, onHolidays: false }
const span = (text: string, of = hours, isHoliday: (day: string) => boolean = () => false) => {
  const found = decentSpan(of, 'Europe/Rome', isHoliday, Date.parse(text))
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
