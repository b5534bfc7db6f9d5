/** What the planner's pages work with, and how a change is said. Pure. */
import type { z } from 'zod'
import type { Result, SimulatedDayFigures } from '../../src/simulation/model.ts'
import type { ChannellingView, ForecastView, NewRun, PastDayView, PlacesView, RunView } from '../../src/simulation/schema.ts'
import { addDays, dayOf } from '../shared/time.ts'

export type { Result, SimulatedDayFigures }
/** A change as it is asked for: channelling is resolved by the server. */
export type Change = NewRun['changes'][number]
export type PastDay = z.infer<typeof PastDayView>
export type Forecast = z.infer<typeof ForecastView>
export type Run = z.infer<typeof RunView>
export type Channelling = z.infer<typeof ChannellingView>
export type Place = z.infer<typeof PlacesView>['places'][number]
export interface SectionName {
  id: string
  name: string
}

/** A whole day, and not one of a year that is still being typed: 0002, 0020, 0202. */
export const isPlannable = (day: string): boolean => /^\d{4}-\d\d-\d\d$/.test(day) && day >= '2000-01-01'

/** The first Monday that is still to come, in office time. */
export function nextMonday(now: number): string {
  const today = dayOf(now)
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay() || 7
  return addDays(today, 8 - weekday)
}

/** The choice that is no section. */
export const everySection = 'all'

/** "09:30" of the nineteenth half hour (counted from 0). */
export const clockOfHalf = (half: number): string => `${String(half >> 1).padStart(2, '0')}:${half % 2 === 1 ? '30' : '00'}`

/** The key and the values of the sentence that says a change. */
export function said(
  change: Change,
  nameOf: (section: string) => string,
  placeOf: (unitId: string) => string,
  dayOf: (day: string) => string,
): { key: string; values: Record<string, string | number> } {
  const where = 'section' in change && change.section !== null ? nameOf(change.section) : ''
  switch (change.kind) {
    case 'agents':
      return {
        key: change.number >= 0 ? 'said.more' : 'said.fewer',
        values: {
          count: Math.abs(change.number),
          section: where,
          from: clockOfHalf(change.fromHalfHour),
          to: clockOfHalf(change.toHalfHour),
        },
      }
    case 'helper':
      return { key: 'said.helper', values: { section: where, helps: nameOf(change.helps), seconds: change.afterSeconds } }
    case 'calls':
    case 'handling': {
      const percent = Math.round((change.factor - 1) * 100)
      const size = `${percent >= 0 ? '+' : '−'}${Math.abs(percent)} %`
      return { key: `said.${change.kind}${where === '' ? 'Everywhere' : ''}`, values: { section: where, size } }
    }
    case 'channelling':
      return { key: 'said.channelling', values: { place: placeOf(change.unitId), day: dayOf(change.from) } }
    case 'added': {
      const count = Math.round(change.perHalfHour.reduce((sum, calls) => sum + calls, 0))
      return { key: 'said.added', values: { section: where, count } }
    }
  }
}

/** The figures of a section in a result, or of all of them. */
export const figuresOf = (result: Result, section: string): SimulatedDayFigures =>
  result.sections.find(({ id }) => id === section) ?? result.total

/** A half hour in which anything happened; shares in percent, null where nobody called. */
export interface HalfHourRow {
  at: string
  calls: number
  [series: string]: number | string | null
}

/**
 * Half hours in which anything happened in the first of the series, with the share that each answered in time.
 * @param clock what the clock on the wall shows at each half hour
 */
export function levels(series: Readonly<Record<string, SimulatedDayFigures | null>>, clock: readonly string[]): HalfHourRow[] {
  const [first] = Object.values(series)
  const share = (half: SimulatedDayFigures['halfHours'][number] | undefined) =>
    half && half.arrived > 0 ? Math.round(half.serviceLevel * 1000) / 10 : null
  return (first?.halfHours ?? [])
    .map((half, i) => ({
      at: clock[i] ?? clockOfHalf(i),
      calls: half.arrived,
      ...Object.fromEntries(Object.entries(series).map(([name, figures]) => [name, share(figures?.halfHours[i])])),
    }))
    .filter(row => row.calls > 0)
}

/** The spans into which waits are put, each with the share of the answered calls that waited so long. */
export function waits(
  series: Readonly<Record<string, SimulatedDayFigures | null>>,
): { fromMs: number; belowMs: number | null; shares: Record<string, number> }[] {
  const [first] = Object.values(series)
  return (first?.waits ?? []).map(({ belowMs }, i) => ({
    fromMs: first?.waits[i - 1]?.belowMs ?? 0,
    belowMs,
    shares: Object.fromEntries(
      Object.entries(series).flatMap(([name, figures]) => {
        if (!figures) return []
        const all = figures.waits.reduce((sum, { calls }) => sum + calls, 0)
        return [[name, all === 0 ? 0 : Math.round((1000 * (figures.waits[i]?.calls ?? 0)) / all) / 10]]
      }),
    ),
  }))
}
