/** Visits that have been, written many at once when an installation begins: rows and entries as if they had come one by one. */
import { keepNumbers } from '../agenda/index.ts'
import type { Db } from '../platform/index.ts'
import { durationsOf } from './durations.ts'
import { type VisitEntry, visitStandingOf } from './effects.ts'
import type { CloseVisit, HallRules } from './model.ts'
import { type CallingDesk, callByOf, chooseNext, type WaitingVisit } from './policy.ts'
import { columnsOf, countGiven, insertEntries, insertVisits } from './store.ts'

export interface PastVisit {
  id: string
  unit: { id: string; path: string }
  day: string
  code: string
  persons: number
  byName: string
  entries: (VisitEntry & { id: string })[]
  /** What was said at the end; null where it did not end at a desk. */
  closing: Pick<CloseVisit, 'delivered' | 'notDelivered' | 'callEnough' | 'cameBecause'> | null
}

/** Whom a desk would have called, of those who had come: as `chooseNext`, for visits without an instant yet. */
export function callNextOf<V extends Omit<WaitingVisit, 'callBy'>>(
  come: readonly V[],
  desk: CallingDesk,
  rules: HallRules,
  now: number,
) {
  const waiting = come.map(visit => ({ ...visit, callBy: callByOf(visit, rules), visit }))
  const choice = chooseNext(waiting, desk, rules, now)
  return choice && { visit: choice.visit.visit, callBy: choice.visit.callBy, reason: choice.reason }
}

/** Writes visits with their entries, and keeps their numbers. They are in the order of their codes for each hall and day. */
export async function insertPastVisits(db: Db, visits: readonly PastVisit[]): Promise<void> {
  await insertVisits(
    db,
    visits.map(({ id, unit, day, code, persons, entries, closing }) => {
      const { way, service } = durationsOf(entries, entries.at(-1)?.at ?? 0)
      return {
        ...{ id, unit_id: unit.id, unit_path: unit.path, day, code, origin: 'kiosk' as const, persons, remark: '' },
        ...{ appointment_id: null, contact_id: null, case_id: null, interaction_id: null },
        ...columnsOf(visitStandingOf(entries)),
        delivered: JSON.stringify(closing?.delivered ?? []),
        not_delivered: closing?.notDelivered ?? null,
        call_enough: closing?.callEnough ?? null,
        came_because: closing?.cameBecause ?? null,
        handling_seconds: closing === null ? null : Math.round(((way ?? 0) + (service ?? 0)) / 1000),
      }
    }),
  )
  await insertEntries(
    db,
    visits.flatMap(({ id: visitId, byName, entries }) =>
      entries.map(({ id, kind, at, deskId, detail }, n) => ({
        ...{ visit_id: visitId, n: n + 1, id, kind, at: new Date(at), desk_id: deskId, by_name: byName },
        detail: JSON.stringify(detail),
      })),
    ),
  )
  await keepNumbers(db, await countGiven(db))
}
