/** The shape of the access log at the API. */
import { z } from 'zod'
import { Instant, PageQuery, Uuid } from '../platform/index.ts'

export const LookKindText = z
  .enum(['contact', 'case', 'ticket', 'interaction', 'call', 'appointment', 'search', 'day', 'export'])
  .describe('what was looked at; `search`: a search that found people; `day`: the appointments of a day')

export const AccessQuery = PageQuery.extend({
  personId: Uuid.optional().describe('who looked'),
  contactId: Uuid.optional().describe('at whom'),
  kind: LookKindText.optional(),
  from: Instant.optional(),
  until: Instant.optional(),
})

export const LoggedAccess = z
  .object({
    id: Uuid,
    at: Instant,
    person: z.object({ id: Uuid, name: z.string() }),
    role: z.string(),
    unit: z.object({ id: z.string(), name: z.string() }),
    kind: LookKindText,
    subjectId: Uuid.nullable(),
    contact: z.object({ id: Uuid, name: z.string() }).nullable(),
    route: z.string().describe('as this description names it'),
    found: z.number().int().nullable().describe('how many people a search or a list answered'),
  })
  .meta({ id: 'Access' })
export type LoggedAccess = z.infer<typeof LoggedAccess>
