/** Halls, desks and visits as the use cases need them: found, locked, and asked whether the actor may. */
import { actingPerson, dayAt, must, nameOfActor, notFound, Refused, unitsIn, type Work } from '../platform/index.ts'
import { type EntryDetail, fitsState, type VisitEntryKind, type VisitStanding, visitStandingOf } from './effects.ts'
import { visitNoted } from './events.ts'
import { mayReceive, maySeeCounters } from './policy.ts'
import { readDesk, readHall, sittingOf } from './setup-store.ts'
import { columnsOf, entriesOf, insertEntry, lockHalls, readVisit, updateVisit, visitAtDesk } from './store.ts'
import type { DeskRow, HallRow, VisitRow } from './tables.ts'

/** The day of office time. */
export const officeDayOf = ({ house, now }: Pick<Work, 'house' | 'now'>): string => dayAt(house.config.TIME_ZONE, now.getTime())

/** A hall of the actor's, locked: nobody else calls or comes in meanwhile. @throws Refused 404 for what is not there, 403 for the rights */
export async function lockHall(work: Work, hallId: string): Promise<HallRow> {
  const hall = await readHall(work.tx, hallId)
  if (!hall?.active || !maySeeCounters(work.actor, hall.unit_path)) throw notFound('hall')
  must(mayReceive(work.actor, hall.unit_path))
  await lockHalls(work.tx, [hallId])
  // Meanwhile somebody may have set the counters up anew.
  const locked = await readHall(work.tx, hallId)
  if (!locked?.active) throw notFound('hall')
  return locked
}

/** The desk at which the actor sits, with its hall, locked. @throws Refused 404, 403; 409 for who does not sit there */
export async function lockOwnDesk(work: Work, deskId: string): Promise<{ desk: DeskRow; hall: HallRow }> {
  const desk = await readDesk(work.tx, deskId)
  if (!desk?.active) throw notFound('desk')
  const hall = await lockHall(work, desk.hall_id)
  const sitting = await sittingOf(work.tx, actingPerson(work.actor).personId)
  if (sitting?.desk_id !== deskId) throw new Refused('counters.notAtDesk', { desk: desk.label }, 409)
  return { desk, hall }
}

/** A visit, with its hall, both kept as they are for the transaction. @param also a hall that the step touches as well @throws Refused 404, 403 */
export async function lockVisit(work: Work, visitId: string, also?: string): Promise<{ visit: VisitRow; hall: HallRow }> {
  for (;;) {
    const seen = await readVisit(work.tx, visitId)
    const hall = seen && (await readHall(work.tx, seen.hall_id))
    if (!seen || !hall || !maySeeCounters(work.actor, seen.unit_path)) throw notFound('visit')
    must(mayReceive(work.actor, seen.unit_path))
    await lockHalls(work.tx, also === undefined ? [hall.id] : [hall.id, also])
    const visit = await readVisit(work.tx, visitId)
    // It went to another hall before the lock: that one is locked then.
    if (visit?.hall_id === hall.id) return { visit, hall }
  }
}

/** @throws Refused 409 for a desk at which somebody else is, or to which somebody else is called */
export async function needFreeDesk(work: Work, deskId: string, visitId?: string): Promise<void> {
  const present = await visitAtDesk(work.tx, deskId)
  if (present && present.id !== visitId) throw new Refused('counters.deskBusy', { code: present.code }, 409)
}

/**
 * Adds an entry to a visit whose hall is locked, and writes the row as its entries then make it.
 * @throws Refused 409 when the entry does not fit the state, or the desk to which it leads is taken
 */
export async function addEntry(
  work: Work,
  visit: VisitRow,
  kind: VisitEntryKind,
  detail: EntryDetail = {},
  deskId: string | null = visit.desk_id,
): Promise<VisitStanding> {
  if (!fitsState(kind, visit.state)) throw new Refused(`counters.is.${visit.state}`, { code: visit.code }, 409)
  const entry = { kind, at: work.now.getTime(), deskId, detail }
  const before = (await entriesOf(work.tx, [visit.id])).get(visit.id) ?? []
  const standing = visitStandingOf([...before, entry])
  if (standing.deskId !== null) await needFreeDesk(work, standing.deskId, visit.id)
  const id = work.ids()
  await insertEntry(work.tx, visit.id, { ...entry, id, byName: nameOfActor(work.actor) })
  await updateVisit(work.tx, visit.id, columnsOf(standing))
  await noteEntry(work, { ...visit, hall_id: standing.hallId }, { id, kind, deskId: standing.deskId })
  return standing
}

/** Tells the journal of an entry. */
export async function noteEntry(
  work: Work,
  visit: Pick<VisitRow, 'id' | 'unit_id' | 'unit_path' | 'hall_id' | 'code' | 'case_id' | 'contact_id'>,
  { id, kind, deskId }: { id: string; kind: VisitEntryKind; deskId: string | null },
): Promise<void> {
  await work.journal(
    visitNoted,
    { visitId: visit.id, unitId: visit.unit_id, hallId: visit.hall_id, entryId: id, kind, code: visit.code, deskId },
    { case: visit.case_id ?? undefined, contact: visit.contact_id ?? undefined, units: unitsIn(visit.unit_path) },
  )
}
