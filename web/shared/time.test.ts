import { beforeAll, describe, expect, test } from 'vitest'
import {
  addDays,
  age,
  ago,
  dayOf,
  due,
  dueTone,
  duration,
  keepOfficeTime,
  lastWeekday,
  longDay,
  spokenCode,
  spokenDuration,
  startOfDay,
} from './time.ts'

/** Tuesday 24 November 2026, 10:46 in Rome. */
const now = Date.parse('2026-11-24T09:46:00Z')
beforeAll(() => keepOfficeTime('Europe/Rome'))

const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000

describe('the past, as people say it', () => {
  test.for([
    [10_000, 'ora'],
    [minutes(3), '3 minuti fa'],
    [hours(2), '2 ore fa'],
    [hours(14), 'ieri'],
    [hours(24 * 20), '4 nov'],
    [hours(24 * 400), '20 ott 2025'],
  ] as const)('%i ms are "%s"', ([past, said]) => {
    expect(ago(now - past, now, 'it')).toBe(said)
  })

  test('in English too', () => {
    expect(ago(now - minutes(3), now, 'en')).toBe('3 minutes ago')
  })
})

describe('what is due', () => {
  test('within a day it has its hour, within a week its weekday, later its date', () => {
    expect(due(Date.parse('2026-11-24T13:00:00Z'), now, 'it')).toBe('oggi, 14:00')
    expect(due(Date.parse('2026-11-25T08:00:00Z'), now, 'it')).toBe('domani, 9:00')
    expect(due(Date.parse('2026-11-23T08:00:00Z'), now, 'it')).toBe('ieri')
    expect(due(Date.parse('2026-11-26T13:00:00Z'), now, 'it')).toBe('gio 26')
    expect(due(Date.parse('2027-01-12T13:00:00Z'), now, 'it')).toBe('12 gen 2027')
  })

  test('is late once its time has passed, even today', () => {
    expect(dueTone(now - 1, now)).toBe('late')
    expect(dueTone(now + hours(2), now)).toBe('wait')
    expect(dueTone(now + hours(48), now)).toBe('calm')
  })
})

describe('days are office days', () => {
  test('half past eleven at night in London is the next day in Rome', () => {
    expect(dayOf(Date.parse('2026-11-24T23:30:00Z'))).toBe('2026-11-25')
  })

  test('a day begins at midnight in Rome, in winter, in summer, and on the days when the clock changes', () => {
    expect(startOfDay('2026-11-25')).toBe('2026-11-24T23:00:00.000Z')
    expect(startOfDay('2026-07-01')).toBe('2026-06-30T22:00:00.000Z')
    expect(startOfDay('2026-03-29')).toBe('2026-03-28T23:00:00.000Z')
    expect(startOfDay('2026-10-25')).toBe('2026-10-24T22:00:00.000Z')
  })

  test('another institute has another zone', () => {
    keepOfficeTime('Atlantic/Azores')
    expect(dayOf(Date.parse('2026-11-25T00:30:00Z'))).toBe('2026-11-24')
    expect(startOfDay('2026-11-25')).toBe('2026-11-25T01:00:00.000Z')
    keepOfficeTime('Europe/Rome')
  })

  test('what is no day stays as it was typed', () => {
    expect(startOfDay('')).toBe('')
    expect(startOfDay('2026-02-31')).toBe('2026-02-31')
  })

  test('the day after the last of a month', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  })

  test('the year is told when it is another one', () => {
    expect(longDay(Date.parse('2025-06-23T10:00:00Z'), 'it', now)).toBe('lunedì 23 giugno 2025')
    expect(longDay(now, 'it', now)).toBe('martedì 24 novembre')
  })
})

test('durations run as a clock and are said in words', () => {
  expect(duration(198_400)).toBe('03:18')
  expect(duration(198_400, true)).toBe('3:18')
  expect(duration(3_723_000)).toBe('1:02:03')
  expect(duration(-5)).toBe('00:00')
  expect(spokenDuration(198_400, 'it')).toBe('3 minuti, 18 secondi')
  expect(spokenDuration(0, 'it')).toBe('0 secondi')
})

test('an age is as short as can be', () => {
  const units = { minutes: 'min', hours: 'h', days: 'g' }
  expect([minutes(12), hours(1), hours(24 * 11)].map(ms => age(ms, units))).toEqual(['12 min', '1 h', '11 g'])
})

test('a request code is said in three groups', () => {
  expect(spokenCode('4827193056')).toBe('482 719 3056')
})

test('the last weekday before a day: Friday on the days of a weekend and on Monday', () => {
  expect(['2026-11-27', '2026-11-28', '2026-11-29', '2026-11-30', '2026-12-01'].map(lastWeekday)).toEqual([
    ...['2026-11-26', '2026-11-27', '2026-11-27', '2026-11-27', '2026-11-30'],
  ])
})
