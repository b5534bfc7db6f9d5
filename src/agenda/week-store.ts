/** SQL of the week of an office. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { type EndedFacts, lateCancellationMs } from './policy.ts'
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

/** How many appointments of each service are in which state, and whether they ended late. Index: appointment_of_unit. */
export async function countEnded(
  db: Db,
  { unitId, from, to }: SpanOfWeek,
): Promise<(EndedFacts & { serviceId: string; serviceName: string; count: number })[]> {
  const { rows } = await sql<EndedFacts & { serviceId: string; serviceName: string; count: number }>`
    select service_id as "serviceId", max(service_name) as "serviceName", state, cancelled_by as "cancelledBy",
           coalesce(ended_at > starts_at - make_interval(secs => ${lateCancellationMs / 1000}), false) as "isLate", count(*)::int as count
    from   appointment
    where  unit_id = ${unitId} and starts_at >= ${from} and starts_at < ${to}
    group  by 1, 3, 4, 5`.execute(db)
  return rows
}
