/** SQL that writes Linea tickets, and what belongs to them. */
import type { Insertable } from 'kysely'
import type { Db, Tables } from '../platform/index.ts'

/** Inserts a ticket. */
export async function insertTicket(db: Db, row: Insertable<Tables['ticket']>): Promise<void> {
  await db.insertInto('ticket').values(row).execute()
}

/** Keeps what was said to the citizen. */
export async function insertMessage(db: Db, row: Insertable<Tables['message']>): Promise<void> {
  await db.insertInto('message').values(row).execute()
}

/** Keeps what a directorate has written back. */
export async function insertReturn(db: Db, row: Insertable<Tables['ticket_return']>): Promise<void> {
  await db.insertInto('ticket_return').values(row).execute()
}

/** Keeps a note. */
export async function insertNote(db: Db, row: Insertable<Tables['case_note']>): Promise<void> {
  await db.insertInto('case_note').values(row).execute()
}

/** Returns the last entry of some types about a case. Index: event_of_case. */
export const lastEntryOfCase = (db: Db, caseId: string, types: readonly string[]) =>
  db
    .selectFrom('event')
    .select(['at', 'type', 'version', 'payload'])
    .where('case_id', '=', caseId)
    .where('type', 'in', [...types])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
