/** Tickets that go from one to another, several at once: what is asked, and what became of each. */
import { z } from 'zod'
import { Text, Uuid } from '../../platform/index.ts'

/** So many go at once at most. */
export const maxMoves = 100

export const MoveTickets = z.object({
  tickets: z
    .array(
      z.object({
        id: Uuid,
        version: z.number().int().optional().describe('that was read; when it has changed since, the ticket stays'),
      }),
    )
    .min(1)
    .max(maxMoves),
  to: z
    .union([z.literal('me'), z.literal('pool'), Uuid])
    .describe('the reader, who claims or takes over; the pool; or a colleague of the centre'),
  note: Text.pipe(z.string().max(2_000)).default('').describe('for the colleague'),
})
export type MoveTickets = z.infer<typeof MoveTickets>

export const Moved = z
  .object({
    done: z.array(z.object({ moveId: Uuid, ticketId: Uuid, title: z.string() })),
    refused: z.array(z.object({ ticketId: Uuid, title: z.string(), sentence: z.string().describe('why it stays as it is') })),
  })
  .meta({ id: 'MovedTickets' })
export type Moved = z.infer<typeof Moved>

export const UndoMoves = z.object({ moveIds: z.array(Uuid).min(1).max(maxMoves) })
export type UndoMoves = z.infer<typeof UndoMoves>

/** Somebody who can have tickets. */
export const TicketOwner = z.object({ id: Uuid, name: z.string(), unit: z.string(), away: z.boolean().describe('today') })
export type TicketOwner = z.infer<typeof TicketOwner>
