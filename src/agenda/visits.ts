/** What the counters need of the agenda: appointments of an office by their code, and the steps that a visit takes with them in its own transaction. */
import { type Actor, boundsOf, type Db, type House, notFound, unitsIn, type Verdict, type Work } from '../platform/index.ts'
import {
  appointmentCalledIn,
  appointmentCheckedIn,
  appointmentConcluded,
  appointmentLeft,
  appointmentNoShow,
  appointmentStarted,
  appointmentTakenBack,
} from './events.ts'
import type { AppointmentOutcome } from './model.ts'
import { holidayOf, officeOf } from './places.ts'
import { appointmentStandingOf, mayCallCitizen } from './policy.ts'
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

/** The citizen is called to a desk. A second call is the time that counts. */
export async function callInForVisit(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row?.state !== 'checked-in') return
  await updateAppointment(work.tx, row.id, { called_at: work.now })
  await work.journal(appointmentCalledIn, aboutOf(row), subjectsOf(row))
}

/** The citizen has gone before being received. */
export async function leaveForVisit(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row?.state !== 'checked-in') return
  await updateAppointment(work.tx, row.id, { state: 'left', ended_at: work.now })
  await work.journal(appointmentLeft, aboutOf(row), subjectsOf(row))
}

/** That the citizen had gone was a mistake: they wait again. */
export async function waitAgainForVisit(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row?.state !== 'left') return
  const to = 'checked-in'
  await updateAppointment(work.tx, row.id, { state: to, ended_at: null })
  await work.journal(appointmentTakenBack, { ...aboutOf(row), from: row.state, to }, subjectsOf(row))
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
  await work.journal(appointmentConcluded, { ...aboutOf(row), outcome, followUp: null }, subjectsOf(row))
}

/** What is written of the call to the citizen of an appointment. */
export async function subjectsForCall(
  work: Work,
  appointmentId: string,
): Promise<{ contactId: string; caseId: string; unitId: string; about: string } | undefined> {
  const row = await readAppointment(work.tx, appointmentId)
  return row && { contactId: row.contact_id, caseId: row.case_id, unitId: row.unit_id, about: row.reason }
}

/** The citizen was called as often as we call, and did not answer. */
export async function missForCall(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row?.state !== 'booked' || row.starts_at > work.now) return
  await updateAppointment(work.tx, row.id, { state: 'no-show', ended_at: work.now })
  await work.journal(appointmentNoShow, aboutOf(row), subjectsOf(row))
}

/** An appointment by telephone, and whether the actor may call its citizen now. @throws Refused 404 for what is not theirs to see */
export async function appointmentToCall(
  db: Db,
  actor: Actor,
  id: string,
  now: number,
  lock = false,
): Promise<{ appointment: VisitAppointment; verdict: Verdict }> {
  const row = await readAppointment(db, id, lock)
  const standing = row && appointmentStandingOf(actor, row)
  if (!row || standing === undefined) throw notFound('appointment')
  return { appointment: row, verdict: mayCallCitizen(standing, { ...row, start: row.starts_at.getTime() }, now) }
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
