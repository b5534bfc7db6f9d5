/**
 * What may be erased of a person, and what stays and why. Pure.
 *
 *   open ──closed──▶ kept for the months of its typology ──▶ its texts are erased
 *                    └─ nobody has decided how long: it stays until somebody does
 *
 * The card stays as long as something of the person does: whoever works on it has to know whose it is.
 */
import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { StayReason } from './model.ts'

/** A case, as far as its end is concerned. */
export interface CaseEnd {
  readonly isOpen: boolean
  readonly closedAt: Date | null
  /** For how many months after its end it is kept; null when nobody has decided. */
  readonly months: number | null
  /** Nothing of it goes on: no call, no mail that has not left, no appointment ahead. */
  readonly isQuiet: boolean
}

export interface Stay {
  readonly why: StayReason
  /** Until when, where that is known. */
  readonly until: Date | null
}

/** Why a case stays at an instant; null when it may be erased. */
export function whyItStays({ isOpen, closedAt, months, isQuiet }: CaseEnd, now: Date): Stay | null {
  if (isOpen || closedAt === null) return { why: 'open', until: null }
  if (months === null) return { why: 'undecided', until: null }
  const until = monthsAfter(closedAt, months)
  if (until > now) return { why: 'kept', until }
  return isQuiet ? null : { why: 'going-on', until: null }
}

/** The instant so many months later; the last day of a shorter month where the day is not there. */
export function monthsAfter(at: Date, months: number): Date {
  const later = new Date(at)
  later.setUTCDate(1)
  later.setUTCMonth(later.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate()
  later.setUTCDate(Math.min(at.getUTCDate(), lastDay))
  return later
}

const dayMs = 86_400_000

/** When to look again at what had to stay: when the first of it ends, within a day where nobody knows when. */
export const nextLook = (stays: readonly Stay[], now: Date): Date =>
  new Date(Math.max(now.getTime() + dayMs, Math.min(...stays.map(({ until }) => until?.getTime() ?? 0))))

/** Whether somebody who erases has typed the name of whom: a press alone is too easily made for what cannot be undone. */
export const isNameOf = (
  typed: string,
  { familyName, businessName }: { familyName: string | null; businessName: string | null },
): boolean => plain(typed) !== '' && plain(typed) === plain(familyName ?? businessName ?? '')

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()

export const mayAnswerForData = (actor: Actor): Verdict => (can(actor, 'data.answer') ? allowed : refused('privacy.notYourTask'))

export const maySetRetention = (actor: Actor): Verdict => (can(actor, 'retention.set') ? allowed : refused('privacy.notYourTask'))
