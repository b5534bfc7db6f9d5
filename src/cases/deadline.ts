/**
 * When an answer is due: so many working days after the question came, at the end of the office day. Pure.
 *
 * Saturdays, Sundays and the holidays of the place do not count, nor does the day on which the question came. Time is office time; the
 * two nights in which the clock is changed make no difference, because the end of the office day is looked up in the calendar of the zone.
 */
import { addDays, dayAt, instantOf, weekdayOf } from '../platform/index.ts'

/** Working days within which the second level answers. */
export const answerWithinWorkingDays = 5
/** End of the office day, in minutes of office time. */
const endOfDay = 17 * 60

/** Days are ISO 8601 (`2026-11-24`). */
export interface OfficeCalendar {
  timeZone: string
  isHoliday(day: string): boolean
}

/**
 * The instant at which the last of `workingDays` ends.
 * @param from instant of the question
 */
export function dueAt(from: Date, workingDays: number, calendar: OfficeCalendar): Date {
  let day = dayAt(calendar.timeZone, from.getTime())
  for (let left = workingDays; left > 0; ) {
    day = addDays(day, 1)
    if (isWorkingDay(day, calendar)) left--
  }
  return new Date(instantOf(calendar.timeZone, day, endOfDay))
}

export function isWorkingDay(day: string, calendar: Pick<OfficeCalendar, 'isHoliday'>): boolean {
  return weekdayOf(day) < 6 && !calendar.isHoliday(day)
}
