/** The waiting list: who would rather come earlier than booked, and what is offered to them. */
import { z } from 'zod'
import { Instant, Uuid } from '../../platform/index.ts'

/** A time that is kept for somebody who waits, until they have answered. */
export const TimeOffer = z
  .object({
    id: Uuid,
    start: Instant,
    until: Instant.describe('until then it is kept; afterwards it is offered to the next who waits'),
    byTelephone: z.boolean().describe('whether the citizen is called about it, and not written to'),
  })
  .meta({ id: 'WaitingOffer' })
export type TimeOffer = z.infer<typeof TimeOffer>

/** How the citizen of an appointment waits for an earlier time. */
export const Waiting = z
  .object({
    since: Instant,
    offers: z.number().int().describe('how many times were offered so far'),
    offer: TimeOffer.nullable(),
  })
  .meta({ id: 'Waiting' })
export type Waiting = z.infer<typeof Waiting>

/** The answer to an offer, which is named so that nobody answers another one than was read. */
export const AnswerOffer = z.object({ offerId: Uuid })
export type AnswerOffer = z.infer<typeof AnswerOffer>

/** How an offer ended: `withdrawn` when there was no appointment any more that could be moved. */
export const OfferEnd = z.enum(['accepted', 'declined', 'lapsed', 'withdrawn'])
export type OfferEnd = z.infer<typeof OfferEnd>
