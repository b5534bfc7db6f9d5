/** Who may change the organisation. Everybody who is signed in may read it. Pure. */

import { can } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { NumberMode } from './model.ts'

/** The roll-out over the territory is headquarters' decision (circular §3): offices do not take their numbers in or out by themselves. */
export function mayPlanNumbers(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'numbers.plan') ? allowed : refused('organisation.onlyHeadquartersPlans')
}

/** Headquarters for every unit; whoever manages an agency, or a region, for what lies in it. */
export function maySetHours(actor: Actor, unit: { path: string }): Verdict {
  if (actor.kind === 'system') return allowed
  return can(actor, 'hours.set', unit.path) ? allowed : refused('organisation.onlyManagersSetHours')
}

/** What is known of a number when a change of it is asked for. */
export interface NumberState {
  number: string
  /** What is in force now. */
  mode: NumberMode
  /** What is planned, if anything. */
  next: { mode: NumberMode; from: Date } | undefined
}

/** One change at a time lies ahead, and it must change something; the past is not planned. */
export function maySchedule(state: NumberState, change: { mode: NumberMode; from: Date }, now: Date): Verdict {
  if (change.from.getTime() < now.getTime() - 60_000)
    return refused('organisation.fromIsPast', { field: 'from', from: change.from.toISOString() })
  if (state.next)
    return refused(`organisation.changePlanned.${state.next.mode}`, { number: state.number, from: state.next.from.toISOString() })
  if (state.mode === change.mode) return refused(`organisation.alreadySo.${change.mode}`, { number: state.number })
  return allowed
}
