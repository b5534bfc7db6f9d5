import { describe, expect, test } from 'vitest'
import { closedDays, holidays, minutesOf, type OpeningSpan, type WorkCalendar } from '../../organisation/index.ts'
import { addDays, instantOf, wallClock, weekdayOf } from '../../platform/index.ts'
import { afterWorking, beforeWorking, dueInstant, explainStretches, type Pause, workedMinutes } from './clock.ts'

const timeZone = 'Europe/Rome'
const workdays = [1, 2, 3, 4, 5]
const week = (days: readonly number[], ...hours: [string, string][]): OpeningSpan[] =>
  days.flatMap(weekday => hours.map(([opens, closes]) => ({ weekday, opens, closes })))
/** A regional centre in Milan, with an hour for lunch. */
const spans = week(workdays, ['08:30', '13:00'], ['14:00', '17:00'])
const milan = { provinceCode: 'MI', municipalityCode: null }

function calendar(given: Partial<WorkCalendar> & { closures?: [string, string, string][] } = {}): WorkCalendar {
  const closures = (given.closures ?? []).map(([firstDay, lastDay, reason]) => ({ firstDay, lastDay, reason }))
  return { spans, timeZone, closedOn: closedDays(milan, closures), ...given }
}
const at = (day: string, time: string) => instantOf(timeZone, day, minutesOf(time))
const said = (instant: number | undefined) => {
  if (instant === undefined) return undefined
  const { day, minutes } = wallClock(timeZone, instant)
  return `${day} ${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

describe('working days', () => {
  test.each([
    ['Tuesday morning: the following Tuesday at five', '2026-11-24', '10:40', 5, [], '2026-12-01 17:00'],
    ['a Friday night: Monday is the first day', '2026-11-27', '23:30', 1, [], '2026-11-30 17:00'],
    ['a Sunday night: Monday too', '2026-11-29', '23:30', 1, [], '2026-11-30 17:00'],
    ['the patron saint of Milan and the Immaculate Conception do not count', '2026-12-04', '10:00', 1, [], '2026-12-09 17:00'],
    ['over the spring change', '2026-03-27', '10:00', 1, [], '2026-03-30 17:00'],
    ['over the autumn change', '2026-10-23', '10:00', 1, [], '2026-10-26 17:00'],
    [
      'a closure of 25 days, in which Assumption falls',
      '2026-08-03',
      '10:00',
      3,
      [['2026-08-04', '2026-08-28', 'Chiusura estiva']],
      '2026-09-02 17:00',
    ],
  ] as const)('%s', (_story, day, time, amount, closures, expected) => {
    const run = { calendar: calendar({ closures: closures.map(each => [...each]) }), from: at(day, time), pauses: [] }
    expect(said(dueInstant(run, { amount, measure: 'days' }))).toBe(expected)
  })

  test('a day counts if the clock runs at its end: asked on Monday and answered on Wednesday morning are two days', () => {
    const pauses = [{ from: at('2026-11-23', '10:00'), until: at('2026-11-25', '09:00') }]
    const run = { calendar: calendar(), from: at('2026-11-20', '10:00'), pauses }
    expect(said(dueInstant(run, { amount: 1, measure: 'days' }))).toBe('2026-11-25 17:00')
    const within = [{ from: at('2026-11-23', '10:00'), until: at('2026-11-23', '15:00') }]
    expect(said(dueInstant({ ...run, pauses: within }, { amount: 1, measure: 'days' }))).toBe('2026-11-23 17:00')
  })
})

describe('working minutes', () => {
  test.each([
    ['lunch does not count', '2026-11-24', '12:30', 60, '2026-11-24 14:30'],
    ['what is reached when it closes is due then, not the next morning', '2026-11-24', '16:00', 60, '2026-11-24 17:00'],
    ['a question of the night begins in the morning', '2026-11-24', '22:00', 30, '2026-11-25 09:00'],
    ['over a weekend', '2026-11-27', '16:30', 60, '2026-11-30 09:00'],
  ] as const)('%s', (_story, day, time, minutes, expected) => {
    expect(said(afterWorking({ calendar: calendar(), from: at(day, time), pauses: [] }, minutes))).toBe(expected)
  })

  const nights = calendar({ spans: week([6, 7], ['00:00', '24:00']), closedOn: () => undefined })
  test.each([
    ['the night of spring is 23 hours long', '2026-03-29', 23 * 60],
    ['the night of autumn 25', '2026-10-25', 25 * 60],
  ])('%s', (_story, day, minutes) => {
    const run = { calendar: nights, from: at(day, '00:00'), pauses: [] }
    expect(workedMinutes(run, at(addDays(day, 1), '12:00'))).toBe(minutes)
    expect(said(afterWorking(run, minutes))).toBe(`${addDays(day, 1)} 00:00`)
  })

  test('while the citizen is asked the clock stands, and nothing is due', () => {
    const run = {
      calendar: calendar(),
      from: at('2026-11-24', '10:00'),
      pauses: [{ from: at('2026-11-24', '10:30'), until: null }],
    }
    expect(dueInstant(run, { amount: 60, measure: 'minutes' })).toBeUndefined()
    expect(dueInstant(run, { amount: 5, measure: 'days' })).toBeUndefined()
    // What was up before the citizen was asked is up.
    expect(said(dueInstant(run, { amount: 30, measure: 'minutes' }))).toBe('2026-11-24 10:30')
    expect(workedMinutes(run, at('2026-12-24', '10:00'))).toBe(30)
  })

  test('a unit that never works is not waited for', () => {
    const run = { calendar: calendar({ spans: [] }), from: at('2026-11-24', '10:00'), pauses: [] }
    expect(dueInstant(run, { amount: 1, measure: 'minutes' })).toBeUndefined()
    expect(dueInstant(run, { amount: 1, measure: 'days' })).toBeUndefined()
  })

  test('before an instant lie so many working minutes, and no more than since the question', () => {
    const run = {
      calendar: calendar(),
      from: at('2026-11-24', '10:00'),
      pauses: [{ from: at('2026-11-24', '15:00'), until: at('2026-11-24', '16:00') }],
    }
    expect(said(beforeWorking(run, at('2026-11-24', '16:30'), 60))).toBe('2026-11-24 14:30')
    expect(said(beforeWorking(run, at('2026-11-25', '08:30'), 30))).toBe('2026-11-24 16:30')
    expect(said(beforeWorking(run, at('2026-11-24', '11:00'), 600))).toBe('2026-11-24 10:00')
  })
})

describe('why it is due then', () => {
  const told = (stretches: ReturnType<typeof explainStretches>) =>
    stretches.map(({ from, until, counted, because }) => [said(from), said(until), counted, because.is])

  test('in minutes: each stretch, with lunch, the night and what was asked of the citizen', () => {
    const pauses = [{ from: at('2026-11-24', '16:00'), until: at('2026-11-25', '09:30') }]
    const run = { calendar: calendar(), from: at('2026-11-24', '12:30'), pauses }
    expect(told(explainStretches(run, 'minutes', at('2026-11-25', '10:00')))).toEqual([
      ['2026-11-24 12:30', '2026-11-24 13:00', 30, 'counted'],
      ['2026-11-24 13:00', '2026-11-24 14:00', 0, 'lunch'],
      ['2026-11-24 14:00', '2026-11-24 16:00', 120, 'counted'],
      ['2026-11-24 16:00', '2026-11-25 09:30', 0, 'waiting'],
      ['2026-11-25 09:30', '2026-11-25 10:00', 30, 'counted'],
    ])
  })

  test('in days: a closure of 25 days is one stretch, with the weekends and holidays in it', () => {
    const closures: [string, string, string][] = [['2026-12-09', '2027-01-02', 'Trasloco']]
    const stretches = explainStretches(
      { calendar: calendar({ closures }), from: at('2026-12-04', '10:00'), pauses: [] },
      'days',
      at('2027-01-05', '17:00'),
    )
    expect(told(stretches)).toEqual([
      ['2026-12-04 10:00', '2026-12-05 00:00', 0, 'first-day'],
      ['2026-12-05 00:00', '2026-12-07 00:00', 0, 'closed'],
      ['2026-12-07 00:00', '2026-12-08 00:00', 0, 'closed-day'],
      ['2026-12-08 00:00', '2026-12-09 00:00', 0, 'closed-day'],
      ['2026-12-09 00:00', '2027-01-03 00:00', 0, 'closed-day'],
      ['2027-01-03 00:00', '2027-01-04 00:00', 0, 'closed'],
      ['2027-01-04 00:00', '2027-01-05 17:00', 2, 'counted'],
    ])
  })
})

// --- against a counter that walks minute by minute ------------------------------------------------------------------

const minuteMs = 60_000
const [yearBegins, yearEnds] = [instantOf(timeZone, '2026-01-01', 0), instantOf(timeZone, '2027-01-01', 0)]
const minutesOfYear = (yearEnds - yearBegins) / minuteMs

/** Whether a unit works in each minute of the year: what the clock on the wall says, compared with the week and the closed days. */
function openMinutes(spansOf: readonly OpeningSpan[], closed: ReadonlySet<string>): Uint8Array {
  const open = new Uint8Array(minutesOfYear)
  for (let minute = 0; minute < minutesOfYear; minute++) {
    const { day, minutes } = wallClock(timeZone, yearBegins + minute * minuteMs)
    if (closed.has(day)) continue
    const weekday = weekdayOf(day)
    if (spansOf.some(span => span.weekday === weekday && minutesOf(span.opens) <= minutes && minutes < minutesOf(span.closes)))
      open[minute] = 1
  }
  return open
}

/** Numbers that are the same for the same seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)

test(`over a year with both clock changes and all holidays, as a counter that walks minute by minute (SEED=${seed})`, {
  timeout: 600_000,
}, () => {
  const draw = drawing(seed)
  // Hours of offices with and without lunch, a night shift through both changes of the clock, and a centre that never closes.
  const weeks = [
    spans,
    week(workdays, ['08:00', '12:30'], ['12:30', '13:00'], ['15:00', '18:15']),
    week([1, 2, 3, 4, 5, 6, 7], ['00:00', '01:45'], ['04:10', '06:00'], ['22:00', '24:00']),
    week([1, 2, 3, 4, 5, 6, 7], ['00:00', '24:00']),
    week([7], ['01:30', '03:30']),
  ]
  const provinces = ['MI', 'RM', 'BZ', 'CA', 'BT']
  for (const [index, spansOf] of weeks.entries()) {
    const provinceCode = provinces[index] ?? 'MI'
    const firstDay = addDays('2026-01-01', draw(330))
    const closures = [{ firstDay, lastDay: addDays(firstDay, 24), reason: 'Chiusura' }]
    const closed = new Set([...holidays(2026, provinceCode), ...Array.from({ length: 25 }, (_, n) => addDays(firstDay, n))])
    const open = openMinutes(spansOf, closed)
    const own: WorkCalendar = {
      spans: spansOf,
      timeZone,
      closedOn: closedDays({ provinceCode, municipalityCode: null }, closures),
    }
    for (let round = 0; round < 40; round++) {
      const begin = draw(minutesOfYear - 1)
      const pauses: Pause[] = []
      let edge = begin
      for (let n = draw(4); n > 0; n--) {
        const from = edge + draw(30_000)
        const until = from + 1 + draw(40_000)
        if (until >= minutesOfYear) break
        pauses.push({ from: yearBegins + from * minuteMs, until: yearBegins + until * minuteMs })
        edge = until
      }
      const runs = (minute: number) =>
        open[minute] === 1 &&
        !pauses.some(({ from, until }) => from <= yearBegins + minute * minuteMs && yearBegins + minute * minuteMs < (until ?? 0))
      const end = begin + 1 + draw(minutesOfYear - begin)
      let worked = 0
      for (let minute = begin; minute < end; minute++) if (runs(minute)) worked++
      const run = { calendar: own, from: yearBegins + begin * minuteMs, pauses }
      const until = yearBegins + end * minuteMs
      const story = JSON.stringify({ seed, index, round })
      expect(workedMinutes(run, until), story).toBe(worked)
      const stretches = explainStretches(run, 'minutes', until)
      expect(
        stretches.reduce((sum, each) => sum + each.counted, 0),
        story,
      ).toBe(worked)
      expect([stretches[0]?.from, stretches.at(-1)?.until], story).toEqual([run.from, until])
      expect(
        stretches.every((each, n) => n === 0 || stretches[n - 1]?.until === each.from),
        story,
      ).toBe(true)
      if (worked === 0) continue
      const wanted = 1 + draw(worked)
      let minute = begin
      for (let counted = 0; counted < wanted; minute++) if (runs(minute)) counted++
      const due = yearBegins + minute * minuteMs
      expect(dueInstant(run, { amount: wanted, measure: 'minutes' }), story).toBe(due)
      // Backwards it is the beginning of the first of the minutes.
      let first = begin
      while (!runs(first)) first++
      expect(beforeWorking(run, due, wanted), story).toBe(yearBegins + first * minuteMs)
    }
  }
})

test(`working days over the year, as somebody who goes through the days (SEED=${seed})`, () => {
  const draw = drawing(seed)
  const closed = new Set(holidays(2026, 'MI'))
  for (let round = 0; round < 500; round++) {
    const day = addDays('2026-01-01', draw(300))
    const amount = 1 + draw(30)
    let [last, left] = [day, amount]
    while (left > 0) {
      last = addDays(last, 1)
      if (weekdayOf(last) < 6 && !closed.has(last) && last < '2027-01-01') left--
      if (last >= '2027-01-01') break
    }
    if (left > 0) continue
    const run = { calendar: calendar(), from: at(day, '00:00') + draw(1_380) * minuteMs, pauses: [] }
    expect(said(dueInstant(run, { amount, measure: 'days' })), JSON.stringify({ seed, round })).toBe(`${last} 17:00`)
    const counted = explainStretches(run, 'days', at(last, '17:00')).reduce((sum, each) => sum + each.counted, 0)
    expect(counted, JSON.stringify({ seed, round })).toBe(amount)
  }
})
