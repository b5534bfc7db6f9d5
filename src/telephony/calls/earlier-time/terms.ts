/** What the life of a call has to know of an earlier time that is offered, looked up before a step of it: the life itself asks nobody. */
import { type OfferToTell, offersToTell } from '../../../agenda/index.ts'
import { readRequestCode } from '../../../cases/index.ts'
import { contactsByPhone } from '../../../contacts/index.ts'
import type { Db } from '../../../platform/index.ts'
import type { Input, LifeState } from '../life/life.ts'
import { spokenTime } from '../life/reachable.ts'
import type { OfferedAppointment, SpokenDate, TimeOfferTerms } from '../life/state.ts'
import { codeKeyed, isAskedForTime } from '../life/time-offer.ts'

/** So many people of one number are looked for. Others key the whole code. */
export const peopleOfNumber = 20

/**
 * Returns what holds about an earlier time at a step of a call; null for a call that is not asked about one.
 * @param from the number that calls, E.164. It only hints at who calls: nothing is told by it alone
 */
export async function offersForStep(
  db: Db,
  { state, from }: { state: LifeState; from: string | null },
  input: Input,
  { now, timeZone }: { now: number; timeZone: string },
): Promise<TimeOfferTerms | null> {
  if (!isAskedForTime(state) || !['key', 'said', 'due', 'restored'].includes(input.type)) return null
  const { language, timeOffer } = state
  const of = async (which: Parameters<typeof offersToTell>[1]) =>
    (await offersToTell(db, which, { now: new Date(now), language, timeZone })).map(each => told(each, language, timeZone, now))
  const { appointmentId } = timeOffer ?? {}
  if (appointmentId) return { known: await of({ appointmentId }), byCode: null }
  const people = from === null ? [] : await contactsByPhone(db, from, peopleOfNumber)
  const known = people.length === 0 ? [] : await of({ contactIds: people.map(({ id }) => id) })
  const keyed = codeKeyed(state, input.type === 'key' ? input.key : null)
  const code = keyed === null ? undefined : readRequestCode(keyed)
  const [byCode = null] = code === undefined ? [] : await of({ code })
  return { known, byCode }
}

const told = (
  { booked, offer, ...about }: OfferToTell,
  language: LifeState['language'],
  timeZone: string,
  now: number,
): OfferedAppointment => {
  const spoken = (at: Date): SpokenDate => ({
    ...spokenTime(timeZone, at.getTime(), now),
    date: new Intl.DateTimeFormat(language, { timeZone, weekday: 'long', day: 'numeric', month: 'long' }).format(at),
  })
  return { ...about, booked: booked && spoken(booked), offer: offer && { id: offer.id, start: spoken(offer.start) } }
}
