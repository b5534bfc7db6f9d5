/** Finding cases: what can be asked, what is found, and what somebody keeps of it. */
import { z } from 'zod'
import { Instant, Text, TextLine, Uuid } from '../../platform/index.ts'
import { CaseLine, ConversationChannel, FollowUp, KnownContact, TicketState } from '../model.ts'

const Day = z.iso.date().refine(day => day >= '1900-01-01' && day < '2200-01-01', 'platform.field.yearsFarAway')

/** Where a case stands: open, closed, or gone into another; or where its ticket lies. */
export const CaseStanding = z.enum(['open', 'closed', 'joined', ...TicketState.exclude(['closed']).options])
export type CaseStanding = z.infer<typeof CaseStanding>

/** What a list of cases is narrowed to. What is left out narrows nothing. */
export const CaseFilter = z.object({
  q: TextLine.pipe(z.string().max(200))
    .optional()
    .describe('words of the questions, answers and notes, in any form and without regard to accents; or a request code'),
  standing: CaseStanding.optional(),
  typologyId: TextLine.pipe(z.string().max(100)).optional().describe('a typology, or all of those under a node of the tree'),
  unitId: TextLine.pipe(z.string().max(100)).optional().describe('a unit that the case has passed through, or one above it'),
  channel: ConversationChannel.optional(),
  from: Day.optional().describe('opened on this day or later'),
  until: Day.optional().describe('opened on this day or earlier'),
  olderThanDays: z.coerce.number().int().min(1).max(3_650).optional(),
  followUps: z.stringbool().optional().describe('only cases that the reader wants to look at again'),
  order: z.enum(['newest', 'oldest']).optional().describe('by the day on which they were opened; the newest first unless said'),
})
export type CaseFilter = z.infer<typeof CaseFilter>

/** The same as JSON, as it is kept. */
export const KeptFilter = CaseFilter.extend({ followUps: z.boolean().optional() })
export type KeptFilter = z.infer<typeof KeptFilter>

export const SetFollowUp = z.object({ day: Day, note: Text.pipe(z.string().max(500)).default('') })
export type SetFollowUp = z.infer<typeof SetFollowUp>

/** A piece of a text with the places of what was looked for. */
export const Excerpt = z
  .object({
    text: z.string(),
    marks: z
      .array(z.object({ from: z.number().int(), to: z.number().int() }))
      .describe('in UTF-16 units, `to` is behind the last'),
  })
  .meta({ id: 'Excerpt' })
export type Excerpt = z.infer<typeof Excerpt>

/** A row of the list of cases. */
export const FoundCase = CaseLine.extend({
  contact: KnownContact,
  typology: z.string().nullable(),
  channel: ConversationChannel.nullable().describe('of the first conversation'),
  standing: CaseStanding,
  unit: z.string().nullable().describe('the section that has its ticket'),
  holder: z.string().nullable().describe('who has its ticket in charge, or spoke first with the citizen'),
  dueAt: Instant.nullable(),
  followUp: FollowUp.nullable().describe('when the reader wants to look at it again'),
  excerpt: Excerpt.nullable().describe('where the words stand, or the beginning of the question'),
}).meta({ id: 'FoundCase' })
export type FoundCase = z.infer<typeof FoundCase>

export const NewSavedList = z.object({ name: TextLine.pipe(z.string().min(1).max(60)), filter: KeptFilter })
export type NewSavedList = z.infer<typeof NewSavedList>

/** A filter that somebody has named. */
export const SavedList = z.object({ id: Uuid, name: z.string(), filter: KeptFilter }).meta({ id: 'SavedList' })
export type SavedList = z.infer<typeof SavedList>

/** The columns of the file of a list, in the order in which they stand. */
export const exportColumns = [
  'code',
  'title',
  'typology',
  'contact',
  'standing',
  'outcome',
  'channel',
  'unit',
  'holder',
  'openedAt',
  'dueAt',
  'closedAt',
  'followUp',
] as const
export type ExportColumn = (typeof exportColumns)[number]

export const ExportQuery = CaseFilter.extend({
  columns: z
    .string()
    .max(200)
    .optional()
    .describe(`names of columns with commas between them, all when left out: ${exportColumns.join(', ')}`),
})
