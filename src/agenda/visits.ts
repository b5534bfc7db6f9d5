/** What the counters need of the agenda: appointments of an office by their code, and the steps that a visit takes with them in its own transaction. */
import { boundsOf, type Db, type House, unitsIn, type Work } from '../platform/index.ts'
import { appointmentCheckedIn, appointmentConcluded, appointmentStarted } from './events.ts'
import type { AppointmentOutcome } from './model.ts'
import { holidayOf, officeOf } from './places.ts'
import { openSpans } from './slots.ts'
import { calendarsWithHours, readAppointment, updateAppointment } from './store.ts'
import type { AppointmentRow } from './tables.ts'
import { bookedBetween, bookedMinutes } from './visit-store.ts'

export type VisitAppointment = AppointmentRow

/** The appointment with this code, of the request or of the day, at an office between two instants, unless it is over; the earliest. */
export async function appointmentByCode(
  work: Work,
  { unitId, code, from, to }: { unitId: string; code: string; from: Date; to: Date },
): Promise<VisitAppointment | undefined> {
  const booked = await bookedBetween(work.tx, unitId, from, to)
  const found = booked.find(each => each.code === code || each.day_code === code)
  return found && readAppointment(work.tx, found.id, true)
}

/** The citizen has arrived at the counters. */
export async function arriveForAppointment(work: Work, row: VisitAppointment): Promise<void> {
  if (row.state !== 'booked') return
  await updateAppointment(work.tx, row.id, { state: 'checked-in', checked_in_at: work.now })
  await work.journal(appointmentCheckedIn, aboutOf(row), subjectsOf(row))
}

/** The officer receives the citizen at a desk. */
export async function startForVisit(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row?.state !== 'checked-in' && row?.state !== 'booked') return
  await updateAppointment(work.tx, row.id, {
    ...{ state: 'in-progress', checked_in_at: row.checked_in_at ?? work.now, started_at: work.now },
  })
  await work.journal(appointmentStarted, aboutOf(row), subjectsOf(row))
}

/** The visit has ended, and the appointment with it. */
export async function concludeForVisit(
  work: Work,
  { appointmentId, outcome, text }: { appointmentId: string; outcome: AppointmentOutcome; text: string },
): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row?.state !== 'in-progress') return
  await updateAppointment(work.tx, row.id, { state: 'concluded', outcome, outcome_text: text, ended_at: work.now })
  await work.journal(appointmentConcluded, { ...aboutOf(row), outcome }, subjectsOf(row))
}

/** What an office offers and has given away on a day: minutes at all its places together, without what was cancelled. */
export async function minutesOfDay(
  house: House,
  db: Db,
  unitId: string,
  day: string,
): Promise<{ planned: number; booked: number }> {
  const timeZone = house.config.TIME_ZONE
  const office = await officeOf(db, unitId)
  const [from, to] = boundsOf(timeZone, day)
  const booked = await bookedMinutes(db, unitId, new Date(from), new Date(to))
  if (!office || holidayOf(office)(day)) return { planned: 0, booked }
  const calendars = await calendarsWithHours(db, { unitIds: [unitId], firstDay: day, lastDay: day, timeZone })
  const open = calendars.map(
    each => openSpans(day, each, timeZone).reduce((sum, [start, end]) => sum + end - start, 0) * each.capacity,
  )
  return { planned: Math.round(open.reduce((sum, ms) => sum + ms, 0) / 60_000), booked }
}

const aboutOf = (row: AppointmentRow) => ({ appointmentId: row.id, unitId: row.unit_id })

const subjectsOf = (row: AppointmentRow) => ({
  case: row.case_id,
  contact: row.contact_id,
  person: row.officer_id ?? undefined,
  units: unitsIn(row.unit_path, row.booked_by_path),
})
