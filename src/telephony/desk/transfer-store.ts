/** SQL of calls that were handed from one section to another. */
import type { Db, Tx } from '../../platform/index.ts'
import type {} from '../tables.ts'

export interface Transfer {
  byPerson: string
  byName: string
  fromSectionId: string | null
  note: string
}

/** Writes down who hands the call on, before it is done. */
export async function noteTransfer(
  tx: Tx,
  callId: string,
  at: Date,
  { byPerson, byName, fromSectionId, sectionId, note }: Transfer & { sectionId: string },
): Promise<void> {
  await tx
    .insertInto('call_transfer')
    .values({
      ...{ call_id: callId, at, by_person: byPerson, by_name: byName },
      ...{ from_section_id: fromSectionId, section_id: sectionId, note },
    })
    // Asked twice in the same instant, it is the same.
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** The last transfer of a call by somebody. Index: call_transfer_pkey. */
export async function lastTransfer(db: Db, callId: string, byPerson: string): Promise<Transfer | undefined> {
  const row = await db
    .selectFrom('call_transfer')
    .select(['by_person', 'by_name', 'from_section_id', 'note'])
    .where('call_id', '=', callId)
    .where('by_person', '=', byPerson)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { byPerson: row.by_person, byName: row.by_name, fromSectionId: row.from_section_id, note: row.note }
}
