/** Answers to citizens: given, closed once they have left, taken back while they wait; and what became of the mail. */
import {
  channelOf,
  filesWaiting,
  type HolderOf,
  type NewMail,
  queueMail,
  type ReplyKind,
  readdressMail,
  readMail,
  readReplyTo,
  type Settler,
  sendAlong,
  waitAgain,
  withdrawMail,
} from '../channels/index.ts'
import { type ContactFacts, contactsOf } from '../contacts/index.ts'
import { must, type PersonActor, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import { answerFrame, answerMail, takeBackMs } from './answer-mail.ts'
import { endWaiting } from './citizen-questions/replies.ts'
import { meetDeadlines, missDeadlines } from './deadlines/service.ts'
import { ticketAnswered, ticketAnswerWithdrawn, ticketClosed, ticketUndelivered } from './events.ts'
import { lockedTicketFor, type OneTicket, ticketSubjects } from './locked-ticket.ts'
import type { AnswerTicket, ReaddressAnswer } from './model.ts'
import { mayCloseWith } from './policy.ts'
import { enterQueue, isShared, leaveQueue } from './section-queue.ts'
import { closeCase, reopenCase } from './service.ts'
import { emptyDrafts, lastMailId, lockTicket, putDraft, type TicketWithCase, updateTicket } from './store.ts'
import { type AnswerFacts, completedAnswer } from './templates/service.ts'
import { insertMessage } from './ticket-store.ts'

/** The purpose of mails that carry an answer. */
export const answerPurpose = 'cases.answer'

/**
 * Gives the citizen the answer. What is carried, such as an e-mail, answers the ticket now and closes it when it has left; what the member brings, as in a
 * call, closes it now, because the citizen has been told. Files go along with what is carried.
 * @throws Refused 422 for braces that nobody can fill, and for files with an answer that is not carried
 */
export async function giveAnswer(work: Work, input: OneTicket & AnswerTicket): Promise<OneTicket> {
  const { ticketId, replyTo } = input
  const { ticket, actor } = await lockedTicketFor(work, ticketId, 'answer')
  const { kind: by, address } =
    replyTo === undefined ? { kind: ticket.reply_kind, address: ticket.reply_address } : readReplyTo(replyTo)
  const channel = channelOf(by)
  const contact = (await contactsOf(work.tx, [ticket.contact_id])).get(ticket.contact_id)
  const { language } = answerFrame(answerContent(ticket, contact))
  const answer = completedAnswer(
    input.answer,
    factsOfAnswer(ticket, contact, actor),
    work.now,
    language,
    work.house.config.TIME_ZONE,
  )
  const mailId = channel.carried ? await queueMail(work, mailFor(work, ticket, contact, { by, address, answer })) : null
  if (mailId !== null) await sendAlong(work, { subjectId: ticketId, mailId, channel: by, recipients: 1 })
  else if ((await filesWaiting(work.tx, ticketId)).length > 0)
    throw new Refused('cases.filesNotCarried', { field: 'answer' }, 422)
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
  await endWaiting(work, ticket, 'answered')
  await meetDeadlines(work, ticketId, ['first-answer', 'solution'])
  await emptyDrafts(work.tx, ticketId, work.now)
  await updateTicket(work.tx, ticketId, {
    state: 'answered',
    answer,
    reply_kind: by,
    reply_address: address,
  })
  await work.journal(ticketAnswered, { ticketId, messageId, by }, { ...ticketSubjects(ticket), channel: channel.on })
  if (channel.carried) await leaveQueue(work, ticket, 'answered')
  else await close(work, ticket)
  return { ticketId }
}

/** The same as a use case. @throws Refused as `giveAnswer` */
export const answerTicket = useCase(giveAnswer)

/** Closes what has been answered, once the answer has left. @throws Refused 403 while it waits, or has failed */
export const closeTicket = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket } = await lockedTicketFor(work, ticketId, 'close')
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
  const { mailId } = await lockedWaiting(work, ticketId)
  await readdressMail(work, mailId, email)
  await updateTicket(work.tx, ticketId, { reply_address: email })
  return { ticketId }
})

/**
 * Takes back an answer that waits: the ticket is again with who had it, the text a draft of theirs, and its files wait for the next answer.
 * @throws Refused 409 when it has left, or is leaving
 */
export const withdrawAnswer = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket, mailId } = await lockedWaiting(work, ticketId)
  await withdrawMail(work, mailId)
  await waitAgain(work, mailId)
  if (ticket.claimed_by !== null && ticket.answer !== null)
    await putDraft(work.tx, { ticketId, personId: ticket.claimed_by, text: ticket.answer, now: work.now })
  await updateTicket(work.tx, ticketId, { state: 'claimed' })
  await missDeadlines(work, ticket)
  await work.journal(ticketAnswerWithdrawn, { ticketId }, ticketSubjects(ticket, ticket.claimed_by))
  await comeBack(work, ticket)
  return { ticketId }
})

/** The ticket with its answer that has not left. Whoever may close it may change that. */
async function lockedWaiting(work: Work, ticketId: string): Promise<{ ticket: TicketWithCase; mailId: string }> {
  const { ticket } = await lockedTicketFor(work, ticketId, 'close')
  const mailId = await lastMailId(work.tx, ticket.case_id)
  if (mailId === null) throw new Refused('channels.notWaiting', {}, 409)
  return { ticket, mailId }
}

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
  await waitAgain(work, mailId)
  await updateTicket(work.tx, ticket.id, { state: ticket.claimed_by === null ? 'pool' : 'claimed', closed_at: null })
  await missDeadlines(work, ticket)
  await work.journal(
    ticketUndelivered,
    { ticketId: ticket.id, problem: problem ?? '' },
    ticketSubjects(ticket, ticket.claimed_by),
  )
  await reopenCase(work, { caseId: ticket.case_id, contactId: ticket.contact_id, units: unitsIn(ticket.unit_path) })
  await comeBack(work, ticket)
}

/** Who has a ticket in hand, or had it when it was closed. */
export const holderOfTicket: HolderOf = async (work, ticketId) =>
  (await lockTicket(work.tx, ticketId, { all: true }))?.claimed_by ?? undefined

/**
 * A ticket that comes back to the centre. Where there is a pool it is still with who had it; where tickets are shared out it waits for that
 * member for a while, and then for anybody: an absent member does not keep the citizen waiting.
 */
export async function comeBack(work: Work, ticket: TicketWithCase): Promise<void> {
  if (!(await isShared(work, ticket))) return
  await updateTicket(work.tx, ticket.id, { state: 'pool', claimed_by: null, claimed_by_name: null })
  await enterQueue(work, ticket, ticket.claimed_by)
}

async function close(work: Work, ticket: TicketWithCase): Promise<void> {
  await updateTicket(work.tx, ticket.id, { state: 'closed', closed_at: work.now })
  await work.journal(ticketClosed, { ticketId: ticket.id }, ticketSubjects(ticket, ticket.claimed_by))
  await leaveQueue(work, ticket, 'closed')
  await closeCase(work, {
    caseId: ticket.case_id,
    contactId: ticket.contact_id,
    outcome: 'answered',
    units: unitsIn(ticket.unit_path),
  })
}

/** What an answer to a ticket says of the citizen and the case, beside its words. */
export const answerContent = (ticket: TicketWithCase, contact: ContactFacts | undefined) => ({
  language: contact?.language ?? 'it',
  contactName: contact?.name ?? '',
  code: ticket.code,
  title: ticket.title,
  centreName: ticket.centre_name,
})

/** What stands before and after an answer that does not say it itself. */
export function letterFrame(ticket: TicketWithCase, contact: ContactFacts | undefined): { greeting: string; closing: string } {
  const { greeting, closing } = answerFrame(answerContent(ticket, contact))
  return { greeting, closing }
}

/** What fills the templates of an answer to a ticket. */
export const factsOfAnswer = (
  ticket: TicketWithCase,
  contact: ContactFacts | undefined,
  { name }: Pick<PersonActor, 'name'>,
): AnswerFacts => ({
  citizen: contact?.name ?? '',
  code: ticket.code,
  typology: ticket.title,
  unit: ticket.centre_name,
  operator: name,
  subject: ticket.title,
})

function mailFor(
  work: Work,
  ticket: TicketWithCase,
  contact: ContactFacts | undefined,
  { by, address, answer }: { by: ReplyKind; address: string; answer: string },
): NewMail {
  return {
    channel: by,
    purpose: answerPurpose,
    subjectId: ticket.id,
    caseId: ticket.case_id,
    contactId: ticket.contact_id,
    to: { name: contact?.name ?? '', address },
    fromName: ticket.centre_name,
    ...answerMail({ ...answerContent(ticket, contact), answer }),
    automatic: false,
    notBefore: new Date(work.now.getTime() + takeBackMs),
    units: unitsIn(ticket.unit_path),
  }
}
