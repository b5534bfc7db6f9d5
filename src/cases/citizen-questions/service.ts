/** Asking the citizen something about a ticket, and saying that there is a reply. */
import { channelOf, queueMail, readdressMail, readReplyTo, type Settler, withdrawMail } from '../../channels/index.ts'
import { contactsOf } from '../../contacts/index.ts'
import { Refused, unitsIn, useCase } from '../../platform/index.ts'
import { answerMail } from '../answer-mail.ts'
import { answerContent } from '../answers.ts'
import { meetDeadlines, renewDeadlines } from '../deadlines/service.ts'
import { ticketAsked } from '../events.ts'
import { lockedTicketFor, type OneTicket, ticketSubjects } from '../locked-ticket.ts'
import { lockTicket, updateTicket } from '../store.ts'
import { insertMessage } from '../ticket-store.ts'
import type { AskCitizen } from './model.ts'
import { endWaiting } from './replies.ts'
import { insertCitizenQuestion, ticketOfQuestion } from './store.ts'

/** The purpose of mails that ask a citizen something. */
export const citizenQuestionPurpose = 'cases.question'

/**
 * Asks the citizen something: by mail, which leaves at once and is answered to the same place, or by telephone, where the member has asked it. The clock of the
 * ticket stands until there is a reply, and the first answer has been given.
 * @throws Refused 403 to who does not have the ticket, 409 when the citizen is being asked already, 422 for an address that cannot exist
 */
export const askCitizen = useCase(async (work, { ticketId, question, replyTo }: OneTicket & AskCitizen): Promise<OneTicket> => {
  const { ticket, actor } = await lockedTicketFor(work, ticketId, 'ask-citizen')
  if (ticket.waiting_since !== null) throw new Refused('cases.question.already', {}, 409)
  const { kind: by, address } =
    replyTo === undefined ? { kind: ticket.reply_kind, address: ticket.reply_address } : readReplyTo(replyTo)
  const channel = channelOf(by)
  const contact = (await contactsOf(work.tx, [ticket.contact_id])).get(ticket.contact_id)
  const questionId = work.ids()
  const mailId = channel.carried
    ? await queueMail(work, {
        ...{ channel: by, purpose: citizenQuestionPurpose, subjectId: questionId },
        ...{ caseId: ticket.case_id, contactId: ticket.contact_id },
        to: { name: contact?.name ?? '', address },
        fromName: ticket.centre_name,
        ...answerMail({ ...answerContent(ticket, contact), answer: question }),
        automatic: false,
        units: unitsIn(ticket.unit_path),
      })
    : null
  await insertCitizenQuestion(work.tx, {
    ...{ id: questionId, ticket_id: ticketId, case_id: ticket.case_id, channel: by, text: question, mail_id: mailId },
    ...{ asked_at: work.now, asked_by: actor.personId, asked_by_name: actor.name },
  })
  await insertMessage(work.tx, {
    ...{ id: work.ids(), case_id: ticket.case_id, channel: by, text: question, mail_id: mailId },
    ...{ by_name: actor.name, at: work.now },
  })
  await updateTicket(work.tx, ticketId, { waiting_since: work.now })
  await meetDeadlines(work, ticketId, ['first-answer'])
  await renewDeadlines(work.tx, ticket)
  await work.journal(ticketAsked, { ticketId, questionId, by }, { ...ticketSubjects(ticket), channel: channel.on })
  return { ticketId }
})

/** A question whose mail waits to leave. */
interface MailedQuestion extends OneTicket {
  mailId: string
}

/** Gives a question that waits another address; it is tried again at once. @throws Refused 403, 409 when it has left, or is leaving */
export const readdressCitizenQuestion = useCase(
  async (work, { ticketId, mailId, email }: MailedQuestion & { email: string }): Promise<OneTicket> => {
    await lockedTicketFor(work, ticketId, 'ask-citizen')
    await readdressMail(work, mailId, email)
    return { ticketId }
  },
)

/** Takes back a question that waits: nobody can reply to it, and the clock goes on. @throws Refused 403, 409 when it has left, or is leaving */
export const withdrawCitizenQuestion = useCase(async (work, { ticketId, mailId }: MailedQuestion): Promise<OneTicket> => {
  const { ticket } = await lockedTicketFor(work, ticketId, 'ask-citizen')
  await withdrawMail(work, mailId)
  await endWaiting(work, ticket, 'undelivered')
  return { ticketId }
})

/** "The citizen has replied", where the program did not hear it. @throws Refused 403 to who does not have the ticket, 409 when nobody is asked */
export const noteReply = useCase(async (work, { ticketId }: OneTicket): Promise<OneTicket> => {
  const { ticket } = await lockedTicketFor(work, ticketId, 'ask-citizen')
  if (ticket.waiting_since === null) throw new Refused('cases.question.none', {}, 409)
  await endWaiting(work, ticket, 'said')
  return { ticketId }
})

/** Hears how the mail with a question ended: of one that did not arrive nobody can reply, and the clock goes on. */
export const settleCitizenQuestion: Settler = async (work, { subjectId, outcome }) => {
  const ticketId = subjectId === null || outcome === 'sent' ? undefined : await ticketOfQuestion(work.tx, subjectId)
  const ticket = ticketId === undefined ? undefined : await lockTicket(work.tx, ticketId, { all: true })
  if (ticket && (await ticketOfQuestion(work.tx, subjectId ?? '')) === ticket.id) await endWaiting(work, ticket, 'undelivered')
}
