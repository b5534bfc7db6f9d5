/** Calls that the program makes to citizens about a time that is offered to them. */
import { z } from 'zod'
import type { FlowContext, FlowLanguage } from '../../../ivr/index.ts'
import { Instant, Uuid } from '../../../platform/index.ts'
import { OfferCallOutcome } from '../../events.ts'

/** After so many calls about an offer nobody is called about it any more. */
export const maxCallsOfOffer = 3
/** So long after a call in vain the citizen is called again. */
export const pauseMs = 15 * 60_000

export const TimeOfferCall = z
  .object({
    id: Uuid,
    askedAt: Instant,
    number: z.string(),
    stage: z.enum(['asked', 'ringing', 'answered', 'ended']),
    outcome: OfferCallOutcome.nullable().describe('what came of it; null as long as it goes on'),
  })
  .meta({ id: 'TimeOfferCall' })
export type TimeOfferCall = z.infer<typeof TimeOfferCall>

export const TimeOfferCalls = z.object({ items: z.array(TimeOfferCall) }).meta({ id: 'TimeOfferCalls' })
export type TimeOfferCalls = z.infer<typeof TimeOfferCalls>

/** What the process that has the switch needs to make the call. */
export interface OfferCallOrder {
  callId: string
  appointmentId: string
  offerId: string
  number: string
  callerId: string | null
  language: FlowLanguage
  context: FlowContext
}
