/**
 * Who does something: a person acting as a role in a unit, a citizen, or the system itself.
 * The platform carries actors about; what a role may do is decided in the rooms.
 */

import { Refused } from './errors.ts'

export type Actor = PersonActor | SystemActor | CitizenActor

/** A member of staff. A person has many assignments and acts under one at a time. */
export interface PersonActor {
  readonly kind: 'person'
  readonly personId: string
  readonly name: string
  readonly role: string
  readonly unitId: string
  /** Identifiers from the root of the organisation to the unit, each followed by a slash: `inps/lazio/cric-lazio/`. */
  readonly unitPath: string
  readonly assignmentId: string
}

export interface SystemActor {
  readonly kind: 'system'
  /** Which part: `telephony`, `distribution`, `worker`, `sample`. */
  readonly name: string
}

/** Somebody outside, known by the call or message that they are in, not by identity. */
export interface CitizenActor {
  readonly kind: 'citizen'
  readonly channel: 'telephone' | 'email' | 'web' | 'counter'
}

export const system = (name: string): SystemActor => ({ kind: 'system', name })

/** What an actor is called in a sentence. */
export const nameOfActor = (actor: Actor): string => (actor.kind === 'citizen' ? actor.channel : actor.name)

/** Returns the actor of a use case that only members of staff have. @throws Refused 401 for anybody else */
export function actingPerson(actor: Actor): PersonActor {
  if (actor.kind !== 'person') throw new Refused('platform.signIn', {}, 401)
  return actor
}

/** Returns the units on some paths, each once, from the root: `inps/ccm/` is about `inps` and `ccm`. */
export const unitsIn = (...paths: readonly (string | null | undefined)[]): string[] => [
  ...new Set(paths.flatMap(path => (path ?? '').split('/').filter(Boolean))),
]
