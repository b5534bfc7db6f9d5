/** What registered mail writes to the journal. Never an address, never a provider's words: they are with the case. */
import { z } from 'zod'
import { about, defineEvent } from '../../platform/index.ts'

const ofRegistered = about('matter')

const Message = { mailId: z.uuid() }

/** A receipt came about a message of ours. `at` counts in law; what nobody whom we trust has signed changes no state. */
export const receiptJoined = defineEvent(
  'registered-mail.receipt-joined',
  ofRegistered,
  z.object({
    ...Message,
    kind: z.enum(['accepted', 'not-accepted', 'taken-in-charge', 'delivered', 'not-delivered', 'delivery-delayed', 'virus']),
    at: z.iso.datetime(),
    verdict: z.enum(['valid', 'not-verified', 'broken']),
    state: z.string(),
  }),
)
/** For so many hours after its acceptance no receipt of delivery has come. */
export const receiptMissing = defineEvent(
  'registered-mail.receipt-missing',
  ofRegistered,
  z.object({ ...Message, hours: z.number().int() }),
)
