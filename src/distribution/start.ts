/** Distribution in a running program. */

import { contactCentreSections, isOpen } from '../organisation/index.ts'
import type { House } from '../platform/index.ts'
import type { Centre } from './centre.ts'
import { type Campaign, campaign } from './election.ts'
import { lead } from './leader.ts'
import { domain } from './model.ts'

/** The contact centre as the organisation knows it. */
export const ownCentre: Centre = { sections: contactCentreSections, isOpen }

export interface Distribution {
  /** Whether this process distributes the calls at the moment. */
  isLeader(): boolean
  /** Hands over: what is under way is written, and another node takes over. */
  close(): Promise<void>
}

/**
 * Starts to stand for election when this process has the role `router`; otherwise does nothing. The leader also watches over the pages of
 * agents. Answers at once: being elected takes a moment, and a database that is away only delays it.
 */
export function startDistribution(house: House, centre: Centre = ownCentre): Distribution {
  if (!house.config.ROLES.includes('router')) return { isLeader: () => false, close: async () => {} }
  const standing: Campaign = campaign(house, domain, term => lead(house, domain, centre, term))
  return { isLeader: standing.isLeader, close: standing.close }
}
