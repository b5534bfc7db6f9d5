/**
 * Series: several appointments of a service, every so many days. What can be had is proposed first, each time as near to the wanted one as is free; then all are booked
 * in one transaction, or none. For the hand of an office, as its week is.
 */
import {
  type Actor,
  addDays,
  dayAt,
  type House,
  instantOf,
  must,
  notFound,
  Refused,
  type Work,
  wallClock,
} from '../platform/index.ts'
import { type BookedAppointment, type ConfirmHold, confirmHold } from './appointments.ts'
import { askedOf, holdOwnerOf } from './first-free.ts'
import { needService, unbound } from './free-times.ts'
import { holdMinutes, onTheWall } from './holds.ts'
import type { AppointmentMode, SeriesProposal, SeriesTime, SeriesWanted } from './model.ts'
import { mayPlace } from './policy.ts'
import { type SlotRequest, slotsOfDay, timeFree } from './slots.ts'
import { type CalendarOfUnit, calendarsOf, insertHold, lockCalendars, take } from './store.ts'

/** So many days around the wanted one another is looked for. */
const daysAround = 3

/** The times of a series as they can be had now. @throws Refused 404 for an office that is not the actor's, 422 when it does not offer the service */
export async function proposeSeries(house: House, actor: Actor, wanted: SeriesWanted): Promise<SeriesProposal> {
  const db = house.database.kysely
  const { office, service } = await needService(db, wanted.unitId, wanted.serviceId)
  if (!mayPlace(actor, office.path).allowed) throw notFound('unit')
  const asked = { ...askedOf(house, actor, office, service), ...unbound }
  const { timeZone } = asked
  const { day: first, minutes } = wallClock(timeZone, Date.parse(wanted.start))
  const dayOf = (n: number) => addDays(first, n * wanted.everyDays)
  const calendars = (
    await calendarsOf(db, {
      unitIds: [office.id],
      serviceId: service.id,
      ...{ firstDay: addDays(first, -daysAround), lastDay: addDays(dayOf(wanted.count - 1), daysAround), timeZone },
      now: new Date(asked.now),
    })
  ).filter(({ id }) => wanted.calendarId === undefined || id === wanted.calendarId)
  const items = Array.from({ length: wanted.count }, (_, n) => {
    const at = instantOf(timeZone, dayOf(n), minutes)
    const slot = nearestSlot(dayOf(n), minutes, calendars, asked)
    const calendarId = slot?.places[0]?.calendar.id
    return {
      wanted: new Date(at).toISOString(),
      time: slot && calendarId !== undefined ? { start: new Date(slot.start).toISOString(), calendarId } : null,
    }
  })
  return { items }
}

/** The free time that is nearest to a time of the day: on its own day, else on a day around it. No two times of a series are the same, for they lie further apart. */
function nearestSlot(day: string, minutes: number, calendars: readonly CalendarOfUnit[], asked: SlotRequest) {
  const days = [0, ...Array.from({ length: daysAround }, (_, i) => [i + 1, -i - 1]).flat()]
  for (const by of days) {
    const { slots } = slotsOfDay(addDays(day, by), calendars, asked)
    const at = instantOf(asked.timeZone, addDays(day, by), minutes)
    const far = (start: number) => Math.abs(start - at)
    const [first, ...others] = slots
    if (first) return others.reduce((best, slot) => (far(slot.start) < far(best.start) ? slot : best), first)
  }
  return undefined
}

/**
 * Books all times of a series, in the caller's transaction.
 * @throws Refused 409 for the first that is not free any more, and as `confirmHold`: nothing is booked then
 */
export async function bookSeries(
  work: Work,
  { unitId, serviceId, mode, times }: { unitId: string; serviceId: string; mode: AppointmentMode; times: readonly SeriesTime[] },
  matter: Omit<ConfirmHold, 'holdId' | 'session'>,
): Promise<BookedAppointment[]> {
  const { office, service } = await needService(work.tx, unitId, serviceId)
  must(mayPlace(work.actor, office.path))
  if (!service.modes.includes(mode)) throw new Refused('agenda.modeNotHere', { field: 'mode', service: service.name }, 422)
  await lockCalendars(
    work.tx,
    times.map(({ calendarId }) => calendarId),
  )
  const asked = { ...askedOf(work.house, work.actor, office, service), ...unbound, now: work.now.getTime() }
  const booked: BookedAppointment[] = []
  for (const { start, calendarId } of times.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))) {
    const day = dayAt(asked.timeZone, Date.parse(start))
    const span = { firstDay: day, lastDay: day, timeZone: asked.timeZone, now: work.now }
    const calendars = await calendarsOf(work.tx, { unitIds: [office.id], serviceId: service.id, ...span })
    const slot = timeFree(
      Date.parse(start),
      calendars.filter(({ id }) => id === calendarId),
      asked,
    )
    const place = slot?.places[0]
    const id = work.ids()
    const until = new Date(work.now.getTime() + holdMinutes * 60_000)
    const gone = () => new Refused('agenda.seriesGone', { at: onTheWall(asked.timeZone, Date.parse(start)) }, 409)
    if (!slot || !place) throw gone()
    await insertHold(work.tx, {
      ...{ id, owner: holdOwnerOf(work.actor), unit_id: office.id, service_id: service.id, calendar_id: calendarId },
      ...{ starts_at: new Date(slot.start), ends_at: new Date(slot.end), until, ended: null, mode },
    })
    const occupied = { start: new Date(slot.occupied.start), end: new Date(slot.occupied.end) }
    if (!(await take(work.tx, { id, calendarId, lane: place.lane, ...occupied, heldUntil: until }))) throw gone()
    booked.push(await confirmHold(work, { ...matter, holdId: id }))
  }
  return booked
}
