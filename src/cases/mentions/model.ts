/** People who are named in notes. */
import { z } from 'zod'
import { Instant, Uuid } from '../../platform/index.ts'
import { RequestCode } from '../model.ts'

/** A note names so many people at most. */
export const maxMentioned = 20

export const Mention = z
  .object({
    noteId: Uuid,
    ticketId: Uuid,
    caseId: Uuid,
    code: RequestCode,
    title: z.string(),
    text: z.string().describe('of the note'),
    byName: z.string(),
    byUnit: z.string(),
    at: Instant,
    readAt: Instant.nullable(),
  })
  .meta({ id: 'Mention' })
export type Mention = z.infer<typeof Mention>

export const Mentionable = z.object({ id: Uuid, name: z.string(), unit: z.string() })
export type Mentionable = z.infer<typeof Mentionable>
