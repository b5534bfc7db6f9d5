/** Whether the reader may do something, and if not, the sentence that says why. */
import { z } from 'zod'
import type { Verdict } from './errors.ts'
import { type Language, sentence } from './languages.ts'

export const Permission = z.object({ allowed: z.boolean(), sentence: z.string().nullable() })
export type Permission = z.infer<typeof Permission>

/** Returns a verdict in the reader's language. */
export const permissionOf = (verdict: Verdict, language: Language): Permission =>
  verdict.allowed
    ? { allowed: true, sentence: null }
    : { allowed: false, sentence: sentence(language, verdict.code, verdict.values) }
