/** SQL of the set-up of the counters. */
import '../tables.ts'
import { sql } from 'kysely'
import { type Db, documentsOf } from '../../platform/index.ts'
import { desksOfHalls, hallsOfUnit, servicesOfHalls } from '../setup-store.ts'
import type { HallRow } from '../tables.ts'
import { CounterSetUp, type SetUpHall } from './model.ts'

/** The set-ups that offices have had, each as a whole. */
export const counterSetUps = documentsOf('counter_set_up', 'setUp', CounterSetUp)

/** The counters of an office as they hold. Indexes: hall_letter_of_unit, counter_service_of_hall, counter_desk_label. */
export async function readCounterSetUp(db: Db, unitId: string): Promise<CounterSetUp> {
  const halls = await hallsOfUnit(db, unitId)
  const ids = halls.map(({ id }) => id)
  const [services, desks] = [
    Map.groupBy(await servicesOfHalls(db, ids), row => row.hall_id),
    Map.groupBy(await desksOfHalls(db, ids), row => row.hall_id),
  ]
  return {
    halls: halls.map(({ id, name, letter, rules, questions, daily_contingent: dailyContingent }) => ({
      ...{ id, name, letter, dailyContingent, rules, questions },
      services: (services.get(id) ?? []).map(row => ({
        ...{ id: row.id, words: row.words, visitClass: row.visit_class, agendaServices: row.agenda_services },
      })),
      desks: (desks.get(id) ?? []).map(row => ({ id: row.id, label: row.label, services: row.services })),
    })),
  }
}

/** Halls, services and desks with some identifiers that are not where they are to be: of another office, or of another hall. */
export async function isForeign(db: Db, unitId: string, { halls }: CounterSetUp): Promise<boolean> {
  const parts = halls.flatMap(hall => [...hall.services, ...hall.desks].map(({ id }) => ({ id, hallId: hall.id })))
  const { rows } = await sql<{ found: boolean }>`
    with part as (
      select * from unnest(${parts.map(({ id }) => id)}::uuid[], ${parts.map(({ hallId }) => hallId)}::uuid[]) as part (id, hall_id))
    select exists (select from counter_hall where id = any(${halls.map(({ id }) => id)}::uuid[]) and unit_id <> ${unitId})
        or exists (select from counter_service known join part on part.id = known.id where known.hall_id <> part.hall_id)
        or exists (select from counter_desk known join part on part.id = known.id where known.hall_id <> part.hall_id) as found`.execute(
    db,
  )
  return rows[0]?.found ?? false
}

/**
 * Writes the counters of an office, whose halls are locked. What is not among them receives nobody any more, and stays for the visits that were received
 * with it.
 */
export async function writeSetUp(
  db: Db,
  unit: { id: string; path: string; name: string },
  { halls }: CounterSetUp,
): Promise<void> {
  await db.updateTable('counter_hall').set({ active: false }).where('unit_id', '=', unit.id).execute()
  for (const hall of halls) {
    await writeHall(db, unit, hall)
    await writeServices(db, hall)
    await writeDesks(db, hall)
  }
}

const writeHall = (
  db: Db,
  unit: { id: string; path: string; name: string },
  { id, name, letter, rules, questions, dailyContingent }: SetUpHall,
): Promise<unknown> => {
  const row: Omit<HallRow, 'id' | 'rules' | 'questions'> & { rules: string; questions: string } = {
    ...{ unit_id: unit.id, unit_path: unit.path, unit_name: unit.name, name, letter, active: true },
    ...{ rules: JSON.stringify(rules), questions: JSON.stringify(questions), daily_contingent: dailyContingent },
  }
  return db
    .insertInto('counter_hall')
    .values({ id, ...row })
    .onConflict(found => found.column('id').doUpdateSet(row))
    .execute()
}

async function writeServices(db: Db, { id: hallId, services }: SetUpHall): Promise<void> {
  await db.updateTable('counter_service').set({ active: false }).where('hall_id', '=', hallId).execute()
  for (const [position, { id, words, visitClass, agendaServices }] of services.entries()) {
    const row = {
      ...{ words: JSON.stringify(words), visit_class: visitClass, agenda_services: [...agendaServices], position, active: true },
    }
    await db
      .insertInto('counter_service')
      .values({ id, hall_id: hallId, ...row })
      .onConflict(found => found.column('id').doUpdateSet(row))
      .execute()
  }
}

async function writeDesks(db: Db, { id: hallId, desks }: SetUpHall): Promise<void> {
  await db.updateTable('counter_desk').set({ active: false }).where('hall_id', '=', hallId).execute()
  for (const [position, { id, label, services }] of desks.entries()) {
    const row = { label, services: [...services], position, active: true }
    await db
      .insertInto('counter_desk')
      .values({ id, hall_id: hallId, ...row })
      .onConflict(found => found.column('id').doUpdateSet(row))
      .execute()
  }
}
