/** Holidays and opening hours, on every year and every night in which the clock is changed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, instantOf, wallClock, weekdayOf } from '../platform/index.ts'
import { dayOfRule, easter, holidays, holidaysOf } from './calendar.ts'
import { opennessAt, overlapping, stretches } from './opening.ts'
import { patronSaints } from './patron-saints.ts'
import { regionalHolidays } from './regional-holidays.ts'

const rome = 'Europe/Rome'
const never = () => false
const year = fc.integer({ min: 1970, max: 2199 })
const anyInstant = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
const time = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

describe('Easter', () => {
  test.each([
    [1818, '1818-03-22'],
    [1943, '1943-04-25'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('of %i is on %s', (given, day) => expect(easter(given)).toBe(day))
  test('is a Sunday between 22 March and 25 April, after the full moon of the church', () => {
    fc.assert(
      fc.property(year, given => {
        const day = easter(given)
        expect(weekdayOf(day)).toBe(7)
        expect(day >= `${given}-03-22` && day <= `${given}-04-25`).toBe(true)
      }),
    )
  })
})

describe('holidays', () => {
  test('of 2026 are twelve, 4 October with them', () => {
    expect(holidays(2026)).toEqual([
      '2026-01-01',
      '2026-01-06',
      '2026-04-06',
      '2026-04-25',
      '2026-05-01',
      '2026-06-02',
      '2026-08-15',
      '2026-10-04',
      '2026-11-01',
      '2026-12-08',
      '2026-12-25',
      '2026-12-26',
    ])
  })
  test('before 2026 do not know 4 October, but Bologna does', () => {
    expect(holidays(2025)).not.toContain('2025-10-04')
    expect(holidays(2025, 'BO')).toContain('2025-10-04')
    expect(holidaysOf(2027, { provinceCode: 'BO' }).filter(each => each.day === '2027-10-04')).toMatchObject([
      { scope: 'national', name: 'sanFrancesco' },
    ])
  })
  test('of a region are there beside the saint of a town, also where the town has one of its own', () => {
    expect(holidaysOf(2026, { provinceCode: 'BZ' }).filter(each => each.day === '2026-05-25')).toEqual([
      { day: '2026-05-25', scope: 'regional', names: { it: 'Lunedì di Pentecoste', en: 'Whit Monday' } },
    ])
    expect(holidaysOf(2027, { provinceCode: 'BZ', municipalityCode: '021008' }).map(each => each.day)).toContain('2027-05-17')
    expect(patronSaints.filter(each => each.saint.startsWith('Lunedì'))).toEqual([])
    const provinces = new Set(patronSaints.map(each => each.province))
    for (const { rule, provinces: kept } of regionalHolidays) {
      expect(dayOfRule(rule, 2026)).toMatch(/^2026-\d\d-\d\d$/)
      for (const province of kept) expect(provinces.has(province) || province === 'BZ', province).toBe(true)
    }
  })
  test('in Bolzano have Whit Monday, and Rome its patrons', () => {
    expect(holidays(2026, 'BZ')).toContain('2026-05-25')
    expect(holidays(2026, 'RM')).toContain('2026-06-29')
    expect(holidays(2026, 'RM')).not.toContain('2026-05-25')
  })
  test('of towns that share a province are their own', () => {
    const andria = holidays(2026, 'BT', '110001')
    const trani = holidays(2026, 'BT', '110009')
    expect(andria).toContain('2026-09-20')
    expect(andria).not.toContain('2026-05-03')
    expect(trani).toContain('2026-05-03')
    expect(trani).not.toContain('2026-09-20')
    expect(holidays(2026, 'FC', '040007')).toContain('2026-06-24')
  })
  test('move with their rules', () => {
    expect(dayOfRule('05-tue-1', 2026)).toBe('2026-05-05')
    expect(dayOfRule('09-sun-1', 2026)).toBe('2026-09-06')
    expect(dayOfRule('09-sun-3', 2027)).toBe('2027-09-19')
    // Sud Sardegna: the Thursday after the second Sunday of May, 10 May 2026.
    expect(dayOfRule('05-sun-2+4', 2026)).toBe('2026-05-14')
  })
  test('exist for each of the 107 provinces but those whose patron falls on a national holiday; each rule names a day of its year', () => {
    expect(new Set(patronSaints.map(each => each.province)).size).toBe(104)
    fc.assert(
      fc.property(year, fc.constantFrom(...patronSaints), (given, { rule }) => {
        const day = dayOfRule(rule, given)
        expect(day).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day)
        expect(day.slice(0, 4)).toBe(String(given))
        const weekday = /-([a-z]{3})-/.exec(rule)?.[1]
        if (weekday && !rule.includes('+'))
          expect(weekdayOf(day)).toBe(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(weekday) + 1)
      }),
    )
  })
  test('come in order, each once, and every Monday after Easter is one', () => {
    fc.assert(
      fc.property(year, fc.constantFrom(...patronSaints), (given, { province }) => {
        const days = holidays(given, province)
        expect(days).toEqual([...new Set(days)].sort())
        expect(days).toContain(addDays(easter(given), 1))
      }),
    )
  })
})

describe('opening hours', () => {
  const agency = {
    spans: [1, 2, 3, 4, 5].flatMap(weekday => [
      { weekday, opens: '08:30', closes: '12:30' },
      ...(weekday === 4 ? [{ weekday, opens: '15:00', closes: '17:30' }] : []),
    ]),
    timeZone: rome,
    isHoliday: (day: string) => holidays(Number(day.slice(0, 4)), 'RM').includes(day),
  }
  const at = (instant: string) => opennessAt(agency, new Date(instant))

  test('say whether it is open, and until when', () => {
    expect(at('2026-11-24T09:40:00Z')).toEqual({ open: true, nextChange: new Date('2026-11-24T11:30:00Z'), holiday: false })
    expect(at('2026-11-24T11:30:00Z')).toMatchObject({ open: false, nextChange: new Date('2026-11-25T07:30:00Z') })
    expect(at('2026-11-26T13:00:00Z')).toMatchObject({ open: false, nextChange: new Date('2026-11-26T14:00:00Z') })
  })
  test('are closed on holidays, and the next opening is after them', () => {
    // 7 December 2026 is a Monday; the 8th a holiday.
    expect(at('2026-12-07T12:00:00Z')).toMatchObject({ open: false, nextChange: new Date('2026-12-09T07:30:00Z') })
    expect(at('2026-12-08T09:00:00Z')).toMatchObject({ open: false, holiday: true })
    // 29 June: the patrons of Rome.
    expect(at('2026-06-29T08:00:00Z')).toMatchObject({ open: false, holiday: true })
  })
  test('go on through midnight as one stretch', () => {
    const nights = {
      spans: [
        { weekday: 5, opens: '20:00', closes: '24:00' },
        { weekday: 6, opens: '00:00', closes: '06:00' },
      ],
      timeZone: rome,
      isHoliday: never,
    }
    expect(opennessAt(nights, new Date('2026-11-27T20:00:00Z'))).toMatchObject({
      open: true,
      nextChange: new Date('2026-11-28T05:00:00Z'),
    })
  })
  test('that never end have no next change; an office without hours is closed for ever', () => {
    const always = {
      spans: [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' })),
      timeZone: rome,
      isHoliday: never,
    }
    expect(opennessAt(always, new Date('2026-11-27T20:00:00Z'))).toEqual({ open: true, nextChange: null, holiday: false })
    expect(opennessAt({ ...always, spans: [] }, new Date())).toEqual({ open: false, nextChange: null, holiday: false })
  })
  test('in the night of the change last an hour less, or an hour more', () => {
    const night = { spans: [{ weekday: 7, opens: '00:00', closes: '08:00' }], timeZone: rome, isHoliday: never }
    const hoursOn = (day: string) => stretches(night, day).map(({ from, until }) => (until - from) / 3_600_000)
    expect(hoursOn('2026-03-22')).toEqual([8])
    expect(hoursOn('2026-03-29')).toEqual([7])
    expect(hoursOn('2026-10-25')).toEqual([9])
  })
  test('agree with the clock on the wall at every instant, and the next change is where it changes', () => {
    const week = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 })), {
        maxLength: 10,
      })
      .map(spans =>
        spans
          .filter(([, opens, closes]) => opens < closes)
          .map(([weekday, opens, closes]) => ({ weekday, opens: time(opens), closes: time(closes) })),
      )
    fc.assert(
      fc.property(week, anyInstant, (spans, instant) => {
        const hours = { spans, timeZone: rome, isHoliday: (day: string) => holidays(Number(day.slice(0, 4))).includes(day) }
        const now = new Date(Math.floor(instant.getTime() / 60_000) * 60_000)
        const { day, minutes } = wallClock(rome, now.getTime())
        const said = opennessAt(hours, now)
        const onTheWall =
          !hours.isHoliday(day) &&
          spans.some(each => each.weekday === weekdayOf(day) && each.opens <= time(minutes) && time(minutes) < each.closes)
        // In the hour that comes twice, what opened in it the first time stays open.
        const twice = instantOf(rome, day, minutes) !== instantOf(rome, day, minutes, 'last')
        if (!twice) expect(said.open).toBe(onTheWall)
        if (said.nextChange) {
          expect(said.nextChange.getTime()).toBeGreaterThan(now.getTime())
          expect(opennessAt(hours, said.nextChange).open).toBe(!said.open)
          expect(opennessAt(hours, new Date(said.nextChange.getTime() - 1)).open).toBe(said.open)
        }
      }),
      { numRuns: 300 },
    )
  })
  test('that overlap are found', () => {
    const span = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes })
    expect(overlapping([span(1, '15:00', '17:00'), span(1, '08:00', '12:00')])).toBeUndefined()
    expect(overlapping([span(1, '12:00', '14:00'), span(1, '08:00', '12:00')])).toBeUndefined()
    expect(overlapping([span(1, '11:59', '14:00'), span(2, '08:00', '12:00'), span(1, '08:00', '12:00')])).toEqual([
      span(1, '08:00', '12:00'),
      span(1, '11:59', '14:00'),
    ])
  })
})
