/** What is written to the journal about flows. */
import { z } from 'zod'
import { defineEvent } from '../platform/index.ts'

/** From now on calls are led by this version; those that are on their way stay in theirs. */
export const flowPublished = defineEvent('flow.published', z.object({ flowId: z.string(), version: z.number().int() }))
