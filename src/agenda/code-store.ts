/** SQL of the numbers of a day. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'

/** Takes the next number of an office and a letter on a day: whoever asks meanwhile waits for the row. Index: agenda_number_pkey. */
export async function takeNumber(
  db: Db,
  { unitId, letter, day }: { unitId: string; letter: string; day: string },
): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into agenda_number as given (unit_id, letter, day, last) values (${unitId}, ${letter}, ${day}, 1)
    on conflict (unit_id, letter, day) do update set last = given.last + 1
    returning last`.execute(db)
  return rows[0]?.last ?? 1
}

/** The letter of the hall that receives a service at an office. Index: agenda_letter_pkey. */
export async function letterFor(db: Db, unitId: string, serviceId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('agenda_letter')
    .select('letter')
    .where('unit_id', '=', unitId)
    .where('service_id', '=', serviceId)
    .executeTakeFirst()
  return row?.letter
}

/** Says with which letters the appointments of an office begin, by service: from the next mail on. Index: agenda_letter_pkey. */
export async function setLetters(db: Db, unitId: string, letters: ReadonlyMap<string, string>): Promise<void> {
  await db.deleteFrom('agenda_letter').where('unit_id', '=', unitId).execute()
  const rows = [...letters].map(([service_id, letter]) => ({ unit_id: unitId, service_id, letter }))
  if (rows.length > 0) await db.insertInto('agenda_letter').values(rows).execute()
}

/** The code that an appointment has on a day. Index: appointment_pkey. */
export async function codeOnDay(db: Db, id: string, day: string): Promise<string | null> {
  const { rows } = await sql<{ day_code: string | null }>`
    select day_code from appointment where id = ${id} and code_day = ${day}::date`.execute(db)
  return rows[0]?.day_code ?? null
}

export const setAppointmentCode = (db: Db, id: string, code: string, day: string): Promise<unknown> =>
  db.updateTable('appointment').set({ day_code: code, code_day: day }).where('id', '=', id).execute()

export const takeAppointmentCodeAway = (db: Db, id: string): Promise<unknown> =>
  db.updateTable('appointment').set({ day_code: null, code_day: null }).where('id', '=', id).execute()

/** The numbers of an office go on behind those that are given, when many are written at once. */
export async function keepNumbers(
  db: Db,
  given: readonly { unitId: string; letter: string; day: string; last: number }[],
): Promise<void> {
  for (const { unitId, letter, day, last } of given)
    await sql`
      insert into agenda_number (unit_id, letter, day, last) values (${unitId}, ${letter}, ${day}, ${last})
      on conflict (unit_id, letter, day) do update set last = greatest(agenda_number.last, excluded.last)`.execute(db)
}
