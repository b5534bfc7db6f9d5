/** When citizens may be called. Pure. */
import { addDays, type Day, dayAt, instantOf, weekdayOf } from '../platform/index.ts'

/** Nobody is promised a call further ahead than this. */
const lookAheadDays = 30

/** From one instant until just before another. */
export interface Span {
  from: number
  to: number
}

/** Hours of some weekdays (1 is Monday), in minutes since midnight of office time. */
interface Hours {
  days: readonly number[]
  from: number
  to: number
  onHolidays: boolean
}

/**
 * Returns the decent hours that an instant lies in, or the next ones; null when there are none within a month. In office time, so that eight in the
 * evening stays eight on the days on which the clock is changed.
 */
export function decentSpan(hours: Hours, timeZone: string, isHoliday: (day: Day) => boolean, at: number): Span | null {
  const today = dayAt(timeZone, at)
  // Yesterday's hours may end after midnight only where `to` is midnight itself, so today is the first to look at.
  for (let days = 0; days <= lookAheadDays; days++) {
    const day = addDays(today, days)
    if (!hours.days.includes(weekdayOf(day)) || (!hours.onHolidays && isHoliday(day))) continue
    const span = { from: instantOf(timeZone, day, hours.from, 'last'), to: instantOf(timeZone, day, hours.to) }
    if (span.to > at && span.to > span.from) return span
  }
  return null
}
