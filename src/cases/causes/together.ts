/**
 * One answer for several tickets of one cause: what would become of each, and what becomes of one, each in its own channel.
 *
 *   in the list of its group, or in the own hand ─┬─ the channel carries ──▶ answered, as by hand
 *                                                 └─ a person must say it ──▶ in the own hand, with the text as a draft
 *   in a colleague's hand, open at a colleague's, being written ────────────▶ left as it is, and it is said why
 */
import { channelOf } from '../../channels/index.ts'
import { contactsOf } from '../../contacts/index.ts'
import { allowed, type Db, must, type PersonActor, Refused, refused, type Verdict, type Work } from '../../platform/index.ts'
import { giveAnswer, letterFrame } from '../answers.ts'
import { lockedTicket, type TicketInHand, ticketToRead } from '../locked-ticket.ts'
import type { TicketLine } from '../model.ts'
import { mayActOnTicket } from '../policy.ts'
import { putDraft } from '../store.ts'
import { linesOf } from '../tickets/views.ts'
import { claim } from '../tickets.ts'
import { viewersOf } from '../viewers/store.ts'
import { isBeingWritten } from './store.ts'

/** How an answer reaches the citizen of a ticket: a channel carries it, or a person calls. */
export type AnswerWay = 'send' | 'call'

export interface PlannedAnswer {
  ticket: TicketLine
  address: string
  way: AnswerWay
  verdict: Verdict
  /** What stands before and after the text, in the citizen's language. */
  letter: { greeting: string; closing: string }
}

/** What the answer would do with some tickets that the actor may see, in their order; others are left out. At most some dozens at once. */
export async function planAnswers(db: Db, actor: PersonActor, ticketIds: readonly string[], now: Date): Promise<PlannedAnswer[]> {
  const found: TicketInHand[] = []
  for (const ticketId of ticketIds) {
    const seen = await ticketIfSeen(db, actor, ticketId)
    if (seen) found.push(seen)
  }
  const tickets = found.map(({ ticket }) => ticket)
  const lines = new Map((await linesOf(db, tickets)).map(line => [line.id, line]))
  const contacts = await contactsOf(
    db,
    tickets.map(ticket => ticket.contact_id),
  )
  const planned: PlannedAnswer[] = []
  for (const each of found) {
    const { ticket } = each
    const line = lines.get(ticket.id)
    if (line)
      planned.push({
        ...{ ticket: line, address: ticket.reply_address, way: wayOf(each), verdict: await mayAnswerNow(db, each, now) },
        letter: letterFrame(ticket, contacts.get(ticket.contact_id)),
      })
  }
  return planned
}

async function ticketIfSeen(db: Db, actor: PersonActor, ticketId: string): Promise<TicketInHand | undefined> {
  try {
    return await ticketToRead({ tx: db, actor }, ticketId)
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined
    throw error
  }
}

const wayOf = ({ ticket }: TicketInHand): AnswerWay => (channelOf(ticket.reply_kind).carried ? 'send' : 'call')

/** Whether the answer may be given now without taking anything from a colleague, or a text from whoever is writing. */
async function mayAnswerNow(db: Db, { ticket, actor, facts }: TicketInHand, now: Date): Promise<Verdict> {
  const may = mayActOnTicket(facts.state === 'pool' ? 'claim' : 'answer', actor, facts)
  if (!may.allowed) return may
  if (await isBeingWritten(db, ticket.id)) return refused('cases.together.beingWritten')
  const [viewer] = await viewersOf(db, { subjectId: ticket.id, readerId: actor.personId, now, limit: 1 })
  return viewer ? refused('cases.together.openElsewhere', { name: viewer.name }) : allowed
}

/**
 * Answers one ticket with a text that was looked at, in the transaction. What a channel carries is sent as by hand; else the actor has the ticket in
 * hand afterwards, with the text as a draft.
 * @throws Refused 403 as the policy says, or when a colleague has it open or a text is being written; 404, 409, 422 as `giveAnswer`
 */
export async function answerTogether(work: Work, { ticketId, text }: { ticketId: string; text: string }): Promise<AnswerWay> {
  const locked = await lockedTicket(work, ticketId)
  must(await mayAnswerNow(work.tx, locked, work.now))
  if (locked.facts.state === 'pool') await claim(work, ticketId)
  if (wayOf(locked) === 'call') {
    await putDraft(work.tx, { ticketId, personId: locked.actor.personId, text, now: work.now })
    return 'call'
  }
  await giveAnswer(work, { ticketId, answer: text })
  return 'send'
}
