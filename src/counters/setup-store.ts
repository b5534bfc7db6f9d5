/** SQL of what an office has: halls, services, desks, who sits at them, devices. */
import './tables.ts'
import { sql } from 'kysely'
import { setLetters } from '../agenda/index.ts'
import type { Db } from '../platform/index.ts'
import type { CitizenWords, DeviceKind, HallRules, KioskQuestion } from './model.ts'
import { lettersOf } from './policy.ts'
import type { CounterServiceRow, DeskRow, DeviceRow, HallRow, SittingRow } from './tables.ts'

/** Halls of an office, by letter. Index: hall_letter_of_unit. */
export const hallsOfUnit = (db: Db, unitId: string): Promise<HallRow[]> =>
  db.selectFrom('counter_hall').selectAll().where('unit_id', '=', unitId).where('active', '=', true).orderBy('letter').execute()

/** Some halls, those that are in use. Index: counter_hall_pkey. */
export const hallsByIds = (db: Db, ids: readonly string[]): Promise<HallRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db.selectFrom('counter_hall').selectAll().where('id', 'in', ids).where('active', '=', true).orderBy('letter').execute()

/** Index: counter_hall_pkey. */
export const readHall = (db: Db, id: string): Promise<HallRow | undefined> =>
  db.selectFrom('counter_hall').selectAll().where('id', '=', id).executeTakeFirst()

/** What some halls serve. @param withFormer also what they do not serve any more Index: counter_service_of_hall. */
export const servicesOfHalls = (db: Db, hallIds: readonly string[], withFormer = false): Promise<CounterServiceRow[]> =>
  hallIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('counter_service')
        .selectAll()
        .where('hall_id', 'in', hallIds)
        .$if(!withFormer, query => query.where('active', '=', true))
        .orderBy('position')
        .orderBy('id')
        .execute()

/** Index: counter_service_pkey. */
export const readCounterService = (db: Db, id: string): Promise<CounterServiceRow | undefined> =>
  db.selectFrom('counter_service').selectAll().where('id', '=', id).executeTakeFirst()

/** The desks of some halls. @param withFormer also those that are there no more Index: counter_desk_label. */
export const desksOfHalls = (db: Db, hallIds: readonly string[], withFormer = false): Promise<DeskRow[]> =>
  hallIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('counter_desk')
        .selectAll()
        .where('hall_id', 'in', hallIds)
        .$if(!withFormer, query => query.where('active', '=', true))
        .orderBy('position')
        .orderBy('label')
        .execute()

/** Index: counter_desk_pkey. */
export const readDesk = (db: Db, id: string): Promise<DeskRow | undefined> =>
  db.selectFrom('counter_desk').selectAll().where('id', '=', id).executeTakeFirst()

// --- who sits where ---------------------------------------------------------------------------------------------------

/** Who sits at some desks now. Index: sitting_at_desk. */
export const sittingsAt = (db: Db, deskIds: readonly string[]): Promise<SittingRow[]> =>
  deskIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('counter_sitting').selectAll().where('desk_id', 'in', deskIds).where('until', 'is', null).execute()

/** Where somebody sits now. Index: sitting_of_person. */
export const sittingOf = (db: Db, personId: string): Promise<SittingRow | undefined> =>
  db.selectFrom('counter_sitting').selectAll().where('person_id', '=', personId).where('until', 'is', null).executeTakeFirst()

export const insertSitting = (db: Db, row: SittingRow): Promise<unknown> => db.insertInto('counter_sitting').values(row).execute()

export const endSittings = (db: Db, ids: readonly string[], until: Date): Promise<unknown> =>
  ids.length === 0
    ? Promise.resolve()
    : db.updateTable('counter_sitting').set({ until }).where('id', 'in', ids).where('until', 'is', null).execute()

// --- devices ----------------------------------------------------------------------------------------------------------

/** Index: counter_device_of_unit. */
export const devicesOfUnit = (db: Db, unitId: string): Promise<DeviceRow[]> =>
  db.selectFrom('counter_device').selectAll().where('unit_id', '=', unitId).orderBy('id').execute()

/** Index: counter_device_pkey. */
export const readDevice = (db: Db, id: string): Promise<DeviceRow | undefined> =>
  db.selectFrom('counter_device').selectAll().where('id', '=', id).executeTakeFirst()

export const insertDevice = (db: Db, row: DeviceRow): Promise<unknown> => db.insertInto('counter_device').values(row).execute()

export const updateDevice = (db: Db, id: string, change: Partial<DeviceRow>): Promise<unknown> =>
  db.updateTable('counter_device').set(change).where('id', '=', id).execute()

/** The device that is in use with a token. Index: counter_device_token. */
export const deviceByToken = (db: Db, tokenHash: Buffer): Promise<DeviceRow | undefined> =>
  db
    .selectFrom('counter_device')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()

/** The device that waits for a machine with this code. The row is locked: a code connects once. Index: counter_device_pairing. */
export async function deviceByPairing(db: Db, pairingHash: Buffer, now: Date): Promise<DeviceRow | undefined> {
  const { rows } = await sql<DeviceRow>`
    select * from counter_device
    where  pairing_hash = ${pairingHash} and pairing_until > ${now} and disabled_at is null
    for    update`.execute(db)
  return rows[0]
}

/** So many calls stand on a display, unless it is said otherwise. */
export const defaultRows = 8

/** How many calls are shown by the displays before one, which is full first. A display that is disabled shows none. Index: counter_device_pkey. */
export async function rowsBefore(db: Db, deviceId: string): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    with recursive before as (
      select goes_on as id, 1 as n from counter_device where id = ${deviceId}
      union all
      select device.goes_on, n + 1 from before join counter_device device on device.id = before.id where n < 10)
    select coalesce(sum(device.rows), 0)::int as rows
    from   before join counter_device device on device.id = before.id and device.disabled_at is null`.execute(db)
  return rows[0]?.rows ?? 0
}

// --- many at once, when an installation begins ------------------------------------------------------------------------

export interface NewCounters {
  halls: readonly {
    id: string
    unit: { id: string; path: string; name: string }
    name: string
    letter: string
    rules: HallRules
    questions: readonly KioskQuestion[]
    dailyContingent: number | null
    services: readonly { id: string; words: CitizenWords; visitClass: 'fast' | 'ordinary'; agendaServices: readonly string[] }[]
    desks: readonly { id: string; label: string; services: readonly string[] }[]
  }[]
  devices: readonly {
    id: string
    unitId: string
    kind: DeviceKind
    name: string
    hallIds: readonly string[]
    /** The display whose calls it shows that no longer fit there; it is named before. */
    goesOn: string | null
    /** By which code a machine takes it up, and until when. */
    pairing: { hash: Buffer; until: Date }
  }[]
}

/** Writes halls with their services and desks, with which letters the appointments of an office begin, and devices that no machine has taken up yet. */
export async function insertCounters(db: Db, { halls, devices }: NewCounters): Promise<void> {
  for (const { id, unit, name, letter, rules, questions, dailyContingent, services, desks } of halls) {
    await db
      .insertInto('counter_hall')
      .values({
        ...{ id, unit_id: unit.id, unit_path: unit.path, unit_name: unit.name, name, letter, rules: JSON.stringify(rules) },
        ...{ questions: JSON.stringify(questions), daily_contingent: dailyContingent },
      })
      .execute()
    await db
      .insertInto('counter_service')
      .values(
        services.map((service, position) => ({
          ...{ id: service.id, hall_id: id, words: JSON.stringify(service.words), visit_class: service.visitClass, position },
          agenda_services: [...service.agendaServices],
        })),
      )
      .execute()
    await db
      .insertInto('counter_desk')
      .values(
        desks.map((desk, position) => ({ id: desk.id, hall_id: id, label: desk.label, services: [...desk.services], position })),
      )
      .execute()
  }
  for (const [unitId, own] of Map.groupBy(halls, ({ unit }) => unit.id)) await setLetters(db, unitId, lettersOf(own))
  for (const { id, unitId, kind, name, hallIds, pairing, goesOn } of devices)
    await insertDevice(db, {
      ...{ id, unit_id: unitId, kind, name, hall_ids: [...hallIds], pairing_hash: pairing.hash, pairing_until: pairing.until },
      ...{ token_hash: null, connected_at: null, disabled_at: null, rows: defaultRows, goes_on: goesOn },
    })
}
