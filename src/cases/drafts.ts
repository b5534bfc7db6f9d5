/**
 * What is being written when a ticket goes to somebody else. Whoever takes it is asked first, the text goes along, and whoever wrote it keeps
 * their copy to read.
 */
import { sql } from 'kysely'
import { type PersonActor, Refused, type Work } from '../platform/index.ts'
import { ticketClaimed, ticketHandedOver, ticketTakenOver } from './events.ts'
import type { Db, TicketWithCase } from './store.ts'

type Holding = Pick<TicketWithCase, 'id' | 'claimed_by' | 'claimed_by_name'>

/** The text that the holder of a ticket is writing; undefined when there is none. Index: answer_draft_pkey. */
async function draftOfHolder(db: Db, ticket: Holding): Promise<{ text: string; savedAt: Date } | undefined> {
  if (ticket.claimed_by === null) return undefined
  const row = await db
    .selectFrom('answer_draft')
    .select(['text', 'saved_at'])
    .where('ticket_id', '=', ticket.id)
    .where('person_id', '=', ticket.claimed_by)
    .executeTakeFirst()
  return row && row.text.trim() !== '' ? { text: row.text, savedAt: row.saved_at } : undefined
}

/** @throws Refused 409 when somebody else is writing an answer and `despiteDraft` does not say that this is known */
export async function askBeforeTaking(
  work: Work,
  ticket: Holding,
  actor: PersonActor,
  despiteDraft: boolean | undefined,
): Promise<void> {
  if (despiteDraft || ticket.claimed_by === actor.personId) return
  const draft = await draftOfHolder(work.tx, ticket)
  if (draft)
    throw new Refused('cases.beingWritten', { name: ticket.claimed_by_name ?? '', savedAt: draft.savedAt.toISOString() }, 409)
}

/** Gives the text of the holder to whoever has the ticket next, after what that person had written. */
export async function passDraft(work: Work, ticket: Holding, to: string): Promise<void> {
  if (ticket.claimed_by === to) return
  const draft = await draftOfHolder(work.tx, ticket)
  if (!draft) return
  const own = await draftOfHolder(work.tx, { ...ticket, claimed_by: to })
  const passed = {
    text: own ? `${own.text}\n\n${draft.text}` : draft.text,
    saved_at: work.now,
    passed_from: ticket.claimed_by,
    passed_from_name: ticket.claimed_by_name,
  }
  await work.tx
    .insertInto('answer_draft')
    .values({ ticket_id: ticket.id, person_id: to, ...passed })
    .onConflict(conflict =>
      conflict.columns(['ticket_id', 'person_id']).doUpdateSet({ ...passed, version: sql<number>`answer_draft.version + 1` }),
    )
    .execute()
}

/** Leaves the text of the holder with a ticket that goes to nobody: whoever takes it next has it. */
export async function leaveDraft(work: Work, ticket: Holding): Promise<void> {
  if (ticket.claimed_by === null || !(await draftOfHolder(work.tx, ticket))) return
  await work.tx
    .updateTable('answer_draft')
    .set({ left_by_name: ticket.claimed_by_name })
    .where('ticket_id', '=', ticket.id)
    .where('person_id', '=', ticket.claimed_by)
    .execute()
}

/** Gives the text that was left with a ticket to whoever takes it. Index: answer_draft_pkey. */
export async function takeUpDraft(work: Work, ticketId: string, to: string): Promise<void> {
  const left = await work.tx
    .selectFrom('answer_draft')
    .select(['person_id', 'left_by_name'])
    .where('ticket_id', '=', ticketId)
    .where('left_by_name', 'is not', null)
    .orderBy('saved_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!left) return
  await passDraft(work, { id: ticketId, claimed_by: left.person_id, claimed_by_name: left.left_by_name }, to)
  await work.tx.updateTable('answer_draft').set({ left_by_name: null }).where('ticket_id', '=', ticketId).execute()
}

/** Who has the reader's text by now, and since when; null when nobody has. */
export async function takenFrom(
  db: Db,
  ticket: Pick<TicketWithCase, 'id' | 'case_id' | 'claimed_by' | 'claimed_by_name'>,
  readerId: string,
): Promise<{ by: string; at: string; withDraft: boolean } | null> {
  if (ticket.claimed_by === null || ticket.claimed_by === readerId) return null
  // Index: event_of_case.
  const taken = await db
    .selectFrom('event')
    .select(['at', 'payload', 'type'])
    .where('case_id', '=', ticket.case_id)
    .where('type', 'in', [ticketTakenOver.type, ticketHandedOver.type, ticketClaimed.type])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const passed = await db
    .selectFrom('answer_draft')
    .select('saved_at')
    .where('ticket_id', '=', ticket.id)
    .where('person_id', '=', ticket.claimed_by)
    .where('passed_from', '=', readerId)
    .executeTakeFirst()
  const fromReader = taken?.type === ticketTakenOver.type && taken.payload.from === readerId
  if (!taken || !(fromReader || passed)) return null
  return { by: ticket.claimed_by_name ?? '', at: taken.at.toISOString(), withDraft: passed !== undefined }
}
