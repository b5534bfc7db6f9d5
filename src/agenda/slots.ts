/**
 * Free times: computed, never stored. Pure.
 *
 * A day's weekly spans become instants, closures are cut out of them, and what is left is divided into times as long as the service
 * takes. A time is free while a lane of the calendar has nothing in it: one officer is one lane, desks without names are several. It lies
 * within one span whole (nobody is received across lunch), begins no sooner than the notice and no later than the horizon.
 */
import { addDays, dayAt, instantOf, weekdayOf } from '../platform/index.ts'

export interface Opening {
  /** 1 is Monday. */
  weekday: number
  /** Minutes after midnight of office time. */
  opens: number
  closes: number
}

export interface Closure {
  firstDay: string
  lastDay: string
  /** Minutes after midnight; null is the whole day. */
  opens: number | null
  closes: number | null
  reason: string
}

/** Instants are milliseconds. */
export interface Taken {
  lane: number
  start: number
  end: number
}

export interface Calendar {
  id: string
  officer: { id: string; name: string } | null
  capacity: number
  openings: readonly Opening[]
  closures: readonly Closure[]
  taken: readonly Taken[]
}

/** What is asked for, and the place where it is. */
export interface SlotRequest {
  durationMinutes: number
  noticeMinutes: number
  horizonDays: number
  now: number
  timeZone: string
  isHoliday(day: string): boolean
}

export interface FreeSlot {
  start: number
  end: number
  /** How many citizens can still be received. */
  free: number
  /** Calendars that have a free lane. */
  calendars: Calendar[]
}

export interface DayOfSlots {
  day: string
  state: 'free' | 'full' | 'closed'
  /** Why nobody is received at all, beyond the weekly hours. */
  because: { kind: 'holiday' } | { kind: 'closure'; reason: string } | { kind: 'not-yet'; bookableFrom: string } | null
  slots: FreeSlot[]
}

const minute = 60_000

/** The free times of a day over all calendars, in order. */
export function slotsOfDay(day: string, calendars: readonly Calendar[], asked: SlotRequest): DayOfSlots {
  const none: DayOfSlots = { day, state: 'closed', because: null, slots: [] }
  if (asked.isHoliday(day)) return { ...none, because: { kind: 'holiday' } }
  const open = calendars.map(calendar => ({ calendar, spans: openSpans(day, calendar, asked.timeZone) }))
  if (open.every(each => each.spans.length === 0)) {
    const [weekday, closure] = [weekdayOf(day), calendars.flatMap(each => each.closures.filter(one => covers(one, day)))[0]]
    const wouldBeOpen = calendars.some(each => each.openings.some(one => one.weekday === weekday))
    return closure && wouldBeOpen ? { ...none, because: { kind: 'closure', reason: closure.reason } } : none
  }
  if (day > addDays(dayAt(asked.timeZone, asked.now), asked.horizonDays))
    return { ...none, because: { kind: 'not-yet', bookableFrom: addDays(day, -asked.horizonDays) } }
  const byStart = new Map<number, FreeSlot>()
  for (const { calendar, spans } of open)
    for (const [start, end] of timesIn(spans, asked.durationMinutes)) {
      if (start < asked.now + asked.noticeMinutes * minute) continue
      const lanes = freeLanes(calendar, start, end).length
      if (lanes === 0) continue
      const slot = byStart.get(start) ?? { start, end, free: 0, calendars: [] }
      slot.free += lanes
      slot.calendars.push(calendar)
      byStart.set(start, slot)
    }
  const slots = [...byStart.values()].sort((a, b) => a.start - b.start)
  return { day, state: slots.length > 0 ? 'free' : 'full', because: null, slots }
}

/** The first free times of some days, both included, within the horizon. */
export function firstFree(
  { from, to }: { from: string; to: string },
  calendars: readonly Calendar[],
  asked: SlotRequest,
  count: number,
): FreeSlot[] {
  const found: FreeSlot[] = []
  const horizon = addDays(dayAt(asked.timeZone, asked.now), asked.horizonDays)
  const last = to < horizon ? to : horizon
  for (let day = from; day <= last && found.length < count; day = addDays(day, 1))
    found.push(...slotsOfDay(day, calendars, asked).slots.slice(0, count - found.length))
  return found
}

/** Calendars in which a time begins at `start` by their hours, whatever is taken, notice and horizon included. */
export function calendarsThatOffer(start: number, calendars: readonly Calendar[], asked: SlotRequest): Calendar[] {
  const untouched = calendars.map(calendar => ({ ...calendar, taken: [] }))
  const slot = slotsOfDay(dayAt(asked.timeZone, start), untouched, asked).slots.find(each => each.start === start)
  return calendars.filter(calendar => slot?.calendars.some(each => each.id === calendar.id))
}

/** Lanes with nothing in them between two instants. */
export function freeLanes(calendar: Pick<Calendar, 'capacity' | 'taken'>, start: number, end: number): number[] {
  const busy = new Set(calendar.taken.filter(each => each.start < end && each.end > start).map(each => each.lane))
  return Array.from({ length: calendar.capacity }, (_, lane) => lane).filter(lane => !busy.has(lane))
}

type Span = [start: number, end: number]

function openSpans(day: string, calendar: Calendar, timeZone: string): Span[] {
  const weekday = weekdayOf(day)
  const spans = calendar.openings
    .filter(opening => opening.weekday === weekday)
    .map(({ opens, closes }): Span => [instantOf(timeZone, day, opens), instantOf(timeZone, day, closes)])
  return calendar.closures
    .filter(closure => covers(closure, day))
    .reduce((left, { opens, closes }) => {
      const closed: Span = [instantOf(timeZone, day, opens ?? 0), instantOf(timeZone, day, closes ?? 1_440)]
      return left.flatMap(span => without(span, closed))
    }, spans)
    .filter(([start, end]) => start < end)
    .sort(([a], [b]) => a - b)
}

const covers = (closure: Closure, day: string): boolean => closure.firstDay <= day && day <= closure.lastDay

const without = ([start, end]: Span, [from, to]: Span): Span[] => [
  [start, Math.min(end, from)],
  [Math.max(start, to), end],
]

function timesIn(spans: readonly Span[], durationMinutes: number): Span[] {
  const length = durationMinutes * minute
  return spans.flatMap(([start, end]) =>
    Array.from({ length: Math.floor((end - start) / length) }, (_, i): Span => [start + i * length, start + (i + 1) * length]),
  )
}
