/** Whether cases may be linked, joined and split, and whether that may be undone. Pure: who may see both cases is decided before. */
import { allowed, refused, type Verdict } from '../../platform/index.ts'
import type { InteractionState } from '../model.ts'
import type { CaseLinkKind } from './model.ts'

/** What has to be known of a case that is joined. */
export interface JoiningFacts {
  code: string
  isOpen: boolean
  /** It has gone into another already. */
  isJoined: boolean
  /** How many cases it is with those that were joined into it. */
  size: number
  /** In whose hands its open questions are. */
  hands: readonly TicketHand[]
}

/** Who has an open question: a member, or the list of a section from which nobody has taken it. */
export interface TicketHand {
  key: string
  name: string
}

/** So many cases may be one. */
export const maxJoined = 20

/**
 * Two cases become one. A matter is worked on by one person: where both have an open question, both must be in the same hand first, and who joins them is
 * told whose they are.
 */
export function mayJoin(joined: JoiningFacts, survivor: JoiningFacts): Verdict {
  if (joined.isJoined) return refused('cases.link.joinedAlready', { code: joined.code })
  if (survivor.isJoined) return refused('cases.link.joinedAlready', { code: survivor.code })
  if (joined.isOpen && !survivor.isOpen) return refused('cases.link.joinTheClosed', { code: survivor.code })
  if (joined.size + survivor.size > maxJoined) return refused('cases.link.tooManyJoined', { most: maxJoined })
  const [clash] = joined.hands.flatMap(one =>
    survivor.hands.filter(other => other.key !== one.key).map(other => ({ holder: one.name, other: other.name })),
  )
  if (clash) return refused('cases.link.twoHands', clash)
  return allowed
}

/** A conversation goes into a case of its own. What has made a question or an appointment stays with it. */
export function maySplit({ state, conversations }: { state: InteractionState; conversations: number }): Verdict {
  if (state === 'linea' || state === 'appointment') return refused('cases.link.madeTheQuestion')
  return conversations < 2 ? refused('cases.link.onlyConversation') : allowed
}

/** What has happened since a link was made. */
export interface SinceLinked {
  kind: CaseLinkKind
  isUndone: boolean
  /** The case in which one goes on has been closed since. */
  isClosedSince: boolean
  /** Something besides the conversation has come to the case that was split off. */
  hasGrown: boolean
}

/** Whether a link can be undone as things stand now. */
export function mayUndo({ kind, isUndone, isClosedSince, hasGrown }: SinceLinked): Verdict {
  if (isUndone) return refused('cases.link.undoneAlready')
  if (kind === 'joined' && isClosedSince) return refused('cases.link.closedSince')
  if (kind === 'split' && hasGrown) return refused('cases.link.grownSince')
  return allowed
}
