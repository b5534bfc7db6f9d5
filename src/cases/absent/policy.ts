/** When the tickets of an absent member go back, and who says so. Pure. */
import { can } from '../../identity/capabilities.ts'
import type { WorkCalendar } from '../../organisation/index.ts'
import { type Actor, allowed, refused, type Verdict } from '../../platform/index.ts'
import { afterWorking } from '../deadlines/clock.ts'
import type { SetAbsenceRule } from './model.ts'

export const maySetAbsenceRule = (actor: Actor, section: { path: string; name: string }): Verdict =>
  can(actor, 'absences.keep', section.path)
    ? allowed
    : refused('cases.policy.onlyCoordinatorSetsAbsence', { section: section.name })

/**
 * When the tickets go back of whoever is away since the beginning of a day, by the rule of their section and its working time; null when they do not.
 */
export function goesBackAt(rule: Pick<SetAbsenceRule, 'whenAbsent' | 'hours'>, since: Date, calendar: WorkCalendar): Date | null {
  switch (rule.whenAbsent) {
    case 'at-once':
      return since
    case 'after-hours': {
      const at = afterWorking({ calendar, from: since.getTime(), pauses: [] }, rule.hours * 60)
      return at === undefined ? null : new Date(at)
    }
    case 'never':
      return null
  }
}
