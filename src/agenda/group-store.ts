/** SQL of groups. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { AppointmentRow, CalendarRow } from './tables.ts'

/** More than a calendar has places: some may have been cancelled, and booked anew. */
const maxShown = 200

/** A calendar that receives a group; undefined for one that receives one by one. Index: agenda_calendar_pkey. */
export const groupCalendar = (db: Db, calendarId: string): Promise<Pick<CalendarRow, 'capacity'> | undefined> =>
  db.selectFrom('agenda_calendar').select('capacity').where('id', '=', calendarId).where('is_group', '=', true).executeTakeFirst()

/**
 * Who is booked together with an appointment, that one included, without those who cancelled. Locked for the transaction in the order of their
 * identifiers, which is the order of the agenda. Index: appointment_of_unit.
 */
export async function appointmentsOfGroup(
  db: Db,
  { unit_id, calendar_id, starts_at }: Pick<AppointmentRow, 'unit_id' | 'calendar_id' | 'starts_at'>,
  { lock }: { lock: boolean },
): Promise<AppointmentRow[]> {
  const { rows } = await sql<AppointmentRow>`
    select * from appointment
    where  unit_id = ${unit_id} and starts_at = ${starts_at} and calendar_id = ${calendar_id} and state <> 'cancelled'
    order  by id limit ${maxShown} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows
}
