/** Who has something open at this moment, as the API has it. */
import { z } from 'zod'
import { Instant, Uuid } from '../../platform/index.ts'

/** What can be seen to be open. */
export const viewedKinds = ['case', 'mail', 'ticket'] as const
export type ViewedKind = (typeof viewedKinds)[number]

export const Viewer = z.object({
  id: Uuid,
  name: z.string(),
  since: Instant,
  writingSince: Instant.nullable().describe('since when an answer is being written; null while it is only looked at'),
})

export const Viewers = z
  .object({
    items: z.array(Viewer).describe('others who have it open, who writes first; each person once, however many pages'),
    more: z.number().int().describe('how many more there are than are told'),
  })
  .meta({ id: 'Viewers' })
export type Viewers = z.infer<typeof Viewers>

export const NoteViewer = z.object({ writing: z.boolean().default(false).describe('whether an answer is being written') })
