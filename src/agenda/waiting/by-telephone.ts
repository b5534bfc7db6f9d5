/**
 * What is offered to a citizen, as it is told on the telephone, and the answer that is keyed there. Who may hear it is not decided here: the call
 * asks for the request code first.
 */
import type { ContactLanguage } from '../../contacts/index.ts'
import type { Db, Work } from '../../platform/index.ts'
import { toldService } from '../citizen-words.ts'
import { isAhead } from '../policy.ts'
import { readAppointment, readService } from '../store.ts'
import { acceptTimeOffer, declineTimeOffer, takeOffList } from './service.ts'
import { type OfOffers, offersOf } from './store.ts'

/** An appointment, and the earlier time that is offered to its citizen. */
export interface OfferToTell {
  appointmentId: string
  /** The request code of its case. */
  code: string
  /** In the language that was asked for, as far as the service has words in it. */
  service: string
  office: string
  /** Null when it is over, or was cancelled. */
  booked: Date | null
  /** Null when nothing is offered now. */
  offer: { id: string; start: Date } | null
}

/**
 * The appointment with an identifier, the one of a request code with an offer or else the next, or those of citizens to whom something is offered;
 * whatever is offered comes first.
 */
export async function offersToTell(
  db: Db,
  of: OfOffers,
  { now, language, timeZone }: { now: Date; language: ContactLanguage; timeZone: string },
): Promise<OfferToTell[]> {
  const rows = await offersOf(db, of, now)
  return Promise.all(
    rows.map(async row => {
      const words = (await readService(db, row.service_id))?.words[language]
      const ahead = isAhead(row, now.getTime(), timeZone)
      return {
        ...{ appointmentId: row.id, code: row.code, service: toldService(words, row).service, office: row.unit_name },
        booked: ahead ? row.starts_at : null,
        offer:
          ahead && row.offer_id !== null && row.offer_starts_at !== null
            ? { id: row.offer_id, start: row.offer_starts_at }
            : null,
      }
    }),
  )
}

export type KeyedAnswer = 'accepted' | 'kept' | 'no-more'

/**
 * Does what a citizen has answered by a key. Who wants to be offered nothing more leaves the list, whatever has become of the offer.
 * @throws Refused as `acceptTimeOffer`, for the other answers
 */
export async function answerByTelephone(
  work: Work,
  { appointmentId, offerId, answer }: { appointmentId: string; offerId: string; answer: KeyedAnswer },
): Promise<void> {
  if (answer === 'accepted') await acceptTimeOffer(work, { appointmentId, offerId })
  else if (answer === 'kept') await declineTimeOffer(work, { appointmentId, offerId })
  else {
    const row = await readAppointment(work.tx, appointmentId, true)
    if (row) await takeOffList(work, row)
  }
}
