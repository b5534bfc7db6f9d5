/** SQL of the agenda for the counters. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { AppointmentRow } from './tables.ts'

/** An office has no more appointments on a day. */
const maxOfDay = 2_000

/** Appointments of an office between two instants that are not over, in order. Index: appointment_of_unit. */
export const bookedBetween = (
  db: Db,
  unitId: string,
  from: Date,
  to: Date,
): Promise<Pick<AppointmentRow, 'id' | 'code' | 'day_code' | 'service_id' | 'starts_at' | 'state'>[]> =>
  db
    .selectFrom('appointment')
    .select(['id', 'code', 'day_code', 'service_id', 'starts_at', 'state'])
    .where('unit_id', '=', unitId)
    .where('starts_at', '>=', from)
    .where('starts_at', '<', to)
    .where('state', 'in', ['booked', 'checked-in', 'in-progress'])
    .orderBy('starts_at')
    .orderBy('id')
    .limit(maxOfDay)
    .execute()

/** For how many minutes together an office has appointments between two instants, without those that were cancelled. Index: appointment_of_unit. */
export async function bookedMinutes(db: Db, unitId: string, from: Date, to: Date): Promise<number> {
  const { rows } = await sql<{ minutes: number }>`
    select coalesce(sum(extract(epoch from ends_at - starts_at)) / 60, 0)::int as minutes from appointment
    where  unit_id = ${unitId} and starts_at >= ${from} and starts_at < ${to} and state <> 'cancelled'`.execute(db)
  return rows[0]?.minutes ?? 0
}
