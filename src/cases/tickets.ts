/**
 * Use cases of the second level. Each locks the ticket, asks the policy, changes the rows and writes the journal, in one transaction: of
 * two members who claim a ticket at once, the second waits for the first and is then told who has it.
 */
import { confirmHold } from '../agenda/index.ts'
import { type NewMail, queueMail, readdressMail, readMail, type Settler, withdrawMail } from '../channels/index.ts'
import { typologyOf } from '../classification/index.ts'
import { contactsOf, involve } from '../contacts/index.ts'
import {
  actingPerson,
  changedMeanwhile,
  must,
  notFound,
  type PersonActor,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { actingOn } from './acting.ts'
import { answerMail } from './answer-mail.ts'
import { putDraftOn } from './draft-store.ts'
import { askBeforeTaking, leaveDraft, passDraft, takeUpDraft } from './drafts.ts'
import {
  caseNoted,
  ticketAnswered,
  ticketAnswerWithdrawn,
  ticketBooked,
  ticketClaimed,
  ticketClosed,
  ticketForwarded,
  ticketHandedOver,
  ticketMoved,
  ticketReleased,
  ticketReturned,
  ticketTakenOver,
  ticketUndelivered,
} from './events.ts'
import { replyColumns } from './interactions.ts'
import { enterLine, leaveLine, putBackReleased, shared, takeFromLine } from './line.ts'
import type {
  AnswerDraft,
  AnswerTicket,
  AssignTicket,
  BookFromTicket,
  ForwardTicket,
  HandOver,
  NewNote,
  ReaddressAnswer,
  ReturnTicket,
  SaveAnswerDraft,
  TakeOver,
  TicketAction,
  WritingPresence,
} from './model.ts'
import { colleaguesOf, unitFacts } from './places.ts'
import {
  mayActOnTicket,
  mayAssignTo,
  mayBePresent,
  mayBookFromTicket,
  mayCloseWith,
  mayDraft,
  mayForwardTo,
  mayHandTo,
  type TicketFacts,
} from './policy.ts'
import { closeCase, reopenCase, scopeOf } from './service.ts'
import {
  addCaseUnit,
  draftOf,
  emptyDrafts,
  lastMailId,
  lockTicket,
  putDraft,
  readTicket,
  type TicketWithCase,
  unitsOfCase,
  updateTicket,
} from './store.ts'
import { insertMessage, insertNote, insertReturn, putViewer } from './ticket-store.ts'

/** The purpose of mails that carry an answer. */
export const answerPurpose = 'cases.answer'

export interface OneTicket {
  ticketId: string
}

export const claimTicket = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket, actor, facts } = await hold(work, ticketId)
  const verdict = mayActOnTicket('claim', actor, facts)
  // Taken by a colleague in the same moment is no question of rights: the ticket has changed, and it is said who has it.
  if (!verdict.allowed && verdict.code === 'cases.policy.takenBy') throw new Refused(verdict.code, verdict.values, 409)
  must(verdict)
  await takeUpDraft(work, ticketId, actor.personId)
  await updateTicket(work.tx, ticketId, { state: 'claimed', claimed_by: actor.personId, claimed_by_name: actor.name })
  await work.journal(ticketClaimed, { ticketId }, subjectsOf(ticket))
  await takeFromLine(work, ticket, actor.personId)
  return { ticketId }
})

/** Back into the pool, with what was being written. */
export const releaseTicket = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket } = await holdFor(work, ticketId, 'release')
  await leaveDraft(work, ticket)
  await updateTicket(work.tx, ticketId, { state: 'pool', claimed_by: null, claimed_by_name: null })
  await work.journal(ticketReleased, { ticketId }, subjectsOf(ticket, ticket.claimed_by))
  await enterLine(work, ticket)
  return { ticketId }
})

export const handOverTicket = useCase(
  async (work, { ticketId, personId, note, despiteDraft }: OneTicket & HandOver): Promise<OneTicket> => {
    const { ticket, actor, facts } = await holdFor(work, ticketId, 'hand-over')
    const colleagues = await colleaguesOf(work.tx, ticket.centre_id)
    const colleague = colleagues.find(each => each.id === personId)
    if (!colleague) throw new Refused('cases.colleagueUnknown', { centre: ticket.centre_name }, 422)
    must(mayHandTo(colleague, facts))
    await askBeforeTaking(work, ticket, actor, despiteDraft)
    await passDraft(work, ticket, colleague.id)
    await takeUpDraft(work, ticketId, colleague.id)
    if (note !== '') await addNote(work, ticket, actor, note)
    await updateTicket(work.tx, ticketId, {
      state: ticket.state === 'pool' ? 'claimed' : ticket.state,
      claimed_by: colleague.id,
      claimed_by_name: colleague.name,
    })
    await work.journal(ticketHandedOver, { ticketId, to: colleague.id, toName: colleague.name }, subjectsOf(ticket, colleague.id))
    await takeFromLine(work, ticket, colleague.id)
    return { ticketId }
  },
)

/**
 * A coordinator takes over what a colleague has in charge, with what the colleague was writing.
 * @throws Refused 409 when the colleague is writing an answer and `despiteDraft` does not say that this is known
 */
export const takeOverTicket = useCase(
  async (work, { ticketId, despiteDraft }: OneTicket & Partial<TakeOver>): Promise<OneTicket> => {
    const { ticket, actor } = await holdFor(work, ticketId, 'take-over')
    await askBeforeTaking(work, ticket, actor, despiteDraft)
    await passDraft(work, ticket, actor.personId)
    await updateTicket(work.tx, ticketId, { claimed_by: actor.personId, claimed_by_name: actor.name })
    await work.journal(
      ticketTakenOver,
      { ticketId, from: ticket.claimed_by ?? actor.personId, fromName: ticket.claimed_by_name ?? '' },
      subjectsOf(ticket, ticket.claimed_by),
    )
    await takeFromLine(work, ticket, actor.personId)
    return { ticketId }
  },
)

export const noteTicket = useCase(async (work, { ticketId, text }: OneTicket & NewNote): Promise<OneTicket> => {
  const { ticket, actor } = await holdFor(work, ticketId, 'note')
  await addNote(work, ticket, actor, text)
  await updateTicket(work.tx, ticketId, {})
  return { ticketId }
})

/**
 * Answers the citizen. By e-mail the ticket is answered now and closed when the mail has left; by telephone it is closed now, because the
 * member has spoken with the citizen.
 */
export const answerTicket = useCase(async (work, { ticketId, answer, replyTo }: OneTicket & AnswerTicket): Promise<OneTicket> => {
  const { ticket, actor } = await holdFor(work, ticketId, 'answer')
  const reply = replyTo === undefined ? ticket : replyColumns(replyTo)
  const by = reply.reply_kind
  const mailId = by === 'email' ? await queueMail(work, await mailFor(work, ticket, reply.reply_address, answer)) : null
  const messageId = work.ids()
  await insertMessage(work.tx, {
    id: messageId,
    case_id: ticket.case_id,
    channel: by,
    text: answer,
    mail_id: mailId,
    by_name: actor.name,
    at: work.now,
  })
  await emptyDrafts(work.tx, ticketId, work.now)
  await updateTicket(work.tx, ticketId, {
    state: 'answered',
    answer,
    reply_kind: by,
    reply_address: reply.reply_address,
  })
  await work.journal(
    ticketAnswered,
    { ticketId, messageId, by },
    { ...subjectsOf(ticket), channel: by === 'email' ? 'email' : 'telephone' },
  )
  if (by === 'phone') await close(work, ticket)
  else await leaveLine(work, ticket, 'answered')
  return { ticketId }
})

/** Closes what has been answered, once the answer has left. @throws Refused 403 while it waits, or has failed */
export const closeTicket = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket } = await holdFor(work, ticketId, 'close')
  must(mayCloseWith({ answerLeft: await hasLeft(work, ticket) }))
  await close(work, ticket)
  return { ticketId }
})

async function hasLeft(work: Work, ticket: TicketWithCase): Promise<boolean> {
  const mailId = await lastMailId(work.tx, ticket.case_id)
  return mailId === null || (await readMail(work.tx, mailId))?.state === 'sent'
}

/** Gives an answer that waits another address; it is tried again at once. @throws Refused 409 when it has left, or is leaving */
export const readdressAnswer = useCase(async (work, { ticketId, email }: OneTicket & ReaddressAnswer): Promise<OneTicket> => {
  const { mailId } = await holdWaiting(work, ticketId)
  await readdressMail(work, mailId, email)
  await updateTicket(work.tx, ticketId, { reply_kind: 'email', reply_address: email })
  return { ticketId }
})

/**
 * Takes back an answer that waits: the ticket is again with who had it, and the text a draft of theirs.
 * @throws Refused 409 when it has left, or is leaving
 */
export const withdrawAnswer = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket, mailId } = await holdWaiting(work, ticketId)
  await withdrawMail(work, mailId)
  if (ticket.claimed_by !== null && ticket.answer !== null)
    await putDraft(work.tx, { ticketId, personId: ticket.claimed_by, text: ticket.answer, now: work.now })
  await updateTicket(work.tx, ticketId, { state: 'claimed' })
  await work.journal(ticketAnswerWithdrawn, { ticketId }, subjectsOf(ticket, ticket.claimed_by))
  await comeBack(work, ticket)
  return { ticketId }
})

/** The ticket with its answer that has not left. Whoever may close it may change that. */
async function holdWaiting(work: Work, ticketId: string): Promise<{ ticket: TicketWithCase; mailId: string }> {
  const { ticket } = await holdFor(work, ticketId, 'close')
  const mailId = await lastMailId(work.tx, ticket.case_id)
  if (mailId === null) throw new Refused('channels.notWaiting', {}, 409)
  return { ticket, mailId }
}

/** Asks the central directorate. The ticket stays the member's, who goes on when the directorate has answered. */
export const forwardTicket = useCase(
  async (work, { ticketId, directorateId, reason }: OneTicket & ForwardTicket): Promise<OneTicket> => {
    const { ticket, actor } = await holdFor(work, ticketId, 'forward')
    const competent = ticket.typology_id === null ? undefined : await typologyOf(work.tx, ticket.typology_id)
    const wanted = directorateId ?? competent?.centralDirectorateId ?? undefined
    if (wanted === undefined) throw new Refused('cases.directorateNeeded', { field: 'directorateId' }, 422)
    const directorate = await unitFacts(work.tx, wanted)
    if (!directorate) throw new Refused('cases.unitUnknown', { field: 'directorateId' }, 422)
    must(mayForwardTo(directorate))
    const noteId = await addNote(work, ticket, actor, reason, false)
    await addCaseUnit(work.tx, ticket.case_id, directorate.path)
    await involve(work, ticket.contact_id, directorate.path)
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
      { ...subjectsOf(ticket), units: unitsIn(ticket.unit_path, directorate.path) },
    )
    await leaveLine(work, ticket, 'forwarded')
    return { ticketId }
  },
)

/** The central directorate answers the centre. Each return keeps its text, however often the ticket goes back and forth. */
export const returnTicket = useCase(async (work, { ticketId, answer }: OneTicket & ReturnTicket): Promise<OneTicket> => {
  const { ticket, actor } = await holdFor(work, ticketId, 'return')
  const returnId = work.ids()
  await insertReturn(work.tx, {
    id: returnId,
    ticket_id: ticketId,
    directorate_id: ticket.directorate_id ?? actor.unitId,
    directorate_name: ticket.directorate_name ?? '',
    text: answer,
    by_name: actor.name,
    at: work.now,
  })
  await updateTicket(work.tx, ticketId, { state: 'returned', directorate_answer: answer })
  await work.journal(
    ticketReturned,
    { ticketId, directorateName: ticket.directorate_name ?? '', returnId },
    subjectsOf(ticket, ticket.claimed_by),
  )
  await comeBack(work, ticket)
  return { ticketId }
})

/** The paper dossier has to be rebuilt: an appointment at an agency ends the ticket; the case ends with the appointment. */
export const bookFromTicket = useCase(
  async (
    work,
    { ticketId, holdId, reason, explanation, despiteOther }: OneTicket & BookFromTicket,
  ): Promise<OneTicket & { appointmentId: string }> => {
    const { ticket, actor } = await holdFor(work, ticketId, 'appointment')
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
    await updateTicket(work.tx, ticketId, { state: 'closed', closed_at: work.now })
    await work.journal(
      ticketBooked,
      { ticketId, appointmentId: appointment.id, noteId },
      { ...subjectsOf(ticket), units: unitsIn(ticket.unit_path, agency?.path ?? null) },
    )
    await leaveLine(work, ticket, 'booked')
    return { ticketId, appointmentId: appointment.id }
  },
)

/** Moves a ticket to another section of its centre. Anything else is refused, with its reason. */
export const assignTicket = useCase(
  async (work, { ticketId, unitId, reason, despiteDraft }: OneTicket & AssignTicket): Promise<OneTicket> => {
    const { ticket, actor, facts } = await hold(work, ticketId)
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
    await work.journal(
      ticketMoved,
      { ticketId, unitId: target.id, unitName: target.name, noteId },
      { ...subjectsOf(ticket), units: unitsIn(ticket.unit_path, target.path) },
    )
    await leaveLine(work, ticket, 'moved')
    await enterLine(work, { ...ticket, unit_id: target.id, unit_path: target.path })
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
    const { actor, facts } = await hold(work, ticketId, false)
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

/** Says that somebody has the ticket open, so that others see it; as writing, only who may answer. @throws Refused 403 to who only looks */
export const showPresence = useCase(async (work, { ticketId, writing }: OneTicket & WritingPresence): Promise<null> => {
  const { actor, facts } = await hold(work, ticketId, false)
  must(mayBePresent(actor, facts))
  const seen = { name: actor.name, writing: writing && mayDraft(actor, facts).allowed, seen_at: work.now }
  await putViewer(work.tx, ticketId, actor.personId, seen)
  return null
})

// --- what became of the answer --------------------------------------------------------------------------------------

/**
 * Hears how the mail with an answer ended: the ticket is closed, or whoever had it has it again, also when it was closed meanwhile. A mail
 * in whose place another answer has come changes nothing.
 */
export const settleAnswer: Settler = async (work, { mailId, subjectId, outcome, problem }) => {
  if (subjectId === null) return
  const ticket = await lockTicket(work.tx, subjectId, { all: true })
  if (!ticket || (await lastMailId(work.tx, ticket.case_id)) !== mailId) return
  if (outcome === 'sent') return ticket.state === 'answered' ? close(work, ticket) : undefined
  if (ticket.state !== 'answered' && ticket.state !== 'closed') return
  await updateTicket(work.tx, ticket.id, { state: ticket.claimed_by === null ? 'pool' : 'claimed', closed_at: null })
  await work.journal(ticketUndelivered, { ticketId: ticket.id, problem: problem ?? '' }, subjectsOf(ticket, ticket.claimed_by))
  await reopenCase(work, { caseId: ticket.case_id, contactId: ticket.contact_id, units: unitsIn(ticket.unit_path) })
  await comeBack(work, ticket)
}

/**
 * A ticket that comes back to the centre. Where there is a pool it is still with who had it; where tickets are shared out it waits for that
 * member for a while, and then for anybody: who is away does not keep the citizen waiting.
 */
async function comeBack(work: Work, ticket: TicketWithCase): Promise<void> {
  if (!(await shared(work, ticket))) return
  await updateTicket(work.tx, ticket.id, { state: 'pool', claimed_by: null, claimed_by_name: null })
  await enterLine(work, ticket, ticket.claimed_by)
}

async function close(work: Work, ticket: TicketWithCase): Promise<void> {
  await updateTicket(work.tx, ticket.id, { state: 'closed', closed_at: work.now })
  await work.journal(ticketClosed, { ticketId: ticket.id }, subjectsOf(ticket, ticket.claimed_by))
  await leaveLine(work, ticket, 'closed')
  await closeCase(work, {
    caseId: ticket.case_id,
    contactId: ticket.contact_id,
    outcome: 'answered',
    units: unitsIn(ticket.unit_path),
  })
}

async function mailFor(work: Work, ticket: TicketWithCase, address: string, answer: string): Promise<NewMail> {
  const contact = (await contactsOf(work.tx, [ticket.contact_id])).get(ticket.contact_id)
  const { subject, body, language } = answerMail({
    language: contact?.language ?? 'it',
    contactName: contact?.name ?? '',
    code: ticket.code,
    title: ticket.title,
    answer,
    centreName: ticket.centre_name,
  })
  return {
    purpose: answerPurpose,
    subjectId: ticket.id,
    caseId: ticket.case_id,
    contactId: ticket.contact_id,
    to: { name: contact?.name ?? '', address },
    fromName: ticket.centre_name,
    subject,
    body,
    language,
    automatic: false,
    units: unitsIn(ticket.unit_path),
  }
}

// --- shared ---------------------------------------------------------------------------------------------------------

interface Held {
  ticket: TicketWithCase
  actor: PersonActor
  facts: TicketFacts
}

/** The ticket, locked. @throws Refused 404 when it is not there, or not the actor's to see */
async function hold(work: Work, ticketId: string, lock = true): Promise<Held> {
  const signedIn = actingPerson(work.actor)
  const scope = scopeOf(signedIn)
  const found = lock ? await lockTicket(work.tx, ticketId, scope) : await readTicket(work.tx, ticketId, scope)
  if (!found) throw notFound('ticket')
  const ticket = lock ? await putBackReleased(work, found) : found
  const actor = await actingOn(work.tx, signedIn, ticket)
  const facts = factsOf(ticket, await unitsOfCase(work.tx, ticket.case_id))
  if (!mayActOnTicket('look', actor, facts).allowed) throw notFound('ticket')
  return { ticket, actor, facts }
}

async function holdFor(work: Work, ticketId: string, action: TicketAction): Promise<Held> {
  const held = await hold(work, ticketId)
  must(mayActOnTicket(action, held.actor, held.facts))
  return held
}

/** What the policy has to know. */
export const factsOf = (ticket: TicketWithCase, passedThrough: readonly string[]): TicketFacts => ({
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
})

/** @param tell false where another entry tells of the note */
async function addNote(work: Work, ticket: TicketWithCase, actor: PersonActor, text: string, tell = true): Promise<string> {
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
  if (tell) await work.journal(caseNoted, { noteId: id }, subjectsOf(ticket, ticket.claimed_by))
  return id
}

const subjectsOf = (ticket: TicketWithCase, person: string | null = null) => ({
  case: ticket.case_id,
  contact: ticket.contact_id,
  person: person ?? undefined,
  units: unitsIn(ticket.unit_path, ticket.directorate_path),
})
