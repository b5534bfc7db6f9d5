/**
 * Guides: steps that an officer, or an operator on the telephone, follows together with a citizen, such as a filing on line. A guide is one document with
 * versions; an assisted session follows the version with which it began, and keeps what was done of it.
 */

import { z } from 'zod'
import { TypologyId } from '../classification/index.ts'
import { ContactLanguage } from '../contacts/index.ts'
import { Instant, Permission, Text, TextLine, Uuid } from '../platform/index.ts'
import { sessionOutcomes, stepStates } from './choices.ts'

/** A step of a session; `open` when nothing has been said of it. */
export const StepState = z.enum(stepStates)
export type StepState = z.infer<typeof StepState>

/** How a session ended: all was done; the citizen does the rest alone; it cannot be done now; it was broken off, as when a call is cut. */
export const SessionOutcome = z.enum(sessionOutcomes)
export type SessionOutcome = z.infer<typeof SessionOutcome>

const maxSteps = 60
const title = TextLine.pipe(z.string().min(3).max(120))
const words = Text.pipe(z.string().max(2_000))

/** What else than Italian a citizen may read; a language that is left out is read in Italian. */
const inLanguages = <T extends z.ZodType>(content: T) => z.partialRecord(ContactLanguage.exclude(['it']), content).default({})

export const GuideStep = z
  .object({
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'guides.field.stepId')
      .describe('stays when the step is moved or worded anew')
      .meta({ example: 'sign-in' }),
    title,
    help: words.default('').describe('what whoever helps says or does'),
    citizen: words.default('').describe('what the citizen does and sees'),
    otherwise: words.default('').describe('what to do when it does not work'),
    optional: z.boolean().default(false).describe('may be left out'),
    words: inLanguages(z.object({ title, citizen: words })),
  })
  .meta({ id: 'GuideStep' })
export type GuideStep = z.infer<typeof GuideStep>

export const GuideContent = z
  .object({
    title,
    summary: words.pipe(z.string().min(3)).describe('what is done at its end'),
    needs: words.default('').describe('what the citizen must have at hand'),
    words: inLanguages(z.object({ title, summary: words, needs: words.default('') })),
    typologyIds: z.array(TypologyId).max(20).default([]).describe('the questions for which it is proposed'),
    steps: z
      .array(GuideStep)
      .min(1)
      .max(maxSteps)
      .refine(steps => new Set(steps.map(({ id }) => id)).size === steps.length, 'guides.field.stepTwice'),
  })
  .meta({ id: 'GuideContent' })
export type GuideContent = z.infer<typeof GuideContent>

const reason = Text.pipe(z.string().min(3).max(500)).describe('why, for whoever looks at the history')

export const NewGuide = z.object({ content: GuideContent, reason })
export type NewGuide = z.infer<typeof NewGuide>

export const GuideChange = NewGuide.extend({ retired: z.boolean().describe('nobody begins with it any more') })
export type GuideChange = z.infer<typeof GuideChange>

export const GuideLine = z
  .object({
    id: Uuid,
    title: z.string(),
    summary: z.string(),
    steps: z.number().int(),
    languages: z.array(ContactLanguage),
    retired: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: 'GuideLine' })
export type GuideLine = z.infer<typeof GuideLine>

export const Guide = z
  .object({
    id: Uuid,
    content: GuideContent,
    typologies: z.array(z.object({ id: z.string(), name: z.string() })),
    retired: z.boolean(),
    version: z.number().int(),
    changedAt: Instant,
    changedBy: z.string(),
    change: Permission,
  })
  .meta({ id: 'Guide' })
export type Guide = z.infer<typeof Guide>

export const GuideVersion = z
  .object({
    version: z.number().int(),
    content: GuideContent,
    retired: z.boolean(),
    reason: z.string(),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'GuideVersion' })
export type GuideVersion = z.infer<typeof GuideVersion>

/** What came of the newest sessions of a guide. */
export const GuideFigures = z
  .object({
    sessions: z.number().int().describe('that were counted, the newest 1,000 at most'),
    since: Instant.nullable().describe('when the first of them began'),
    outcomes: z.array(
      z.object({ outcome: SessionOutcome.nullable().describe('null while it goes on'), sessions: z.number().int() }),
    ),
    medianMinutes: z.number().nullable().describe('of those that were completed'),
    failed: z
      .array(z.object({ stepId: z.string(), title: z.string(), sessions: z.number().int() }))
      .describe('steps that did not work, the most frequent first'),
  })
  .meta({ id: 'GuideFigures' })
export type GuideFigures = z.infer<typeof GuideFigures>

/** What a citizen reads of a guide, without signing in. */
export const PublicGuide = z
  .object({
    title: z.string(),
    summary: z.string(),
    needs: z.string(),
    languages: z.array(ContactLanguage),
    steps: z.array(z.object({ title: z.string(), text: z.string(), optional: z.boolean() })),
  })
  .meta({ id: 'PublicGuide' })
export type PublicGuide = z.infer<typeof PublicGuide>

// --- assisted sessions ------------------------------------------------------------------------------------------------

export const NewSession = z.object({ guideId: Uuid, language: ContactLanguage.default('it').describe('the citizen’s') })
export type NewSession = z.infer<typeof NewSession>

export const StepDone = z.object({
  state: StepState,
  note: Text.pipe(z.string().max(500)).default('').describe('what is to be known of it, such as why it did not work'),
})
export type StepDone = z.infer<typeof StepDone>

export const AssistedEnd = z.object({
  outcome: SessionOutcome,
  why: Text.pipe(z.string().max(500)).default('').describe('what is missing, or what the citizen still does'),
})
export type AssistedEnd = z.infer<typeof AssistedEnd>

export const AssistedSession = z
  .object({
    id: Uuid,
    guide: z.object({
      id: Uuid,
      version: z.number().int(),
      title: z.string(),
      needs: z.string(),
      otherNeeds: z.string().nullable(),
    }),
    language: ContactLanguage,
    with: z.string().describe('who helps'),
    beganAt: Instant,
    endedAt: Instant.nullable(),
    outcome: SessionOutcome.nullable(),
    why: z.string(),
    steps: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        help: z.string(),
        citizen: z.string(),
        other: z.object({ title: z.string(), citizen: z.string() }).nullable().describe('in the citizen’s language'),
        otherwise: z.string(),
        optional: z.boolean(),
        state: StepState,
        note: z.string(),
        at: Instant.nullable(),
      }),
    ),
    work: Permission.describe('whether the reader goes on with it'),
  })
  .meta({ id: 'AssistedSession' })
export type AssistedSession = z.infer<typeof AssistedSession>
