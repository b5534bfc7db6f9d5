/** Office time, on every day of several years and in every night in which the clock is changed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, boundsOf, changeAfter, changeBefore, dayAt, instantOf, offsetAt, wallClock, weekdayOf } from './office-time.ts'

const rome = 'Europe/Rome'
/** Zones that change by an hour, by half an hour, at midnight, at other times of the year, and not at all. */
const zones = [
  'Europe/Rome',
  'Europe/London',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'America/Santiago',
  'America/Havana',
  'UTC',
]
const hour = 3_600_000
const [firstDay, lastDay] = ['2024-01-01', '2030-12-31']
const anyDay = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10))
const anyInstant = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
const iso = (instant: number | undefined) => (instant === undefined ? undefined : new Date(instant).toISOString())

/** A clock that knows nothing of this module. */
function plainClock(timeZone: string) {
  const two = '2-digit'
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: two, day: two, hour: two, minute: two })
  return (instant: number) => {
    const [day = '', time = ''] = format.format(instant).split(' ')
    return { day, minutes: Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) }
  }
}

function* daysBetween(first: string, last: string) {
  for (let day = first; day <= last; day = addDays(day, 1)) yield day
}

interface DayOnTheWall {
  hours: number
  /** Of the half hours of a day, in minutes since midnight, those that are not shown, and those that are shown again. */
  missing: number[]
  twice: number[]
}

/** What every time of a day must be, from a plain clock that is read every half hour. */
function checkDay(timeZone: string, day: string, read = plainClock(timeZone)): DayOnTheWall {
  const [from, to] = boundsOf(timeZone, day)
  expect(read(from).day, `the start of ${day}`).toBe(day)
  expect(read(from - 1).day < day, `before the start of ${day}`).toBe(true)
  expect(read(to - 1).day, `the end of ${day}`).toBe(day)
  expect(read(to).day > day, `after the end of ${day}`).toBe(true)
  const shown = new Map<number, number[]>()
  for (let instant = from; instant < to; instant += hour / 2) {
    const { minutes } = read(instant)
    shown.set(minutes, [...(shown.get(minutes) ?? []), instant])
  }
  const missing = [...Array(48).keys()].map(half => half * 30).filter(minutes => !shown.has(minutes))
  for (const [minutes, instants] of shown) {
    expect(instantOf(timeZone, day, minutes), `${day} ${minutes}`).toBe(instants[0])
    expect(instantOf(timeZone, day, minutes, 'last'), `${day} ${minutes}, last`).toBe(instants.at(-1))
  }
  for (const minutes of missing) {
    const jump = instantOf(timeZone, day, minutes)
    expect(read(jump - 1).day < day || read(jump - 1).minutes < minutes, `${day} ${minutes}: before it`).toBe(true)
    expect(read(jump).minutes, `${day} ${minutes}: after it`).toBeGreaterThan(minutes)
    expect(instantOf(timeZone, day, minutes, 'last')).toBe(jump)
  }
  return { hours: (to - from) / hour, missing, twice: [...shown].filter(([, instants]) => instants.length > 1).map(([at]) => at) }
}

test('every time of every day in Rome is where the clock shows it; two days a year are not like the others', () => {
  const read = plainClock(rome)
  const unlike = new Map<string, DayOnTheWall>()
  for (const day of daysBetween(firstDay, lastDay)) {
    const { hours, missing, twice } = checkDay(rome, day, read)
    if (hours !== 24 || missing.length > 0 || twice.length > 0) unlike.set(day, { hours, missing, twice })
  }
  const spring: DayOnTheWall = { hours: 23, missing: [120, 150], twice: [] }
  const autumn: DayOnTheWall = { hours: 25, missing: [], twice: [120, 150] }
  expect(unlike).toEqual(
    new Map([
      ['2024-03-31', spring],
      ['2024-10-27', autumn],
      ['2025-03-30', spring],
      ['2025-10-26', autumn],
      ['2026-03-29', spring],
      ['2026-10-25', autumn],
      ['2027-03-28', spring],
      ['2027-10-31', autumn],
      ['2028-03-26', spring],
      ['2028-10-29', autumn],
      ['2029-03-25', spring],
      ['2029-10-28', autumn],
      ['2030-03-31', spring],
      ['2030-10-27', autumn],
    ]),
  )
})

test.each(zones)('in %s so are the days around each change', timeZone => {
  const start = Date.parse(`${firstDay}T00:00:00Z`)
  let changes = 0
  for (
    let at = changeAfter(timeZone, start);
    at !== undefined && dayAt(timeZone, at) <= lastDay;
    at = changeAfter(timeZone, at)
  ) {
    changes++
    const day = dayAt(timeZone, at)
    for (const near of daysBetween(addDays(day, -2), addDays(day, 2))) checkDay(timeZone, near)
  }
  expect(changes).toBe(timeZone === 'UTC' ? 0 : 14)
})

describe('office time', () => {
  test('an instant read off the wall and put back is the same instant, or the other of two', () => {
    fc.assert(
      fc.property(anyInstant, fc.constantFrom(...zones), (at, zone) => {
        const minute = Math.floor(at.getTime() / 60_000) * 60_000
        const { day, minutes } = wallClock(zone, minute)
        const first = instantOf(zone, day, minutes)
        const last = instantOf(zone, day, minutes, 'last')
        expect([first, last]).toContain(minute)
        expect(first).toBeLessThanOrEqual(last)
        expect(dayAt(zone, minute)).toBe(day)
      }),
    )
  })
  test('never runs backwards over a day', () => {
    fc.assert(
      fc.property(anyDay, fc.array(fc.integer({ min: 0, max: 1440 }), { minLength: 2 }), (day, minutes) => {
        const instants = [...minutes].sort((a, b) => a - b).map(each => instantOf(rome, day, each))
        expect(instants).toEqual([...instants].sort((a, b) => a - b))
      }),
    )
  })
  test('a wall-clock time and its instant are the same moment, unless the time is missing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 1_439 }), (days, minutes) => {
        const day = addDays('2026-01-01', days)
        const instant = instantOf(rome, day, minutes)
        const forward = offsetAt(rome, instant - hour) < offsetAt(rome, instant)
        const missing = forward && minutes >= 120 && minutes < 180
        expect(wallClock(rome, instant)).toEqual({ day, minutes: missing ? 180 : minutes })
      }),
    )
  })
  test('on 29 March 2026 knows no half past two: it is the instant of the jump', () => {
    expect(iso(instantOf(rome, '2026-03-29', 150))).toBe('2026-03-29T01:00:00.000Z')
    expect(iso(instantOf(rome, '2026-03-29', 119))).toBe('2026-03-29T00:59:00.000Z')
    expect(iso(instantOf(rome, '2026-03-29', 180))).toBe('2026-03-29T01:00:00.000Z')
  })
  test('on 25 October 2026 knows it twice: the first, unless the last is asked for', () => {
    expect(iso(instantOf(rome, '2026-10-25', 150))).toBe('2026-10-25T00:30:00.000Z')
    expect(iso(instantOf(rome, '2026-10-25', 150, 'last'))).toBe('2026-10-25T01:30:00.000Z')
    expect(wallClock(rome, Date.parse('2026-10-25T01:30:00Z'))).toEqual({ day: '2026-10-25', minutes: 150 })
  })
  test('a day has 24 hours, but for the two on which the clock is changed', () => {
    const length = (day: string) => {
      const [from, to] = boundsOf(rome, day)
      return (to - from) / hour
    }
    expect(['2027-03-28', '2026-10-25', '2026-11-27'].map(length)).toEqual([23, 25, 24])
  })
})

describe('a change of the clock', () => {
  test('is found from before and from after, to the instant', () => {
    const [spring, autumn] = ['2026-03-29T01:00:00.000Z', '2026-10-25T01:00:00.000Z']
    expect(iso(changeAfter(rome, Date.parse('2026-01-10T12:00:00Z')))).toBe(spring)
    expect(iso(changeAfter(rome, Date.parse(spring) - 1))).toBe(spring)
    expect(iso(changeAfter(rome, Date.parse(spring)))).toBe(autumn)
    expect(iso(changeBefore(rome, Date.parse(autumn)))).toBe(autumn)
    expect(iso(changeBefore(rome, Date.parse(autumn) - 1))).toBe(spring)
    expect(changeAfter(rome, Date.parse('2026-01-10T12:00:00Z'), 30)).toBeUndefined()
  })
  test('does not come where the clock is left alone', () => {
    expect([changeBefore, changeAfter].map(find => find('Asia/Kolkata', Date.parse('2026-06-01T00:00:00Z')))).toEqual([
      undefined,
      undefined,
    ])
    expect(offsetAt('Asia/Kolkata', 0)).toBe(5.5 * hour)
  })
  test('may leave out a whole day, which then is no time at all', () => {
    // Samoa went to the other side of the date line: the 29th of December 2011 was followed by the 31st.
    expect(boundsOf('Pacific/Apia', '2011-12-30')).toEqual([
      Date.parse('2011-12-30T10:00:00Z'),
      Date.parse('2011-12-30T10:00:00Z'),
    ])
  })
})

test('days are added over months, years and leap days, and have their weekday', () => {
  expect([addDays('2028-02-28', 1), addDays('2026-12-31', 1), addDays('2026-03-01', -1)]).toEqual([
    '2028-02-29',
    '2027-01-01',
    '2026-02-28',
  ])
  expect(['2026-11-23', '2026-11-29'].map(weekdayOf)).toEqual([1, 7])
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -800, max: 800 }), (day, days) => {
      expect(addDays(addDays(day, days), -days)).toBe(day)
      expect(weekdayOf(addDays(day, days))).toBe(((((weekdayOf(day) - 1 + days) % 7) + 7) % 7) + 1)
    }),
  )
})
