/**
 * Questions back to the citizen. While one is open, its ticket waits, and says for what; the citizen's reply wakes it.
 *
 *   asked ──mail, conversation, or somebody says so──▶ replied
 *     ├─ the mail could not be delivered ──▶ undelivered
 *     └─ answered without a reply ──▶ answered
 */
import { z } from 'zod'
import { ReplyKind, ReplyTo } from '../../channels/index.ts'
import { Instant, Text, Uuid } from '../../platform/index.ts'

/** How an open question ended. */
export const CitizenQuestionEnd = z.enum(['mail', 'conversation', 'said', 'undelivered', 'answered'])
export type CitizenQuestionEnd = z.infer<typeof CitizenQuestionEnd>

/** A question that was put to the citizen. */
export const CitizenQuestion = z
  .object({
    id: Uuid,
    text: z.string(),
    channel: ReplyKind,
    askedAt: Instant,
    askedBy: z.string(),
    endedAt: Instant.nullable().describe('null while the citizen has not replied: the clock stands'),
    endedBy: CitizenQuestionEnd.nullable(),
    interactionId: Uuid.nullable().describe('the conversation in which the citizen replied'),
  })
  .meta({ id: 'CitizenQuestion' })
export type CitizenQuestion = z.infer<typeof CitizenQuestion>

export const AskCitizen = z.object({
  question: Text.pipe(z.string().min(3).max(5_000)).describe('what the citizen reads, or was asked'),
  replyTo: ReplyTo.optional().describe('another way than the one that the citizen gave'),
})
export type AskCitizen = z.infer<typeof AskCitizen>
