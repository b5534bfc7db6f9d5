/** What is written to the journal about flows. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'

/** There is one flow for the whole institute: it belongs to no unit. */
const ofFlow = about('organisation')

const Version = z.object({ flowId: z.string(), version: z.number().int() })

/** A draft was begun, as a copy of an earlier version, or saved; `edit` counts how often. */
export const flowDrafted = defineEvent(
  'flow.drafted',
  ofFlow,
  Version.extend({ edit: z.number().int(), copyOf: z.number().int().nullable() }),
)
export const flowDraftDiscarded = defineEvent('flow.draft-discarded', ofFlow, Version)
/**
 * From now on calls are led by this version; those that are on their way stay in theirs. `copyOf`: somebody went back to the content of an
 * earlier one.
 */
export const flowPublished = defineEvent(
  'flow.published',
  ofFlow,
  Version.extend({ copyOf: z.number().int().nullable().default(null) }),
)
