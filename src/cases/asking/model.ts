/** Asking a colleague about a ticket, which stays with whoever has it. */
import { z } from 'zod'
import { Instant, Permission, Text, Uuid } from '../../platform/index.ts'
import { TicketLine } from '../model.ts'

const someText = Text.pipe(z.string().min(1).max(10_000))

export const AskColleague = z.object({ personId: Uuid.describe('a colleague of the same centre'), question: someText })
export type AskColleague = z.infer<typeof AskColleague>

export const AnswerQuestion = z.object({ answer: someText })
export type AnswerQuestion = z.infer<typeof AnswerQuestion>

const PersonRef = z.object({ id: Uuid, name: z.string() })

/** A question among colleagues. */
export const TicketQuestion = z
  .object({
    id: Uuid,
    ticketId: Uuid,
    askedBy: PersonRef,
    askedOf: PersonRef,
    question: z.string(),
    answer: z.string().nullable(),
    askedAt: Instant,
    answeredAt: Instant.nullable(),
    withdrawnAt: Instant.nullable(),
    mayAnswer: Permission,
    mayWithdraw: Permission,
  })
  .meta({ id: 'TicketQuestion' })
export type TicketQuestion = z.infer<typeof TicketQuestion>

/** A question that waits for the reader, with its ticket. */
export const WaitingQuestion = z.object({ question: TicketQuestion, ticket: TicketLine }).meta({ id: 'WaitingQuestion' })
export type WaitingQuestion = z.infer<typeof WaitingQuestion>
