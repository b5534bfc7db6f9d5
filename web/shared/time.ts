/**
 * Time as people say it. Office time is what the clocks of the institute show, wherever the reader's clock is: its zone comes with the session,
 * and until somebody has signed in it is the browser's. The language comes in; the calendar is the server's own.
 */
import { addDays, dayAt, instantOf, weekdayOf } from '../../src/platform/office-time.ts'

export { addDays }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

let officeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
const formats = new Map<string, Intl.DateTimeFormat>()

/** From now on all times are told in this zone. */
export function keepOfficeTime(timeZone: string): void {
  if (timeZone === officeZone) return
  officeZone = timeZone
  formats.clear()
}

/** Returns how a moment is told in office time, by the words of `Intl`. */
export function told(at: Date | number, language: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(language, { timeZone: officeZone, ...options })
    formats.set(key, found)
  }
  return found.format(at)
}

/** `YYYY-MM-DD` in office time. */
export const dayOf = (at: Date | number): string => dayAt(officeZone, Number(at))

/** The last day from Monday to Friday before a day, both as ISO 8601. */
export function lastWeekday(isoDay: string): string {
  const before = addDays(isoDay, -1)
  return weekdayOf(before) <= 5 ? before : lastWeekday(before)
}

/** The beginning of a day in office time, as an instant; what is no day stays as it was typed, for the server to refuse. */
export const startOfDay = (isoDay: string): string =>
  isDay(isoDay) ? new Date(instantOf(officeZone, isoDay, 0)).toISOString() : isoDay

const isDay = (text: string): boolean => !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text

/** "10:42" */
export const clock = (at: Date | number, language: string): string => told(at, language, { hour: 'numeric', minute: '2-digit' })

/** "martedì 24 novembre 2026, 10:42:08", for hovering and for screen readers. */
export const exact = (at: Date | number, language: string): string =>
  told(at, language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  })

/** "martedì 24 novembre"; with `now`, the year too when it is another one. */
export const longDay = (at: Date | number, language: string, now?: number): string =>
  told(at, language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(now === undefined || dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4) ? {} : { year: 'numeric' }),
  })

/** A day (`YYYY-MM-DD`) as it is said beside others: "mar 24 nov". */
export const dayWithMonth = (isoDay: string, language: string): string =>
  told(Date.parse(startOfDay(isoDay)), language, { weekday: 'short', day: 'numeric', month: 'short' })

/** "gio 26" */
export const shortDay = (at: Date | number, language: string): string => told(at, language, { weekday: 'short', day: 'numeric' })

/** "26 nov" or, of another year, "26 nov 2025" */
export const date = (at: Date | number, language: string, now: number): string =>
  told(at, language, {
    day: 'numeric',
    month: 'short',
    ...(dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4) ? {} : { year: 'numeric' }),
  })

/** "21 marzo 1958": a day that is part of who somebody is. */
export const fullDate = (at: Date | number, language: string): string =>
  told(at, language, { day: 'numeric', month: 'long', year: 'numeric' })

/** How many days of the calendar lie between, in office time. */
export const daysBetween = (from: Date | number, to: Date | number): number =>
  Math.round((Date.parse(`${dayOf(to)}T12:00:00Z`) - Date.parse(`${dayOf(from)}T12:00:00Z`)) / day)

/** "adesso", "3 minuti fa", "ieri", "12 nov". */
export function ago(at: number, now: number, language: string): string {
  const past = now - at
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const size = Math.abs(past)
  if (size < 45_000) return relative.format(0, 'second')
  if (size < hour) return relative.format(-Math.round(past / minute), 'minute')
  if (size < 12 * hour && dayOf(at) === dayOf(now)) return relative.format(-Math.round(past / hour), 'hour')
  const days = daysBetween(at, now)
  if (Math.abs(days) <= 6) return relative.format(-days, 'day')
  return date(at, language, now)
}

/** When something is due: "ieri", "oggi, 14:00", "domani, 9:00", "gio 26", "12 gen". */
export function due(at: number, now: number, language: string): string {
  const days = daysBetween(now, at)
  if (days >= -1 && days <= 1) {
    const name = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
    return days === -1 ? name : `${name}, ${clock(at, language)}`
  }
  if (days > 1 && days <= 7) return shortDay(at, language)
  return date(at, language, now)
}

/** late: its time has passed · wait: within the day · otherwise calm. */
export function dueTone(at: number, now: number): 'late' | 'wait' | 'calm' {
  if (at < now) return 'late'
  return daysBetween(now, at) === 0 ? 'wait' : 'calm'
}

/** How old something is, short: "12 min", "1 h", "11 g". */
export function age(ms: number, units: { minutes: string; hours: string; days: string }): string {
  if (ms < hour) return `${Math.max(0, Math.floor(ms / minute))} ${units.minutes}`
  if (ms < day) return `${Math.floor(ms / hour)} ${units.hours}`
  return `${Math.floor(ms / day)} ${units.days}`
}

/** A duration as a clock: "03:18", "1:02:03". `short` leaves the first zero out: "3:18". */
export function duration(ms: number, short = false): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  if (h > 0) return `${h}:${two(m)}:${two(s)}`
  return short ? `${m}:${two(s)}` : `${two(m)}:${two(s)}`
}

/** A duration in words for screen readers: "3 minuti, 18 secondi". */
export function spokenDuration(ms: number, language: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const part = (value: number, unit: 'hour' | 'minute' | 'second') =>
    value > 0 ? [new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)] : []
  const parts = [
    ...part(Math.floor(seconds / 3_600), 'hour'),
    ...part(Math.floor(seconds / 60) % 60, 'minute'),
    ...part(seconds % 60, 'second'),
  ]
  return parts.length > 0
    ? parts.join(', ')
    : new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(0)
}

/** A request code as it is said: "482 719 3056". */
export const spokenCode = (code: string): string => code.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3')
