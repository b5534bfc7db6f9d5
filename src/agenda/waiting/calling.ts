/**
 * Whoever waits and is not written to is called about the time that is offered to them. Telephony calls; here is whom, and when next (`call_at` of those who
 * wait).
 */
import { type ContactLanguage, contactsOf, numbersToCall } from '../../contacts/index.ts'
import type { Db, Work } from '../../platform/index.ts'
import { subjectsOfAppointment } from '../appointments.ts'
import { holidayOf, officeOf } from '../places.ts'
import { isAhead } from '../policy.ts'
import { readAppointment, serviceOfUnit } from '../store.ts'
import { callingFrom } from './policy.ts'
import { lockListed, setCallAt } from './store.ts'

/** A time that is offered to the citizen of an appointment. */
export interface OneOffer {
  appointmentId: string
  offerId: string
}

/** A citizen who is to be called now. */
export interface OfferToCall extends OneOffer {
  unitId: string
  /** E.164. */
  number: string
}

/**
 * Locks an offer of which the citizen is to be called; undefined when nobody is called about it now. Whoever cannot be called at this hour is called at the
 * next, and who can no longer be called (no number, or the office has stopped calling) never.
 */
export async function offerDue(work: Work, appointmentId: string): Promise<OfferToCall | undefined> {
  const { tx, now } = work
  const waiting = await lockListed(tx, appointmentId)
  const isDue = waiting?.call_at != null && waiting.call_at <= now && waiting.offer_until !== null && waiting.offer_until > now
  if (!isDue || waiting.offer_id === null) return undefined
  const offer = { appointmentId, offerId: waiting.offer_id }
  const row = await readAppointment(tx, appointmentId)
  const service = row && (await serviceOfUnit(tx, row.unit_id, row.service_id))
  const called = row && (await numbersToCall(tx, [row.contact_id])).get(row.contact_id)
  const canBe = row && service?.telephone_offers && called && isAhead(row, now.getTime(), work.house.config.TIME_ZONE)
  if (!canBe) {
    await setCallAt(tx, appointmentId, offer.offerId, null)
    return undefined
  }
  const at = await callAgainFrom(work, offer, now)
  return at?.getTime() === now.getTime() ? { ...offer, unitId: row.unit_id, number: called.number } : undefined
}

/**
 * Has the citizen called again about an offer, at the first decent instant from another one on; never when it is over by then.
 * Returns when; null is never.
 */
export async function callAgainFrom(work: Work, { appointmentId, offerId }: OneOffer, from: Date): Promise<Date | null> {
  const waiting = await lockListed(work.tx, appointmentId)
  if (waiting?.offer_id !== offerId || waiting.offer_until === null) return null
  const office = await officeOf(work.tx, waiting.unit_id)
  const place = { timeZone: work.house.config.TIME_ZONE, isHoliday: office ? holidayOf(office) : () => false }
  const at = callingFrom(place, from.getTime())
  const next = at === null || at >= waiting.offer_until.getTime() ? null : new Date(at)
  await setCallAt(work.tx, appointmentId, offerId, next)
  return next
}

/** Nobody is called about an offer any more. */
export const callNoMore = (work: Work, { appointmentId, offerId }: OneOffer): Promise<void> =>
  setCallAt(work.tx, appointmentId, offerId, null)

/** What is written of a call about an offer, and the language in which the citizen is spoken to; undefined when there is no such appointment. */
export async function offeredCitizen(
  db: Db,
  appointmentId: string,
): Promise<{ subjects: ReturnType<typeof subjectsOfAppointment>; language: ContactLanguage } | undefined> {
  const row = await readAppointment(db, appointmentId)
  if (!row) return undefined
  const contact = (await contactsOf(db, [row.contact_id])).get(row.contact_id)
  return { subjects: subjectsOfAppointment(row), language: contact?.language ?? 'it' }
}
