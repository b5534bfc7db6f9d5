/** When a deadline is due, when that is told to whom, and who may set targets. Pure. */
import { can } from '../../identity/index.ts'
import { type Actor, allowed, refused, type Verdict } from '../../platform/index.ts'
import { afterWorking, beforeWorking, type ClockRun, dueInstant } from './clock.ts'
import { type DeadlineKind, type Telling, tellings } from './model.ts'
import type { DeadlineTargetRow, TicketDeadlineRow } from './tables.ts'

/** Instants of one deadline; all null while the clock stands. */
export type DeadlineTimes = Pick<TicketDeadlineRow, 'due_at' | 'warn_at' | 'raise_at'>

/** Where `ticket.due_at` stands while nothing is due, so that lists have it last. */
export const outOfReach = new Date('9999-12-31T00:00:00Z')

/** `ticket.due_at` as it is shown: null while nothing is due. */
export const dueShown = (due: Date): string | null => (due < outOfReach ? due.toISOString() : null)

/** When a run is due by a target, and when that is told. */
export function timesOf(run: ClockRun, target: DeadlineTargetRow): DeadlineTimes {
  const due = dueInstant(run, target)
  if (due === undefined) return { due_at: null, warn_at: null, raise_at: null }
  const raise = afterWorking({ ...run, from: due }, target.raise_minutes) ?? due
  return {
    due_at: new Date(due),
    warn_at: new Date(beforeWorking(run, due, target.warn_minutes)),
    raise_at: new Date(raise),
  }
}

/** When something is to be told of a deadline next; null when nothing is. Each thing is told once, however often it is computed anew. */
export function nextTelling({
  told,
  met_at,
  warn_at,
  due_at,
  raise_at,
}: Pick<TicketDeadlineRow, 'told' | 'met_at'> & DeadlineTimes): Date | null {
  return met_at === null ? ([warn_at, due_at, raise_at][told] ?? null) : null
}

/**
 * What is to be told of a deadline by now, in order, and how far it has been told then. A warning is left out when the time is up already.
 */
export function tellingsDue(
  row: Pick<TicketDeadlineRow, 'told' | 'met_at'> & DeadlineTimes,
  now: Date,
): { tell: Exclude<Telling, 'none'>[]; told: number } {
  const tell: Exclude<Telling, 'none'>[] = []
  let { told } = row
  for (let next = nextTelling(row); next !== null && next <= now; next = nextTelling({ ...row, told })) {
    told++
    const what = tellings[told]
    const isLate = row.due_at !== null && row.due_at <= now
    if (what !== undefined && what !== 'none' && !(what === 'warned' && isLate)) tell.push(what)
  }
  return { tell, told }
}

/** The target of each kind that counts: that of the nearest typology. `above` goes from the typology up the tree. */
export function nearestTargets(
  rows: readonly DeadlineTargetRow[],
  above: readonly string[],
): Partial<Record<DeadlineKind, DeadlineTargetRow>> {
  const found: Partial<Record<DeadlineKind, DeadlineTargetRow>> = {}
  for (const typologyId of [...above, '']) for (const row of rows) if (row.typology_id === typologyId) found[row.kind] ??= row
  return found
}

/** Targets hold for the whole institute: headquarters, directors and administrators set them. */
export function maySetTargets(actor: Actor): Verdict {
  if (actor.kind === 'system') return allowed
  return actor.kind === 'person' && can(actor, 'deadlines.set') ? allowed : refused('cases.deadline.onlyDirectorsSet')
}
