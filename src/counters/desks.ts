/** Use cases around the desks: who sits where, and the end of the day. */
import { endAtCounter } from '../cases/index.ts'
import { unitOf } from '../organisation/index.ts'
import {
  actingPerson,
  dayAt,
  type House,
  must,
  notFound,
  Refused,
  system,
  unitsIn,
  useCase,
  type Work,
  workThrough,
} from '../platform/index.ts'
import { counterDayClosed, deskLeft, deskTaken } from './events.ts'
import { addEntry, lockHall } from './places.ts'
import { mayReceive, maySeeCounters } from './policy.ts'
import {
  desksOfHalls,
  endSittings,
  hallsOfUnit,
  insertSitting,
  readDesk,
  readHall,
  sittingOf,
  sittingsAt,
} from './setup-store.ts'
import { endHelpOf, lockHalls, openVisits, unitsNotClosed, visitAtDesk } from './store.ts'
import type { HallRow, SittingRow } from './tables.ts'

/** Sits down at a desk; whoever sat at another one leaves that. @throws Refused 409 where a colleague sits, and from a desk at which somebody is served */
export const takeDesk = useCase(async (work, { deskId }: { deskId: string }): Promise<{ deskId: string }> => {
  const seen = await readDesk(work.tx, deskId)
  if (!seen) throw notFound('desk')
  const { personId, name } = actingPerson(work.actor)
  const from = await sittingOf(work.tx, personId)
  const left = from && (await readDesk(work.tx, from.desk_id))
  // Both halls at once: two who change places do not wait for each other.
  await lockHalls(work.tx, left ? [seen.hall_id, left.hall_id] : [seen.hall_id])
  const hall = await lockHall(work, seen.hall_id)
  const desk = await readDesk(work.tx, deskId)
  if (!desk?.active) throw notFound('desk')
  const [colleague] = await sittingsAt(work.tx, [deskId])
  if (colleague?.person_id === personId) return { deskId }
  if (colleague) throw new Refused('counters.deskTaken', { desk: desk.label, name: colleague.person_name }, 409)
  const before = await sittingOf(work.tx, personId)
  if (before) await leave(work, before)
  await insertSitting(work.tx, {
    ...{ id: work.ids(), desk_id: deskId, person_id: personId, person_name: name, since: work.now, until: null },
  })
  await work.journal(deskTaken, { unitId: hall.unit_id, deskId, name }, { person: personId, units: unitsIn(hall.unit_path) })
  return { deskId }
})

/** Leaves the desk. @throws Refused 409 while somebody is called to it or served at it */
export const leaveDesk = useCase(async (work, _: Record<string, never>): Promise<{ deskId: string | null }> => {
  const sitting = await sittingOf(work.tx, actingPerson(work.actor).personId)
  if (!sitting) return { deskId: null }
  await leave(work, sitting)
  return { deskId: sitting.desk_id }
})

async function leave(work: Work, sitting: SittingRow): Promise<void> {
  const desk = await readDesk(work.tx, sitting.desk_id)
  const hall = desk && (await readHall(work.tx, desk.hall_id))
  if (hall) await lockHalls(work.tx, [hall.id])
  const present = await visitAtDesk(work.tx, sitting.desk_id)
  if (present) throw new Refused('counters.deskBusy', { code: present.code }, 409)
  await endSittings(work.tx, [sitting.id], work.now)
  await endHelpOf(work.tx, [sitting.desk_id], work.now)
  if (!hall) return
  // Nobody waits for a desk at which nobody sits.
  for (const visit of await openVisits(work.tx, [hall.id]))
    if (visit.only_desk_id === sitting.desk_id) await addEntry(work, visit, 'changed', { onlyDeskId: null })
  await work.journal(
    deskLeft,
    { unitId: hall.unit_id, deskId: sitting.desk_id },
    { person: sitting.person_id, units: unitsIn(hall.unit_path) },
  )
}

/**
 * The end of the day of an office: who is at a desk has been served, without anybody having recorded it; everybody else was not served; the desks are
 * free. May be repeated: what is over stays as it is.
 */
export const closeCounterDay = useCase(async (work, { unitId }: { unitId: string }): Promise<{ visits: number }> => {
  const halls = await ownHalls(work, unitId)
  const ids = halls.map(({ id }) => id)
  await lockHalls(work.tx, ids)
  const open = await openVisits(work.tx, ids)
  for (const visit of open) {
    await addEntry(work, visit, visit.state === 'serving' ? 'closed' : 'unserved')
    if (visit.interaction_id !== null) await endAtCounter(work, visit.interaction_id, '')
  }
  const desks = await desksOfHalls(work.tx, ids)
  const sittings = await sittingsAt(
    work.tx,
    desks.map(({ id }) => id),
  )
  await endSittings(
    work.tx,
    sittings.map(({ id }) => id),
    work.now,
  )
  await endHelpOf(
    work.tx,
    desks.map(({ id }) => id),
    work.now,
  )
  if (open.length + sittings.length > 0)
    await work.journal(counterDayClosed, { unitId, visits: open.length }, { units: unitsIn(halls[0]?.unit_path) })
  return { visits: open.length }
})

/** Halls of an office of the actor's. @throws Refused 404, 403 */
async function ownHalls(work: Work, unitId: string): Promise<HallRow[]> {
  const unit = await unitOf(work.tx, unitId)
  if (!unit || !maySeeCounters(work.actor, unit.path)) throw notFound('unit')
  must(mayReceive(work.actor, unit.path))
  return hallsOfUnit(work.tx, unitId)
}

/** Ends the days that nobody has ended, the night after. Returns of how many offices. */
export function closeDaysBefore(house: House): Promise<number> {
  const today = dayAt(house.config.TIME_ZONE, house.clock.now())
  return workThrough(house, {
    what: 'counters.close-days',
    read: except => unitsNotClosed(house.database.kysely, today, except),
    idOf: unitId => unitId,
    act: async unitId => (await closeCounterDay(house, system('counters'), { unitId })).visits > 0,
  })
}
