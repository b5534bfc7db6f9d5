/**
 * The journal's entries and their types. Each room defines its own in its `events.ts`, its second door: whoever reads another room's entries
 * imports their types from there, and no name of an entry stands in a string anywhere else.
 *
 *   const ofTicket = about('matter', 'case', 'units')
 *   export const ticketClaimed = defineEvent('ticket.claimed', ofTicket, z.object({ ticketId: z.uuid() }))
 *
 * and writes them in the transaction that makes them true: `await journal(ticketClaimed, { ticketId }, { case: caseId, units })`.
 *
 * A type knows its kind, from which follows who hears live that an entry was written (`src/identity/policy.ts`), and the subjects that
 * every entry of it has: the compiler asks for them wherever one is written.
 *
 * The journal is for years, so a type's shape changes while old entries stay. A changed shape is a new version, declared with the step from
 * each version before it to the next:
 *
 *   export const ticketClaimed = defineEvent('ticket.claimed', ofTicket, {
 *     version: 2,
 *     payload: z.object({ ticketId: z.uuid(), by: z.enum(['hand', 'offer']) }),
 *     from: { 1: old => ({ ...old, by: 'hand' }) },
 *   })
 *
 * A type says which of its fields may hold personal data, and what stands there when these are erased (`erase.ts`):
 *
 *   export const contactUnmasked = defineEvent('contact.unmasked', ofContact, z.object({ note: z.string() }), { note: '' })
 *
 * Reading never throws. An entry is of another type, or it is read as today's shape, or it is unreadable, which says why: `newer` when a newer
 * release wrote it, `damaged` when it does not have the shape that its version says.
 */
import { z } from 'zod'
import { type Actor, system } from '../actor.ts'
import { type Channel, channels } from '../channels.ts'
import { Bug } from '../errors.ts'

/** A payload as it stands in the journal. */
export type Payload = Readonly<Record<string, unknown>>

/**
 * What entries tell of. Who hears of an entry follows from its kind: `people` are members of staff and their accounts, `incident` is what does
 * not work and everybody has to know, `program` is the installation itself.
 */
export const entryKinds = ['telephone', 'matter', 'people', 'organisation', 'incident', 'program'] as const
export type EntryKind = (typeof entryKinds)[number]

/** A subject that an entry may have. */
export type SubjectName = keyof Subjects

/** What the entries of a type are about: their kind, and the subjects that each of them has. */
export interface EntryAbout<S extends SubjectName = SubjectName> {
  readonly kind: EntryKind
  readonly subjects: readonly S[]
}

/** @param subjects those without which no entry of the type is written */
export const about = <const S extends SubjectName = never>(kind: EntryKind, ...subjects: readonly S[]): EntryAbout<S> => ({
  kind,
  subjects,
})

/** Subjects of an entry: those that its type needs are there. */
export type SubjectsOf<S extends SubjectName> = Subjects & { readonly [name in S]-?: NonNullable<Subjects[name]> }

export interface EventType<
  P extends Record<string, unknown> = Record<string, unknown>,
  S extends SubjectName = SubjectName,
  N extends string = string,
> extends EntryAbout<S> {
  readonly type: N
  /** The version that is written now. */
  readonly version: number
  readonly payload: z.ZodType<P>
  /** The payload of an entry as today's shape. Never throws. */
  read(entry: Written): Reading<P>
}

export type Reading<P> = { readonly is: 'read'; readonly payload: P } | { readonly is: 'other' } | Unreadable

export interface Unreadable {
  readonly is: 'unreadable'
  readonly why: 'newer' | 'damaged'
  /** For who looks into it, in English. */
  readonly reason: string
}

/** What an entry is about, for finding it again and for deciding who may see it. */
export interface Subjects {
  channel?: Channel | undefined
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
  /** Of the shape of its payload. */
  readonly version: number
  /** Whoever is of a kind that this release does not know is `system('unknown')`. */
  readonly actor: Actor
  readonly subjects: Subjects
  /** As it was written. */
  readonly payload: Record<string, unknown>
  /** What was written as its payload is no JSON object: `payload` is empty, and the entry is unreadable. */
  readonly broken?: true
}

/** What reading a payload looks at. */
export type Written = Pick<Entry, 'type' | 'version' | 'payload' | 'broken'>

/** How a type has changed. */
export interface Versions<P extends Record<string, unknown>> {
  readonly version: number
  readonly payload: z.ZodType<P>
  /** By version, the step to the version after it. */
  readonly from: Readonly<Record<number, (old: Payload) => Payload>>
}

const known = new Map<string, EventType>()
const erased = new Map<string, Payload>()

/** By type, what stands in an entry in place of personal data when these are erased. Types without such fields are not among them. */
export const erasedPayloads = (): ReadonlyMap<string, Payload> => erased

/**
 * Declares a type of entry, once in the program; without versions it is at version 1. The type's name is `subject.what-happened`.
 * @param withoutPerson the fields that may hold personal data, and what stands there when these are erased
 */
export function defineEvent<const N extends string, P extends Record<string, unknown>, S extends SubjectName>(
  type: N,
  { kind, subjects }: EntryAbout<S>,
  shape: z.ZodType<P> | Versions<P>,
  withoutPerson?: Partial<NoInfer<P>>,
): EventType<P, S, N> {
  if (known.has(type)) throw new Bug(`The event type ${type} is defined twice.`)
  if (withoutPerson) erased.set(type, withoutPerson)
  const { version, payload, from } = shape instanceof z.ZodType ? { version: 1, payload: shape, from: {} } : shape
  for (let old = 1; old < version; old++)
    if (from[old] === undefined) throw new Bug(`The event type ${type} does not say how version ${old} is read.`)
  const readings = new WeakMap<object, Reading<P>>()
  const defined: EventType<P, S, N> = {
    type,
    kind,
    subjects,
    version,
    payload,
    read(entry) {
      if (entry.type !== type) return { is: 'other' }
      const reading = readings.get(entry) ?? readAs({ version, payload, from }, entry)
      readings.set(entry, reading)
      return reading
    },
  }
  known.set(type, { ...defined, payload: payload as z.ZodType<Record<string, unknown>> })
  return defined
}

function readAs<P extends Record<string, unknown>>({ version, payload, from }: Versions<P>, entry: Written): Reading<P> {
  if (entry.version > version)
    return unreadable('newer', `version ${entry.version}, written by a newer release; this one knows version ${version}`)
  if (entry.broken) return unreadable('damaged', 'the payload is no JSON object')
  try {
    let old: Payload = entry.payload
    for (let at = entry.version; at < version; at++) {
      const step = from[at]
      if (step === undefined) return unreadable('damaged', `there is no version ${at} of this type`)
      old = step(old)
    }
    const read = payload.safeParse(old)
    return read.success ? { is: 'read', payload: read.data } : unreadable('damaged', sentenceOf(read.error))
  } catch (error) {
    return unreadable('damaged', String(error))
  }
}

const unreadable = (why: Unreadable['why'], reason: string): Unreadable => ({
  is: 'unreadable',
  why,
  reason: reason.slice(0, 500),
})

/** Which fields are wrong, without what stands in them: a journal tells of people. */
const sentenceOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'payload'}: ${message}`).join('; ')

/** The types defined so far, by name, for the documentation and for checks. */
export const eventTypes = (): readonly EventType[] => [...known.values()].sort((a, b) => a.type.localeCompare(b.type))

/** The kind of an entry; undefined for a type that nobody has defined here, as of a newer release. */
export const kindOfEntry = ({ type }: Pick<Entry, 'type'>): EntryKind | undefined => known.get(type)?.kind

/** Whether an entry is of one of these types. For what it says, see `payloadOf`. */
export const isOneOf = ({ type }: Pick<Entry, 'type'>, types: readonly Pick<EventType, 'type'>[]): boolean =>
  types.some(each => each.type === type)

/** Reads an entry by the definition of its own type; `other` for a type that nobody has defined here. */
export const readEntry = (entry: Written): Reading<Record<string, unknown>> =>
  known.get(entry.type)?.read(entry) ?? { is: 'other' }

/**
 * Returns the typed payload if the entry is of that type and can be read. What cannot is set aside by whoever follows the journal, see
 * `eachEntry`; a reader with a position of its own asks `readEntry`.
 */
export function payloadOf<P extends Record<string, unknown>>(type: EventType<P>, entry: Written): P | undefined {
  const reading = type.read(entry)
  return reading.is === 'read' ? reading.payload : undefined
}

const KnownActor: z.ZodType<Actor> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    personId: z.string(),
    name: z.string(),
    role: z.string(),
    unitId: z.string(),
    unitPath: z.string(),
    assignmentId: z.string(),
  }),
  z.object({ kind: z.literal('system'), name: z.string() }),
  z.object({ kind: z.literal('citizen'), channel: z.enum(channels) }),
])

/** Who an entry says has done it. */
export function actorOf(written: unknown): Actor {
  const read = KnownActor.safeParse(written)
  return read.success ? read.data : system('unknown')
}

const AnyRecord = z.record(z.string(), z.unknown())

/** A payload as it came from the rows; undefined when it is no JSON object. */
export function recordOf(written: unknown): Record<string, unknown> | undefined {
  const read = AnyRecord.safeParse(written)
  return read.success ? read.data : undefined
}
