/** SQL of the agenda for the counters. */
import './tables.ts'
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
): Promise<Pick<AppointmentRow, 'id' | 'code' | 'service_id' | 'starts_at' | 'state'>[]> =>
  db
    .selectFrom('appointment')
    .select(['id', 'code', 'service_id', 'starts_at', 'state'])
    .where('unit_id', '=', unitId)
    .where('starts_at', '>=', from)
    .where('starts_at', '<', to)
    .where('state', 'in', ['booked', 'checked-in', 'in-progress'])
    .orderBy('starts_at')
    .orderBy('id')
    .limit(maxOfDay)
    .execute()
