/**
 * Ending an account or a role whose person is talking to a citizen.
 *
 * A citizen is not cut off by paperwork. The administrator is told first that there is a conversation, and chooses: as soon as it ends, or at once
 * because it is urgent. What waits for the end of a conversation is written down, and done by whichever process hears of that end; a job looks
 * every minute after what nobody heard.
 */
import { type Actor, type House, inTransaction, type PersonActor, Refused, type Tx, type Work } from '../platform/index.ts'
import { endingPlanned } from './events.ts'
import type { Ending } from './model.ts'
import { deleteEnding, deleteEndingsOf, endingsInOrder, endingsOfPerson, insertEnding } from './pending-store.ts'

/** What telephony knows: whether a person talks to a caller now. Asked in the transaction that depends on it. */
export type AskConversation = (db: Tx | House['database']['kysely'], personId: string) => Promise<boolean>

declare module '../platform/index.ts' {
  interface HouseParts {
    askConversation: AskConversation
  }
}

/** Says how to ask. Without it nobody is taken to be talking. */
export function setConversations(house: House, ask: AskConversation): void {
  house.parts.askConversation = ask
}

const talks = async (house: House, db: Tx | House['database']['kysely'], personId: string): Promise<boolean> =>
  (await house.parts.askConversation?.(db, personId)) ?? false

export interface WhatEnds {
  person: { id: string; name: string }
  /** Null: the account. */
  assignmentId: string | null
}

/**
 * Whether it ends now. If it is to end after the conversation, that is written down.
 * @throws Refused 409 when the person is talking and it was not said what is to become of the conversation
 */
export async function endsNow(work: Work, { person, assignmentId }: WhatEnds, { urgent, afterCall }: Ending): Promise<boolean> {
  const { tx, ids, now, actor, house } = work
  await deleteEndingsOf(tx, person.id, assignmentId)
  if (urgent || actor.kind !== 'person' || !(await talks(house, tx, person.id))) return true
  if (!afterCall) throw new Refused('identity.inConversation', { person: person.name, personId: person.id })
  const row = { id: ids(), person_id: person.id, assignment_id: assignmentId, asked_by: JSON.stringify(actor), asked_at: now }
  await insertEnding(tx, row)
  await work.journal(endingPlanned, { assignmentId }, { person: person.id })
  return false
}

/** What ends with the conversation of a person: the account, or an assignment. */
export async function endingsOf(db: Tx | House['database']['kysely'], personId: string): Promise<string[]> {
  return (await endingsOfPerson(db, personId)).map(assignmentId => assignmentId ?? 'account')
}

export type EndIt = (house: House, actor: PersonActor, personId: string, assignmentId: string | null) => Promise<unknown>

/** Ends what waited for the end of conversations that are over. Many nodes may do it at once. */
export async function endWhatWaited(house: House, end: EndIt): Promise<void> {
  const db = house.database.kysely
  for (const row of await endingsInOrder(db))
    if (!(await talks(house, db, row.person_id)))
      await end(house, row.asked_by, row.person_id, row.assignment_id).catch((error: unknown) =>
        giveUp(house, row.asked_by, row.id, error),
      )
}

/** What can no longer be done, e.g. because the person has become the last administrator, is not tried for ever. */
async function giveUp(house: House, actor: Actor, id: string, error: unknown): Promise<void> {
  house.log.warn({ err: error }, 'identity: what was to end after a conversation could not be ended')
  if (!(error instanceof Refused)) return
  await inTransaction(house, actor, ({ tx }) => deleteEnding(tx, id))
}
