/** Who enters whose absences. Pure. */
import { can } from '../../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../../platform/index.ts'

/** The person, and whoever answers for a unit in which the person works. @param paths of the units of that person */
export function mayKeepAbsence(actor: Actor, person: { id: string; name: string; paths: readonly string[] }): Verdict {
  if (actor.kind !== 'person') return refused('distribution.absences.notYours')
  if (actor.personId === person.id && can(actor, 'absences.enter')) return allowed
  return person.paths.some(path => can(actor, 'absences.keep', path))
    ? allowed
    : refused('distribution.absences.onlyCoordinator', { name: person.name })
}
