/** What a citizen's words do to a ticket that waits for them, and to one that was closed. */
import { type Db, sentence, unitsIn, type Work } from '../../platform/index.ts'
import { beginDeadlines, renewDeadlines } from '../deadlines/service.ts'
import { caseLinked, ticketReopened, ticketReplied } from '../events.ts'
import { insertCaseLink } from '../links/store.ts'
import { enterQueue, isShared } from '../section-queue.ts'
import { openCase, reopenForCitizen } from '../service.ts'
import { addCaseUnit, lockTicket, type TicketWithCase, updateTicket } from '../store.ts'
import type { CaseRow } from '../tables.ts'
import type { CitizenQuestion, CitizenQuestionEnd } from './model.ts'
import {
  type CitizenQuestionRow,
  citizenQuestionsOf,
  closedTickets,
  endCitizenQuestion,
  openCitizenQuestion,
  waitingTickets,
} from './store.ts'

/** The citizen has said something about a case: what waits for it goes on. */
export async function citizenReplied(work: Work, caseId: string, how: CitizenQuestionEnd, interactionId: string): Promise<void> {
  for (const ticketId of await waitingTickets(work.tx, caseId)) {
    const ticket = await lockTicket(work.tx, ticketId, { all: true })
    if (ticket) await endWaiting(work, ticket, how, interactionId)
  }
}

/** The clock of a ticket, which is locked in this transaction, goes on; nothing happens where nobody is asked. */
export async function endWaiting(
  work: Work,
  ticket: TicketWithCase,
  how: CitizenQuestionEnd,
  interactionId: string | null = null,
): Promise<void> {
  const question = await openCitizenQuestion(work.tx, ticket.id)
  if (!question) return
  await endCitizenQuestion(work.tx, question.id, { at: work.now, by: how, interactionId })
  await updateTicket(work.tx, ticket.id, { waiting_since: null })
  await renewDeadlines(work.tx, ticket)
  await work.journal(
    ticketReplied,
    { ticketId: ticket.id, questionId: question.id, how, ...(interactionId === null ? {} : { interactionId }) },
    {
      ...{ case: ticket.case_id, contact: ticket.contact_id },
      ...{ person: ticket.claimed_by ?? undefined, units: unitsIn(ticket.unit_path) },
    },
  )
}

const dayMs = 86_400_000

/** Whether a case was closed so recently that who comes back opens it again; later it is another matter, which follows from it. */
export const isReopened = (work: Work, { status, closed_at: closedAt }: Pick<CaseRow, 'status' | 'closed_at'>): boolean =>
  status === 'closed' &&
  closedAt !== null &&
  work.now.getTime() - closedAt.getTime() <= work.house.config.SECOND_CONTACT_DAYS * dayMs

/**
 * The citizen has come back to a closed case by a conversation. Within some days the case is open again, with the question that it had, whose deadlines begin
 * anew; later there is a new case that follows from it. Returns the case in which one goes on.
 */
export async function comeBackTo(
  work: Work,
  matter: CaseRow,
  { interactionId, unitPath }: { interactionId: string; unitPath: string },
): Promise<string> {
  if (matter.status !== 'closed') return matter.id
  if (!isReopened(work, matter)) return followedBy(work, matter, unitPath)
  if (!(await reopenForCitizen(work, { caseId: matter.id, contactId: matter.contact_id, units: unitsIn(unitPath) })))
    return matter.id
  for (const ticketId of await closedTickets(work.tx, matter.id)) {
    const ticket = await lockTicket(work.tx, ticketId, { all: true })
    if (ticket) await reopenTicket(work, ticket, interactionId)
  }
  return matter.id
}

/** Who had the ticket has it again; where tickets are shared out it waits for that member first. */
async function reopenTicket(work: Work, ticket: TicketWithCase, interactionId: string): Promise<void> {
  const waits = ticket.claimed_by === null || (await isShared(work, ticket))
  await updateTicket(work.tx, ticket.id, {
    ...(waits ? { state: 'pool' as const, claimed_by: null, claimed_by_name: null } : { state: 'claimed' as const }),
    closed_at: null,
  })
  await beginDeadlines(work, ticket)
  await work.journal(
    ticketReopened,
    { ticketId: ticket.id, interactionId },
    {
      ...{ case: ticket.case_id, contact: ticket.contact_id },
      ...{ person: ticket.claimed_by ?? undefined, units: unitsIn(ticket.unit_path) },
    },
  )
  if (waits) await enterQueue(work, ticket, ticket.claimed_by)
}

async function followedBy(work: Work, matter: CaseRow, unitPath: string): Promise<string> {
  const { contact_id: contactId, typology_id: typologyId, title } = matter
  const opened = await openCase(work, { contactId, typologyId, title, unitPath, callId: undefined })
  const why = sentence('it', 'cases.question.follows', { days: work.house.config.SECOND_CONTACT_DAYS })
  await linkAsFollowing(work, { opened, matter, unitPath, why })
  await addCaseUnit(work.tx, opened.id, unitPath)
  return opened.id
}

/** Says that a case that was just opened follows from one that was closed. */
export async function linkAsFollowing(
  work: Work,
  { opened, matter, unitPath, why }: { opened: CaseRow; matter: Pick<CaseRow, 'id' | 'code'>; unitPath: string; why: string },
): Promise<void> {
  const linkId = work.ids()
  await insertCaseLink(work.tx, {
    ...{ id: linkId, kind: 'follows', case_id: opened.id, other_id: matter.id, interaction_id: null },
    ...{ made_at: work.now, made_by: null, made_by_name: '', why },
  })
  await work.journal(
    caseLinked,
    { linkId, code: opened.code, otherId: matter.id, otherCode: matter.code, kind: 'follows' },
    { case: opened.id, contact: opened.contact_id, units: unitsIn(unitPath) },
  )
}

/** What a citizen was asked about a ticket, the newest first. */
export const citizenQuestionsView = async (db: Db, ticketId: string): Promise<CitizenQuestion[]> =>
  (await citizenQuestionsOf(db, ticketId)).map(shown)

const shown = (row: CitizenQuestionRow): CitizenQuestion => ({
  ...{ id: row.id, text: row.text, channel: row.channel },
  ...{ askedAt: row.asked_at.toISOString(), askedBy: row.asked_by_name },
  ...{ endedAt: row.ended_at?.toISOString() ?? null, endedBy: row.ended_by, interactionId: row.interaction_id },
})
