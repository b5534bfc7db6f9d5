/**
 * Errors as RFC 9457 problem+json, in the reader's language, saying what to mend.
 */
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refused } from '../errors.ts'
import { languageOf, sentence } from '../languages.ts'
import type { Log } from '../log.ts'
import { fieldErrors } from './field-errors.ts'

export const Problem = z
  .object({
    type: z.string().describe('identifies the kind of problem: /problems/room.sentence'),
    title: z.string().describe('the HTTP status in words'),
    status: z.number().int(),
    detail: z.string().describe('what is wrong and what to mend, in the language of Accept-Language'),
    code: z.string(),
    values: z.record(z.string(), z.unknown()).optional().describe('facts that a program can use'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('one for each wrong field'),
  })
  .meta({ id: 'Problem' })

export type Problem = z.infer<typeof Problem>

/** More wrong fields than this are of no use to anybody. */
const maxErrors = 50

/** Fields that do not fit their schema. */
export class Invalid extends Error {
  override readonly name = 'Invalid'
  readonly issues: readonly z.core.$ZodIssue[]
  readonly place: string
  constructor(issues: readonly z.core.$ZodIssue[], place: string) {
    super('invalid')
    this.issues = issues.slice(0, maxErrors)
    this.place = place
  }
}

/** Sends an error. One that is not meant for people becomes a 500 without details, and goes to the log whole. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const language = languageOf(request)
  const problem = problemOf(error, language, request.routeOptions.bodyLimit ?? defaultLimitBytes)
  if (problem.status >= 500 && !(error instanceof Refused)) {
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed')
  }
  if (problem.status === 429 || problem.status === 503) {
    const seconds = problem.values?.retryAfterSeconds
    if (typeof seconds === 'number') reply.header('retry-after', Math.ceil(seconds))
  }
  return reply.code(problem.status).header('content-language', language).type('application/problem+json').send(problem)
}

/** Fastify's own, for requests that lead to no route. */
const defaultLimitBytes = 1_048_576

function problemOf(error: unknown, language: 'it' | 'en', limitBytes: number): Problem {
  if (error instanceof Refused) return make(error.status, error.code, language, error.values)
  if (error instanceof Invalid)
    return { ...make(422, 'platform.invalid', language), errors: fieldErrors(error.issues, error.place, language) }
  if (isFastifyError(error)) {
    const status = error.statusCode ?? 500
    if (status === 413) return make(413, 'platform.tooLarge', language, { limit: sizeOf(limitBytes) })
    if (status >= 400 && status < 500) return make(status, codes[error.code] ?? 'platform.badRequest', language)
  }
  if (isRefusedText(error)) return make(422, 'platform.invalidText', language)
  return make(500, 'platform.bug', language)
}

const sizeOf = (bytes: number): string =>
  bytes >= 1_048_576 ? `${Math.floor(bytes / 1_048_576)} MB` : `${Math.floor(bytes / 1_024)} kB`

const codes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'platform.unknownMediaType',
  FST_ERR_CTP_INVALID_JSON_BODY: 'platform.notJson',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'platform.badRequest',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'platform.notJson',
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('statusCode' in error || ('code' in error && String(error.code).startsWith('FST_')))
}

/** PostgreSQL class 22: a text that it cannot hold (NUL, broken UTF-8) or a number out of range. */
function isRefusedText(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22(021|P05|003|008)$/.test(error.code)
}

function make(status: number, code: string, language: 'it' | 'en', values: Readonly<Record<string, unknown>> = {}): Problem {
  return {
    type: `/problems/${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: sentence(language, code, values),
    code,
    ...(Object.keys(values).length > 0 ? { values: { ...values } } : {}),
  }
}
