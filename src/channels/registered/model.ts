/** Registered mail as the API has it: what became of what we sent, and what vouches for what came in. */
import { z } from 'zod'
import { Instant } from '../../platform/index.ts'

const Verdict = z
  .enum(['valid', 'not-verified', 'broken'])
  .describe(
    'of the provider’s signature: good and of somebody we trust; not tied to anybody we trust; altered, or of somebody else',
  )

export const RegisteredLine = z
  .object({
    state: z
      .enum(['sent', 'accepted', 'taken-in-charge', 'delayed', 'delivered', 'not-delivered', 'not-accepted'])
      .describe('of the recipient who is worst off'),
    silenceHours: z.number().int().nullable().describe('for so many hours, 12 or 24, the receipt of delivery has been missing'),
    steps: z
      .array(
        z.object({
          kind: z.enum([
            'sent',
            'accepted',
            'not-accepted',
            'taken-in-charge',
            'delivered',
            'not-delivered',
            'delivery-delayed',
            'virus',
          ]),
          at: Instant.describe('the instant that counts in law; of `sent` our own'),
          to: z.array(z.string()).describe('the recipients whom it is about; none when it is about all'),
          detail: z.string().nullable().describe('the provider’s words'),
          verdict: Verdict.nullable().describe('null for our own step; what is not `valid` changes no state'),
        }),
      )
      .describe('what happened, in order'),
  })
  .meta({ id: 'RegisteredLine' })
export type RegisteredLine = z.infer<typeof RegisteredLine>

export const RegisteredEnvelope = z
  .object({
    kind: z.enum(['message', 'anomaly']).describe('`anomaly`: ordinary mail, for which nobody vouches'),
    verdict: Verdict,
    reason: z
      .enum([
        'unsigned',
        'no-trust-store',
        'unknown-authority',
        'out-of-date',
        'not-for-mail',
        'unreadable',
        'altered',
        'other-signer',
      ])
      .nullable(),
    signer: z.string().nullable(),
    authority: z.string().nullable(),
    issuer: z.string().nullable(),
    sentAt: Instant.nullable().describe('when the sender’s provider took it'),
    receivedAt: Instant.describe('when it was put into our mailbox: from then on deadlines run'),
    sha256: z.string().describe('of the mail as it came'),
  })
  .meta({ id: 'RegisteredEnvelope' })
export type RegisteredEnvelope = z.infer<typeof RegisteredEnvelope>
