/** When somebody may be called back, and how times and numbers are said. Pure. */
import type { Span } from '../../../organisation/index.ts'
import { addDays, dayAt, wallClock, weekdayOf } from '../../../platform/index.ts'

/** When less than this is left of a day, nobody is promised a call on it. */
const minSpanMs = 5 * 60_000
/** How many openings and closings are looked at before we say that there is no time to call. */
const maxLooks = 60

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

/** Returns the digits of an Italian number as one says them, without the country's code. */
export const spokenDigits = (number: string): string => number.replace(/^\+39/, '').replace(/^\+/, '00')
