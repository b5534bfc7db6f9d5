/** Appointments whose time is gone get another one, or are cancelled, as was decided of each. */
import { dayAt, Refused, type Work } from '../../platform/index.ts'
import { cancelForOffice, relocate } from '../appointments.ts'
import type { Office } from '../places.ts'
import { slotsOfDay } from '../slots.ts'
import { endHold, giveBack, insertHold, readService, take } from '../store.ts'
import type { Plan } from './fit.ts'
import type { Rebooking, SetUp } from './model.ts'
import type { BookedRow } from './store.ts'

/**
 * Does what was decided of each displaced appointment; each is written to.
 * @throws Refused 409 when nothing was decided of one, or where one should go is not free
 */
export async function rebook(
  work: Work,
  office: Office,
  setUp: SetUp,
  displaced: readonly BookedRow[],
  plan: Plan,
  rebookings: readonly Rebooking[],
): Promise<{ moved: number; cancelled: number }> {
  const decided = new Map(rebookings.map(each => [each.appointmentId, each.to]))
  const undecided = displaced.filter(({ id }) => !decided.has(id))
  if (undecided.length > 0) throw new Refused('agenda.setUp.booked', { count: undecided.length }, 409)
  for (const { id } of displaced) await giveBack(work.tx, id)
  let moved = 0
  for (const booked of displaced) {
    const to = decided.get(booked.id)
    if (!to) await cancelForOffice(work, booked.row)
    else {
      await moveTo(work, office, setUp, plan, booked, to)
      moved++
    }
  }
  return { moved, cancelled: displaced.length - moved }
}

/** Moves an appointment to a place of the set-up, whatever is kept for whom. @throws Refused 409 when it is not free */
async function moveTo(
  work: Work,
  office: Office,
  setUp: SetUp,
  plan: Plan,
  booked: BookedRow,
  to: { calendarId: string; start: string },
): Promise<void> {
  const asked = plan.asked(booked.serviceId)
  const calendar = plan.calendars.find(({ id, services }) => id === to.calendarId && services.includes(booked.serviceId))
  const start = Date.parse(to.start)
  const service = await readService(work.tx, booked.serviceId)
  const slot =
    asked && calendar
      ? slotsOfDay(dayAt(asked.timeZone, start), [calendar], { ...asked, horizonDays: 366 }).slots.find(
          each => each.start === start,
        )
      : undefined
  if (!slot || !calendar || !service) throw new Refused('agenda.setUp.placeGone', { name: booked.row.service_name }, 409)
  const times = { start: new Date(slot.start), end: new Date(slot.end) }
  for (const { lane } of slot.places) {
    const id = work.ids()
    await insertHold(work.tx, {
      ...{ id, owner: `set-up:${office.id}`, unit_id: office.id, service_id: booked.serviceId, calendar_id: calendar.id },
      ...{ starts_at: times.start, ends_at: times.end, until: work.now, ended: null, mode: booked.row.mode },
    })
    const occupied = { start: new Date(slot.occupied.start), end: new Date(slot.occupied.end) }
    if (await take(work.tx, { id, calendarId: calendar.id, lane, ...occupied, heldUntil: work.now })) {
      const officer = setUp.calendars.find(each => each.id === calendar.id)?.officerId ? calendar.officer : null
      await relocate(work, booked.row, {
        holdId: id,
        office,
        service,
        calendarId: calendar.id,
        officer,
        ...times,
        mode: booked.row.mode,
      })
      return
    }
    await endHold(work.tx, id, 'released')
  }
  throw new Refused('agenda.setUp.placeGone', { name: booked.row.service_name }, 409)
}
