/** What the planner's pages work with, and how a change is said. Pure. */
import type { z } from 'zod'
import type { Result } from '../../src/simulation/model.ts'
import type { ForecastView, PastDayView, RunView } from '../../src/simulation/schema.ts'
import type { Change } from '../../src/simulation/what-if.ts'

export type { Change, Result }
export type PastDay = z.infer<typeof PastDayView>
export type Forecast = z.infer<typeof ForecastView>
export type Run = z.infer<typeof RunView>
export interface SectionName {
  id: string
  name: string
}

/** "09:30" of the nineteenth half hour (counted from 0). */
export const clockOfHalf = (half: number): string => `${String(half >> 1).padStart(2, '0')}:${half % 2 === 1 ? '30' : '00'}`

/** The key and the values of the sentence that says a change. */
export function said(
  change: Change,
  nameOf: (section: string) => string,
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
  }
}

/** Half hours in which anything happened, with the share answered in time before and after. */
export function levels(
  before: Result,
  after: Result | null,
): { at: string; calls: number; before: number | null; after: number | null }[] {
  const share = (half: Result['total'] | undefined) =>
    half && half.arrived > 0 ? Math.round(half.serviceLevel * 1000) / 10 : null
  return before.total.halfHours
    .map((half, i) => ({
      at: clockOfHalf(i),
      calls: half.arrived,
      before: share({ ...half, halfHours: [] }),
      after: after ? share({ ...(after.total.halfHours[i] ?? half), halfHours: [] }) : null,
    }))
    .filter(row => row.calls > 0)
}
