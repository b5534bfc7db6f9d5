/** Some of the sample's citizens would rather come earlier than booked. */
import { sql } from 'kysely'
import { putOnList, type VisitAppointment } from '../../src/agenda/index.ts'
import { type House, system, type Tx } from '../../src/platform/index.ts'

/** So many at the agency of the tour, and as many elsewhere. */
const ofEach = 3

/** Puts citizens with appointments of the coming weeks, and an address to be written to, on the waiting list: since they booked. */
export async function writeWaiting(tx: Tx, house: House): Promise<void> {
  const soon = new Date(house.clock.now() + 3 * 86_400_000)
  const { rows } = await sql<VisitAppointment>`
    select appointment.* from (
      select id, row_number() over (partition by unit_id = 'ag-roma-eur' order by starts_at desc, id) as n
      from   appointment
      where  state = 'booked' and starts_at > ${soon}
      and    exists (select from contact_email where contact_email.contact_id = appointment.contact_id)
    ) late join appointment on appointment.id = late.id
    where  n <= ${ofEach}
    order  by booked_at, appointment.id`.execute(tx)
  for (const row of rows) await putOnList(house, system('sample'), tx, row, row.booked_at)
}
