/** Who looks after callbacks. Pure. */
import { can } from '../../../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../../../platform/index.ts'

/** Callbacks of a section concern those who answer for it: at or above the section. */
export function mayFollow(actor: Actor, sectionPath: string): Verdict {
  if (actor.kind === 'system') return allowed
  if (!can(actor, 'callbacks.follow')) return refused('telephony.callback.onlySupervisors')
  return can(actor, 'callbacks.follow', sectionPath) ? allowed : refused('telephony.callback.notYours')
}
