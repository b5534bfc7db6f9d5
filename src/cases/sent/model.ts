/** What became of the tickets that somebody has sent to the second level, and those that came back because they were no matter for it. */
import { z } from 'zod'
import { Instant, PageQuery, Text } from '../../platform/index.ts'
import { TicketLine } from '../model.ts'

export const SentTicketsQuery = PageQuery.extend({
  view: z.enum(['open', 'answered', 'sent-back']).optional().describe('missing: all of them'),
})
export type SentView = NonNullable<z.infer<typeof SentTicketsQuery>['view']>

export const SentTicket = z
  .object({
    ticket: TicketLine,
    answer: z.string().nullable().describe('what the citizen was answered'),
    closedAt: Instant.nullable(),
    sentBack: z
      .object({ reason: z.string(), by: z.string() })
      .nullable()
      .describe('why it was no matter for the second level; the sender answers the citizen'),
  })
  .meta({ id: 'SentTicket' })
export type SentTicket = z.infer<typeof SentTicket>

export const SendBack = z.object({
  reason: Text.pipe(z.string().trim().min(3).max(2_000)).describe('for whoever sent it, who answers the citizen'),
})
export type SendBack = z.infer<typeof SendBack>

export const SentBackCounts = z
  .object({
    total: z.number().int(),
    typologies: z
      .array(z.object({ label: z.string(), count: z.number().int() }))
      .describe('those of which most came back, ten at most'),
  })
  .meta({ id: 'SentBackCounts' })
export type SentBackCounts = z.infer<typeof SentBackCounts>
