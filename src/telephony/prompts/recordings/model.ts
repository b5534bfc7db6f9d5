/** The shapes of prompts and their recordings at the API, and of what happened to them. */
import { z } from 'zod'
import { Instant } from '../../../platform/index.ts'

export const PromptKey = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$/i)
  .max(100)
  .describe('the node of the flow, and the part of it where it says several things')
  .meta({ example: 'menu.wrong-key' })
export const PromptLanguage = z
  .string()
  .regex(/^[a-z]{2}$/)
  .describe('ISO 639-1')
  .meta({ example: 'it' })

/** Which flow the text is taken from. */
export const PromptsOf = z.enum(['in-force', 'draft']).default('in-force').meta({ example: 'in-force' })

export const Recording = z
  .object({
    version: z.number().int(),
    durationMs: z.number().int(),
    madeFrom: z.string().nullable().describe('what was uploaded').meta({ example: '48000 Hz, 16 bit, 2 ch' }),
    at: Instant,
    by: z.string().nullable(),
  })
  .meta({ id: 'Recording' })
export type Recording = z.infer<typeof Recording>

export const Prompt = z
  .object({
    key: PromptKey,
    language: PromptLanguage,
    text: z.string(),
    node: z.string().nullable().describe('of the flow; null for a sentence that the program says by itself'),
    part: z.enum(['text', 'wrong-key', 'silence', 'again', 'also', 'program']),
    heard: z.enum(['recording', 'spoken']),
    durationMs: z.number().int().nullable().describe('null for a text that has not been spoken here yet'),
    mayRecord: z.boolean().describe('no for a text that is another for each call'),
    version: z.number().int().describe('grows with each recording of this text that is uploaded or removed; 0 before the first'),
    recording: Recording.nullable().describe('what callers hear instead of the text'),
    recordingOfOtherText: z.boolean().describe('there is a recording of an earlier text of this prompt; callers do not hear it'),
  })
  .meta({ id: 'Prompt' })
export type Prompt = z.infer<typeof Prompt>

export const PromptList = z.object({
  number: z.number().int().nullable().describe('of the version of the flow; null when there is none'),
  items: z.array(Prompt),
})
export type PromptList = z.infer<typeof PromptList>

export const RecordingChange = z
  .object({
    version: z.number().int(),
    text: z.string(),
    isOfThisText: z.boolean(),
    what: z.enum(['recorded', 'removed']),
    copyOf: z.number().int().nullable(),
    durationMs: z.number().int().nullable(),
    at: Instant,
    by: z.string().nullable(),
  })
  .meta({ id: 'RecordingChange' })
export type RecordingChange = z.infer<typeof RecordingChange>

export const PromptHistory = z.object({ items: z.array(RecordingChange).describe('the newest first, at most a hundred') })

export const RestoreRecording = z.strictObject({ from: z.number().int().min(1).max(1_000_000).meta({ example: 1 }) })
