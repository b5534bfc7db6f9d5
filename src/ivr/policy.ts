/** Who may change what callers hear. Pure. */
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'

/** The roles that keep the flow and its recordings: it is one for the whole country. */
export const flowKeepers = ['administrator', 'headquarters'] as const

/** Whether the actor may change the flow or what is recorded for it. */
export function mayKeepFlow(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  return actor.kind === 'person' && flowKeepers.some(role => role === actor.role) ? allowed : refused('ivr.onlyKeepers')
}
