/** SQL of the week of an office. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { AppointmentRow, CalendarRow } from './tables.ts'

export interface SpanOfWeek {
  unitId: string
  from: Date
  to: Date
}

/** Who receives at an office, or has an appointment of the span. Indexes: calendar_of_unit, appointment_of_unit. */
export async function calendarsOfWeek(db: Db, { unitId, from, to }: SpanOfWeek): Promise<CalendarRow[]> {
  const { rows } = await sql<CalendarRow>`
    select * from agenda_calendar
    where  unit_id = ${unitId}
    and    (active or id in (select calendar_id from appointment where unit_id = ${unitId} and starts_at >= ${from} and starts_at < ${to}))
    order  by officer_id is null, label, id`.execute(db)
  return rows
}

/** Appointments of some calendars in a span, in order. Index: appointment_of_unit (unit_id, starts_at, id). */
export const appointmentsOfWeek = (
  db: Db,
  { unitId, from, to }: SpanOfWeek,
  calendarIds: readonly string[],
  limit: number,
): Promise<AppointmentRow[]> =>
  calendarIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('appointment')
        .selectAll()
        .where('unit_id', '=', unitId)
        .where('starts_at', '>=', from)
        .where('starts_at', '<', to)
        .where('calendar_id', 'in', calendarIds)
        .orderBy('starts_at')
        .orderBy('id')
        .limit(limit)
        .execute()
