/** By e-mail: messages wait in the outbox and leave by the server that `SMTP_URL` names. */
import { z } from 'zod'
import type { Config } from '../../platform/index.ts'
import type { OutgoingChannel } from '../port.ts'

export const email = {
  on: 'email',
  typed: z.object({ email: z.email().max(254) }),
  address: typed => typed,
  carried: {
    leaves: ({ SMTP_URL }: Config) => SMTP_URL !== undefined,
    // Loaded where mail is sent: who only knows of the channel needs no SMTP client.
    open: async ({ SMTP_URL, MAIL_FROM }: Config) => (await import('./smtp.ts')).openSmtp(SMTP_URL ?? '', MAIL_FROM),
  },
} as const satisfies OutgoingChannel
