/**
 * Use cases of the second level. Each locks the ticket, asks the policy, changes the rows and writes the journal, in one transaction: of
 * two members who claim a ticket at once, the second waits for the first and is then told who has it.
 */
import { confirmHold } from '../agenda/index.ts'
import { typologyOf } from '../classification/index.ts'
import { involve } from '../contacts/index.ts'
import { absentToday } from '../distribution/index.ts'
import { changedMeanwhile, must, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import { comeBack } from './answers.ts'
import { endWaiting } from './citizen-questions/replies.ts'
import { setReference } from './continuity/service.ts'
import type { Prioritise } from './deadlines/model.ts'
import { beginDirectorateDeadline, meetDeadlines, renewDeadlines } from './deadlines/service.ts'
import { putDraftOn } from './draft-store.ts'
import { askBeforeTaking, leaveDraft, passDraft, takeUpDraft } from './drafts.ts'
import {
  ticketBooked,
  ticketClaimed,
  ticketForwarded,
  ticketHandedOver,
  ticketMoved,
  ticketPrioritised,
  ticketReleased,
  ticketReturned,
  ticketTakenOver,
} from './events.ts'
import { addNote, lockedTicket, lockedTicketFor, type OneTicket, ticketSubjects, ticketToRead } from './locked-ticket.ts'
import { mention } from './mentions/service.ts'
import type {
  AnswerDraft,
  AssignTicket,
  BookFromTicket,
  ForwardTicket,
  HandOver,
  NewNote,
  ReturnTicket,
  SaveAnswerDraft,
  TakeOver,
} from './model.ts'
import { colleaguesOf, unitFacts } from './places.ts'
import { mayActOnTicket, mayAssignTo, mayBookFromTicket, mayDraft, mayForwardTo, mayHandTo } from './policy.ts'
import { enterQueue, leaveQueue, takeFromQueue } from './section-queue.ts'
import { addCaseUnit, draftOf, type TicketWithCase, updateTicket } from './store.ts'
import { insertReturn } from './ticket-store.ts'

export const claimTicket = useCase((work, { ticketId }: OneTicket): Promise<OneTicket> => claim(work, ticketId))

/** In the caller's transaction. @throws Refused 409 when a colleague has taken it in the same moment */
export async function claim(work: Work, ticketId: string): Promise<OneTicket> {
  const { ticket, actor, facts } = await lockedTicket(work, ticketId)
  const verdict = mayActOnTicket('claim', actor, facts)
  // Taken by a colleague in the same moment is no question of rights: the ticket has changed, and it is said who has it.
  if (!verdict.allowed && verdict.code === 'cases.policy.takenBy') throw new Refused(verdict.code, verdict.values, 409)
  must(verdict)
  await takeUpDraft(work, ticketId, actor.personId)
  await updateTicket(work.tx, ticketId, { state: 'claimed', claimed_by: actor.personId, claimed_by_name: actor.name })
  await work.journal(ticketClaimed, { ticketId }, ticketSubjects(ticket))
  await goOnWithCase(work, ticket, { id: actor.personId, name: actor.name })
  await takeFromQueue(work, ticket, actor.personId)
  return { ticketId }
}

/** Who has the ticket in charge goes on with its case. */
export const goOnWithCase = (work: Work, ticket: TicketWithCase, { id, name }: { id: string; name: string }) =>
  setReference(
    work,
    { caseId: ticket.case_id, contactId: ticket.contact_id, units: unitsIn(ticket.unit_path) },
    { id, name },
    'ticket',
  )

/** Back into the pool, with what was being written. */
export const releaseTicket = useCase((work, { ticketId }: OneTicket): Promise<OneTicket> => release(work, ticketId))

/** In the caller's transaction. */
export async function release(work: Work, ticketId: string): Promise<OneTicket> {
  const { ticket } = await lockedTicketFor(work, ticketId, 'release')
  await leaveDraft(work, ticket)
  await updateTicket(work.tx, ticketId, { state: 'pool', claimed_by: null, claimed_by_name: null })
  await work.journal(ticketReleased, { ticketId }, ticketSubjects(ticket, ticket.claimed_by))
  await enterQueue(work, ticket)
  return { ticketId }
}

/** A colleague of the centre goes on with the ticket. @throws Refused 422 for who is no colleague, or is away; 409 when a text is half written */
export const handOverTicket = useCase((work, input: OneTicket & HandOver): Promise<OneTicket> => handOver(work, input))

/** In the caller's transaction. */
export async function handOver(work: Work, { ticketId, personId, note, despiteDraft }: OneTicket & HandOver): Promise<OneTicket> {
  const { ticket, actor, facts } = await lockedTicketFor(work, ticketId, 'hand-over')
  const colleagues = await colleaguesOf(work.tx, ticket.centre_id)
  const colleague = colleagues.find(each => each.id === personId)
  if (!colleague) throw new Refused('cases.colleagueUnknown', { centre: ticket.centre_name }, 422)
  must(mayHandTo(colleague, facts))
  await needPresent(work, colleague)
  await askBeforeTaking(work, ticket, actor, despiteDraft)
  await passDraft(work, ticket, colleague.id)
  await takeUpDraft(work, ticketId, colleague.id)
  if (note !== '') await addNote(work, ticket, actor, note)
  await updateTicket(work.tx, ticketId, {
    state: ticket.state === 'pool' ? 'claimed' : ticket.state,
    claimed_by: colleague.id,
    claimed_by_name: colleague.name,
  })
  await work.journal(
    ticketHandedOver,
    { ticketId, to: colleague.id, toName: colleague.name },
    ticketSubjects(ticket, colleague.id),
  )
  await goOnWithCase(work, ticket, colleague)
  await takeFromQueue(work, ticket, colleague.id)
  return { ticketId }
}

/** Nothing is handed to who is away today. @throws Refused 422 */
async function needPresent(work: Work, { id, name }: { id: string; name: string }): Promise<void> {
  const until = (await absentToday(work.tx, work.house, [id])).get(id)
  if (until !== undefined) throw new Refused('cases.colleagueAway', { name, until }, 422)
}

/**
 * A coordinator takes over what a colleague has in charge, with what the colleague was writing.
 * @throws Refused 409 when the colleague is writing an answer and `despiteDraft` does not say that this is known
 */
export const takeOverTicket = useCase((work, input: OneTicket & Partial<TakeOver>): Promise<OneTicket> => takeOver(work, input))

/** In the caller's transaction. */
export async function takeOver(work: Work, { ticketId, despiteDraft }: OneTicket & Partial<TakeOver>): Promise<OneTicket> {
  const { ticket, actor } = await lockedTicketFor(work, ticketId, 'take-over')
  await askBeforeTaking(work, ticket, actor, despiteDraft)
  await passDraft(work, ticket, actor.personId)
  await updateTicket(work.tx, ticketId, { claimed_by: actor.personId, claimed_by_name: actor.name })
  await work.journal(
    ticketTakenOver,
    { ticketId, from: ticket.claimed_by ?? actor.personId, fromName: ticket.claimed_by_name ?? '' },
    ticketSubjects(ticket, ticket.claimed_by),
  )
  await goOnWithCase(work, ticket, { id: actor.personId, name: actor.name })
  await takeFromQueue(work, ticket, actor.personId)
  return { ticketId }
}

export const noteTicket = useCase(async (work, { ticketId, text, mentions }: OneTicket & NewNote): Promise<OneTicket> => {
  const held = await lockedTicketFor(work, ticketId, 'note')
  await mention(work, held, await addNote(work, held.ticket, held.actor, text), mentions ?? [])
  await updateTicket(work.tx, ticketId, {})
  return { ticketId }
})

/** Asks the central directorate. The ticket stays the member's, who goes on when the directorate has answered. */
export const forwardTicket = useCase(
  async (work, { ticketId, directorateId, reason }: OneTicket & ForwardTicket): Promise<OneTicket> => {
    const { ticket, actor } = await lockedTicketFor(work, ticketId, 'forward')
    const competent = ticket.typology_id === null ? undefined : await typologyOf(work.tx, ticket.typology_id)
    const wanted = directorateId ?? competent?.centralDirectorateId ?? undefined
    if (wanted === undefined) throw new Refused('cases.directorateNeeded', { field: 'directorateId' }, 422)
    const directorate = await unitFacts(work.tx, wanted)
    if (!directorate) throw new Refused('cases.unitUnknown', { field: 'directorateId' }, 422)
    must(mayForwardTo(directorate))
    const noteId = await addNote(work, ticket, actor, reason, false)
    await addCaseUnit(work.tx, ticket.case_id, directorate.path)
    await involve(work, ticket.contact_id, directorate.path)
    await beginDirectorateDeadline(work, { ...ticket, directorate_id: directorate.id })
    await updateTicket(work.tx, ticketId, {
      state: 'forwarded',
      directorate_id: directorate.id,
      directorate_name: directorate.name,
      directorate_path: directorate.path,
      directorate_answer: null,
    })
    await work.journal(
      ticketForwarded,
      { ticketId, directorateId: directorate.id, directorateName: directorate.name, noteId },
      { ...ticketSubjects(ticket), units: unitsIn(ticket.unit_path, directorate.path) },
    )
    await leaveQueue(work, ticket, 'forwarded')
    return { ticketId }
  },
)

/** The central directorate answers the centre. Each return keeps its text, however often the ticket goes back and forth. */
export const returnTicket = useCase(
  async (work, { ticketId, answer, generalInterest }: OneTicket & ReturnTicket): Promise<OneTicket> => {
    const { ticket, actor } = await lockedTicketFor(work, ticketId, 'return')
    const returnId = work.ids()
    await insertReturn(work.tx, {
      id: returnId,
      ticket_id: ticketId,
      directorate_id: ticket.directorate_id ?? actor.unitId,
      directorate_name: ticket.directorate_name ?? '',
      text: answer,
      by_name: actor.name,
      at: work.now,
      general_interest: generalInterest,
    })
    await meetDeadlines(work, ticketId, ['directorate'])
    await updateTicket(work.tx, ticketId, { state: 'returned', directorate_answer: answer })
    await work.journal(
      ticketReturned,
      { ticketId, directorateName: ticket.directorate_name ?? '', returnId, ...(generalInterest ? { generalInterest } : {}) },
      ticketSubjects(ticket, ticket.claimed_by),
    )
    await comeBack(work, ticket)
    return { ticketId }
  },
)

/** The paper dossier has to be rebuilt: an appointment at an agency ends the ticket; the case ends with the appointment. */
export const bookFromTicket = useCase(
  async (
    work,
    { ticketId, holdId, reason, explanation, despiteOther }: OneTicket & BookFromTicket,
  ): Promise<OneTicket & { appointmentId: string }> => {
    const { ticket, actor } = await lockedTicketFor(work, ticketId, 'appointment')
    must(mayBookFromTicket(reason))
    const noteId = await addNote(work, ticket, actor, explanation, false)
    const appointment = await confirmHold(work, {
      holdId,
      contactId: ticket.contact_id,
      reason: explanation,
      caseId: ticket.case_id,
      code: ticket.code,
      title: ticket.title,
      despiteOther,
    })
    const agency = await unitFacts(work.tx, appointment.unit.id)
    if (agency) {
      await addCaseUnit(work.tx, ticket.case_id, agency.path)
      await involve(work, ticket.contact_id, agency.path)
    }
    await endWaiting(work, ticket, 'answered')
    await meetDeadlines(work, ticketId, ['first-answer', 'solution'])
    await updateTicket(work.tx, ticketId, { state: 'closed', closed_at: work.now })
    await work.journal(
      ticketBooked,
      { ticketId, appointmentId: appointment.id, noteId },
      { ...ticketSubjects(ticket), units: unitsIn(ticket.unit_path, agency?.path ?? null) },
    )
    await leaveQueue(work, ticket, 'booked')
    return { ticketId, appointmentId: appointment.id }
  },
)

/** Says how urgent a ticket is: its deadlines are those of the other priority from its beginning on. @throws Refused 403 to who does not have or coordinate it */
export const prioritiseTicket = useCase(
  async (work, { ticketId, priority, reason }: OneTicket & Prioritise): Promise<OneTicket> => {
    const { ticket } = await lockedTicketFor(work, ticketId, 'prioritise')
    await updateTicket(work.tx, ticketId, { priority, urgent_reason: priority === 'urgent' ? reason : null })
    await renewDeadlines(work.tx, { ...ticket, priority })
    await work.journal(ticketPrioritised, { ticketId, priority }, ticketSubjects(ticket, ticket.claimed_by))
    return { ticketId }
  },
)

/** Moves a ticket to another section of its centre. Anything else is refused, with its reason. */
export const assignTicket = useCase(
  async (work, { ticketId, unitId, reason, despiteDraft }: OneTicket & AssignTicket): Promise<OneTicket> => {
    const { ticket, actor, facts } = await lockedTicket(work, ticketId)
    const target = await unitFacts(work.tx, unitId)
    if (!target) throw new Refused('cases.unitUnknown', { field: 'unitId' }, 422)
    // Where it can never go is said first: it would be so for everybody.
    must(mayAssignTo(target, facts))
    must(mayActOnTicket('assign', actor, facts))
    await askBeforeTaking(work, ticket, actor, despiteDraft)
    const noteId = await addNote(work, ticket, actor, reason, false)
    await addCaseUnit(work.tx, ticket.case_id, target.path)
    await involve(work, ticket.contact_id, target.path)
    await leaveDraft(work, ticket)
    await updateTicket(work.tx, ticketId, {
      state: 'pool',
      claimed_by: null,
      claimed_by_name: null,
      unit_id: target.id,
      unit_name: target.name,
      unit_path: target.path,
    })
    await renewDeadlines(work.tx, { ...ticket, unit_id: target.id })
    await work.journal(
      ticketMoved,
      { ticketId, unitId: target.id, unitName: target.name, noteId },
      { ...ticketSubjects(ticket), units: unitsIn(ticket.unit_path, target.path) },
    )
    await leaveQueue(work, ticket, 'moved')
    await enterQueue(work, { ...ticket, unit_id: target.id, unit_path: target.path })
    return { ticketId }
  },
)

// --- while somebody writes ------------------------------------------------------------------------------------------

/**
 * Keeps what somebody is writing. Not in the journal: nothing has happened yet.
 * @param version of the text that it was written on, 0 before the first
 * @throws Refused 403 to who may not answer, 412 when another page of the same person has saved since
 */
export const saveAnswerDraft = useCase(
  async (work, { ticketId, version, text }: OneTicket & SaveAnswerDraft & { version: number }): Promise<AnswerDraft> => {
    const { actor, facts } = await ticketToRead(work, ticketId)
    must(mayDraft(actor, facts))
    const { personId } = actor
    const saved = await putDraftOn(work.tx, { ticketId, personId, text, now: work.now }, version)
    if (saved === version + 1) return { text, savedAt: work.now.toISOString(), version: saved, from: null }
    // Written on a text that is gone: the row that was just begun goes with the transaction.
    const now = saved === undefined ? await draftOf(work.tx, ticketId, personId) : undefined
    throw changedMeanwhile(
      { version: now?.version ?? 0, text: now?.text ?? '', savedAt: now?.savedAt ?? null },
      now && { by: actor.name, at: new Date(now.savedAt) },
    )
  },
)
