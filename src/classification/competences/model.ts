/** Which central directorate is competent for a typology, and how that came about. */
import { z } from 'zod'
import { UnitId } from '../../organisation/index.ts'
import { Instant, PageQuery, Text } from '../../platform/index.ts'
import { TypologyId } from '../model.ts'

const Directorate = z.object({ id: UnitId, name: z.string() })

export const Competence = z
  .object({
    typologyId: TypologyId,
    path: z.array(z.string()).describe('labels from the root of the tree'),
    directorate: Directorate,
    version: z.number().int().describe('0: as the classification was put in'),
  })
  .meta({ id: 'Competence' })
export type Competence = z.infer<typeof Competence>

export const CompetenceQuery = PageQuery.extend({
  q: Text.pipe(z.string().max(200)).optional().describe('part of a label'),
  directorateId: UnitId.optional().describe('only what this directorate is competent for'),
})

export const SetCompetence = z.object({
  directorateId: UnitId,
  reason: Text.pipe(z.string().min(1).max(1_000)).describe('why; it stands with the change'),
})
export type SetCompetence = z.infer<typeof SetCompetence>

export const CompetenceChange = z
  .object({
    version: z.number().int(),
    before: z.string().describe('name of the directorate, as it was then'),
    after: z.string(),
    reason: z.string(),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'CompetenceChange' })
export type CompetenceChange = z.infer<typeof CompetenceChange>
