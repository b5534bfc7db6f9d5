/** Who may change what callers hear. Pure. */

import { can, rolesWhich } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'

/** The roles that keep the flow and its recordings: it is one for the whole country. */
export const flowKeepers = rolesWhich('flow.keep')

/** Whether the actor may change the flow or what is recorded for it. */
export function mayKeepFlow(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'flow.keep') ? allowed : refused('ivr.onlyKeepers')
}
