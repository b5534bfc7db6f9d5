/** A ticket as a use case has it: locked, with the actor that it is acted on as, and the facts that the policy asks for. */
import { type Actor, actingPerson, type Db, must, notFound, type PersonActor, unitsIn, type Work } from '../platform/index.ts'
import { actingOn } from './acting.ts'
import { caseNoted } from './events.ts'
import type { TicketAction } from './model.ts'
import { unitFacts } from './places.ts'
import { mayActOnTicket, type TicketFacts } from './policy.ts'
import type { TicketRules } from './rules/model.ts'
import { rulesInForce } from './rules/store.ts'
import { putBackReleased } from './section-queue.ts'
import { scopeOf } from './service.ts'
import { lockTicket, readTicket, type TicketWithCase, unitsOfCase } from './store.ts'
import { insertNote } from './ticket-store.ts'

export interface OneTicket {
  ticketId: string
}

/** A ticket with whom it is acted on as, and what the policy asks. */
export interface TicketInHand {
  ticket: TicketWithCase
  actor: PersonActor
  facts: TicketFacts
}

/** Who reads, and where; in a transaction or outside of one. */
interface Reading {
  tx: Db
  actor: Actor
}

/** The ticket, locked. @throws Refused 404 when it is not there, or not the actor's to see */
export async function lockedTicket(work: Work, ticketId: string): Promise<TicketInHand> {
  const found = await lockTicket(work.tx, ticketId, scopeOf(work.actor))
  if (!found) throw notFound('ticket')
  return inHand(work, await putBackReleased(work, found))
}

/** The ticket as it stands, for what changes nothing of it. @throws Refused as `lockedTicket` */
export async function ticketToRead(work: Reading, ticketId: string): Promise<TicketInHand> {
  const found = await readTicket(work.tx, ticketId, scopeOf(work.actor))
  if (!found) throw notFound('ticket')
  return inHand(work, found)
}

async function inHand(work: Reading, ticket: TicketWithCase): Promise<TicketInHand> {
  const actor = await actingOn(work.tx, actingPerson(work.actor), ticket)
  const facts = factsOf(ticket, await unitsOfCase(work.tx, ticket.case_id), await rulesInForce(work.tx))
  if (!mayActOnTicket('look', actor, facts).allowed) throw notFound('ticket')
  return { ticket, actor, facts }
}

export async function lockedTicketFor(work: Work, ticketId: string, action: TicketAction): Promise<TicketInHand> {
  const locked = await lockedTicket(work, ticketId)
  must(mayActOnTicket(action, locked.actor, locked.facts))
  return locked
}

/** What the policy has to know. */
export const factsOf = (ticket: TicketWithCase, passedThrough: readonly string[], rules: TicketRules): TicketFacts => ({
  kind: ticket.kind,
  state: ticket.state,
  unitPath: ticket.unit_path,
  unitName: ticket.unit_name,
  centreName: ticket.centre_name,
  directoratePath: ticket.directorate_path,
  directorateName: ticket.directorate_name,
  claimedBy: ticket.claimed_by,
  claimedByName: ticket.claimed_by_name,
  passedThrough,
  rules,
})

/** @param tell false where another entry tells of the note */
export async function addNote(
  work: Work,
  ticket: TicketWithCase,
  actor: PersonActor,
  text: string,
  tell = true,
): Promise<string> {
  const id = work.ids()
  await insertNote(work.tx, {
    id,
    case_id: ticket.case_id,
    text,
    by_person: actor.personId,
    by_name: actor.name,
    by_unit: (await unitFacts(work.tx, actor.unitId))?.name ?? '',
    at: work.now,
  })
  if (tell) await work.journal(caseNoted, { noteId: id }, ticketSubjects(ticket, ticket.claimed_by))
  return id
}

export const ticketSubjects = (ticket: TicketWithCase, person: string | null = null) => ({
  case: ticket.case_id,
  contact: ticket.contact_id,
  person: person ?? undefined,
  units: unitsIn(ticket.unit_path, ticket.directorate_path),
})
