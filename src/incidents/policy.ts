/** Who may keep an incident, what may follow on what, and whom a notice concerns. Pure. */
import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { IncidentState } from './model.ts'

export interface IncidentFacts {
  state: IncidentState
  unitPath: string
  unitName: string
}

/** The group that has opened an incident keeps it, as long as it is not closed. */
export function mayKeepIncident(actor: Actor, { state, unitPath, unitName }: IncidentFacts): Verdict {
  if (!can(actor, 'incidents.keep')) return refused('incidents.onlyKeepers')
  if (!can(actor, 'incidents.keep', unitPath)) return refused('incidents.otherGroup', { unit: unitName })
  return state === 'closed' ? refused('incidents.closed') : allowed
}

/** Each group links and answers its own tickets, also those of an incident that another group keeps, or that is closed. */
export const mayLinkTickets = (actor: Actor): Verdict =>
  can(actor, 'incidents.keep') ? allowed : refused('incidents.onlyKeepers')

/** Whether an incident may go from one state to another. Closed is the end; a way around it is known when it is written down. */
export function mayBecome(from: IncidentState, to: IncidentState, { workaround }: { workaround: string }): Verdict {
  if (from === 'closed') return refused('incidents.closed')
  if (to === 'workaround-known' && workaround === '') return refused('incidents.noWorkaround')
  return allowed
}

/** A notice says what is the case: it ends with the malfunction. */
export const endsNotice = (state: IncidentState): boolean => state === 'solved' || state === 'closed'

/** A notice lasts no longer than this: one that is still true is given anew. */
export const maxNoticeDays = 14

/** Whether a notice may be given until an instant. */
export function mayPublishUntil(state: IncidentState, endsAt: number, now: number): Verdict {
  if (endsNotice(state)) return refused('incidents.overAlready')
  if (endsAt <= now) return refused('incidents.endIsPast')
  return endsAt - now > maxNoticeDays * 86_400_000 ? refused('incidents.endIsFar', { days: maxNoticeDays }) : allowed
}

/**
 * Whether a notice concerns a desk. Those who speak with callers of the whole country hear of every region, and of the own section; all others of the own
 * region, whatever section its callers are in.
 */
export function concernsDesk(
  notice: { regionCode: string | null; sectionPath: string | null },
  desk: { regionCode: string | null; unitPath: string; answersCalls: boolean },
): boolean {
  if (desk.answersCalls)
    return (
      notice.sectionPath === null || notice.sectionPath.startsWith(desk.unitPath) || desk.unitPath.startsWith(notice.sectionPath)
    )
  return notice.regionCode === null || desk.regionCode === null || notice.regionCode === desk.regionCode
}
