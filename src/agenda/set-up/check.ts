/** Whether a set-up makes sense. Pure. */
import { weekdayOf } from '../../platform/index.ts'
import type { SetUp, SetUpCalendar } from './model.ts'

export interface SetUpProblem {
  /** `agenda.setUp.<code>` is its sentence. */
  code:
    | 'twice'
    | 'hoursOverlap'
    | 'serviceGone'
    | 'officerUnknown'
    | 'officerAtOnce'
    | 'officerAlone'
    | 'groupOfOne'
    | 'groupByTelephone'
    | 'sharesTooMany'
    | 'calendarGone'
  field: keyof SetUp
  /** What it is about, by name. */
  name: string
}

/**
 * Returns the first thing that is wrong; undefined when nothing is.
 * @param officers who can receive at the office
 */
export function problemOf({ services, calendars, closures }: SetUp, officers: ReadonlySet<string>): SetUpProblem | undefined {
  const problem = (code: SetUpProblem['code'], field: keyof SetUp, name: string): SetUpProblem => ({ code, field, name })
  for (const service of services) {
    const groups = service.shares.map(({ group }) => group)
    const sum = service.shares.reduce((total, { percent }) => total + percent, 0)
    if (isTwice(groups) || sum > 100) return problem('sharesTooMany', 'services', service.name)
  }
  if (isTwice(services.map(({ id }) => id))) return problem('twice', 'services', '')
  if (isTwice(calendars.map(({ id }) => id))) return problem('twice', 'calendars', '')
  if (isTwice(closures.map(({ id }) => id))) return problem('twice', 'closures', '')
  const offered = new Set(services.map(({ id }) => id))
  const byTelephone = new Set(services.filter(({ modes }) => modes.includes('telephone')).map(({ id }) => id))
  for (const calendar of calendars) {
    if (calendar.services.some(id => !offered.has(id))) return problem('serviceGone', 'calendars', calendar.label)
    if (calendar.officerId !== null && !officers.has(calendar.officerId))
      return problem('officerUnknown', 'calendars', calendar.label)
    if (calendar.officerId !== null && calendar.capacity !== 1 && !calendar.group)
      return problem('officerAlone', 'calendars', calendar.label)
    if (calendar.group && calendar.capacity === 1) return problem('groupOfOne', 'calendars', calendar.label)
    if (calendar.group && calendar.services.some(id => byTelephone.has(id)))
      return problem('groupByTelephone', 'calendars', calendar.label)
    if (hoursOverlap([calendar])) return problem('hoursOverlap', 'calendars', calendar.label)
  }
  for (const [officerId, own] of Map.groupBy(calendars, calendar => calendar.officerId)) {
    if (officerId !== null && hoursOverlap(own)) return problem('officerAtOnce', 'calendars', own[0]?.label ?? '')
  }
  const known = new Set(calendars.map(({ id }) => id))
  const lost = closures.find(({ calendarId }) => calendarId !== null && !known.has(calendarId))
  return lost && problem('calendarGone', 'closures', lost.reason)
}

const isTwice = (values: readonly string[]): boolean => new Set(values).size < values.length

/** Whether somebody would receive twice at once, on a day of the week or on one beyond it. */
function hoursOverlap(calendars: readonly Pick<SetUpCalendar, 'openings' | 'extras'>[]): boolean {
  const week = Map.groupBy(
    calendars.flatMap(({ openings }) => openings),
    ({ weekday }) => weekday,
  )
  const days = Map.groupBy(
    calendars.flatMap(({ extras }) => extras),
    ({ day }) => day,
  )
  return (
    [...week.values()].some(overlap) || [...days].some(([day, spans]) => overlap([...spans, ...(week.get(weekdayOf(day)) ?? [])]))
  )
}

function overlap(spans: readonly { opens: number; closes: number }[]): boolean {
  const sorted = spans.toSorted((a, b) => a.opens - b.opens)
  return sorted.some((span, i) => i > 0 && span.opens < (sorted[i - 1]?.closes ?? 0))
}
