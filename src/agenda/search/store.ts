/** SQL of the search. */
import '../tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

/** The officer who received a citizen last, and where; undefined when nobody did. Index: appointment_of_contact. */
export async function officerOfLastTime(db: Db, contactId: string): Promise<{ officerId: string; unitId: string } | undefined> {
  const { rows } = await sql<{ officerId: string; unitId: string }>`
    select officer_id as "officerId", unit_id as "unitId" from appointment
    where  contact_id = ${contactId} and officer_id is not null and state in ('in-progress', 'concluded')
    order  by starts_at desc limit 1`.execute(db)
  return rows[0]
}
