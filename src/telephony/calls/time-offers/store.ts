/** SQL of calls about times that are offered. */
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../../../platform/index.ts'
import '../../tables.ts'

export type TimeOfferCallRow = Selectable<Tables['time_offer_call']>

/** The calls about times that were offered to the citizen of an appointment, the newest first. Index: time_offer_call_of_appointment. */
export const offerCallsOf = (db: Db, appointmentId: string): Promise<TimeOfferCallRow[]> =>
  db
    .selectFrom('time_offer_call')
    .selectAll()
    .where('appointment_id', '=', appointmentId)
    .orderBy('asked_at', 'desc')
    .limit(50)
    .execute()

/** Notes a call that is to be made. Returns whether it was: nobody is called twice at one time. Index: time_offer_call_open. */
export async function insertOfferCall(
  db: Db,
  row: Pick<TimeOfferCallRow, 'id' | 'appointment_id' | 'unit_id' | 'offer_id' | 'number' | 'asked_at'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('time_offer_call')
    .values({ ...row, dialled_at: null, answered_at: null, ended_at: null, outcome: null })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateOfferCall(db: Db, id: string, change: Partial<TimeOfferCallRow>): Promise<void> {
  await db.updateTable('time_offer_call').set(change).where('id', '=', id).execute()
}

/** Notes that the number of an open call is dialled. Returns whether it was open. */
export async function beginOpenCall(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('time_offer_call')
    .set({ dialled_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** A call that is open. */
export const openOfferCall = (db: Db, id: string): Promise<TimeOfferCallRow | undefined> =>
  db.selectFrom('time_offer_call').selectAll().where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()

/** How often the citizen was called about an offer. Index: time_offer_call_of_appointment. */
export async function dialledOf(db: Db, { appointmentId, offerId }: { appointmentId: string; offerId: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from time_offer_call
    where  appointment_id = ${appointmentId} and offer_id = ${offerId} and dialled_at is not null`.execute(db)
  return rows[0]?.n ?? 0
}

/**
 * Ends a call of an appointment that nobody has begun since an instant (no process had a switch for it), or that has been under way since a much earlier
 * one (its process does not come back). Index: time_offer_call_open.
 */
export async function endForgottenOfferCalls(
  db: Db,
  appointmentId: string,
  { unbegun, endless, now }: { unbegun: Date; endless: Date; now: Date },
): Promise<void> {
  await sql`
    update time_offer_call set outcome = 'failed', ended_at = ${now}
    where  appointment_id = ${appointmentId} and ended_at is null
    and    (asked_at <= ${endless}
            or asked_at <= ${unbegun} and not exists (select from call where call.id = time_offer_call.id and call.ended_at is null))`.execute(
    db,
  )
}
