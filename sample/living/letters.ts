/** Some of the sample's citizens are written to by post: their appointments are confirmed by a letter. */
import { sql } from 'kysely'
import { type VisitAppointment, writeLetter } from '../../src/agenda/index.ts'
import type { House, Tx } from '../../src/platform/index.ts'

/** Streets of Rome with their postal code. */
const homes = [
  ['Viale Europa 98', '00144'],
  ['Via Cristoforo Colombo 112', '00147'],
  ['Via dei Serpenti 35', '00184'],
  ['Via Appia Nuova 240', '00183'],
  ['Viale Marconi 51', '00146'],
  ['Via Tuscolana 703', '00174'],
] as const

/**
 * Gives citizens with an appointment ahead at the agency of the tour a home in Rome, and writes them the letter of their booking: who has no e-mail first; the
 * others wish to be written to by post, too.
 * @param now until when the sample has been at work, in milliseconds
 */
export async function writeLetters(tx: Tx, house: House, now: number): Promise<void> {
  const { rows } = await sql<VisitAppointment>`
    select appointment.* from appointment join contact on contact.id = appointment.contact_id
    where  appointment.unit_id = 'ag-roma-eur' and appointment.state = 'booked' and appointment.starts_at > ${new Date(now)}
    and    contact.region_code = '12' and contact.address is null
    order  by exists (select from contact_email where contact_email.contact_id = contact.id), appointment.starts_at, appointment.id
    limit  ${homes.length}`.execute(tx)
  for (const [n, row] of rows.entries()) {
    const [address, postalCode] = homes[n] ?? homes[0]
    await sql`
      update contact
      set    address = ${address}, postal_code = ${postalCode}, municipality_code = '058091', province_code = 'RM', preferred_channel = 'post'
      where  id = ${row.contact_id}`.execute(tx)
    await writeLetter({ tx, ids: house.ids, now: row.booked_at }, row, 'confirmation', row.day_code)
  }
}
