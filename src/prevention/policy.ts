/** Who may hold an activity of prevention, and what may follow on what. Pure. */
import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { ActivityKind, ActivityState } from './model.ts'

export interface ActivityFacts {
  kind: ActivityKind
  state: ActivityState
  unitPath: string
  unitName: string
  hasDays: boolean
}

/** IT groups plan, each for itself; the register of addressees is common to them. */
export const mayPlanActivities = (actor: Actor): Verdict =>
  can(actor, 'prevention.keep') ? allowed : refused('prevention.onlyKeepers')

/** The group that holds an activity changes it. */
export function mayKeepActivity(actor: Actor, { unitPath, unitName }: Pick<ActivityFacts, 'unitPath' | 'unitName'>): Verdict {
  if (!can(actor, 'prevention.keep')) return refused('prevention.onlyKeepers')
  return can(actor, 'prevention.keep', unitPath) ? allowed : refused('prevention.otherGroup', { unit: unitName })
}

/** What was refused or cancelled stays as it is; what was done may still be completed. */
export function mayChangeActivity(actor: Actor, facts: ActivityFacts): Verdict {
  const kept = mayKeepActivity(actor, facts)
  if (!kept.allowed) return kept
  return facts.state === 'refused' || facts.state === 'cancelled' ? refused('prevention.over') : allowed
}

/** Work on an infrastructure is asked for first; everything else is planned. */
export const firstState = (kind: ActivityKind): ActivityState => (kind === 'infrastructure' ? 'asked' : 'planned')

const followers: Readonly<Record<ActivityState, readonly ActivityState[]>> = {
  asked: ['assessed', 'refused', 'cancelled'],
  assessed: ['planned', 'refused', 'cancelled'],
  planned: ['done', 'cancelled'],
  done: [],
  refused: [],
  cancelled: [],
}

/** What may follow on a state. */
export const stepsFrom = (state: ActivityState): readonly ActivityState[] => followers[state]

/** The steps that say why, or what came of it. */
const needsText: readonly ActivityState[] = ['assessed', 'refused', 'cancelled', 'done']
const minTextLength = 3

/** Whether an activity may take a step. */
export function mayStep({ state, hasDays }: ActivityFacts, { to, text }: { to: ActivityState; text: string }): Verdict {
  if (!followers[state].includes(to)) return refused('prevention.noSuchStep')
  if (needsText.includes(to) && text.length < minTextLength) return refused('prevention.textNeeded')
  return (to === 'planned' || to === 'done') && !hasDays ? refused('prevention.daysNeeded') : allowed
}
