/** The data of one person: taken out, and erased on request; and for how long the cases of a typology are kept. */
import { z } from 'zod'
import { TypologyId } from '../classification/index.ts'
import { Instant, PageQuery, Text, Uuid } from '../platform/index.ts'

export const StayReason = z
  .enum(['open', 'kept', 'undecided', 'going-on', 'conversation', 'mail', 'message', 'appointment'])
  .describe(
    '`open`: the case is; `kept`: its typology keeps it for so long; `undecided`: nobody has said for how long; `going-on`: it is closed, but a call, mail or appointment of it is not over; `conversation`: one is not finished; `mail`: one from their address is to be examined; `message`: one has not left; `appointment`: one is ahead',
  )
export type StayReason = z.infer<typeof StayReason>

export const Erasure = z
  .object({
    asked: z
      .object({ at: Instant, by: z.string(), nextLookAt: Instant.nullable(), erasedAt: Instant.nullable() })
      .nullable()
      .describe('the request; `erasedAt`: nothing of the person is left'),
    cards: z.number().int().describe('cards that are joined are one person, and go together'),
    erases: z
      .object({ cases: z.number().int(), card: z.boolean() })
      .describe('what a request would erase now; the card goes only when nothing stays'),
    stays: z
      .array(
        z.object({
          why: StayReason,
          until: Instant.nullable(),
          case: z.object({ id: Uuid, code: z.string(), title: z.string() }).nullable(),
        }),
      )
      .describe('what must stay, and why'),
    entriesWaiting: z
      .number()
      .int()
      .describe('entries of the journal, of whomever, that are still to be emptied; 10,000 at most'),
  })
  .meta({ id: 'Erasure' })
export type Erasure = z.infer<typeof Erasure>

export const AskErasure = z.object({
  name: Text.pipe(z.string().min(1).max(200)).describe(
    'the family name, or the name of the business, typed: it cannot be undone',
  ),
})

export const RetentionLine = z
  .object({
    typologyId: TypologyId,
    path: z.array(z.string()),
    months: z.number().int().nullable().describe('its own; null: as the node above it'),
    holds: z.number().int().nullable().describe('what holds for it; null: nobody has decided, and everything stays'),
    due: z.number().int().describe('cases whose time is over, 1,000 at most; they are erased some at a time'),
    version: z.number().int(),
  })
  .meta({ id: 'RetentionLine' })
export type RetentionLine = z.infer<typeof RetentionLine>

export const RetentionQuery = PageQuery.extend({ typologyId: TypologyId.optional().describe('this one alone') })
export const SetRetention = z.object({
  months: z.number().int().min(0).max(1_200).nullable().describe('after the end of a case; null: as the node above it'),
})
