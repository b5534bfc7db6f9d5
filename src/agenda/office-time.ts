/**
 * Office time: wall clocks and days of a time zone. Pure.
 *
 * Opening hours are wall-clock times and appointments are instants; on the two nights in which the clock is changed a day has 23 or 25
 * hours, so the one is never had from the other by adding minutes.
 */

const minute = 60_000

/** The day after, or `days` later. Days are ISO 8601: `2026-11-24`. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** 1 for Monday … 7 for Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** The day that it is in a zone at an instant (milliseconds). */
export const dayAt = (instant: number, timeZone: string): string =>
  new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 10)

/** Date and time as they stand on an office's wall: `27/11/2026 10:30`. */
export function wallTime(instant: number, timeZone: string): string {
  const [date = '', time = ''] = new Date(instant + offsetAt(instant, timeZone)).toISOString().split('T')
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 5)}`
}

/**
 * The instant (milliseconds) of a wall-clock time, given in minutes after midnight; 1440 is the end of the day. A time that the clock
 * jumps over in spring is as much later as the jump is long; of a time that comes twice in autumn, the first.
 */
export function instantOf(day: string, minutes: number, timeZone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * minute
  // A day before and after, the offset is surely that of before and after a change.
  const before = offsetAt(wall - 86_400_000, timeZone)
  const after = offsetAt(wall + 86_400_000, timeZone)
  const first = wall - before
  if (before === after || offsetAt(first, timeZone) === before) return first
  const second = wall - after
  return offsetAt(second, timeZone) === after ? second : first
}

/** The first and the last instant (exclusive) of a day. */
export const boundsOf = (day: string, timeZone: string): [from: number, to: number] => [
  instantOf(day, 0, timeZone),
  instantOf(addDays(day, 1), 0, timeZone),
]

const quarter = 15 * minute
const formats = new Map<string, Intl.DateTimeFormat>()
/** Offsets that have been looked up, by quarter of an hour: no zone changes its clock in between. */
const known = new Map<string, number>()
const knownAtMost = 20_000

/** How far the wall clock is ahead of UTC, in milliseconds. */
export function offsetAt(instant: number, timeZone: string): number {
  const at = Math.floor(instant / quarter) * quarter
  const key = `${timeZone} ${at}`
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= knownAtMost) known.clear()
  const offset = lookUp(at, timeZone)
  known.set(key, offset)
  return offset
}

function lookUp(instant: number, timeZone: string): number {
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
    })
    formats.set(timeZone, format)
  }
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:00Z`) - instant
}
