/** When somebody may be called back, at which numbers, and who looks after it. Pure. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { can } from '../../identity/capabilities.ts'
import {
  type Actor,
  addDays,
  allowed,
  type Day,
  dayAt,
  instantOf,
  refused,
  type Verdict,
  wallClock,
  weekdayOf,
} from '../../platform/index.ts'
import type { DecentHours } from './model.ts'

/** From an instant until before another. */
export interface Span {
  from: number
  to: number
}

/** Further ahead than this nobody is promised anything. */
const lookAheadDays = 30

/**
 * The decent hours that an instant is in, or the next ones; null when there are none within a month. In office time, so that eight in the
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

/** An instant as it is said to somebody: which day, seen from now, and what the clock shows. */
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
 * The number in E.164 if we call it: an Italian one that belongs to a person or an office. Nobody is made to pay for a call abroad or to a
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

/** Digits of an Italian number as one says them, without the code of the country. */
export const spokenDigits = (number: string): string => number.replace(/^\+39/, '').replace(/^\+/, '00')

/** Callbacks of a section concern those who answer for it: at or above the section. */
export function mayFollow(actor: Actor, sectionPath: string): Verdict {
  if (actor.kind === 'system') return allowed
  if (!can(actor, 'callbacks.follow')) return refused('telephony.callback.onlySupervisors')
  return can(actor, 'callbacks.follow', sectionPath) ? allowed : refused('telephony.callback.notYours')
}

/** Who sets how a section's line works. */
export function maySetLine(actor: Actor, sectionPath: string): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'queues.set', sectionPath) ? allowed : refused('telephony.callback.onlyWhoAnswersForIt')
}
