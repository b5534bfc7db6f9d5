/** What is written to the journal about recordings. Nodes that play them read it, and take the change over. */
import { z } from 'zod'
import { about, defineEvent } from '../../../platform/index.ts'

const ofPrompts = about('organisation')

const OfPrompt = z.object({ key: z.string(), language: z.string(), text: z.string(), version: z.number().int() })

/** From now on callers hear this recording. `copyOf`: an earlier one again. */
export const promptRecorded = defineEvent(
  'prompt.recorded',
  ofPrompts,
  OfPrompt.extend({ durationMs: z.number().int(), copyOf: z.number().int().nullable() }),
)
/** From now on callers hear the text spoken. The recording is kept. */
export const promptRecordingRemoved = defineEvent('prompt.recording-removed', ofPrompts, OfPrompt)
