/** By PEC: messages wait in the outbox and leave by the provider that `PEC_SMTP_URL` names. */
import { z } from 'zod'
import type { Config, House } from '../../platform/index.ts'
import type { OutgoingChannel } from '../port.ts'

export const pec = {
  on: 'pec',
  typed: z.object({ pec: z.email().max(254) }),
  address: typed => typed.toLowerCase(),
  carried: {
    leaves: ({ PEC_SMTP_URL, PEC_FROM }: Config) => PEC_SMTP_URL !== undefined && PEC_FROM !== undefined,
    // Loaded where mail is sent: who only knows of the channel needs no SMTP client.
    open: async ({ PEC_SMTP_URL, PEC_FROM }: Config, house: House) =>
      (await import('./smtp.ts')).openPecSmtp(house, { url: PEC_SMTP_URL ?? '', from: PEC_FROM ?? '' }),
  },
} as const satisfies OutgoingChannel
