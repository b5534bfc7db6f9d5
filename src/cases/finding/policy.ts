/**
 * Whose cases a list shows. To open the case of a citizen with whom one speaks is one thing, to search through the cases of the country another: a
 * list shows those that have passed through the reader's own unit, section or centre, and only headquarters sees all. Pure.
 */
import { type Capability, pathReached, reachOf } from '../../identity/capabilities.ts'
import type { Actor } from '../../platform/index.ts'
import type { Scope } from '../store.ts'

/** How far somebody's lists reach; undefined for those who have none. */
export function listScope(actor: Actor, capability: Capability = 'cases.list'): Scope | undefined {
  if (actor.kind !== 'person') return undefined
  const reach = reachOf(actor, capability)
  if (reach === undefined || reach === 'own') return undefined
  if (reach === 'all') return { all: true }
  return { all: false, under: pathReached(actor, capability) }
}
