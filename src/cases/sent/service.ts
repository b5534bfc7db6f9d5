/**
 * Whoever has sent a ticket to the second level sees what became of it. What was no matter for the second level goes back to them with its reason:
 * the ticket ends, the case stays open, and its sender goes on with it and answers the citizen.
 */
import { z } from 'zod'
import { typologyNames } from '../../classification/index.ts'
import { peopleGone } from '../../identity/index.ts'
import {
  type Actor,
  actingPerson,
  addDays,
  dayAt,
  decodeCursor,
  type House,
  instantOf,
  must,
  pageOf,
  Refused,
  unitsIn,
  useCase,
} from '../../platform/index.ts'
import { endWaiting } from '../citizen-questions/replies.ts'
import { setReference } from '../continuity/service.ts'
import { meetDeadlines } from '../deadlines/service.ts'
import { leaveDraft } from '../drafts.ts'
import { ticketSentBack } from '../events.ts'
import { putFollowUp } from '../finding/store.ts'
import { addNote, lockedTicketFor, type OneTicket } from '../locked-ticket.ts'
import { mayInteract, mayWatchResults } from '../policy.ts'
import { leaveQueue } from '../section-queue.ts'
import { updateTicket } from '../store.ts'
import { linesOf } from '../tickets/views.ts'
import type { SendBack, SentBackCounts, SentTicket, SentView } from './model.ts'
import { sentBackCounts, sentTickets } from './store.ts'

/** What the reader has sent, the newest first. @throws Refused 403 for who speaks with no citizens */
export async function sentPage(
  house: House,
  actor: Actor,
  query: { view?: SentView | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: SentTicket[]; next: string | null }> {
  must(mayInteract(actor))
  const db = house.database.kysely
  const cursor = decodeCursor(z.tuple([z.number(), z.string()]), query.cursor)
  const rows = await sentTickets(db, {
    ...{ personId: actingPerson(actor).personId, view: query.view, limit: query.limit + 1 },
    after: cursor && { openedAt: new Date(cursor[0]), id: cursor[1] },
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.opened_at.getTime(), row.id])
  const lines = new Map((await linesOf(db, items)).map(line => [line.id, line]))
  return {
    items: items.flatMap(row => {
      const ticket = lines.get(row.id)
      if (!ticket) return []
      const { answer, sent_back_reason: reason } = row
      return {
        ...{ ticket, answer, closedAt: row.closed_at?.toISOString() ?? null },
        sentBack: reason === null ? null : { reason, by: row.sent_back_by_name ?? '' },
      }
    }),
    next,
  }
}

/**
 * It was no matter for the second level: the ticket ends, and whoever sent it goes on with the case, from today on.
 * @throws Refused 403 as the policy says, 409 when the sender does not work here any more: then nobody would answer the citizen
 */
export const sendBackTicket = useCase(async (work, { ticketId, reason }: OneTicket & SendBack): Promise<OneTicket> => {
  const { ticket, actor } = await lockedTicketFor(work, ticketId, 'send-back')
  const sender = { id: ticket.sent_by, name: ticket.sent_by_name }
  if ((await peopleGone(work.tx, [sender.id], work.now)).has(sender.id))
    throw new Refused('cases.senderGone', { name: sender.name }, 409)
  const noteId = await addNote(work, ticket, actor, reason, false)
  await leaveDraft(work, ticket)
  await endWaiting(work, ticket, 'answered')
  await meetDeadlines(work, ticketId, ['first-answer', 'solution'])
  await updateTicket(work.tx, ticketId, {
    ...{ state: 'closed', closed_at: work.now, sent_back_reason: reason, sent_back_by_name: actor.name },
  })
  const units = unitsIn(ticket.unit_path)
  await work.journal(
    ticketSentBack,
    { ticketId, noteId, to: sender.id, toName: sender.name },
    { case: ticket.case_id, contact: ticket.contact_id, person: sender.id, units },
  )
  await setReference(work, { caseId: ticket.case_id, contactId: ticket.contact_id, units }, sender, 'ticket')
  const day = dayAt(work.house.config.TIME_ZONE, work.now.getTime())
  await putFollowUp(work.tx, { personId: sender.id, caseId: ticket.case_id, day, note: reason, now: work.now })
  await leaveQueue(work, ticket, 'sent-back')
  return { ticketId }
})

const shownTypologies = 10

/** How many tickets came back in a month of office time, in the whole institute. @param month ISO 8601: `2026-11`. @throws Refused 403 */
export async function sentBackIn(house: House, actor: Actor, { month }: { month: string }): Promise<SentBackCounts> {
  must(mayWatchResults(actor))
  const db = house.database.kysely
  const first = `${month}-01`
  const next = `${addDays(first, 31).slice(0, 7)}-01`
  const [from, until] = [first, next].map(day => new Date(instantOf(house.config.TIME_ZONE, day, 0)))
  if (!from || !until) return { total: 0, typologies: [] }
  const counts = await sentBackCounts(db, from, until)
  const names = await typologyNames(
    db,
    counts.flatMap(each => each.typologyId ?? []),
  )
  return {
    total: counts.reduce((sum, each) => sum + each.count, 0),
    typologies: counts
      .slice(0, shownTypologies)
      .map(({ typologyId, count }) => ({ label: (typologyId !== null && names.get(typologyId)) || '–', count })),
  }
}
