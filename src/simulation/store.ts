/**
 * What the calls of some days come to, by section and by half hour of the clock on the wall: read from the sums of half hours, so that weeks
 * cost what their sums cost, however many calls there were. Definitions: docs/indicators.md.
 */
import type { Kysely } from 'kysely'
import { firstHalfHour, numbersOfDays, type SectionHalfHour, type Span, sectionsOfDays } from '../monitoring/index.ts'
import { boundsOf, dayAt, type Tables } from '../platform/index.ts'

type Db = Kysely<Tables>

/** Calls to one number of the plan on a day. */
export interface NumberCalls {
  number: string
  mode: 'channelled' | 'direct'
  calls: number
  perHalfHour: readonly number[]
  /** Of those that then joined a line, by section. */
  bySection: ReadonlyMap<string, number>
}

export interface DayCounts {
  day: string
  /** Who was led back to the same conversation after a break is no new call. */
  sections: readonly Omit<SectionHalfHour, 'day'>[]
  numbers: readonly NumberCalls[]
}

/** Half hours of the clock on the wall in a day. */
export const wallHalfHours = 48

/** The counts of some days, in their order. */
export async function countsOf(db: Db, days: readonly string[], timeZone: string): Promise<DayCounts[]> {
  const spans = days.map((day): Span => {
    const [from, to] = boundsOf(timeZone, day)
    return { day, from: new Date(from), to: new Date(to) }
  })
  const sections = Map.groupBy(await sectionsOfDays(db, spans, timeZone), row => row.day)
  const numbers = Map.groupBy(await numbersOfDays(db, spans, timeZone), row => row.day)
  return days.map(day => ({
    day,
    sections: sections.get(day) ?? [],
    numbers: (numbers.get(day) ?? []).map(({ number, mode, halves, sections }) => {
      const perHalfHour = new Array<number>(wallHalfHours).fill(0)
      for (const [half, calls] of Object.entries(halves)) perHalfHour[Number(half)] = calls
      const calls = perHalfHour.reduce((sum, each) => sum + each, 0)
      return { number, mode, calls, perHalfHour, bySection: new Map(Object.entries(sections)) }
    }),
  }))
}

/** The day of the first call that waited for a section; undefined before there was any. */
export async function firstDay(db: Db, timeZone: string): Promise<string | undefined> {
  const first = await firstHalfHour(db)
  return first && dayAt(timeZone, first.getTime())
}
