/** What was looked at, read from a request that was answered. Pure. */
import { z } from 'zod'
import type { LookKind } from './table.ts'

export interface Looked {
  /** The identifier of the thing; null for searches and lists. */
  subjectId: string | null
  /** The citizen, where the answer itself names one; otherwise it is found when the look is written. */
  contactId: string | null
  /** How many people a search or a list has answered. */
  found: number | null
}

const Id = z.string().nullable().catch(null)
const List = z.object({ items: z.array(z.unknown()) })
const Call = z.object({ call: z.object({ callId: z.string(), contacts: z.array(z.object({ id: z.string() })) }) })
const People = z.object({ items: z.array(z.object({ kind: z.string().optional() })) })

const Parameters = z.record(z.string(), z.unknown()).catch({})

/** Undefined when nothing of a citizen was seen: an empty answer, a search that found only offices. */
export function lookOf(kind: LookKind, params: unknown, answer: unknown): Looked | undefined {
  if (kind === 'search' || kind === 'day') {
    const items = kind === 'search' ? peopleIn(answer) : (List.safeParse(answer).data?.items.length ?? 0)
    return items > 0 ? { subjectId: null, contactId: null, found: items } : undefined
  }
  if (kind === 'export') {
    const contactId = Id.parse(Parameters.parse(params).contactId ?? null)
    return { subjectId: contactId, contactId, found: null }
  }
  if (kind === 'call') {
    const call = Call.safeParse(answer).data?.call
    return call && { subjectId: call.callId, contactId: call.contacts[0]?.id ?? null, found: call.contacts.length }
  }
  const subjectId = Id.parse(Parameters.parse(params)[`${kind}Id`] ?? null)
  return { subjectId, contactId: kind === 'contact' ? subjectId : null, found: null }
}

/** Offices are found by the same search, and are nobody. */
const peopleIn = (answer: unknown): number =>
  (People.safeParse(answer).data?.items ?? []).filter(item => item.kind !== 'unit' && item.kind !== 'office').length
