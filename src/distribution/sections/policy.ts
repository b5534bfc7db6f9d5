/** Who sets the rules of a section. Pure. */
import { can } from '../../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../../platform/index.ts'

/** Whoever answers for the section: at or above it. */
export function maySetRules(actor: Actor, sectionPath: string): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'queues.set', sectionPath) ? allowed : refused('distribution.sections.onlyWhoAnswersForIt')
}
