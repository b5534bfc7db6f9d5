/**
 * Office time: what the clock on the wall of an office says. Opening hours and appointments are in it, whatever the browser's zone. Pure.
 *
 * Instants are milliseconds since the epoch, days are ISO 8601, wall-clock times are minutes since midnight; the time zone comes first.
 * One is never had from the other by adding minutes, because a day has 23 or 25 hours when the clock is changed:
 *
 *   last Sunday of March     01:59 → 03:00   A time that is missing stands for the instant of the jump.
 *   last Sunday of October   02:59 → 02:00   A time that comes twice stands for the first; who asks for the `last` gets that.
 *
 * So a stretch of time that opens or closes in the missing hour loses what is missing and no more, and none ever runs backwards.
 */

/** A day of the calendar, ISO 8601, e.g. 2026-11-24. */
export type Day = string

const minuteMs = 60_000
const dayMs = 86_400_000

/** The day so many days later, or earlier where `days` is negative. */
export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** What the clock on the wall says at an instant. */
export function wallClock(timeZone: string, instant: number): { day: Day; minutes: number } {
  const shown = new Date(instant + offsetAt(timeZone, instant))
  return { day: shown.toISOString().slice(0, 10), minutes: shown.getUTCHours() * 60 + shown.getUTCMinutes() }
}

/** The day that it is at an instant. */
export const dayAt = (timeZone: string, instant: number): Day => wallClock(timeZone, instant).day

/**
 * The instant at which the clock shows a time; of a time that is missing, the instant of the jump.
 * @param minutes since midnight; 1440 is the midnight at the end of the day
 * @param which of two, when the clock is put back
 */
export function instantOf(timeZone: string, day: Day, minutes: number, which: 'first' | 'last' = 'first'): number {
  const shown = Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs
  // Around a change there are two offsets: the one that holds a day before, and the one that holds a day after.
  const before = offsetAt(timeZone, shown - dayMs)
  const after = offsetAt(timeZone, shown + dayMs)
  if (before === after) return shown - before
  const candidates = [shown - before, shown - after].sort((a, b) => a - b)
  const right = candidates.filter(instant => instant + offsetAt(timeZone, instant) === shown)
  const found = which === 'first' ? right.at(0) : right.at(-1)
  return found ?? changeAfter(timeZone, candidates[0] ?? shown, 2) ?? shown - after
}

/** The first instant of a day, and the first that is no longer in it. */
export const boundsOf = (timeZone: string, day: Day): [from: number, to: number] => [
  instantOf(timeZone, day, 0),
  instantOf(timeZone, addDays(day, 1), 0),
]

/** How far the clock on the wall is ahead of UTC, in milliseconds. */
export function offsetAt(timeZone: string, instant: number): number {
  const { before, change, after } = offsetsOf(timeZone, Math.floor(instant / dayMs))
  return instant < change ? before : after
}

/** More than a year: a zone that does not change its clock within it has given that up. */
const yearDays = 400

/** The first instant later than the given one at which the clock is changed; undefined if it is not within so many days. */
export function changeAfter(timeZone: string, instant: number, withinDays = yearDays): number | undefined {
  const first = Math.floor(instant / dayMs)
  for (let date = first; date <= first + withinDays; date++) {
    const { change } = offsetsOf(timeZone, date)
    if (change > instant && Number.isFinite(change)) return change
  }
  return undefined
}

/** The last change of the clock, at the instant or earlier; undefined if there was none within so many days. */
export function changeBefore(timeZone: string, instant: number, withinDays = yearDays): number | undefined {
  const last = Math.floor(instant / dayMs)
  for (let date = last; date >= last - withinDays; date--) {
    const { change } = offsetsOf(timeZone, date)
    if (change <= instant) return change
  }
  return undefined
}

/** The offsets of 24 hours of UTC. No zone changes its clock twice in them. `change` is infinity where it does not at all. */
interface Offsets {
  before: number
  change: number
  after: number
}

/** Looking up an offset takes microseconds, and free times ask for thousands of the same few days. */
const known = new Map<string, Map<number, Offsets>>()
/** Eleven years of one zone; then it is begun anew. */
const knownAtMost = 4_096

function offsetsOf(timeZone: string, date: number): Offsets {
  let ofZone = known.get(timeZone)
  if (!ofZone) {
    ofZone = new Map()
    known.set(timeZone, ofZone)
  }
  const found = ofZone.get(date)
  if (found) return found
  if (ofZone.size >= knownAtMost) ofZone.clear()
  const offsets = readOffsets(timeZone, date * dayMs)
  ofZone.set(date, offsets)
  return offsets
}

/** From the last instant of the day before, so that a change at midnight is this day's. */
function readOffsets(timeZone: string, start: number): Offsets {
  let [low, high] = [start - 1, start + dayMs - 1]
  const [before, after] = [readOffset(timeZone, low), readOffset(timeZone, high)]
  if (before === after) return { before, change: Number.POSITIVE_INFINITY, after }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2)
    if (readOffset(timeZone, middle) === before) low = middle
    else high = middle
  }
  return { before, change: high, after }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function readOffset(timeZone: string, instant: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    formats.set(timeZone, format)
  }
  // `GMT`, `GMT+01:00`, `GMT-02:30`; before the time zones of railways also `GMT+00:49:56`.
  const name = format.formatToParts(instant).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
}
