/**
 * The first free times of several offices.
 *
 * Each office is looked at from the instant before which it is known to have nothing (`none_before`), some days first, then twice as many: where
 * times are free, little is read; where all is full, few times. What is found out on the way is kept for who asks next.
 */
import { type Actor, addDays, boundsOf, type Db, dayAt, type House } from '../platform/index.ts'
import { type Bound, keepBounds } from './bound-store.ts'
import type { Slot } from './model.ts'
import { holidayOf, type Office } from './places.ts'
import { bookingGroupOf } from './policy.ts'
import { calendarsOfSlot, type Fitting, type FreeSlot, firstFree, type SlotRequest } from './slots.ts'
import { type CalendarOfUnit, calendarsWithHours, withTaken } from './store.ts'
import type { OfferedRow } from './tables.ts'

/** Most offices have a free time within so many days of the first that is possible. */
const firstSpanDays = 2
/** A bound that would move by less is not written anew. */
const worthKeepingMs = 30 * 60_000

/** An office, with a service as it offers it. */
export interface OfficeAsked {
  office: Office
  service: OfferedRow
  /** No time before this instant is meant. */
  after?: number | undefined
}

export interface TimesWanted {
  /** Of each office. */
  times: number
  fits?: Fitting | undefined
  /** Only times with this officer. */
  officer?: string | undefined
  /** Whose holds count as free; the actor's when left out. */
  owner?: string
  /** Whether what is found out is kept for who asks next; never within a transaction that does something else. */
  keep?: boolean
}

interface Looking {
  place: OfficeAsked
  asked: SlotRequest
  calendars: readonly CalendarOfUnit[]
  /** The days that are looked at next. */
  firstDay: string
  lastDay: string
  horizon: string
  slots: Slot[]
  /** Nothing is free before, whoever asks and whatever is only held; undefined as long as it is not known. */
  noneBefore: number | undefined
}

/**
 * The first free times of offices for one service, by office, in order; an office in which nobody receives for it is left out.
 * In three queries, and one for each doubling of the days until the fullest office has its times.
 */
export async function firstFreeAt(
  house: House,
  actor: Actor,
  db: Db,
  places: readonly OfficeAsked[],
  wanted: TimesWanted,
): Promise<Map<string, Slot[]>> {
  const timeZone = house.config.TIME_ZONE
  const now = house.clock.now()
  const reader = { timeZone, now: new Date(now), owner: wanted.owner ?? holdOwnerOf(actor) }
  const all = await begin(house, actor, db, places, wanted)
  for (let [looking, days] = [all, firstSpanDays]; looking.length > 0; days *= 2) {
    for (const each of looking) each.lastDay = earlier(addDays(each.firstDay, days - 1), each.horizon)
    const spans = new Map(looking.map(each => [each.place.office.id, each]))
    const read = await withTaken(
      db,
      looking.flatMap(each => each.calendars),
      unitId => spans.get(unitId) ?? { firstDay: '', lastDay: '' },
      reader,
    )
    const calendars = Map.groupBy(read, calendar => calendar.unitId)
    for (const each of looking) look(each, calendars.get(each.place.office.id) ?? [], wanted, timeZone)
    looking = looking.filter(each => each.slots.length < wanted.times && each.firstDay <= each.horizon)
  }
  if (isAboutAll(wanted))
    await keepBounds(
      db,
      all.flatMap(each => boundOf(each, now, timeZone) ?? []),
    )
  return new Map(all.map(each => [each.place.office.id, each.slots]))
}

/** Whether what is not found is not there at all. */
const isAboutAll = ({ keep, fits, officer }: TimesWanted): boolean => keep === true && !fits && officer === undefined

async function begin(
  house: House,
  actor: Actor,
  db: Db,
  places: readonly OfficeAsked[],
  { officer }: TimesWanted,
): Promise<Looking[]> {
  const serviceId = places[0]?.service.id
  if (serviceId === undefined) return []
  const timeZone = house.config.TIME_ZONE
  const today = dayAt(timeZone, house.clock.now())
  const lastDay = addDays(today, Math.max(...places.map(({ service }) => service.horizon_days)))
  const unitIds = places.map(({ office }) => office.id)
  const hours = Map.groupBy(
    (await calendarsWithHours(db, { unitIds, serviceId, timeZone, firstDay: today, lastDay })).filter(
      calendar => officer === undefined || calendar.officer?.id === officer,
    ),
    calendar => calendar.unitId,
  )
  return places.flatMap(place => {
    const calendars = hours.get(place.office.id)
    if (!calendars) return []
    const asked = askedOf(house, actor, place.office, place.service)
    const from = Math.max(earliestAt(place.service, asked.now), place.after ?? 0)
    const horizon = addDays(today, place.service.horizon_days)
    const firstDay = dayAt(timeZone, from)
    return [{ place, asked, calendars, firstDay, lastDay: firstDay, horizon, slots: [], noneBefore: undefined }]
  })
}

/** Looks at the days that are next, and says which come after them. */
function look(each: Looking, calendars: readonly CalendarOfUnit[], wanted: TimesWanted, timeZone: string): void {
  const { place, asked } = each
  const span = { from: each.firstDay, to: each.lastDay }
  const after = place.after ?? 0
  const fits = wanted.fits ?? { day: () => true, start: () => true }
  const more = firstFree(span, calendars, asked, wanted.times - each.slots.length, {
    day: fits.day,
    start: start => start >= after && fits.start(start),
  })
  each.slots.push(...more.map(slot => slotView(slot, calendars)))
  if (isAboutAll(wanted) && each.noneBefore === undefined) {
    const isShownToAll = after === 0 && asked.shares.length === 0 && calendars.every(({ held }) => held.length === 0)
    const first = isShownToAll ? more[0] : firstEver(span, calendars, asked)
    if (first) each.noneBefore = first.start
    else if (each.lastDay >= each.horizon) each.noneBefore = boundsOf(timeZone, each.horizon)[1]
  }
  each.firstDay = addDays(each.lastDay, 1)
}

/** The first time that is not an appointment's, whoever may have it. */
function firstEver(span: { from: string; to: string }, calendars: readonly CalendarOfUnit[], asked: SlotRequest) {
  const ever = calendars.map(calendar => ({ ...calendar, taken: calendar.taken.filter(taken => !calendar.held.includes(taken)) }))
  return firstFree(span, ever, { ...asked, group: 'office' }, 1)[0]
}

/** What has been found out of an office; undefined when it is nothing new. A closure from above may be taken back at any moment. */
function boundOf({ place, noneBefore, calendars }: Looking, now: number, timeZone: string): Bound | undefined {
  const known = earliestAt(place.service, now)
  if (noneBefore === undefined || (place.after ?? 0) > known) return undefined
  const closedFrom = calendars.map(({ closedAbove }) => (closedAbove === null ? noneBefore : boundsOf(timeZone, closedAbove)[0]))
  const sure = Math.min(noneBefore, ...closedFrom)
  if (sure - known < worthKeepingMs) return undefined
  const { id, offered_version } = place.service
  return { unitId: place.office.id, serviceId: id, noneBefore: new Date(sure), version: offered_version }
}

/** The first instant at which an office can have a time of a service, as far as is known. */
const earliestAt = ({ none_before, notice_minutes }: OfferedRow, now: number): number =>
  Math.max(now + notice_minutes * 60_000, none_before.getTime())

const earlier = (a: string, b: string): string => (a < b ? a : b)

/** Whose a hold is. A citizen has none without a session. */
export const holdOwnerOf = (actor: Actor, session?: string): string =>
  session !== undefined
    ? `session:${session}`
    : actor.kind === 'person'
      ? `person:${actor.personId}`
      : actor.kind === 'system'
        ? `system:${actor.name}`
        : `citizen:${actor.channel}`

/** What is asked for when an actor looks for times of a service at an office. */
export const askedOf = (house: House, actor: Actor, office: Office, service: OfferedRow): SlotRequest => ({
  durationMinutes: service.duration_minutes,
  preparationMinutes: service.preparation_minutes,
  bufferMinutes: service.buffer_minutes,
  shares: service.shares,
  group: bookingGroupOf(actor),
  noticeMinutes: service.notice_minutes,
  horizonDays: service.horizon_days,
  now: house.clock.now(),
  timeZone: house.config.TIME_ZONE,
  isHoliday: holidayOf(office),
})

export function slotView(slot: FreeSlot, calendars: readonly CalendarOfUnit[]): Slot {
  return {
    start: new Date(slot.start).toISOString(),
    end: new Date(slot.end).toISOString(),
    free: slot.places.length,
    officers: calendarsOfSlot(slot).flatMap(calendar => (calendar.officer ? [calendar.officer] : [])),
    heldByYou: calendars.some(calendar => calendar.own.some(own => own.start === slot.occupied.start)),
  }
}
