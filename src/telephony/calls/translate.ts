/** What an entry of the journal means to the life of its call. Pure. */
import {
  callCallbackProposed,
  callDismissed,
  callDiverted,
  callMoved,
  callPosition,
  offerAccepted,
  offerMade,
  offerRejected,
  offerWithdrawn,
} from '../../distribution/index.ts'
import { type Entry, payloadOf } from '../../platform/index.ts'
import { callAsked, callCallbackWithdrawn } from '../events.ts'
import type { Input } from './life/life.ts'

/** What a call hears of in the journal. */
export const heardOfCalls = [
  ...[offerMade, offerAccepted, offerWithdrawn, offerRejected, callPosition, callMoved, callDismissed, callDiverted],
  ...[callCallbackProposed, callCallbackWithdrawn, callAsked],
]

/** The input, or null for an entry that tells the call nothing: most are its own. */
export function inputOf(entry: Entry): Input | null {
  const made = payloadOf(offerMade, entry)
  if (made) return { type: 'offer-made', offer: made.offer, agent: made.agent, until: Date.parse(made.until) }
  const accepted = payloadOf(offerAccepted, entry)
  if (accepted) return { type: 'offer-accepted', offer: accepted.offer, agent: accepted.agent }
  const over = payloadOf(offerWithdrawn, entry) ?? payloadOf(offerRejected, entry)
  if (over) return { type: 'offer-over', offer: over.offer, reason: over.reason }
  const position = payloadOf(callPosition, entry)
  if (position)
    return { type: 'position', position: position.position, ahead: position.ahead, expectedWaitMs: position.expectedWaitMs }
  const moved = payloadOf(callMoved, entry)
  if (moved) return { type: 'moved', section: moved.sectionId }
  const dismissed = payloadOf(callDismissed, entry)
  if (dismissed) return { type: 'dismissed', reason: dismissed.reason, message: dismissed.message }
  const proposed = payloadOf(callCallbackProposed, entry)
  if (proposed) return { type: 'proposed', reason: proposed.reason }
  if (entry.type === callCallbackWithdrawn.type) return { type: 'withdrawn' }
  const diverted = payloadOf(callDiverted, entry)
  if (diverted) return { type: 'diverted', to: diverted.to }
  const asked = payloadOf(callAsked, entry)
  return asked ? { type: 'asked', agent: asked.agent, action: asked.action } : null
}
