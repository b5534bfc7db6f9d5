/** SQL that writes conversations, and finds the one behind a ticket or an entry. */
import type { Db } from '../platform/index.ts'
import type { InteractionRow } from './tables.ts'

/** Inserts a conversation unless its call has one. Returns whether it was inserted. Index: interaction_call_id_key. */
export async function insertInteraction(db: Db, row: Omit<InteractionRow, 'version'>): Promise<boolean> {
  const inserted = await db
    .insertInto('interaction')
    .values(row)
    .onConflict(conflict => conflict.column('call_id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Changes a conversation that is locked in this transaction; its version grows by one. */
export async function updateInteraction(
  db: Db,
  id: string,
  change: Partial<Omit<InteractionRow, 'id' | 'version'>>,
): Promise<void> {
  await db
    .updateTable('interaction')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** A conversation, whoever asks. Index: interaction_pkey. */
export const conversationById = (db: Db, id: string): Promise<InteractionRow | undefined> =>
  db.selectFrom('interaction').selectAll().where('id', '=', id).executeTakeFirst()

/** The conversation that ended with a Linea ticket about a case. Index: interaction_of_case. */
export const interactionThatSent = (db: Db, caseId: string): Promise<{ id: string } | undefined> =>
  db.selectFrom('interaction').select('id').where('case_id', '=', caseId).where('state', '=', 'linea').executeTakeFirst()
