/** What a change has changed, for entries of the journal: field by field, what stood there before and what stands there now. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

/** Entries written before there was such a list have none. */
export const Changes = z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
export type Changes = z.infer<typeof Changes>

/** Returns the fields of `after` that differ from `before`. What is not there counts as null. */
export function changesOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Changes {
  return Object.keys(after)
    .map(field => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter(change => !isDeepStrictEqual(change.before, change.after))
}
