/** SQL of reminders. */
import '../tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

/** Says anew when a citizen is to be reminded of an appointment; what would be in the past is left out. */
export async function planReminders(
  db: Db,
  { appointmentId, start, minutes, now }: { appointmentId: string; start: Date; minutes: readonly number[]; now: Date },
): Promise<void> {
  await forgetReminders(db, appointmentId)
  const rows = minutes
    .map(before => ({
      appointment_id: appointmentId,
      minutes_before: before,
      due_at: new Date(start.getTime() - before * 60_000),
    }))
    .filter(({ due_at }) => due_at > now)
  if (rows.length > 0) await db.insertInto('agenda_reminder').values(rows).execute()
}

export async function forgetReminders(db: Db, appointmentId: string): Promise<void> {
  await db.deleteFrom('agenda_reminder').where('appointment_id', '=', appointmentId).execute()
}

/** Appointments of which a reminder is due, the longest due first, without some. Index: reminder_by_time. */
export async function dueReminders(
  db: Db,
  now: Date,
  { except, limit }: { except: readonly string[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ appointment_id: string }>`
    select appointment_id from agenda_reminder
    where  due_at <= ${now} and appointment_id <> all(${[...except]}::uuid[])
    order  by due_at, appointment_id
    limit  ${limit}`.execute(db)
  return [...new Set(rows.map(row => row.appointment_id))]
}

/** Takes the due reminders of an appointment away. Returns whether there were any: who comes second finds none. */
export async function takeReminders(db: Db, appointmentId: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    delete from agenda_reminder where appointment_id = ${appointmentId} and due_at <= ${now} returning minutes_before`.execute(db)
  return rows.length > 0
}
