/**
 * Groups: citizens who are booked with one calendar for one time and received together. Each has an appointment of their own, with its own case and outcome; what
 * happens to all at once is noted of all at once.
 */

import { contactsOf } from '../contacts/index.ts'
import {
  type Actor,
  type House,
  type Language,
  must,
  notFound,
  permissionOf,
  Refused,
  refused,
  useCase,
  type Verdict,
  type Work,
} from '../platform/index.ts'
import { conclude, missed, receive } from './appointments.ts'
import { appointmentsOfGroup, groupCalendar } from './group-store.ts'
import type { AppointmentGroup, AppointmentOutcome, AppointmentState, GroupAct, OneAppointment } from './model.ts'
import { appointmentStandingOf, fitsMoment, mayActOnAppointment } from './policy.ts'
import { readAppointment } from './store.ts'
import type { AppointmentRow } from './tables.ts'

/** Whom each act is about: who is here, who is being received, who has not come. */
const concerned: Readonly<Record<GroupAct, AppointmentState>> = {
  start: 'checked-in',
  conclude: 'in-progress',
  'no-show': 'booked',
}

/** All who are here are received. @throws Refused 404, 403, 409 when nobody is here */
export const startGroup = useCase((work, one: OneAppointment) => forAll(work, one, 'start', row => receive(work, row)))

/** All who were received are done, with one outcome and one note; their cases are closed. @throws Refused 404, 403, 409 when nobody is being received */
export const concludeGroup = useCase(
  (work, { outcome, text, ...one }: OneAppointment & { outcome: AppointmentOutcome; text: string }) =>
    forAll(work, one, 'conclude', row => conclude(work, row, { outcome, text, followUp: null })),
)

/** All who are still expected have not come. @throws Refused 404, 403, 409 when nobody is expected, or it is too early */
export const missedByGroup = useCase((work, one: OneAppointment) => forAll(work, one, 'no-show', row => missed(work, row)))

/** Appointments are locked in the order of their identifiers; of one that somebody else has dealt with meanwhile nothing is noted twice. */
async function forAll(
  work: Work,
  { appointmentId }: OneAppointment,
  act: GroupAct,
  note: (row: AppointmentRow) => Promise<void>,
): Promise<OneAppointment> {
  const one = await readAppointment(work.tx, appointmentId)
  const standing = one && appointmentStandingOf(work.actor, one)
  if (!one || standing === undefined) throw notFound('appointment')
  must(mayActOnAppointment(act, standing))
  if (!(await groupCalendar(work.tx, one.calendar_id))) throw new Refused('agenda.noGroup', {}, 409)
  const rows = await appointmentsOfGroup(work.tx, one, { lock: true })
  const verdict = fitsGroup(act, one, rows, { now: work.now.getTime(), timeZone: work.house.config.TIME_ZONE })
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 409)
  for (const row of rows) if (row.state === concerned[act]) await note(row)
  return { appointmentId }
}

/** Whether an act can be noted of a group now: the question of the moment, not of rights. */
function fitsGroup(
  act: GroupAct,
  one: AppointmentRow,
  rows: readonly AppointmentRow[],
  moment: { now: number; timeZone: string },
): Verdict {
  const state = concerned[act]
  return rows.some(row => row.state === state)
    ? fitsMoment(act, { state, start: one.starts_at.getTime() }, moment)
    : refused(`agenda.policy.group.${act}`)
}

/** The others who are received with the citizen of an appointment; null where citizens are received one by one. */
export async function groupView(
  house: House,
  actor: Actor,
  one: AppointmentRow,
  language: Language,
): Promise<AppointmentGroup | null> {
  const db = house.database.kysely
  const group = await groupCalendar(db, one.calendar_id)
  if (!group) return null
  const rows = await appointmentsOfGroup(db, one, { lock: false })
  const contacts = await contactsOf(
    db,
    rows.map(row => row.contact_id),
  )
  const moment = { now: house.clock.now(), timeZone: house.config.TIME_ZONE }
  const act = (name: GroupAct) => {
    const right = mayActOnAppointment(name, appointmentStandingOf(actor, one))
    return permissionOf(right.allowed ? fitsGroup(name, one, rows, moment) : right, language)
  }
  return {
    places: group.capacity,
    members: rows
      .map(row => ({ appointmentId: row.id, name: contacts.get(row.contact_id)?.name ?? '', state: row.state }))
      .toSorted((a, b) => a.name.localeCompare(b.name, language)),
    acts: { start: act('start'), conclude: act('conclude'), 'no-show': act('no-show') },
  }
}
