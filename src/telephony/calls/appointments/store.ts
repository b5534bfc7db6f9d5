/** SQL of calls to the citizens of appointments. */
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db, Tables } from '../../../platform/index.ts'
import '../../tables.ts'

export type AppointmentCallRow = Selectable<Tables['appointment_call']>

/** The calls of an appointment, the newest first. Index: appointment_call_of_appointment. */
export const callsOfAppointment = (db: Db, appointmentId: string): Promise<AppointmentCallRow[]> =>
  db
    .selectFrom('appointment_call')
    .selectAll()
    .where('appointment_id', '=', appointmentId)
    .orderBy('asked_at', 'desc')
    .limit(50)
    .execute()

/** The telephone at which an officer of an office was rung last. Index: appointment_call_of_officer. */
export async function lastOfficerNumber(db: Db, officerId: string): Promise<string> {
  const row = await db
    .selectFrom('appointment_call')
    .select('officer_number')
    .where('officer_id', '=', officerId)
    .orderBy('asked_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.officer_number ?? ''
}

/** Returns whether the call was noted: an appointment has one call at a time. Index: appointment_call_open. */
export async function insertCall(db: Db, row: AppointmentCallRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('appointment_call')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateCall(db: Db, id: string, change: Partial<AppointmentCallRow>): Promise<void> {
  await db.updateTable('appointment_call').set(change).where('id', '=', id).execute()
}

/** A call that is open. */
export const openCall = (db: Db, id: string): Promise<AppointmentCallRow | undefined> =>
  db.selectFrom('appointment_call').selectAll().where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()

/** Ends calls of an appointment that nobody has begun since an instant: no process had a switch for them. Index: appointment_call_open. */
export async function endForgotten(db: Db, appointmentId: string, before: Date, now: Date): Promise<void> {
  await sql`
    update appointment_call set outcome = 'failed', ended_at = ${now}
    where  appointment_id = ${appointmentId} and ended_at is null and asked_at < ${before}
    and    not exists (select from call where call.id = appointment_call.id and call.ended_at is null)`.execute(db)
}

/** The number of an office that citizens see when it calls; null when it has none. Index: office_number_of_unit. */
export async function numberOfOffice(db: Db, unitId: string): Promise<string | null> {
  const row = await db
    .selectFrom('office_number')
    .select('number')
    .where('unit_id', '=', unitId)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
  return row?.number ?? null
}
