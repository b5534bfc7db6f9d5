/** Who may do what with a call. Pure. */

import { can } from '../identity/capabilities.ts'
import { allowed, type PersonActor, refused, type Verdict } from '../platform/index.ts'
import type { LifeState } from './calls/life/life.ts'
import type { CallAction } from './events.ts'

/** Who may be rung for calls. */
export const mayAnswer = (actor: PersonActor): boolean => can(actor, 'calls.answer')

/** Only the operator of the call does anything with it; supervisors look on the wallboard. */
export function mayAsk(actor: PersonActor, call: LifeState, action: CallAction): Verdict {
  if (action.do === 'decline') {
    if (call.offer?.agent !== actor.personId) return refused('telephony.notYourCall')
    return call.offer.offer === action.offer && !call.offer.answered ? allowed : refused('telephony.notRinging')
  }
  if (call.phase === 'dialling' && action.do === 'hang-up' && call.agent?.id === actor.personId) return allowed
  if (call.phase !== 'talking') return refused('telephony.notTalking')
  if (call.agent?.id !== actor.personId) return refused('telephony.notYourCall')
  if (action.do === 'hold' && call.held) return refused('telephony.alreadyHeld')
  if (action.do === 'resume' && !call.held) return refused('telephony.notHeld')
  if (action.do === 'transfer' && action.sectionId === call.section) return refused('telephony.sameSection')
  return allowed
}

/** Whether the call is, in some way, this person's: others do not learn that it exists. */
export const isTheirs = (actor: PersonActor, call: LifeState): boolean =>
  call.offer?.agent === actor.personId || call.agent?.id === actor.personId || call.broken === actor.personId
