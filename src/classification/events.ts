/** What the classification writes to the journal. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'

/** A procedure was added, renamed, retired or taken back. Everybody at work hears it: they choose from the list. */
export const procedureKept = defineEvent(
  'procedure.kept',
  about('incident'),
  z.object({ procedureId: z.string(), name: z.string(), kind: z.enum(['added', 'renamed', 'retired', 'restored']) }),
)

/** Another central directorate is competent for a typology. */
export const competenceSet = defineEvent(
  'typology.competence-set',
  about('organisation'),
  z.object({ typologyId: z.string(), before: z.string(), after: z.string(), reason: z.string() }),
)
