/** When the tickets of an absent member go back, and who says so. Pure. */
import { can } from '../../identity/capabilities.ts'
import { type Actor, addDays, allowed, dayAt, instantOf, refused, type Verdict } from '../../platform/index.ts'
import { isWorkingDay, type OfficeCalendar } from '../deadline.ts'
import type { SetAbsenceRule } from './model.ts'

export const maySetAbsenceRule = (actor: Actor, section: { path: string; name: string }): Verdict =>
  can(actor, 'absences.keep', section.path)
    ? allowed
    : refused('cases.policy.onlyCoordinatorSetsAbsence', { section: section.name })

/** Whether a place is open at an instant, and when that changes next; null when it never does. */
export type OpenTimes = (at: Date) => { open: boolean; nextChange: Date | null }

/** The hours of an office that has said none, in minutes of office time. */
const officeDay = { opens: 8 * 60, closes: 17 * 60 } as const
/** No row of days without work is longer. */
const maxDaysAhead = 60

/** When an office works that has said no hours: from eight to five on working days. */
export function officeTimes(calendar: OfficeCalendar): OpenTimes {
  return at => {
    const today = dayAt(calendar.timeZone, at.getTime())
    for (let ahead = 0; ahead < maxDaysAhead; ahead++) {
      const day = addDays(today, ahead)
      if (!isWorkingDay(day, calendar)) continue
      const opens = new Date(instantOf(calendar.timeZone, day, officeDay.opens))
      const closes = new Date(instantOf(calendar.timeZone, day, officeDay.closes))
      if (at < opens) return { open: false, nextChange: opens }
      if (at < closes) return { open: true, nextChange: closes }
    }
    return { open: false, nextChange: null }
  }
}

/** A place that opens and closes every hour of 200 hours is asked so often; after that it counts as never open. */
const maxChanges = 1_000

/**
 * The instant at which a place has been open for so long since another.
 * @param openMs in milliseconds
 * Returns null when it never will have been.
 */
export function afterOpen(opening: OpenTimes, from: Date, openMs: number): Date | null {
  let at = from
  let left = openMs
  for (let changes = 0; changes < maxChanges; changes++) {
    const { open, nextChange } = opening(at)
    const spanMs = nextChange === null ? Number.POSITIVE_INFINITY : nextChange.getTime() - at.getTime()
    if (open && spanMs >= left) return new Date(at.getTime() + left)
    if (open) left -= spanMs
    if (nextChange === null) return null
    at = nextChange
  }
  return null
}

/**
 * When the tickets go back of whoever is away since the beginning of a day, by the rule of their section; null when they do not.
 */
export function goesBackAt(rule: Pick<SetAbsenceRule, 'whenAbsent' | 'hours'>, since: Date, opening: OpenTimes): Date | null {
  switch (rule.whenAbsent) {
    case 'at-once':
      return since
    case 'after-hours':
      return afterOpen(opening, since, rule.hours * 3_600_000)
    case 'never':
      return null
  }
}
