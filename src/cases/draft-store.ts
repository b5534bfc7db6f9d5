/** SQL of what is being written as the answer to a ticket: one text for each ticket and person. Index of all: answer_draft_pkey. */
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'

interface WrittenDraft {
  ticketId: string
  personId: string
  text: string
  now: Date
}

/**
 * Saves a text in the place of the version that it was written on, 0 before the first. Returns the version that the row has now: the next one
 * when it was saved, another when the row was begun on a text that is gone; undefined when a later text stands there.
 */
export async function putDraftOn(
  db: Db,
  { ticketId, personId, text, now }: WrittenDraft,
  version: number,
): Promise<number | undefined> {
  const saved = await db
    .insertInto('answer_draft')
    .values({ ticket_id: ticketId, person_id: personId, text, saved_at: now })
    .onConflict(conflict =>
      conflict
        .columns(['ticket_id', 'person_id'])
        .doUpdateSet({ text, saved_at: now, version: version + 1 })
        .where('answer_draft.version', '=', version),
    )
    .returning('version')
    .executeTakeFirst()
  return saved?.version
}

/** Gives somebody a text, and keeps from whom it is. */
export async function passDraftOn(
  db: Db,
  { ticketId, personId, text, now, from }: WrittenDraft & { from: { id: string | null; name: string | null } },
): Promise<void> {
  const passed = { text, saved_at: now, passed_from: from.id, passed_from_name: from.name }
  await db
    .insertInto('answer_draft')
    .values({ ticket_id: ticketId, person_id: personId, ...passed })
    .onConflict(conflict =>
      conflict.columns(['ticket_id', 'person_id']).doUpdateSet({ ...passed, version: sql<number>`answer_draft.version + 1` }),
    )
    .execute()
}

/** Whether somebody has a text that was another's. */
export async function hasDraftFrom(db: Db, ticketId: string, personId: string, from: string): Promise<boolean> {
  const passed = await db
    .selectFrom('answer_draft')
    .select('saved_at')
    .where('ticket_id', '=', ticketId)
    .where('person_id', '=', personId)
    .where('passed_from', '=', from)
    .executeTakeFirst()
  return passed !== undefined
}

/** Keeps that somebody had to leave a text with a ticket that went to nobody. */
export async function markDraftLeft(db: Db, ticketId: string, personId: string, name: string | null): Promise<void> {
  await db
    .updateTable('answer_draft')
    .set({ left_by_name: name })
    .where('ticket_id', '=', ticketId)
    .where('person_id', '=', personId)
    .execute()
}

/** The text that was left with a ticket last. */
export async function draftLeftWith(db: Db, ticketId: string): Promise<{ personId: string; name: string | null } | undefined> {
  return db
    .selectFrom('answer_draft')
    .select(['person_id as personId', 'left_by_name as name'])
    .where('ticket_id', '=', ticketId)
    .where('left_by_name', 'is not', null)
    .orderBy('saved_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Somebody has taken it up. */
export async function unmarkDraftsLeft(db: Db, ticketId: string): Promise<void> {
  await db.updateTable('answer_draft').set({ left_by_name: null }).where('ticket_id', '=', ticketId).execute()
}
