/** What the sample writes to the journal: that it was loaded. */
import { z } from 'zod'
import { about, defineEvent } from '../src/platform/index.ts'

const ofSample = about('program')

export const sampleLoaded = defineEvent(
  'sample.loaded',
  ofSample,
  z.object({ units: z.number().int(), numbers: z.number().int(), people: z.number().int(), typologies: z.number().int() }),
)

/** It was taken away again, or (without rows) its accounts were closed because real work hangs on its offices. */
export const sampleRemoved = defineEvent(
  'sample.removed',
  ofSample,
  z.object({ accounts: z.number().int(), rows: z.number().int() }),
)

/** Virtual citizens and operators (`npm run traffic`) begin or end their work on the sample, beside real people. */
export const sampleTraffic = defineEvent(
  'sample.traffic',
  ofSample,
  z.object({
    state: z.enum(['begins', 'ends']),
    callsPerMinute: z.number().int(),
    agents: z.number().int(),
    /** The name of the scenario. */
    scenario: z.string().nullable(),
  }),
)
