/** By text message: messages wait in the outbox and leave by the gateway that `SMS_URL` names, or are only written to the log. */
import { z } from 'zod'
import { toE164 } from '../../contacts/index.ts'
import { type Config, Refused } from '../../platform/index.ts'
import type { OutgoingChannel } from '../port.ts'
import { onlyLogged } from './only-logged.ts'

export const sms = {
  on: 'text-message',
  typed: z.object({ sms: z.string().trim().min(3).max(40).describe('a mobile number; without a country code it is Italian') }),
  address(typed) {
    const number = toE164(typed)
    if (number === undefined) throw new Refused('contacts.phoneUnknown', { field: 'replyTo', typed }, 422)
    return number
  },
  carried: {
    leaves: ({ SMS_URL }: Config) => SMS_URL !== undefined,
    // Loaded where messages are sent.
    open: async ({ SMS_URL, SMS_TOKEN, SMS_FROM }: Config, house) =>
      (await import('./gateway.ts')).openGateway({ url: SMS_URL ?? onlyLogged, token: SMS_TOKEN, from: SMS_FROM }, house.log),
  },
} as const satisfies OutgoingChannel
