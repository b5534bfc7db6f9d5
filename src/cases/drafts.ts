/**
 * What is being written when a ticket goes to somebody else. Whoever takes it is asked first, the text goes along, and whoever wrote it keeps
 * their copy to read.
 */
import { type Db, type PersonActor, Refused, type Work } from '../platform/index.ts'
import { draftLeftWith, hasDraftFrom, markDraftLeft, passDraftOn, unmarkDraftsLeft } from './draft-store.ts'
import { ticketClaimed, ticketHandedOver, ticketTakenOver } from './events.ts'
import type { AnswerDraft } from './model.ts'
import { draftOf, type TicketWithCase } from './store.ts'
import { lastEntryOfCase } from './ticket-store.ts'

type TicketInCharge = Pick<TicketWithCase, 'id' | 'claimed_by' | 'claimed_by_name'>

/** The text that the holder of a ticket is writing; undefined when there is none. */
async function draftOfHolder(db: Db, ticket: TicketInCharge): Promise<AnswerDraft | undefined> {
  if (ticket.claimed_by === null) return undefined
  const draft = await draftOf(db, ticket.id, ticket.claimed_by)
  return draft && draft.text.trim() !== '' ? draft : undefined
}

/** @throws Refused 409 when somebody else is writing an answer and `despiteDraft` does not say that this is known */
export async function askBeforeTaking(
  work: Work,
  ticket: TicketInCharge,
  actor: PersonActor,
  despiteDraft: boolean | undefined,
): Promise<void> {
  if (despiteDraft || ticket.claimed_by === actor.personId) return
  const draft = await draftOfHolder(work.tx, ticket)
  if (draft) throw new Refused('cases.beingWritten', { name: ticket.claimed_by_name ?? '', savedAt: draft.savedAt }, 409)
}

/** Gives the text of the holder to whoever has the ticket next, after what that person had written. */
export async function passDraft(work: Work, ticket: TicketInCharge, to: string): Promise<void> {
  if (ticket.claimed_by === to) return
  const draft = await draftOfHolder(work.tx, ticket)
  if (!draft) return
  const own = await draftOfHolder(work.tx, { ...ticket, claimed_by: to })
  await passDraftOn(work.tx, {
    ticketId: ticket.id,
    personId: to,
    // What comes back to who began it holds the beginning already.
    text: own && !draft.text.startsWith(own.text) ? `${own.text}\n\n${draft.text}` : draft.text,
    now: work.now,
    from: { id: ticket.claimed_by, name: ticket.claimed_by_name },
  })
}

/** Leaves the text of the holder with a ticket that goes to nobody: whoever takes it next has it. */
export async function leaveDraft(work: Work, ticket: TicketInCharge): Promise<void> {
  if (ticket.claimed_by === null || !(await draftOfHolder(work.tx, ticket))) return
  await markDraftLeft(work.tx, ticket.id, ticket.claimed_by, ticket.claimed_by_name)
}

/** Gives the text that was left with a ticket to whoever takes it. */
export async function takeUpDraft(work: Work, ticketId: string, to: string): Promise<void> {
  const left = await draftLeftWith(work.tx, ticketId)
  if (!left) return
  await passDraft(work, { id: ticketId, claimed_by: left.personId, claimed_by_name: left.name }, to)
  await unmarkDraftsLeft(work.tx, ticketId)
}

/** Who has the reader's text by now, and since when; null when nobody has. */
export async function takenFrom(
  db: Db,
  ticket: Pick<TicketWithCase, 'id' | 'case_id' | 'claimed_by' | 'claimed_by_name'>,
  readerId: string,
): Promise<{ by: string; at: string; withDraft: boolean } | null> {
  if (ticket.claimed_by === null || ticket.claimed_by === readerId) return null
  const taken = await lastEntryOfCase(db, ticket.case_id, [ticketTakenOver.type, ticketHandedOver.type, ticketClaimed.type])
  const passed = await hasDraftFrom(db, ticket.id, ticket.claimed_by, readerId)
  const fromReader = taken?.type === ticketTakenOver.type && taken.payload.from === readerId
  if (!taken || !(fromReader || passed)) return null
  return { by: ticket.claimed_by_name ?? '', at: taken.at.toISOString(), withDraft: passed }
}
