/** What a change has changed, for entries of the journal: field by field, what stood there before and what stands there now. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Payload } from './event.ts'

/** Entries written before there was such a list have none. */
export const Changes = z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
export type Changes = z.infer<typeof Changes>

/** Of an entry that says in its second version what was before and what is after; null where the first version did not say. */
export const KnownChanges = Changes.nullable()

/** The step of such an entry from its first version. */
export const withoutChanges = (old: Payload): Payload => ({ ...old, changes: null })

/** Returns the fields of `after` that differ from `before`. What is not there counts as null. */
export function changesOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Changes {
  return Object.keys(after)
    .map(field => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter(change => !isDeepStrictEqual(change.before, change.after))
}

/** The same of settings of which each may be left out: what is no longer said counts as null too. */
export const changesOfSettings = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Changes =>
  changesOf(before, { ...Object.fromEntries(Object.keys(before).map(field => [field, null])), ...after })
