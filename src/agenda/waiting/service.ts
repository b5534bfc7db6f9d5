/**
 * The waiting list: joined and left, and what becomes of an offer.
 *
 * Accepting moves the appointment in one transaction: the booked time is given up when the new one is the citizen's, and not before. An offer is
 * answered while its hold stands and its time is not over; whoever answers another one than was read is told so.
 */
import { contactsOf, numbersToCall } from '../../contacts/index.ts'
import { type Actor, type Db, type House, must, notFound, Refused, useCase, type Work } from '../../platform/index.ts'
import { aboutOf, lockFor, pauseMinutes, refuseTwoPlacesAtOnce, relocate, subjectsOfAppointment } from '../appointments.ts'
import { appointmentOfferEnded, appointmentWaits } from '../events.ts'
import { firstFreeAt } from '../first-free.ts'
import { needService } from '../free-times.ts'
import type { OneAppointment } from '../model.ts'
import { appointmentStandingOf, isAhead, mayActOnAppointment } from '../policy.ts'
import { lockCalendarOfHold, readAppointment, readCalendar, readHold, serviceOfUnit, takenBy } from '../store.ts'
import type { AppointmentRow, HoldRow, WaitingRow } from '../tables.ts'
import type { AnswerOffer, OfferEnd } from './model.ts'
import { passedOverAtMost, tellBy } from './policy.ts'
import {
  deleteWaiting,
  insertWaiting,
  keepForOthers,
  lockListed,
  offerOwner,
  readWaiting,
  stopWaiting,
  takeOfferAway,
} from './store.ts'

/** Puts the citizen on the waiting list of the appointment's office and service. @throws Refused as `joinList`, 404, 403 */
export const joinWaiting = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  await joinList(work, await lockFor(work, appointmentId, 'move'))
  return { appointmentId }
})

/** Puts the citizen of an appointment that the caller has just booked on the waiting list. @throws Refused as `joinList` */
export async function waitForEarlier(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId, true)
  if (row) await joinList(work, row)
}

/** Takes the citizen off the waiting list; a time that is offered goes to the next. Doing it twice is the same. @throws Refused 404, 403 */
export const leaveWaiting = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  await takeOffList(work, await lockFor(work, appointmentId, 'move'))
  return { appointmentId }
})

/** The citizen says, to who speaks with them, that the offered time is better. @throws Refused as `acceptTimeOffer`, 404, 403 */
export const acceptForCitizen = useCase(
  async (work, { appointmentId, offerId }: OneAppointment & AnswerOffer): Promise<OneAppointment> => {
    await mustSpeakWith(work, appointmentId)
    await acceptTimeOffer(work, { appointmentId, offerId })
    return { appointmentId }
  },
)

/** The citizen keeps the booked time. @throws Refused as `declineTimeOffer`, 404, 403 */
export const declineForCitizen = useCase(
  async (work, { appointmentId, offerId }: OneAppointment & AnswerOffer): Promise<OneAppointment> => {
    await mustSpeakWith(work, appointmentId)
    await declineTimeOffer(work, { appointmentId, offerId })
    return { appointmentId }
  },
)

/**
 * Puts the citizen of an appointment, which is locked, on the waiting list. Doing it twice is the same. What is free at that moment is not offered:
 * the citizen has passed it over.
 * @throws Refused 409 when the appointment is not ahead, or the citizen can be told of no offer: without e-mail, and, where the office calls, without a
 * number
 */
export async function joinList(work: Work, row: AppointmentRow): Promise<void> {
  if (!isAhead(row, work.now.getTime(), work.house.config.TIME_ZONE)) throw new Refused('agenda.linkOver', {}, 409)
  if (await isOnList(work, row)) return
  const contact = (await contactsOf(work.tx, [row.contact_id])).get(row.contact_id)
  const calls = (await serviceOfUnit(work.tx, row.unit_id, row.service_id))?.telephone_offers ?? false
  const number = (await numbersToCall(work.tx, [row.contact_id])).get(row.contact_id)
  if (tellBy(calls, contact?.email ?? null, number) === null)
    throw new Refused(calls ? 'agenda.waiting.noNumber' : 'agenda.waiting.noAddress', {}, 409)
  await putOnList(work.house, work.actor, work.tx, row, work.now)
  await work.journal(appointmentWaits, { ...aboutOf(row), waits: true }, subjectsOfAppointment(row))
}

/** Puts the citizen of an appointment on the list and writes nothing to the journal; what is free before it is passed over. */
export async function putOnList(house: House, actor: Actor, db: Db, row: AppointmentRow, since: Date): Promise<void> {
  const place = await needService(db, row.unit_id, row.service_id)
  const free = await firstFreeAt(house, actor, db, [place], { times: passedOverAtMost, owner: '' })
  const starts = (free.get(row.unit_id) ?? []).map(({ start }) => new Date(start)).filter(start => start < row.starts_at)
  await insertWaiting(db, {
    ...{ appointment_id: row.id, unit_id: row.unit_id, service_id: row.service_id, since },
    ...{ passed_over: starts, look_at: new Date(house.clock.now()) },
  })
}

/** Takes the citizen of an appointment, which is locked, off the waiting list. */
export async function takeOffList(work: Work, row: AppointmentRow): Promise<void> {
  if (!(await isOnList(work, row))) return
  await stopWaiting(work.tx, row.id, work.now)
  await work.journal(appointmentWaits, { ...aboutOf(row), waits: false }, subjectsOfAppointment(row))
}

/**
 * Moves an appointment to the time that is offered to its citizen: by the link of the mail, by a key of the telephone, or told to somebody.
 * @throws Refused 404; 409 `agenda.waiting.offerOver` when it was another offer, or is over; 409 `agenda.linkOver` when there is no appointment to
 * move any more; 409 `agenda.citizenElsewhere`
 */
export async function acceptTimeOffer(work: Work, answer: OneAppointment & AnswerOffer): Promise<void> {
  const { row, hold, waiting } = await lockOffer(work, answer)
  await refuseTwoPlacesAtOnce(work, row.contact_id, hold, row.id)
  const { office, service } = await needService(work.tx, hold.unit_id, hold.service_id)
  const calendar = await readCalendar(work.tx, hold.calendar_id)
  await deleteWaiting(work.tx, row.id)
  await tellEnd(work, row, waiting, 'accepted')
  await relocate(work, row, {
    ...{ holdId: hold.id, office, service, calendarId: calendar.id, mode: hold.mode, start: hold.starts_at, end: hold.ends_at },
    officer: calendar.officer_id === null ? null : { id: calendar.officer_id, name: calendar.officer_name ?? '' },
  })
}

/** The citizen keeps the booked time: what was offered goes to the next. @throws Refused as `acceptTimeOffer` */
export async function declineTimeOffer(work: Work, answer: OneAppointment & AnswerOffer): Promise<void> {
  const { row, waiting } = await lockOffer(work, answer)
  await endOffer(work, row, waiting, 'declined')
}

/** Ends an offer, whose rows are locked: its time is kept for the others who wait. Who has had the last one waits no more. */
export async function endOffer(work: Work, row: AppointmentRow, waiting: WaitingRow, how: OfferEnd): Promise<void> {
  await keepForOthers(work.tx, waiting.offer_id ?? '', new Date(work.now.getTime() + pauseMinutes * 60_000))
  const most = (await serviceOfUnit(work.tx, waiting.unit_id, waiting.service_id))?.offers_at_most ?? 0
  const goesOn = !waiting.leaves && waiting.offers < most && isAhead(row, work.now.getTime(), work.house.config.TIME_ZONE)
  if (goesOn) await takeOfferAway(work.tx, row.id)
  else await deleteWaiting(work.tx, row.id)
  await tellEnd(work, row, waiting, how)
}

const isOnList = async (work: Work, row: AppointmentRow): Promise<boolean> =>
  (await readWaiting(work.tx, row.id))?.leaves === false

const tellEnd = (work: Work, row: AppointmentRow, waiting: WaitingRow, how: OfferEnd): Promise<void> =>
  work.journal(
    appointmentOfferEnded,
    { ...aboutOf(row), start: (waiting.offer_starts_at ?? work.now).toISOString(), how },
    subjectsOfAppointment(row),
  )

/** What an answer is about, locked in the order of the agenda. @throws Refused as `acceptTimeOffer` */
async function lockOffer(
  work: Work,
  { appointmentId, offerId }: OneAppointment & AnswerOffer,
): Promise<{ row: AppointmentRow; hold: HoldRow; waiting: WaitingRow }> {
  await lockCalendarOfHold(work.tx, offerId)
  const hold = await readHold(work.tx, offerId, offerOwner(appointmentId), true)
  const row = await readAppointment(work.tx, appointmentId, true)
  if (!row) throw notFound('appointment')
  if (!isAhead(row, work.now.getTime(), work.house.config.TIME_ZONE)) throw new Refused('agenda.linkOver', {}, 409)
  const taken = hold && (await takenBy(work.tx, hold.id, true))
  const waiting = await lockListed(work.tx, appointmentId)
  const stands = waiting?.offer_id === offerId && waiting.offer_until !== null && waiting.offer_until > work.now
  if (!hold || !taken || !stands) throw new Refused('agenda.waiting.offerOver', {}, 409)
  return { row, hold, waiting }
}

/** @throws Refused 404 for an appointment that is not the actor's to see, 403 for who does not speak with its citizen */
async function mustSpeakWith(work: Work, appointmentId: string): Promise<void> {
  const row = await readAppointment(work.tx, appointmentId)
  const standing = row && appointmentStandingOf(work.actor, row)
  if (standing === undefined) throw notFound('appointment')
  must(mayActOnAppointment('move', standing))
}
