/**
 * Calls to expect on a day, from the calls of the last weeks, and how far off such a forecast was so far. Pure.
 *
 *   history ──days of the same kind──▶ median of each half hour ──level of the last two weeks, if it has helped──▶ forecast
 *
 * Half hours are those of the clock on the wall, 0 to 47. On the night in March one hour is missing: it says nothing (null) and is not
 * taken for an hour without calls. On the night in October one comes twice: it counts half, as the rate of one.
 */

/**
 * Ordinary days are planned by their weekday. A holiday is what the law makes one on another day than Sunday. The working day after it
 * catches up on what was left, and is of its own kind.
 */
export type DayKind = 'ordinary' | 'holiday' | 'after-holiday'

/** A day of the calendar as the forecast sees it. */
export interface CalendarDay {
  /** YYYY-MM-DD. */
  day: string
  /** 1 Monday … 7 Sunday. */
  weekday: number
  kind: DayKind
}

/** Calls of one past day; null for a half hour of which nothing is known. */
export interface PastDay extends CalendarDay {
  perHalfHour: readonly (number | null)[]
}

/** By which past days a day is forecast. */
export type Basis = 'same-weekday' | 'holidays' | 'sundays' | 'after-holidays' | 'working-days' | 'nothing'

export interface Forecast {
  perHalfHour: number[]
  basis: Basis
  /** The days, the latest first. */
  basedOn: string[]
  /** By how much the median was raised or lowered to the level of the last two weeks; 1 for not at all. */
  level: number
}

/** A kind that is too rare is known from so many days. */
const minAfterHolidays = 2
const lastWorkingDay = 5
const sunday = 7
/** Ordinary days whose level is taken as that of now: two weeks of working days. */
const daysOfLevel = 10

/**
 * The median of each half hour on the latest days of the same kind: one day on which everything broke must not plan the next weeks. A
 * holiday goes by the holidays, without any by the Sundays; a weekday without a history by the other working days.
 * @param weeks so many of the latest days are used
 * @param withLevel raise or lower it to the level of the last two weeks (see `backtest`)
 */
export function forecast(history: readonly PastDay[], day: CalendarDay, weeks = 8, withLevel = false): Forecast {
  const earlier = history.filter(past => past.day < day.day).toSorted((a, b) => b.day.localeCompare(a.day))
  const { used, basis } = daysLike(earlier, day, weeks)
  const level = withLevel && (basis === 'same-weekday' || basis === 'working-days') ? levelOf(earlier, weeks) : 1
  return { perHalfHour: mediansOf(used).map(calls => calls * level), basis, basedOn: used.map(past => past.day), level }
}

/** The past days that a forecast is made of; `latestFirst` must be. */
function daysLike(latestFirst: readonly PastDay[], day: CalendarDay, weeks: number): { used: PastDay[]; basis: Basis } {
  const found = (basis: Basis, fits: (past: PastDay) => boolean, least = 1) => {
    const used = latestFirst.filter(fits).slice(0, weeks)
    return used.length >= least ? { used, basis } : undefined
  }
  const ordinary = (past: PastDay) => past.kind === 'ordinary'
  const sameWeekday = found('same-weekday', past => ordinary(past) && past.weekday === day.weekday)
  const workingDays = found('working-days', past => ordinary(past) && past.weekday <= lastWorkingDay)
  const nothing = { used: [], basis: 'nothing' as const }
  switch (day.kind) {
    case 'holiday':
      return found('holidays', past => past.kind === 'holiday') ?? found('sundays', past => past.weekday === sunday) ?? nothing
    case 'after-holiday':
      return (
        found('after-holidays', past => past.kind === 'after-holiday', minAfterHolidays) ?? sameWeekday ?? workingDays ?? nothing
      )
    case 'ordinary':
      return sameWeekday ?? (day.weekday <= lastWorkingDay ? workingDays : undefined) ?? nothing
  }
}

function mediansOf(used: readonly PastDay[]): number[] {
  const halfHours = Math.max(0, ...used.map(past => past.perHalfHour.length))
  return Array.from({ length: halfHours }, (_, half) => median(used.flatMap(past => past.perHalfHour[half] ?? [])))
}

/** The median over the last two weeks of what a day had, as a share of what its weekday has. */
function levelOf(latestFirst: readonly PastDay[], weeks: number): number {
  const ordinary = latestFirst.filter(past => past.kind === 'ordinary' && past.weekday <= lastWorkingDay)
  const usual = new Map<number, number>()
  for (let weekday = 1; weekday <= lastWorkingDay; weekday++)
    usual.set(
      weekday,
      median(
        ordinary
          .filter(past => past.weekday === weekday)
          .slice(0, weeks)
          .map(total),
      ),
    )
  const shares = ordinary.slice(0, daysOfLevel).flatMap(past => {
    const expected = usual.get(past.weekday) ?? 0
    return expected > 0 ? [total(past) / expected] : []
  })
  return shares.length < daysOfLevel ? 1 : median(shares)
}

const total = (past: { perHalfHour: readonly (number | null)[] }): number =>
  past.perHalfHour.reduce<number>((sum, calls) => sum + (calls ?? 0), 0)

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** How far off forecasts were. */
export interface ForecastError {
  /** Days that were forecast from the days before them. */
  days: number
  /** Calls that were wrongly expected ÷ calls that came, by half hour (weighted absolute percentage error). */
  wape: number
  /** Calls that a half hour was off, on the mean over half hours in which anything was expected or came. */
  meanAbsoluteError: number
  /** The same for the calls of a whole day. */
  wapeOfDay: number
  /** Calls too many (or, below zero, too few) ÷ calls that came. */
  bias: number
}

export interface Backtest {
  plain: ForecastError
  withLevel: ForecastError
  /** The smaller error of the two: how the next days are to be forecast. */
  better: 'plain' | 'withLevel'
}

const backtestDays = 20

/**
 * Forecasts each of the last days from the days before it and compares. Days that nothing is known about beforehand are left out.
 * Returns undefined where no day can be forecast.
 */
export function backtest(history: readonly PastDay[], weeks = 8, days = backtestDays): Backtest | undefined {
  const latestFirst = history.toSorted((a, b) => b.day.localeCompare(a.day))
  const tried = latestFirst.slice(0, days)
  const plain = errorOf(latestFirst, tried, weeks, false)
  const withLevel = errorOf(latestFirst, tried, weeks, true)
  if (plain.days === 0) return undefined
  return { plain, withLevel, better: withLevel.wape < plain.wape ? 'withLevel' : 'plain' }
}

function errorOf(history: readonly PastDay[], tried: readonly PastDay[], weeks: number, withLevel: boolean): ForecastError {
  const sum = { days: 0, halfHours: 0, calls: 0, wrong: 0, wrongOfDay: 0, over: 0 }
  for (const past of tried) {
    const expected = forecast(history, past, weeks, withLevel)
    if (expected.basis === 'nothing') continue
    sum.days++
    let over = 0
    for (const [half, calls] of past.perHalfHour.entries()) {
      const guess = expected.perHalfHour[half] ?? 0
      if (calls === null || (calls === 0 && guess === 0)) continue
      sum.halfHours++
      sum.calls += calls
      sum.wrong += Math.abs(guess - calls)
      over += guess - calls
    }
    sum.over += over
    sum.wrongOfDay += Math.abs(over)
  }
  const share = (wrong: number) => (sum.calls === 0 ? 0 : wrong / sum.calls)
  return {
    days: sum.days,
    wape: share(sum.wrong),
    meanAbsoluteError: sum.halfHours === 0 ? 0 : sum.wrong / sum.halfHours,
    wapeOfDay: share(sum.wrongOfDay),
    bias: share(sum.over),
  }
}
