/** The seasonal median, its kinds of days, and how far off it was. */
import { describe, expect, test } from 'vitest'
import { addDays, weekdayOf } from '../platform/index.ts'
import { backtest, type CalendarDay, forecast, median, type PastDay } from './forecast.ts'
import { randomOf } from './random.ts'

const day = (day: string, kind: CalendarDay['kind'] = 'ordinary'): CalendarDay => ({ day, weekday: weekdayOf(day), kind })
const past = (date: string, calls: number, kind: CalendarDay['kind'] = 'ordinary'): PastDay => ({
  ...day(date, kind),
  perHalfHour: [calls, calls * 2],
})

describe('the forecast', () => {
  test('is the median of the same weekday, so one wild Monday changes nothing', () => {
    const history = [past('2026-11-02', 100), past('2026-11-09', 110), past('2026-11-16', 900), past('2026-11-03', 50)]
    expect(forecast(history, day('2026-11-23'))).toEqual({
      perHalfHour: [110, 220],
      basis: 'same-weekday',
      basedOn: ['2026-11-16', '2026-11-09', '2026-11-02'],
      level: 1,
    })
    expect(forecast(history, day('2026-11-24')).perHalfHour).toEqual([50, 100])
    expect(forecast(history, day('2026-11-23'), 1).basedOn).toEqual(['2026-11-16'])
  })

  test('never looks at the day itself, or beyond', () => {
    expect(forecast([past('2026-11-23', 1), past('2026-11-30', 2)], day('2026-11-23')).basis).toBe('nothing')
  })

  test('a holiday goes by the holidays, without any by the Sundays; ordinary days by neither', () => {
    const holiday = past('2026-12-08', 4, 'holiday')
    const history = [holiday, past('2026-12-01', 80), past('2026-11-24', 90), past('2026-11-29', 10)]
    expect(forecast(history, day('2026-12-15')).perHalfHour).toEqual([85, 170])
    expect(forecast(history, day('2026-12-25', 'holiday'))).toMatchObject({ perHalfHour: [4, 8], basis: 'holidays' })
    expect(forecast(history.slice(1), day('2026-12-25', 'holiday'))).toMatchObject({ perHalfHour: [10, 20], basis: 'sundays' })
  })

  test('a day after a holiday goes by such days once there are two, before by its weekday', () => {
    const wednesdays = [past('2026-12-02', 100), past('2026-11-25', 100)]
    const after = [past('2026-06-03', 150, 'after-holiday'), past('2026-04-07', 170, 'after-holiday')]
    const asked = day('2026-12-09', 'after-holiday')
    expect(forecast([...wednesdays, ...after], asked)).toMatchObject({ perHalfHour: [160, 320], basis: 'after-holidays' })
    expect(forecast([...wednesdays, ...after.slice(1)], asked)).toMatchObject({ perHalfHour: [100, 200], basis: 'same-weekday' })
    expect(forecast([...wednesdays, ...after], day('2026-12-16')).perHalfHour).toEqual([100, 200])
  })

  test('a working day without a history goes by the other working days; a Saturday or a first day by nothing', () => {
    const tuesday = [past('2026-11-03', 50)]
    expect(forecast(tuesday, day('2026-11-05'))).toMatchObject({ perHalfHour: [50, 100], basis: 'working-days' })
    expect(forecast(tuesday, day('2026-11-07'))).toMatchObject({ perHalfHour: [], basis: 'nothing' })
    expect(forecast([], day('2026-11-05')).perHalfHour).toEqual([])
    expect(median([])).toBe(0)
  })

  test('an hour that the clock skipped says nothing, rather than that nobody called', () => {
    const skipped: PastDay = { ...day('2026-03-29'), perHalfHour: [10, null] }
    const before: PastDay = { ...day('2026-03-22'), perHalfHour: [12, 8] }
    expect(forecast([skipped, before], day('2026-04-12')).perHalfHour).toEqual([11, 8])
  })
})

/** Weeks of a made-up contact centre: weekdays of their own, a growth a week, chance. */
function weeks(count: number, growth: number, noise = 0.05): PastDay[] {
  const random = randomOf(7)
  return Array.from({ length: count * 7 }, (_, i) => {
    const date = addDays('2026-08-03', i)
    const weekday = weekdayOf(date)
    const size = (weekday === 7 ? 0 : weekday === 6 ? 30 : 120 - 10 * weekday) * growth ** (i / 7)
    return {
      ...day(date),
      perHalfHour: Array.from({ length: 24 }, (_, half) => Math.round(size * (1 + half / 24) * (1 + noise * (random() - 0.5)))),
    }
  })
}

describe('how far off it was', () => {
  test('is measured on the last days, each forecast from the days before it', () => {
    const error = backtest(weeks(10, 1))
    expect(error?.plain.days).toBe(20)
    // Errors of ± 2.5 % at most on both sides.
    expect(error?.plain.wape).toBeGreaterThan(0.005)
    expect(error?.plain.wape).toBeLessThan(0.03)
    expect(error?.plain.wapeOfDay).toBeLessThan(error?.plain.wape ?? 0)
    expect(Math.abs(error?.plain.bias ?? 1)).toBeLessThan(0.01)
  })

  test('shows a growth as a bias, and the level of the last two weeks then helps', () => {
    const history = weeks(10, 1.05)
    const error = backtest(history)
    expect(error?.plain.bias).toBeLessThan(-0.1)
    expect(error?.better).toBe('withLevel')
    expect(error?.withLevel.wape).toBeLessThan(0.6 * (error?.plain.wape ?? 0))
    const monday = day('2026-10-12')
    expect(forecast(history, monday, 8, true).level).toBeGreaterThan(1.1)
    expect(forecast(history, monday, 8, false).level).toBe(1)
  })

  test('is known for what can be computed by hand', () => {
    const history = [past('2026-11-02', 100), past('2026-11-09', 80)]
    // The second Monday was expected like the first: 20 and 40 too many of 80 and 160.
    expect(backtest(history)?.plain).toEqual({ days: 1, wape: 0.25, meanAbsoluteError: 30, wapeOfDay: 0.25, bias: 0.25 })
  })

  test('is unknown with one day of history', () => {
    expect(backtest([past('2026-11-02', 100)])).toBeUndefined()
    expect(backtest([])).toBeUndefined()
  })
})
