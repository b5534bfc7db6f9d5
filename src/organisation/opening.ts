/**
 * Whether an office is open. Pure.
 *
 * Its hours are a week of spans in office time; on holidays it is closed. Each span of each day becomes a stretch of real time, so that
 * the nights in which the clock is changed are as long as they are.
 */
import { addDays, type Day, dayAt, instantOf, weekdayOf } from '../platform/index.ts'
import type { OpeningSpan, Openness } from './model.ts'

export interface OfficeHours {
  spans: readonly OpeningSpan[]
  timeZone: string
  isHoliday(day: Day): boolean
}

/** A change further away than this is not looked for. The longest row of closed days of an office that opens once a week is far below. */
const horizonDays = 60

export function opennessAt(hours: OfficeHours, at: Date): Openness {
  const today = dayAt(hours.timeZone, at.getTime())
  return { ...changeAfter(hours, today, at.getTime()), holiday: hours.isHoliday(today) }
}

function changeAfter(hours: OfficeHours, today: Day, instant: number): Pick<Openness, 'open' | 'nextChange'> {
  if (hours.spans.length === 0) return { open: false, nextChange: null }
  let openUntil: number | undefined
  for (let ahead = 0; ahead <= horizonDays; ahead++) {
    for (const { from, until } of stretches(hours, addDays(today, ahead))) {
      if (openUntil !== undefined) {
        // Open, and the next stretch begins where this one ends: it is one.
        if (from <= openUntil) openUntil = Math.max(openUntil, until)
        else return { open: true, nextChange: new Date(openUntil) }
      } else if (instant < from) return { open: false, nextChange: new Date(from) }
      else if (instant < until) openUntil = until
    }
  }
  if (openUntil === undefined) return { open: false, nextChange: null }
  const reached = instantOf(hours.timeZone, addDays(today, horizonDays), 24 * 60)
  return { open: true, nextChange: openUntil >= reached ? null : new Date(openUntil) }
}

/** The stretches of real time in which it is open on a day, in order. */
export function stretches({ spans, timeZone, isHoliday }: OfficeHours, day: Day): { from: number; until: number }[] {
  if (isHoliday(day)) return []
  const weekday = weekdayOf(day)
  return spans
    .filter(span => span.weekday === weekday)
    .map(span => ({
      from: instantOf(timeZone, day, minutesOf(span.opens)),
      until: instantOf(timeZone, day, minutesOf(span.closes), 'last'),
    }))
    .filter(({ from, until }) => from < until)
    .sort((a, b) => a.from - b.from)
}

/** Spans of one day that overlap, if there are any. */
export function overlapping(spans: readonly OpeningSpan[]): [OpeningSpan, OpeningSpan] | undefined {
  const sorted = [...spans].sort((a, b) => a.weekday - b.weekday || minutesOf(a.opens) - minutesOf(b.opens))
  for (const [index, span] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next && next.weekday === span.weekday && minutesOf(next.opens) < minutesOf(span.closes)) return [span, next]
  }
  return undefined
}

/** "08:30" is 510. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
