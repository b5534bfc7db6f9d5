/**
 * Reminders: planned with the booking, moved with it, and sent by the clock.
 *
 * A reminder is a row that is taken away in the transaction that puts its mail into the outbox: whoever dies between the two has done neither, and
 * of two workers one finds nothing. Several that are due at once, after a standstill, are one mail.
 */
import { type House, inTransaction, system, workThrough } from '../../platform/index.ts'
import { readAppointment } from '../store.ts'
import { remindCitizen } from '../writing.ts'
import { dueReminders, takeReminders } from './store.ts'

const batchSize = 200

/** Writes to the citizens of whom a reminder is due. Returns to how many. Called by a job each minute. */
export const sendReminders = (house: House): Promise<number> =>
  workThrough(house, {
    what: 'agenda.remind',
    read: except => dueReminders(house.database.kysely, new Date(house.clock.now()), { except, limit: batchSize }),
    idOf: appointmentId => appointmentId,
    act: appointmentId => remind(house, appointmentId),
  })

/** Returns whether the citizen was written to. Of an appointment that has begun, or is none any more, nobody is reminded. */
const remind = (house: House, appointmentId: string): Promise<boolean> =>
  inTransaction(house, system('worker'), async work => {
    const row = await readAppointment(work.tx, appointmentId, true)
    const isDue = await takeReminders(work.tx, appointmentId, work.now)
    if (!row || !isDue || row.state !== 'booked' || row.starts_at <= work.now) return false
    return remindCitizen(work, row)
  })
