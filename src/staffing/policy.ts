/** Who may staff the sections of a region, and the circular's order of preference. Pure. */
import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import { type MemberFacts, type Provenance, ReserveProvenance as Reserve, type ReserveProvenance } from './model.ts'

/** The director of a region staffs its sections. @param path of a section, or of the region itself */
export const mayStaff = (actor: Actor, path: string): Verdict =>
  can(actor, 'region.staff', path) ? allowed : refused('staffing.onlyDirector')

/** Whether somebody is among those to whom the director turns first. */
export const isPreferred = (provenance: Provenance): provenance is ReserveProvenance =>
  Reserve.options.some(each => each === provenance)

const minReasonLength = 10

/**
 * Circular §4: people of the region's product teams and subject experts first, of provincial directorates and agencies only as a residue. While somebody
 * of the first is in reserve, taking one of the others needs a reason.
 * @param inReserve the names of those who could be had
 */
export function mayTake(
  { provenance, reason }: Pick<MemberFacts, 'provenance' | 'reason'>,
  inReserve: readonly string[],
): Verdict {
  if (isPreferred(provenance) || inReserve.length === 0 || reason.length >= minReasonLength) return allowed
  return refused('staffing.reasonNeeded', { count: inReserve.length, names: inReserve.slice(0, 3).join(', ') })
}

/** A time for which somebody works somewhere, for a share of the time. */
export type Stint = Pick<MemberFacts, 'since' | 'until' | 'share'>

/** The days of the first are among those of the second, or the other way round. */
const overlaps = (one: Stint, other: Stint): boolean =>
  (other.until === null || one.since <= other.until) && (one.until === null || other.since <= one.until)

/** The most that somebody works on any day of a stint, with what is there already: in percent. */
export function mostShare(stint: Stint, others: readonly Stint[]): number {
  const beside = others.filter(other => overlaps(stint, other))
  // It can only grow where one begins.
  const days = [stint.since, ...beside.map(({ since }) => since)].filter(day => day >= stint.since)
  return Math.max(
    ...days.map(
      day =>
        stint.share +
        beside
          .filter(({ since, until }) => since <= day && (until === null || day <= until))
          .reduce((sum, { share }) => sum + share, 0),
    ),
  )
}

/** Whether a stint counts on a day. */
export const isOn = ({ since, until }: Pick<Stint, 'since' | 'until'>, day: string): boolean =>
  since <= day && (until === null || day <= until)
