import { type DaySpan, firstHalfHour, numbersOfDays, type SectionHalfHour, sectionsOfDays } from '../monitoring/index.ts'
import { boundsOf, type Db, dayAt } from '../platform/index.ts'

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

/** The counts of some days by section, in their order; those by number are left out. */
export async function dayCountsOf(db: Db, days: readonly string[], timeZone: string): Promise<DayCounts[]> {
  const sections = Map.groupBy(await sectionsOfDays(db, spansOf(days, timeZone), timeZone), row => row.day)
  return days.map(day => ({ day, sections: sections.get(day) ?? [], numbers: [] }))
}

/** The same counts with the calls to each number of the plan: hundreds of times as many, so only for who needs them. */
export async function withNumbers(db: Db, counts: readonly DayCounts[], timeZone: string): Promise<DayCounts[]> {
  const spans = spansOf(
    counts.map(({ day }) => day),
    timeZone,
  )
  const numbers = Map.groupBy(await numbersOfDays(db, spans, timeZone), row => row.day)
  return counts.map(each => ({
    ...each,
    numbers: (numbers.get(each.day) ?? []).map(({ number, mode, halves, sections }) => {
      const perHalfHour = new Array<number>(wallHalfHours).fill(0)
      for (const [half, calls] of Object.entries(halves)) perHalfHour[Number(half)] = calls
      const calls = perHalfHour.reduce((sum, one) => sum + one, 0)
      return { number, mode, calls, perHalfHour, bySection: new Map(Object.entries(sections)) }
    }),
  }))
}

const spansOf = (days: readonly string[], timeZone: string): DaySpan[] =>
  days.map(day => {
    const [from, to] = boundsOf(timeZone, day)
    return { day, from: new Date(from), to: new Date(to) }
  })

/** The day of the first call that waited for a section; undefined before there was any. */
export async function firstDay(db: Db, timeZone: string): Promise<string | undefined> {
  const first = await firstHalfHour(db)
  return first && dayAt(timeZone, first.getTime())
}
