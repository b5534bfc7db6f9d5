/** When somebody may be called back and at which numbers, and how both are said. Pure. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { DecentHours } from '../../../distribution/index.ts'
import { addDays, type Day, dayAt, instantOf, wallClock, weekdayOf } from '../../../platform/index.ts'

/** From one instant until just before another. */
export interface Span {
  from: number
  to: number
}

/** Nobody is promised a call further ahead than this. */
const lookAheadDays = 30
/** When less than this is left of a day, nobody is promised a call on it. */
const minSpanMs = 5 * 60_000
/** How many openings and closings are looked at before we say that there is no time to call. */
const maxLooks = 60

/**
 * Returns the decent hours that an instant lies in, or the next ones; null when there are none within a month. In office time, so that eight in the
 * evening stays eight on the days on which the clock is changed.
 */
export function decentSpan(hours: DecentHours, timeZone: string, isHoliday: (day: Day) => boolean, at: number): Span | null {
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

/**
 * Returns the next span, from an instant on, in which it is decent to call and the section is open; null when there is none in sight.
 * @param decent the decent hours that an instant is in, or the next ones
 */
export function nextSpan(
  decent: (at: number) => Span | null,
  opening: (at: Date) => { open: boolean; nextChange: Date | null },
  from: number,
): Span | null {
  let at = from
  for (let looks = 0; looks < maxLooks; looks++) {
    const span = decent(at)
    if (span === null) return null
    at = Math.max(at, span.from)
    const { open, nextChange } = opening(new Date(at))
    if (!open && nextChange === null) return null
    const change = nextChange?.getTime() ?? Number.POSITIVE_INFINITY
    const to = open ? Math.min(span.to, change) : at
    if (to - at >= minSpanMs) return { from: at, to }
    at = open ? to : change
  }
  return null
}

/** An instant as it is said aloud: which day, seen from now, and what the clock shows. */
export interface SpokenTime {
  /** A weekday from 1, Monday, to 7. */
  day: 'today' | 'tomorrow' | number
  hour: number
  minute: number
}

export function spokenTime(timeZone: string, at: number, now: number): SpokenTime {
  // Midnight is the end of the day before: "today, by 24", and not "tomorrow, by 0".
  const shown = wallClock(timeZone, at)
  const { day, minutes } = shown.minutes > 0 ? shown : { day: addDays(shown.day, -1), minutes: 24 * 60 }
  const today = dayAt(timeZone, now)
  return {
    day: day === today ? 'today' : day === addDays(today, 1) ? 'tomorrow' : weekdayOf(day),
    hour: Math.floor(minutes / 60),
    minute: minutes % 60,
  }
}

const ordinary: ReadonlySet<string> = new Set(['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'PERSONAL_NUMBER'])

/**
 * Returns the number in E.164 if we would call it: an Italian one that belongs to a person or an office. Nobody is made to pay for a call abroad or to a
 * premium number by keying one in.
 * @param given as it was shown or keyed: `0612345678`, `+39…`, `0039…`
 */
export function callable(given: string | null): string | null {
  if (given === null) return null
  const number = parsePhoneNumberFromString(given.replace(/^00/, '+'), 'IT')
  if (!number?.isValid() || number.country !== 'IT') return null
  const type = number.getType()
  return type !== undefined && ordinary.has(type) ? number.number : null
}

/** Returns the digits of an Italian number as one says them, without the country's code. */
export const spokenDigits = (number: string): string => number.replace(/^\+39/, '').replace(/^\+/, '00')
