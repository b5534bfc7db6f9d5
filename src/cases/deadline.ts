/**
 * When an answer is due: so many working days after the question came, at the end of the office day. Pure.
 *
 * Saturdays, Sundays and the holidays of the place do not count, nor does the day on which the question came. Time is office time; the
 * two nights in which the clock is changed make no difference, because the end of the office day is looked up in the calendar of the zone.
 */

/** Working days within which the second level answers. */
export const answerWithinWorkingDays = 5
/** End of the office day. */
const endOfDay = { hour: 17, minute: 0 } as const

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
  let day = dayIn(calendar.timeZone, from)
  for (let left = workingDays; left > 0; ) {
    day = nextDay(day)
    if (isWorkingDay(day, calendar)) left--
  }
  return instantOf(day, endOfDay, calendar.timeZone)
}

export function isWorkingDay(day: string, calendar: Pick<OfficeCalendar, 'isHoliday'>): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !calendar.isHoliday(day)
}

const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** The day that it is in a time zone. */
export function dayIn(timeZone: string, instant: Date): string {
  const { year, month, day } = wallClock(timeZone, instant)
  return `${year}-${month}-${day}`
}

/** The instant of a wall-clock time. The offset is looked up twice, because the first guess may lie on the other side of a change. */
function instantOf(day: string, { hour, minute }: { hour: number; minute: number }, timeZone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`) + (hour * 60 + minute) * 60_000
  let guess = wanted
  for (let i = 0; i < 2; i++) guess = wanted - offset(timeZone, new Date(guess))
  return new Date(guess)
}

function offset(timeZone: string, instant: Date): number {
  const { year, month, day, hour, minute, second } = wallClock(timeZone, instant)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(instant.getTime() / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wallClock(timeZone: string, instant: Date) {
  let format = formats.get(timeZone)
  if (!format) {
    const two = '2-digit'
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(part => [part.type, part.value]))
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts
  return { year, month, day, hour, minute, second }
}
