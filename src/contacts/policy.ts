/**
 * Who somebody is, and how sure we are. Pure.
 *
 * The number shown, the name, the day of birth, the codice fiscale identify nobody: neighbours, relatives and brokers know them, and a
 * codice fiscale can be computed from the others. They are hints. Several hints of different nature, said without help, are a
 * declaration. Only something that the person alone has, or an official who has seen a document, verifies.
 *
 *   none ──the line──▶ number ──a hint──▶ hint ──three of different nature──▶ declared     (hints never lead to verified)
 *                                             what an official has seen ────▶ verified
 *                                             what a machine has checked ───▶ digital
 *
 * A level holds for one conversation: the next caller at the same number may be somebody else.
 */

import { can, pathReached, reachOf } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { Conversation } from './conversation.ts'
import { IdentificationLevel, type IdentificationMethod, type MandateState, MaskedField } from './model.ts'

/** What a method is worth. Hints of the same nature count once: who knows the codice fiscale can read the day of birth in it. */
type Worth = 'verifies' | 'machine' | { hint: 'line' | 'name' | 'registry' | 'address' | 'matter' | 'document' }

export const methods: Readonly<Record<IdentificationMethod, Worth>> = {
  'caller-number': { hint: 'line' },
  name: { hint: 'name' },
  'birth-date': { hint: 'registry' },
  'fiscal-code': { hint: 'registry' },
  address: { hint: 'address' },
  'request-code': { hint: 'matter' },
  'document-number': { hint: 'document' },
  pin: 'verifies',
  spid: 'machine',
  cie: 'machine',
  cns: 'machine',
  pec: 'machine',
  'identity-document': 'verifies',
  'call-back': 'verifies',
}

/** So many hints of different nature make a declaration. The line does not count: it is not said by the caller. */
const hintsForDeclaration = 3
/** An identification at a counter, where there is no call, holds for the visit. */
export const visitMs = 2 * 3_600_000

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
  const worths = here.map(({ method }) => methods[method])
  if (worths.includes('machine')) return 'digital'
  if (worths.includes('verifies')) return 'verified'
  const natures = new Set(worths.flatMap(worth => (typeof worth === 'object' ? [worth.hint] : [])))
  if (natures.size === 0) return 'none'
  natures.delete('line')
  if (natures.size === 0) return 'number'
  return natures.size >= hintsForDeclaration ? 'declared' : 'hint'
}

export type Tellable = 'general' | 'state-of-request' | 'personal-data'

const hearing: Readonly<Record<IdentificationLevel, readonly Tellable[]>> = {
  none: ['general'],
  number: ['general'],
  hint: ['general'],
  declared: ['general', 'state-of-request'],
  verified: ['general', 'state-of-request', 'personal-data'],
  digital: ['general', 'state-of-request', 'personal-data'],
}

/** What may be said to somebody of a level: information for everybody; how far a request is; data about the person. */
export const mayHear = (level: IdentificationLevel): readonly Tellable[] => hearing[level]

/**
 * Whether a mandate holds on a day. Its first and its last day count.
 * @param day ISO day
 */
export function mandateState(
  mandate: { validFrom: string; validUntil: string | null; endedAt: Date | null },
  day: string,
): MandateState {
  if (mandate.endedAt !== null) return 'ended'
  if (day < mandate.validFrom) return 'not-yet'
  return mandate.validUntil !== null && day > mandate.validUntil ? 'expired' : 'valid'
}

/**
 * What may be said about a contact to somebody who speaks for them: as much as we are sure who that is, and nothing of the contact's without a
 * mandate that holds.
 */
export const mayHearFor = (levelOfSpeaker: IdentificationLevel, mandate: MandateState): readonly Tellable[] =>
  mandate === 'valid' ? mayHear(levelOfSpeaker) : mayHear('none')

// --- who may say how somebody made known who they are -----------------------------------------------------------------

/** An operator who notes it in wrap-up still does so in time; later than this nobody remembers who was on the line. */
const rememberedMs = 10 * 60_000
/** What a machine has checked. Nobody can say it in its place. */
const electronic: readonly IdentificationMethod[] = ['spid', 'cie', 'cns', 'pec']

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
  if (method === 'identity-document' && !can(actor, 'documents.check')) return refused('contacts.attest.counterOnly')
  return allowed
}

/** Whether the actor is the one who talks in the call: to others it is not there. */
export const talksIn = (actor: Actor, call: Conversation | undefined): boolean =>
  actor.kind === 'system' ||
  (actor.kind === 'person' && can(actor, 'calls.answer') && call !== undefined && call.operatorId === actor.personId)

// --- who may see a card ---------------------------------------------------------------------------------------------

/**
 * Which contacts somebody may see: all, for those who answer the whole country; those of a territory or of matters that passed through
 * the unit; none. Administrators keep the program going and have no business with citizens.
 */
export type ContactScope = { all: true } | { all: false; under: string } | undefined

export function contactScope(actor: Actor): ContactScope {
  if (actor.kind === 'system') return { all: true }
  if (actor.kind !== 'person') return undefined
  const reach = reachOf(actor, 'matters.see')
  if (reach === undefined) return undefined
  if (reach === 'all') return { all: true }
  return { all: false, under: pathReached(actor, 'matters.see') }
}

// --- what of a card is shown ----------------------------------------------------------------------------------------

/**
 * Whose cards are masked: of those who may open anybody's. Whoever sees a territory sees the people whose matters were passed to it, and the matter is
 * the reason.
 */
export const isMasked = (scope: ContactScope): boolean => scope?.all === true

/** What is known of why somebody looks at a card. */
export interface Purpose {
  /** How sure the actor is, in a conversation of this moment, that it is this contact who speaks, or somebody with a mandate. */
  level: IdentificationLevel
  /** The contact is the one of a conversation that the actor has open. */
  isOfOwnConversation: boolean
  /** The actor said a reason a short while ago, or wrote the card down. */
  hasReason: boolean
}

/** How long a reason holds: a conversation and what is written after it. */
export const reasonMs = 30 * 60_000

const levels = IdentificationLevel.options
/** Whether a level is at least another. */
export const isAtLeast = (level: IdentificationLevel, other: IdentificationLevel): boolean =>
  levels.indexOf(level) >= levels.indexOf(other)

/** The level that a field demands. Numbers and addresses are needed to answer, and are shown in the conversation itself. */
const demanded: Readonly<Record<MaskedField, IdentificationLevel | 'conversation'>> = {
  fiscalCode: 'declared',
  birthDate: 'declared',
  address: 'declared',
  postalCode: 'declared',
  formerCodes: 'declared',
  phones: 'conversation',
  emails: 'conversation',
}

/** The fields that stay masked for a purpose. */
export const maskedFor = ({ level, isOfOwnConversation, hasReason }: Purpose): MaskedField[] =>
  hasReason
    ? []
    : MaskedField.options.filter(field => {
        const needs = demanded[field]
        return needs === 'conversation' ? !isOfOwnConversation && !isAtLeast(level, 'declared') : !isAtLeast(level, needs)
      })

/** Cards are written where people call or come; the second level corrects what it sees. */
export function mayWriteContact(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'contacts.write') ? allowed : refused('contacts.notYourTask')
}
