/** The shapes of the flow at the API: its versions, the draft, what the checker finds. */
import { z } from 'zod'
import { Instant, Text } from '../platform/index.ts'
import { Flow } from './model.ts'

export const FlowFindingView = z
  .object({
    code: z.string().meta({ example: 'noOperator' }),
    severity: z.enum(['error', 'warning']).describe('an error forbids publication'),
    node: z.string().nullable(),
    values: z.record(z.string(), z.string()),
    sentence: z.string().describe('what is wrong, in the language of Accept-Language'),
  })
  .meta({ id: 'FlowFinding' })

const Named = z.object({ id: z.string(), name: z.string() })

export const FlowLine = z
  .object({
    number: z.number().int().describe('counts the versions of the flow, drafts included').meta({ example: 7 }),
    status: z.enum(['draft', 'published', 'superseded', 'discarded']),
    note: z.string().describe('why, in the words of whoever published it'),
    copyOf: z.number().int().nullable().describe('the version that it began from'),
    changedAt: Instant,
    changedBy: z.string().nullable().describe('null: the program'),
    publishedAt: Instant.nullable(),
    publishedBy: z.string().nullable(),
  })
  .meta({ id: 'FlowLine' })
export type FlowLine = z.infer<typeof FlowLine>

export const FlowVersion = FlowLine.extend({
  version: z.number().int().describe('of the edit; it grows each time that the draft is saved'),
  flow: Flow,
  findings: z.array(FlowFindingView),
}).meta({ id: 'FlowVersion' })
export type FlowVersion = z.infer<typeof FlowVersion>

export const FlowOverview = z
  .object({
    version: z.number().int().describe('the number of the version in force; 0 when there is none'),
    inForce: FlowVersion.nullable(),
    draft: FlowVersion.nullable(),
    sections: z.array(Named).describe('the sections that callers can be queued for'),
    units: z.array(Named).describe('the units whose hours the flow looks at'),
  })
  .meta({ id: 'FlowOverview' })
export type FlowOverview = z.infer<typeof FlowOverview>

const Note = Text.pipe(z.string().max(500)).describe('why, for those who read the list of versions')

export const BeginDraft = z.strictObject({
  from: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('the version to begin from; left out: the one in force')
    .meta({ example: 6 }),
})
export const SaveFlowDraft = z.strictObject({ flow: Flow })
export const PublishDraft = z.strictObject({ note: Note.default('').meta({ example: 'Nuovo menu per l’assegno unico' }) })
export const RestoreFlow = z.strictObject({
  note: Note.pipe(z.string().min(3)).meta({ example: 'Il tasto 3 portava alla sezione sbagliata' }),
})
