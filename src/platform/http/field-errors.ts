/**
 * What is wrong with a field, in the reader's language. The schemas say it in their own way; here it becomes a sentence of
 * `languages/<language>/platform.json` that says what to mend. Pure.
 */
import type { z } from 'zod'
import { type Language, sentence } from '../languages.ts'

export interface FieldError {
  /** Place and path, e.g. `body.phones.0`. */
  field: string
  message: string
}

/** What was sent comes back no longer than this. */
const maxFieldLength = 200
const maxMessageLength = 500

export const fieldErrors = (issues: readonly z.core.$ZodIssue[], place: string, language: Language): FieldError[] =>
  issues.map(issue => ({
    field: [place, ...issue.path].map(String).join('.').slice(0, maxFieldLength),
    message: messageOf(issue, language).slice(0, maxMessageLength),
  }))

/** A refinement of ours names its sentence (`room.sentence`), so that the schema needs no language. */
const isSentence = (message: string): boolean => /^[a-z-]+(\.[A-Za-z0-9-]+)+$/.test(message)

function messageOf(issue: z.core.$ZodIssue, language: Language): string {
  const say = (key: string, values: Record<string, unknown> = {}) => sentence(language, `platform.field.${key}`, values)
  if (isSentence(issue.message)) return sentence(language, issue.message)
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? say('missing') : say(`type.${issue.expected}`)
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? say('empty')
        : say(`tooSmall.${sizeOf(issue.origin)}`, { count: Number(issue.minimum) })
    case 'too_big':
      return say(`tooBig.${sizeOf(issue.origin)}`, { count: Number(issue.maximum) })
    case 'invalid_format':
      return say(`format.${formats.has(issue.format) ? issue.format : 'other'}`)
    case 'invalid_value':
      return say('value', { values: issue.values.map(String).join(', ') })
    case 'unrecognized_keys':
      return say('unknown', { keys: issue.keys.join(', ') })
    case 'not_multiple_of':
      return say('step', { step: Number(issue.divisor) })
    default:
      return say('wrong')
  }
}

const sizeOf = (origin: string): 'text' | 'list' | 'number' =>
  origin === 'string' ? 'text' : origin === 'array' || origin === 'set' || origin === 'object' ? 'list' : 'number'

const formats = new Set(['date', 'datetime', 'time', 'email', 'url', 'uuid'])
