/** How cases went for their citizens: first-contact resolution, second contacts and why. Formulas: docs/indicators.md. */
import { z } from 'zod'
import { Instant, Uuid } from '../../platform/index.ts'
import { CaseLine, ConversationChannel, RepeatCause } from '../model.ts'

const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .describe('a month of office time')
  .meta({ example: '2026-11' })

/** By what the figures are told apart. */
export const ResultsBy = z.enum(['section', 'typology', 'region', 'channel'])
export type ResultsBy = z.infer<typeof ResultsBy>

export const ResultsQuery = z.object({ month: Month, by: ResultsBy })

const Counts = z.object({
  firstContacts: z.number().int().describe('cases whose first conversation ended in the month'),
  resolved: z.number().int().describe('of those, closed by that conversation, without a second contact since'),
  closed: z.number().int().describe('cases that were closed in the month'),
  repeated: z.number().int().describe('of those, followed by a second contact'),
  causes: z.record(RepeatCause, z.number().int()).describe('of those, by cause; of the others nobody has said it'),
})
export type ResultCounts = z.infer<typeof Counts>

export const ResultFigures = z
  .object({
    days: z.number().int().describe('within so many days after the end a contact is a second one'),
    total: Counts,
    rows: z.array(Counts.extend({ key: z.string(), name: z.string().nullable() })).describe('the most closed cases first'),
    continuity: z
      .array(
        z.object({
          section: z.object({ id: z.string(), name: z.string() }),
          medium: z.enum(['call', 'written']),
          asked: z.number().int(),
          honoured: z.number().int(),
          givenUp: z.number().int(),
        }),
      )
      .describe('how often somebody who knew the case was asked for, and took it'),
  })
  .meta({ id: 'ResultFigures' })
export type ResultFigures = z.infer<typeof ResultFigures>

export const ResultFigure = z.enum(['first-contacts', 'resolved', 'closed', 'repeated'])
export type ResultFigure = z.infer<typeof ResultFigure>

/** Why citizens came again, or that nobody has said it. */
export const SaidCause = z.enum([...RepeatCause.options, 'unsaid'])
export type SaidCause = z.infer<typeof SaidCause>

/** Which cases stand behind a figure. */
export const ResultCasesQuery = z.object({
  month: Month,
  figure: ResultFigure,
  by: ResultsBy.optional(),
  key: z.string().max(100).optional().describe('the row: a section, a typology, the code of a region, a channel'),
  cause: SaidCause.optional(),
})
export type ResultCasesQuery = z.infer<typeof ResultCasesQuery>

export const ResultCase = CaseLine.extend({
  repeat: z.object({ at: Instant, channel: ConversationChannel, cause: RepeatCause.nullable() }).nullable(),
}).meta({ id: 'ResultCase' })
export type ResultCase = z.infer<typeof ResultCase>

export const ExplainRepeat = z.object({ cause: RepeatCause })
export const OneInteraction = z.object({ interactionId: Uuid })
