/**
 * Who somebody is, and how sure we are. Pure.
 *
 * The number shown, the name, the day of birth, the codice fiscale identify nobody: neighbours, relatives and brokers know them, and a
 * codice fiscale can be computed from the others. They are hints. Several hints of different nature, said without help, are a
 * declaration. Only something that the person alone has, or an official who has seen a document, verifies.
 *
 *   none ──a hint──▶ hint ──three of different nature──▶ declared        (hints never lead to verified)
 *                        any verifying method ─────────▶ verified
 *
 * A level holds for one conversation: the next caller at the same number may be somebody else.
 */
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { Conversation } from './conversation.ts'
import type { IdentificationLevel, IdentificationMethod } from './model.ts'

/** What a method is worth. Hints of the same nature count once: who knows the codice fiscale can read the day of birth in it. */
type Worth = 'verifies' | { hint: 'line' | 'name' | 'registry' | 'address' | 'matter' | 'document' }

export const methods: Readonly<Record<IdentificationMethod, Worth>> = {
  'caller-number': { hint: 'line' },
  name: { hint: 'name' },
  'birth-date': { hint: 'registry' },
  'fiscal-code': { hint: 'registry' },
  address: { hint: 'address' },
  'request-code': { hint: 'matter' },
  'document-number': { hint: 'document' },
  pin: 'verifies',
  spid: 'verifies',
  cie: 'verifies',
  cns: 'verifies',
  'identity-document': 'verifies',
  'call-back': 'verifies',
}

/** So many hints of different nature make a declaration. The line does not count: it is not said by the caller. */
const hintsForDeclaration = 3
/** An identification at a counter, where there is no call, holds for the visit. */
const visitMs = 2 * 3_600_000

export interface Identified {
  method: IdentificationMethod
  callId: string | null
  at: number
}

/**
 * The level in one conversation.
 * @param conversation the call, or null at a counter; `now` in milliseconds
 */
export function levelOf(
  identifications: readonly Identified[],
  conversation: { callId: string | null; now: number },
): IdentificationLevel {
  const here = identifications.filter(each =>
    each.callId === null
      ? conversation.callId === null && each.at <= conversation.now && conversation.now - each.at <= visitMs
      : each.callId === conversation.callId,
  )
  const natures = new Set<string>()
  for (const { method } of here) {
    const worth = methods[method]
    if (worth === 'verifies') return 'verified'
    natures.add(worth.hint)
  }
  if (natures.size === 0) return 'none'
  natures.delete('line')
  return natures.size >= hintsForDeclaration ? 'declared' : 'hint'
}

export type Tellable = 'general' | 'state-of-request' | 'personal-data'

const hearing: Readonly<Record<IdentificationLevel, readonly Tellable[]>> = {
  none: ['general'],
  hint: ['general'],
  declared: ['general', 'state-of-request'],
  verified: ['general', 'state-of-request', 'personal-data'],
}

/** What may be said to somebody of a level: information for everybody; how far a request is; data about the person. */
export const mayHear = (level: IdentificationLevel): readonly Tellable[] => hearing[level]

// --- who may say how somebody made known who they are -----------------------------------------------------------------

/** An operator who notes it in wrap-up still does so in time; later than this nobody remembers who was on the line. */
const rememberedMs = 10 * 60_000
const speaking = ['operator', 'switchboard', 'supervisor']
const atCounter = ['agency_officer', 'agency_manager']
/** What a machine has checked. Nobody can say it in its place. */
const electronic: readonly IdentificationMethod[] = ['spid', 'cie', 'cns']

/** What has to be known of the call in which somebody made known who they are; null at a counter, or when there was no call. */
export interface Attested {
  method: IdentificationMethod
  call: Conversation | null
  /** The numbers on the card. */
  phones: readonly string[]
  now: number
}

/**
 * Whether the actor can vouch for a method. Hints are what somebody has said, and whoever heard it may note it. Methods that verify are only
 * for those who have seen it: a document at a counter, a PIN in one's own call, a call that we made to a number that was on the card.
 */
export function mayAttest(actor: Actor, { method, call, phones, now }: Attested): Verdict {
  if (actor.kind === 'system') return allowed
  if (actor.kind !== 'person') return refused('contacts.notYourTask')
  if (electronic.includes(method)) return refused('contacts.attest.electronic')
  if (call !== null) {
    if (call.endedAt !== null && now - call.endedAt.getTime() > rememberedMs) return refused('contacts.attest.callOver')
    if (method === 'identity-document') return refused('contacts.attest.counterOnly')
    if (method === 'call-back' && (call.dialled === null || !phones.includes(call.dialled)))
      return refused('contacts.attest.notCalledBack')
    return allowed
  }
  if (method === 'call-back' || method === 'pin' || method === 'caller-number') return refused('contacts.attest.callOnly')
  if (method === 'identity-document' && !atCounter.includes(actor.role)) return refused('contacts.attest.counterOnly')
  return allowed
}

/** Whether the actor is the one who talks in the call: to others it is not there. */
export const talksIn = (actor: Actor, call: Conversation | undefined): boolean =>
  actor.kind === 'system' ||
  (actor.kind === 'person' && speaking.includes(actor.role) && call !== undefined && call.operatorId === actor.personId)

// --- who may see a card ---------------------------------------------------------------------------------------------

/**
 * Which contacts somebody may see: all, for those who answer the whole country; those of a territory or of matters that passed through
 * the unit; none. Administrators keep the program going and have no business with citizens.
 */
export type ContactScope = { all: true } | { all: false; under: string } | undefined

const national = ['operator', 'switchboard', 'supervisor', 'headquarters']
const regional = ['cric_member', 'cric_coordinator', 'gai_member']
const own = ['agency_officer', 'agency_manager', 'regional_director', 'central_member']
/** A regional centre lies at the third place of the path: institute, region, centre. */
const centreDepth = 3

export function contactScope(actor: Actor): ContactScope {
  if (actor.kind === 'system') return { all: true }
  if (actor.kind !== 'person') return undefined
  if (national.includes(actor.role)) return { all: true }
  if (regional.includes(actor.role)) return { all: false, under: firstOf(actor.unitPath, centreDepth) }
  if (own.includes(actor.role)) return { all: false, under: actor.unitPath }
  return undefined
}

/** The first `depth` places of a path: `inps/dr-lazio/cric-lazio/` of `inps/dr-lazio/cric-lazio/cric-lazio-pensioni/`. */
export const firstOf = (path: string, depth: number): string => `${path.split('/').slice(0, depth).join('/')}/`

/** Cards are written where people call or come; the second level corrects what it sees. */
export function mayWriteContact(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  if (actor.kind === 'person' && writers.includes(actor.role)) return allowed
  return refused('contacts.notYourTask')
}

const writers = [
  'operator',
  'switchboard',
  'supervisor',
  'cric_member',
  'cric_coordinator',
  'gai_member',
  'agency_officer',
  'agency_manager',
]
