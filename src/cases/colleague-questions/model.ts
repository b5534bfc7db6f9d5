/** Asking a colleague about a ticket, which stays with whoever has it. */
import { z } from 'zod'
import { Instant, Permission, Text, Uuid } from '../../platform/index.ts'
import { TicketLine } from '../model.ts'

const someText = Text.pipe(z.string().min(1).max(10_000))

export const AskColleague = z.object({ personId: Uuid.describe('a colleague of the same centre'), question: someText })
export type AskColleague = z.infer<typeof AskColleague>

export const ColleagueAnswer = z.object({ answer: someText })
export type ColleagueAnswer = z.infer<typeof ColleagueAnswer>

const PersonRef = z.object({ id: Uuid, name: z.string() })

/** A question among colleagues. */
export const ColleagueQuestion = z
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
  .meta({ id: 'ColleagueQuestion' })
export type ColleagueQuestion = z.infer<typeof ColleagueQuestion>

/** A question that waits for the reader, with its ticket. */
export const WaitingColleagueQuestion = z
  .object({ question: ColleagueQuestion, ticket: TicketLine })
  .meta({ id: 'WaitingColleagueQuestion' })
export type WaitingColleagueQuestion = z.infer<typeof WaitingColleagueQuestion>
