/** Some of the sample's citizens have no e-mail: their appointments are confirmed by post. */
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

/** Gives citizens of Rome with an appointment ahead at the agency of the tour, and no e-mail, a postal address, and writes them the letter of their booking. */
export async function writeLetters(tx: Tx, house: House): Promise<void> {
  const { rows } = await sql<VisitAppointment>`
    select appointment.* from appointment join contact on contact.id = appointment.contact_id
    where  appointment.unit_id = 'ag-roma-eur' and appointment.state = 'booked' and appointment.starts_at > ${new Date(house.clock.now())}
    and    contact.municipality_code = '058091' and contact.address is null
    and    not exists (select from contact_email where contact_email.contact_id = contact.id)
    order  by appointment.starts_at, appointment.id
    limit  ${homes.length}`.execute(tx)
  for (const [n, row] of rows.entries()) {
    const [address, postalCode] = homes[n] ?? homes[0]
    await sql`update contact set address = ${address}, postal_code = ${postalCode} where id = ${row.contact_id}`.execute(tx)
    await writeLetter({ tx, ids: house.ids, now: row.booked_at }, row, 'confirmation', row.day_code)
  }
}
