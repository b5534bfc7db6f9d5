/**
 * Office time: what the clock on the wall of an office says. Opening hours and appointments are in it, whatever the browser's zone.
 * Pure.
 *
 * On the last Sunday of March the clock jumps from 02:00 to 03:00, on the last Sunday of October it goes back from 03:00 to 02:00. A time
 * that is missing stands for the instant of the jump; of a time that comes twice, the caller says which one is meant.
 */

/** A day of the calendar, ISO 8601, e.g. 2026-11-24. */
export type Day = string

const dayMs = 86_400_000

export const nextDay = (day: Day, days = 1): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** What the clock on the wall says at an instant; minutes since midnight. */
export function wallClock(timeZone: string, at: Date): { day: Day; minutes: number } {
  const shown = new Date(at.getTime() + offsetMs(timeZone, at.getTime()))
  return { day: shown.toISOString().slice(0, 10), minutes: shown.getUTCHours() * 60 + shown.getUTCMinutes() }
}

/**
 * The instant at which the clock shows a time.
 * @param minutes since midnight; 1440 is the midnight at the end of the day
 * @param which of two, when the clock is put back
 */
export function instantOf(timeZone: string, day: Day, minutes: number, which: 'first' | 'last' = 'first'): Date {
  const shown = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000
  // Around a change there are two offsets: the one that held half a day before and the one that holds half a day after.
  const before = offsetMs(timeZone, shown - dayMs)
  const after = offsetMs(timeZone, shown + dayMs)
  const candidates = [shown - before, shown - after].sort((a, b) => a - b)
  const right = candidates.filter(instant => instant + offsetMs(timeZone, instant) === shown)
  const found = which === 'first' ? right.at(0) : right.at(-1)
  return new Date(found ?? jump(timeZone, candidates[0] ?? shown, candidates[1] ?? shown))
}

/** The first instant, to the minute, at which the offset is the later one. */
function jump(timeZone: string, from: number, until: number): number {
  const later = offsetMs(timeZone, until)
  let low = from
  let high = until
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000
    if (offsetMs(timeZone, middle) === later) high = middle
    else low = middle
  }
  return high
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the clock of the zone is ahead of UTC. */
function offsetMs(timeZone: string, instant: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    formats.set(timeZone, format)
  }
  const name = format.formatToParts(instant).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
