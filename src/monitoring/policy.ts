/** Who may see the figures of which sections, and what a service level is. Pure. */

import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { ServiceLevel } from './model.ts'

/** Figures of the contact centre are for those who answer for it. */
export function mayWatch(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'figures.watch') ? allowed : refused('monitoring.onlySupervisors')
}

/** Whether a section is among those that the actor answers for: at or under the own unit. */
export const watches = (actor: Actor, sectionPath: string): boolean =>
  actor.kind === 'system' || (actor.kind === 'person' && sectionPath.startsWith(actor.unitPath))

/** Where callers called is counted for those who answer for the contact centre, and of the own region for its director. */
export const mayCountPlaces = (actor: Actor): Verdict => (can(actor, 'region.direct') ? allowed : mayWatch(actor))

/** Waits that ended alike. */
export interface EndedWaits {
  how: 'answered' | 'abandoned' | 'not-answered'
  /** Whether they lasted no longer than the threshold. */
  within: boolean
  calls: number
}

/**
 * The service level of waits that have ended:
 *
 *   answered within the threshold ÷ (answered + not answered, without callers who hung up within the threshold)
 *
 * Contact centres count abandonment in several ways. This is the one that leaves out who gave up so early that the promise could not be
 * broken (formula 4 in https://www.callcentrehelper.com/service-level-threshold-calculations-206890.htm); a call that the centre itself
 * ended while it waited, because it closed or was full, counts as not answered however short the wait. Exactly at the threshold is within it.
 */
export function serviceLevel(waits: readonly EndedWaits[]): ServiceLevel {
  let answeredWithin20 = 0
  let offered = 0
  for (const { how, within, calls } of waits) {
    if (how === 'abandoned' && within) continue
    offered += calls
    if (how === 'answered' && within) answeredWithin20 += calls
  }
  return { answeredWithin20, offered, share: offered === 0 ? null : answeredWithin20 / offered }
}
