/** What guides write to the journal. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'
import { SessionOutcome, StepState } from './model.ts'

/** A guide was made, changed, retired or taken back. */
export const guideKept = defineEvent(
  'guide.kept',
  about('organisation', 'units'),
  z.object({ guideId: z.uuid(), title: z.string(), version: z.number().int(), retired: z.boolean(), reason: z.string() }),
)

const ofCitizen = about('matter', 'channel', 'units')
const session = { sessionId: z.uuid(), guideId: z.uuid(), guide: z.string() }

/** Somebody began to follow a guide together with a citizen: the conversation is an assisted one. */
export const assistedBegan = defineEvent('assisted.began', ofCitizen, z.object({ ...session, language: z.string() }))
/** Something was said of a step. */
export const assistedStepped = defineEvent(
  'assisted.stepped',
  ofCitizen,
  z.object({ ...session, stepId: z.string(), state: StepState }),
)
/** It ended. `done` of `steps` were done. */
export const assistedEnded = defineEvent(
  'assisted.ended',
  ofCitizen,
  z.object({ ...session, outcome: SessionOutcome, done: z.number().int(), steps: z.number().int() }),
)
