/** By telephone: a person calls the citizen and says the answer. */
import { z } from 'zod'
import { toE164 } from '../../contacts/index.ts'
import { Refused } from '../../platform/index.ts'
import type { OutgoingChannel } from '../port.ts'

export const phone = {
  on: 'telephone',
  typed: z.object({ phone: z.string().trim().min(3).max(40).describe('without a country code it is Italian') }),
  address(typed) {
    const number = toE164(typed)
    if (number === undefined) throw new Refused('contacts.phoneUnknown', { field: 'replyTo', typed }, 422)
    return number
  },
} as const satisfies OutgoingChannel
