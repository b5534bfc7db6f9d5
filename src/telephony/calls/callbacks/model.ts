/**
 * Callbacks: a caller hangs up and keeps the place in the queue; when it is the caller's turn an operator takes it, and only then is the number
 * dialled. Here is what the API shows of them.
 */
import { z } from 'zod'
import { Instant, Text, Uuid } from '../../../platform/index.ts'

/**
 * `waiting`: nobody has been called yet, or is to be called again. `dialling`: an operator is there and the number rings. `reached`: they have
 * talked. `given-up`: open until somebody looks after it, then `settled`.
 */
export const CallbackState = z.enum(['waiting', 'dialling', 'reached', 'given-up', 'withdrawn', 'settled'])
export type CallbackState = z.infer<typeof CallbackState>

export const CallbackView = z
  .object({
    callId: Uuid,
    section: z.object({ id: z.string(), name: z.string() }),
    number: z.string().describe('E.164'),
    state: CallbackState,
    office: z.object({ id: z.string(), name: z.string() }).nullable().describe('the office whose number was called'),
    waitingSince: Instant.describe('the place in the queue'),
    requestedAt: Instant,
    notBefore: Instant,
    notAfter: Instant,
    attempts: z.number().int(),
    lastTriedAt: Instant.nullable(),
    lastOutcome: z.string().nullable(),
  })
  .meta({ id: 'Callback' })
export type CallbackView = z.infer<typeof CallbackView>

export const SettleCallback = z.strictObject({
  note: Text.pipe(z.string().min(3).max(500)).describe('what was done about it, in a sentence'),
})
