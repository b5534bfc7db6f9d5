/** What the classification writes to the journal. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'

/** Another central directorate is competent for a typology. */
export const competenceSet = defineEvent(
  'typology.competence-set',
  about('organisation'),
  z.object({ typologyId: z.string(), before: z.string(), after: z.string(), reason: z.string() }),
)
