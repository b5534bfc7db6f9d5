/**
 * The journal's entries and their types. Each room defines its own in its `events.ts`:
 *
 *   export const ticketClaimed = defineEvent('ticket.claimed', z.object({ ticketId: z.uuid() }))
 *
 * and writes them in the transaction that makes them true: `await journal(ticketClaimed, { ticketId }, { case: caseId })`.
 */
import type { z } from 'zod'
import type { Actor } from '../actor.ts'
import { Bug } from '../errors.ts'

export interface EventType<P extends Record<string, unknown> = Record<string, unknown>> {
  readonly type: string
  readonly payload: z.ZodType<P>
}

/** What an entry is about, for finding it again and for deciding who may see it. */
export interface Subjects {
  channel?: 'telephone' | 'email' | 'pec' | 'web' | 'counter' | undefined
  call?: string | undefined
  case?: string | undefined
  contact?: string | undefined
  /** The member of staff whose page must hear of it, whatever the unit. */
  person?: string | undefined
  /** Units whose members (and those above them) may see the entry. */
  units?: readonly string[] | undefined
}

/** One thing that happened, as the journal has it. */
export interface Entry {
  /** The transaction that wrote it, in decimal (64 bits). */
  readonly xid: string
  /** Its number. No two entries have the same, and of two entries the one that could know of the other has the greater. */
  readonly id: number
  readonly at: Date
  readonly type: string
  readonly actor: Actor
  readonly subjects: Subjects
  readonly payload: Record<string, unknown>
}

const known = new Map<string, EventType>()

/** Declares a type of entry, once in the program. The type's name is `subject.what-happened`. */
export function defineEvent<P extends Record<string, unknown>>(type: string, payload: z.ZodType<P>): EventType<P> {
  if (known.has(type)) throw new Bug(`The event type ${type} is defined twice.`)
  const defined = { type, payload }
  known.set(type, { type, payload: payload as z.ZodType<Record<string, unknown>> })
  return defined
}

/** The types defined so far, by name, for the documentation and for checks. */
export const eventTypes = (): readonly EventType[] => [...known.values()].sort((a, b) => a.type.localeCompare(b.type))

/** Answers the typed payload if the entry is of that type. */
export function payloadOf<P extends Record<string, unknown>>(type: EventType<P>, entry: Entry): P | undefined {
  return entry.type === type.type ? type.payload.parse(entry.payload) : undefined
}
