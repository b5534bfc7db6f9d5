/**
 * Moving tickets: to oneself, to a colleague, back to the pool; several at once, each in a transaction of its own, so that what is refused of one
 * keeps none of the others. A move is the policy's `claim`, `take-over`, `hand-over` or `release`. It can be undone for some minutes, by the
 * reverse of it, unless somebody has done something with the ticket since.
 */
import { absentToday } from '../../distribution/index.ts'
import { can } from '../../identity/index.ts'
import {
  actingPerson,
  type House,
  type Language,
  must,
  notFound,
  type PersonActor,
  Refused,
  sentence,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { draftLeftWith } from '../draft-store.ts'
import { leaveDraft, passDraft, takeUpDraft } from '../drafts.ts'
import { ticketMoveUndone } from '../events.ts'
import { lockedTicket, type TicketInHand, ticketSubjects } from '../locked-ticket.ts'
import { colleaguesOf, unitFacts } from '../places.ts'
import { mayActOnTicket } from '../policy.ts'
import { enterQueue, takeFromQueue } from '../section-queue.ts'
import { scopeOf } from '../service.ts'
import { readTicket, type TicketWithCase, updateTicket } from '../store.ts'
import { claim, goOnWithCase, handOver, release, takeOver } from '../tickets.ts'
import type { Moved, MoveTickets, TicketOwner, UndoMoves } from './model.ts'
import { deleteMove, forgetMoves, insertMove, readMove, titlesOf } from './store.ts'

/** So long a move can be undone. */
export const undoWithinMs = 10 * 60_000

interface OneMove {
  ticketId: string
  version: number | undefined
  to: MoveTickets['to']
  note: string
}

/** Moves one ticket. @throws Refused as the policy says, 409 when the ticket is not as it was read */
const moveTicket = useCase(async (work, { ticketId, version, to, note }: OneMove): Promise<{ moveId: string; title: string }> => {
  const held = await lockedTicket(work, ticketId)
  const { ticket, actor } = held
  if (version !== undefined && version !== ticket.version)
    throw new Refused(ticket.claimed_by_name === null ? 'cases.move.changed' : 'cases.move.changedWith', nameOf(ticket), 409)
  const id = to === 'me' ? actor.personId : to === 'pool' ? null : to
  await carry(work, held, id, note)
  const moveId = work.ids()
  const { state } = ticket
  await insertMove(work.tx, {
    ...{ id: moveId, ticket_id: ticketId, by_person: actor.personId, at: work.now, to_id: id },
    from_state: state === 'claimed' || state === 'returned' ? state : 'pool',
    from_id: ticket.claimed_by,
    from_name: ticket.claimed_by_name,
  })
  return { moveId, title: ticket.title }
})

const nameOf = ({ claimed_by_name: holder }: TicketWithCase) => ({ holder: holder ?? '' })

/** By the action of the policy that leads to this person, or to the pool. */
function carry(work: Work, { ticket, actor, facts }: TicketInHand, to: string | null, note: string): Promise<unknown> {
  const { id: ticketId } = ticket
  if (to === null) return release(work, ticketId)
  if (to !== actor.personId) return handOver(work, { ticketId, personId: to, note })
  return mayActOnTicket('take-over', actor, facts).allowed ? takeOver(work, { ticketId }) : claim(work, ticketId)
}

/** The colleagues of the reader's centre by name, each once; none for who works in no centre. */
export async function ticketOwners(house: House, actor: PersonActor): Promise<{ items: TicketOwner[] }> {
  const db = house.database.kysely
  const own = await unitFacts(db, actor.unitId)
  const colleagues = own && can(actor, 'tickets.work') ? await colleaguesOf(db, own.centre.id) : []
  const byId = new Map(colleagues.map(each => [each.id, each]))
  const away = await absentToday(db, house, [...byId.keys()])
  return {
    items: [...byId.values()].map(({ id, name, unitName }) => ({ id, name, unit: unitName, away: away.has(id) })),
  }
}

/** Moves tickets, each by itself. Returns what was done and what was refused, and why. */
export async function moveTickets(
  house: House,
  actor: PersonActor,
  { tickets, to, note }: MoveTickets,
  language: Language,
): Promise<Moved> {
  const moved: Moved = { done: [], refused: [] }
  for (const { id: ticketId, version } of tickets) {
    try {
      moved.done.push({ ticketId, ...(await moveTicket(house, actor, { ticketId, version, to, note })) })
    } catch (error) {
      moved.refused.push({ ticketId, title: '', sentence: whyRefused(error, language) })
    }
  }
  return named(house, actor, moved)
}

/** @throws what is no refusal */
function whyRefused(error: unknown, language: Language): string {
  if (error instanceof Refused) return sentence(language, error.code, error.values)
  throw error
}

/** With the titles of what was refused, as far as the actor may see it. */
async function named(house: House, actor: PersonActor, moved: Moved): Promise<Moved> {
  const db = house.database.kysely
  const seen: string[] = []
  for (const { ticketId } of moved.refused) if (await readTicket(db, ticketId, scopeOf(actor))) seen.push(ticketId)
  const titles = await titlesOf(db, seen)
  return { ...moved, refused: moved.refused.map(each => ({ ...each, title: titles.get(each.ticketId) ?? '' })) }
}

/**
 * Undoes one move: the ticket is again with whom it was, with what was being written.
 * @throws Refused 404 for another's move, 409 when it is too late or the ticket has gone on since, 403 for who may not have it any more
 */
const undoMove = useCase(async (work, { moveId }: { moveId: string }): Promise<{ ticketId: string; title: string }> => {
  const { personId } = actingPerson(work.actor)
  const move = await readMove(work.tx, moveId)
  if (move?.by_person !== personId) throw notFound('move')
  const { ticket, actor, facts } = await lockedTicket(work, move.ticket_id)
  const goneOn = !move.is_last || ticket.claimed_by !== move.to_id || !['pool', 'claimed', 'returned'].includes(ticket.state)
  if (goneOn) throw new Refused('cases.move.goneOn', {}, 409)
  if (work.now.getTime() - move.at.getTime() > undoWithinMs) throw new Refused('cases.move.tooLate', {}, 409)
  // Whoever could look could always undo what was theirs: it gives nobody more than they had.
  must(mayActOnTicket('look', actor, facts))
  const { id: ticketId } = ticket
  const before = { state: move.from_state, claimed_by: move.from_id, claimed_by_name: move.from_name }
  if (move.from_id === null) await leaveDraft(work, ticket)
  else {
    await passDraft(work, ticket, move.from_id)
    if (await draftLeftWith(work.tx, ticketId)) await takeUpDraft(work, ticketId, move.from_id)
  }
  await updateTicket(work.tx, ticketId, before)
  await work.journal(
    ticketMoveUndone,
    { ticketId, to: move.from_id, toName: move.from_name },
    ticketSubjects(ticket, move.from_id ?? ticket.claimed_by),
  )
  if (move.from_id === null) await enterQueue(work, ticket)
  else {
    await goOnWithCase(work, ticket, { id: move.from_id, name: move.from_name ?? '' })
    await takeFromQueue(work, ticket, move.from_id)
  }
  await deleteMove(work.tx, moveId)
  return { ticketId, title: ticket.title }
})

/** Undoes moves, each by itself. Returns the tickets that are as before, and what was refused, by the move. */
export async function undoMoves(house: House, actor: PersonActor, { moveIds }: UndoMoves, language: Language): Promise<Moved> {
  const undone: Moved = { done: [], refused: [] }
  for (const moveId of moveIds) {
    try {
      undone.done.push({ moveId, ...(await undoMove(house, actor, { moveId })) })
    } catch (error) {
      const move = await readMove(house.database.kysely, moveId)
      const ticketId = move?.by_person === actor.personId ? move.ticket_id : moveId
      undone.refused.push({ ticketId, title: '', sentence: whyRefused(error, language) })
    }
  }
  return named(house, actor, undone)
}

const batchSize = 2_000
/** Moves that can be undone no longer are forgotten. */
export async function forgetOldMoves(house: House): Promise<void> {
  const before = new Date(house.clock.now() - undoWithinMs)
  while ((await forgetMoves(house.database.kysely, before, batchSize)) === batchSize);
}
