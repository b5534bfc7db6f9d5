/** Who keeps guides, who follows them with a citizen, and how a session may end. Pure. */
import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { AssistedEnd, StepState } from './model.ts'

export const mayKeepGuides = (actor: Actor): Verdict => (can(actor, 'guides.keep') ? allowed : refused('guides.onlyKeepers'))

/** Whoever has the conversation in hand follows a guide in it. */
export function mayFollowGuide(actor: Actor, conversation: { operatorId: string | null; operatorName: string | null }): Verdict {
  if (actor.kind !== 'person' || !can(actor, 'guides.follow')) return refused('guides.onlyHelpers')
  return conversation.operatorId === actor.personId
    ? allowed
    : refused('guides.otherHelper', { name: conversation.operatorName ?? '' })
}

/** Whether a session may end so: what was left open of a completed one is told, and whatever is not completed says why. */
export function mayEnd(
  { outcome, why }: AssistedEnd,
  steps: readonly { title: string; optional: boolean; state: StepState }[],
): Verdict {
  const left = steps.find(({ optional, state }) => state === 'failed' || (!optional && state !== 'done'))
  if (outcome === 'completed' && left) return refused('guides.stepsLeft', { step: left.title })
  return outcome === 'not-possible' && why.length < 3 ? refused('guides.whyNeeded') : allowed
}
