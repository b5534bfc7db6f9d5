/**
 * Free times: computed, never stored. Pure.
 *
 * A day's spans, of the week and beyond it, become instants, closures are cut out of them, and what is left is divided into times as long as
 * the service takes, with what the officer needs before and after. A time is free while a lane of the calendar has nothing in it: one
 * officer is one lane, desks without names are several. It lies within one span whole (nobody is received across lunch), begins no sooner
 * than the notice and no later than the horizon. A place (a lane at a time) that is kept for others is not offered before it is given free.
 */
import { addDays, dayAt, instantOf, weekdayOf } from '../platform/index.ts'
import type { BookingGroup, Share } from './model.ts'

export interface Opening {
  /** 1 is Monday. */
  weekday: number
  /** Minutes after midnight of office time. */
  opens: number
  closes: number
}

/** Hours of one day, beyond the week. */
export interface ExtraOpening {
  day: string
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

/** Closures that take whole days, as those of units do. */
export const wholeDays = (closures: readonly Pick<Closure, 'firstDay' | 'lastDay' | 'reason'>[] = []): Closure[] =>
  closures.map(({ firstDay, lastDay, reason }) => ({ firstDay, lastDay, opens: null, closes: null, reason }))

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
  extras: readonly ExtraOpening[]
  closures: readonly Closure[]
  taken: readonly Taken[]
}

/** What is asked for, and the place where it is. */
export interface SlotRequest {
  durationMinutes: number
  /** What the officer needs before the citizen comes, and after. */
  preparationMinutes: number
  bufferMinutes: number
  /** Places that are kept, and for whom it is asked; `office` is offered all of them. */
  shares: readonly Share[]
  group: BookingGroup | 'office'
  noticeMinutes: number
  horizonDays: number
  now: number
  timeZone: string
  isHoliday(day: string): boolean
}

export interface FreeSlot {
  /** When the citizen is received. */
  start: number
  end: number
  /** For how long the officer is occupied. */
  occupied: { start: number; end: number }
  /** Where the citizen can be received: as many can still come. */
  places: { calendar: Calendar; lane: number }[]
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
    const wouldBeOpen = calendars.some(
      each => each.openings.some(one => one.weekday === weekday) || each.extras.some(one => one.day === day),
    )
    return closure && wouldBeOpen ? { ...none, because: { kind: 'closure', reason: closure.reason } } : none
  }
  if (day > addDays(dayAt(asked.timeZone, asked.now), asked.horizonDays))
    return { ...none, because: { kind: 'not-yet', bookableFrom: addDays(day, -asked.horizonDays) } }
  const byStart = new Map<number, FreeSlot>()
  for (const { calendar, spans } of open) {
    const times = timesIn(spans, asked)
    const kept = keptPlaces(asked.shares, times.length * calendar.capacity)
    for (const [n, { start, end, occupied }] of times.entries()) {
      if (start < asked.now + asked.noticeMinutes * minute) continue
      for (const lane of freeLanes(calendar, occupied.start, occupied.end)) {
        if (!isOffered(kept[n * calendar.capacity + lane], start, asked)) continue
        const slot = byStart.get(start) ?? { start, end, occupied, places: [] }
        slot.places.push({ calendar, lane })
        byStart.set(start, slot)
      }
    }
  }
  const slots = [...byStart.values()].sort((a, b) => a.start - b.start)
  return { day, state: slots.length > 0 ? 'free' : 'full', because: null, slots }
}

/** Which times are meant of all that are free. */
export interface Fitting {
  day(day: string): boolean
  start(start: number): boolean
}

const everyTime: Fitting = { day: () => true, start: () => true }

/** The first free times of some days, both included, within the horizon. */
export function firstFree(
  { from, to }: { from: string; to: string },
  calendars: readonly Calendar[],
  asked: SlotRequest,
  count: number,
  fits: Fitting = everyTime,
): FreeSlot[] {
  const found: FreeSlot[] = []
  const horizon = addDays(dayAt(asked.timeZone, asked.now), asked.horizonDays)
  const last = to < horizon ? to : horizon
  for (let day = from; day <= last && found.length < count; day = addDays(day, 1)) {
    if (!fits.day(day)) continue
    const slots = slotsOfDay(day, calendars, asked).slots.filter(slot => fits.start(slot.start))
    found.push(...slots.slice(0, count - found.length))
  }
  return found
}

/** The calendars of the places of a time, each once. */
export const calendarsOfSlot = ({ places }: FreeSlot): Calendar[] => [...new Set(places.map(({ calendar }) => calendar))]

/** The time that begins at `start` by the hours of the calendars, whatever is taken, notice and horizon included. */
export function timeOffered(start: number, calendars: readonly Calendar[], asked: SlotRequest): FreeSlot | undefined {
  return timeFree(
    start,
    calendars.map(calendar => ({ ...calendar, taken: [] })),
    asked,
  )
}

/** The free time that begins at `start`. */
export const timeFree = (start: number, calendars: readonly Calendar[], asked: SlotRequest): FreeSlot | undefined =>
  slotsOfDay(dayAt(asked.timeZone, start), calendars, asked).slots.find(each => each.start === start)

/**
 * For whom each of the places of a calendar's day is kept; null is for everybody. They are dealt out by turns, so that a group has its share
 * of each part of the day, and of `places` at most its percentage, rounded up.
 */
export function keptPlaces(shares: readonly Share[], places: number): (Share | null)[] {
  if (shares.length === 0) return []
  const forAll = 100 - shares.reduce((sum, { percent }) => sum + percent, 0)
  const credits = [
    { share: null, percent: forAll, credit: 0 },
    ...shares.map(share => ({ share, percent: share.percent, credit: 0 })),
  ]
  return Array.from({ length: places }, () => {
    for (const each of credits) each.credit += each.percent
    const next = credits.reduce((most, each) => (each.credit > most.credit ? each : most))
    next.credit -= 100
    return next.share
  })
}

const isOffered = (kept: Share | null | undefined, start: number, { group, now }: SlotRequest): boolean =>
  !kept || group === 'office' || kept.group === group || now >= start - kept.freeHours * 60 * minute

/** Lanes with nothing in them between two instants. */
export function freeLanes(calendar: Pick<Calendar, 'capacity' | 'taken'>, start: number, end: number): number[] {
  const busy = new Set(calendar.taken.filter(each => each.start < end && each.end > start).map(each => each.lane))
  return Array.from({ length: calendar.capacity }, (_, lane) => lane).filter(lane => !busy.has(lane))
}

export type OpenSpan = [start: number, end: number]

/** When a calendar is open on a day, in order; holidays do not count here. */
export function openSpans(
  day: string,
  calendar: Pick<Calendar, 'openings' | 'extras' | 'closures'>,
  timeZone: string,
): OpenSpan[] {
  const weekday = weekdayOf(day)
  const hours = [
    ...calendar.openings.filter(opening => opening.weekday === weekday),
    ...calendar.extras.filter(extra => extra.day === day),
  ]
  const spans = hours.map(({ opens, closes }): OpenSpan => [instantOf(timeZone, day, opens), instantOf(timeZone, day, closes)])
  return calendar.closures
    .filter(closure => covers(closure, day))
    .reduce((left, { opens, closes }) => {
      const closed: OpenSpan = [instantOf(timeZone, day, opens ?? 0), instantOf(timeZone, day, closes ?? 1_440)]
      return left.flatMap(span => without(span, closed))
    }, spans)
    .filter(([start, end]) => start < end)
    .sort(([a], [b]) => a - b)
}

const covers = (closure: Closure, day: string): boolean => closure.firstDay <= day && day <= closure.lastDay

const without = ([start, end]: OpenSpan, [from, to]: OpenSpan): OpenSpan[] => [
  [start, Math.min(end, from)],
  [Math.max(start, to), end],
]

type Time = Omit<FreeSlot, 'places'>

function timesIn(spans: readonly OpenSpan[], asked: SlotRequest): Time[] {
  const [before, length, after] = [asked.preparationMinutes, asked.durationMinutes, asked.bufferMinutes].map(
    each => each * minute,
  ) as [number, number, number]
  const whole = before + length + after
  return spans.flatMap(([from, to]) =>
    Array.from({ length: Math.floor((to - from) / whole) }, (_, i): Time => {
      const start = from + i * whole + before
      return { start, end: start + length, occupied: { start: start - before, end: start + length + after } }
    }),
  )
}
