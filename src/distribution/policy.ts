/** Who works at a desk, and what an entry of distribution is about. Pure. */
import type { Actor } from '../platform/index.ts'

/** Roles that take calls. */
export const callRoles = ['operator', 'switchboard', 'supervisor'] as const

/** Roles that take written work. */
export const writtenRoles = ['cric_member'] as const

/** Roles that are in service: work is offered to them. */
export const deskRoles = [...callRoles, ...writtenRoles] as const

/** Who works in another role has no telephone. */
export const takesCalls = (role: string): boolean => callRoles.some(each => each === role)

/**
 * Whether somebody may ask why a call was given to whom: who serves its section, whom it was offered to, and whoever the entries are about
 * by unit.
 */
export function mayAskWhy(
  actor: Actor,
  call: { sections: readonly string[]; units: readonly string[]; agents: readonly string[] },
  served: readonly string[],
): boolean {
  if (actor.kind !== 'person') return false
  return (
    call.sections.some(section => served.includes(section)) ||
    call.agents.includes(actor.personId) ||
    call.units.includes(actor.unitId)
  )
}
