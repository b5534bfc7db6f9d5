/**
 * Answers and questions that did not leave. One that waits gets another address, or is taken back; one that was given up has given its ticket or mail back to who
 * works on it, and is sent again as it was.
 */
import { type MailOwner, type MailRow, mayChange, readReplyTo, type UnsentRights } from '../channels/index.ts'
import { actingPerson, allowed, type House, notFound, refused, type Verdict } from '../platform/index.ts'
import { actingOnAny } from './acting.ts'
import { answerTicket, readdressAnswer, withdrawAnswer } from './answers.ts'
import { askCitizen, readdressCitizenQuestion, withdrawCitizenQuestion } from './citizen-questions/service.ts'
import { citizenQuestionsByIds } from './citizen-questions/store.ts'
import { factsOf } from './locked-ticket.ts'
import { resendMailAnswer, withdrawMailAnswer } from './mails/mails.ts'
import { mayReadMail } from './mails/policy.ts'
import { mailStandings } from './mails/store.ts'
import { mayActOnTicket } from './policy.ts'
import { rulesInForce } from './rules/store.ts'
import { scopeOf } from './service.ts'
import { readTicket, ticketsOfMails } from './store.ts'

const alreadyBack = refused('cases.mail.alreadyBack')

/** Of answers to Linea tickets. */
export const ticketAnswerOwner: MailOwner = {
  about: 'ticket',
  async may(db, actor, mails) {
    const tickets = await ticketsOfMails(db, subjectsOf(mails), scopeOf(actor))
    const actorOn = await actingOnAny(db, actingPerson(actor), [...tickets.values()])
    const rules = await rulesInForce(db)
    return rightsOf(mails, tickets, (mail, ticket) => {
      const facts = factsOf(ticket, ticket.passed_through, rules)
      const person = actorOn(ticket)
      if (!mayActOnTicket('look', person, facts).allowed) return undefined
      if (ticket.last_mail_id !== mail.id) return both(refused('channels.notWaiting'))
      if (mail.state === 'failed') return { sendAgain: mayActOnTicket('answer', person, facts), withdraw: alreadyBack }
      const right = mayActOnTicket('close', person, facts)
      return both(right.allowed ? mayChange(mail) : right)
    })
  },
  async sendAgain(house, actor, mail, address) {
    const ticketId = mail.subject_id ?? ''
    if (mail.state !== 'failed') return readdressAnswer(house, actor, { ticketId, email: address })
    const ticket = await readTicket(house.database.kysely, ticketId, scopeOf(actor))
    const replyTo = mail.channel === 'pec' ? { pec: address } : { email: address }
    readReplyTo(replyTo)
    return answerTicket(house, actor, { ticketId, answer: ticket?.answer ?? '', replyTo })
  },
  withdraw: (house, actor, mail) => withdrawAnswer(house, actor, { ticketId: mail.subject_id ?? '' }),
}

/** Of questions to citizens. What was asked, answered or said since has taken the place of the mail. */
export const citizenQuestionOwner: MailOwner = {
  about: 'ticket',
  async may(db, actor, mails) {
    const questions = await citizenQuestionsByIds(db, subjectsOf(mails))
    const tickets = await ticketsOfMails(
      db,
      questions.map(question => question.ticket_id),
      scopeOf(actor),
    )
    const actorOn = await actingOnAny(db, actingPerson(actor), [...tickets.values()])
    const rules = await rulesInForce(db)
    const asked = new Map(
      questions.flatMap(({ id, ticket_id }) => {
        const ticket = tickets.get(ticket_id)
        return ticket ? [[id, ticket] as const] : []
      }),
    )
    return rightsOf(mails, asked, (mail, ticket) => {
      if (ticket.last_mail_id !== mail.id) return undefined
      const right = mayActOnTicket('ask-citizen', actorOn(ticket), factsOf(ticket, ticket.passed_through, rules))
      const about = ticket.id
      if (mail.state === 'failed') return { sendAgain: right, withdraw: alreadyBack, about }
      return { ...both(right.allowed ? mayChange(mail) : right), about }
    })
  },
  async sendAgain(house, actor, mail, address) {
    const { ticketId, text: question } = await questionOf(house, mail)
    if (mail.state !== 'failed') return readdressCitizenQuestion(house, actor, { ticketId, mailId: mail.id, email: address })
    return askCitizen(house, actor, {
      ticketId,
      question,
      replyTo: mail.channel === 'pec' ? { pec: address } : { email: address },
    })
  },
  async withdraw(house, actor, mail) {
    const { ticketId } = await questionOf(house, mail)
    return withdrawCitizenQuestion(house, actor, { ticketId, mailId: mail.id })
  },
}

async function questionOf(house: House, mail: MailRow): Promise<{ ticketId: string; text: string }> {
  const [question] = await citizenQuestionsByIds(house.database.kysely, subjectsOf([mail]))
  if (!question) throw notFound('question')
  return { ticketId: question.ticket_id, text: question.text }
}

/** Of answers to mails. */
export const mailAnswerOwner: MailOwner = {
  about: 'mail',
  may: async (db, actor, mails) =>
    rightsOf(mails, await mailStandings(db, subjectsOf(mails)), (mail, row) => {
      if (!mayReadMail(actor, { unitPath: row.operator_path })) return undefined
      if (mail.state !== 'failed') return both(mayChange(mail))
      const isWithOther = row.operator_id !== null && row.operator_id !== actingPerson(actor).personId
      if (row.state !== 'open') return both(refused('cases.policy.mailDone'))
      const sendAgain: Verdict = isWithOther ? refused('cases.policy.mailHeldBy', { holder: row.operator_name ?? '' }) : allowed
      return { sendAgain, withdraw: alreadyBack }
    }),
  sendAgain: (house, actor, mail, address) =>
    resendMailAnswer(house, actor, { interactionId: mail.subject_id ?? '', mailId: mail.id, address }),
  withdraw: (house, actor, mail) => withdrawMailAnswer(house, actor, { interactionId: mail.subject_id ?? '' }),
}

const subjectsOf = (mails: readonly MailRow[]): string[] => mails.flatMap(mail => mail.subject_id ?? [])

/** What may be done with each of some mails, by the thing that each is about. */
function rightsOf<T>(
  mails: readonly MailRow[],
  things: ReadonlyMap<string, T>,
  of: (mail: MailRow, thing: T) => UnsentRights | undefined,
): Map<string, UnsentRights> {
  return new Map(
    mails.flatMap((mail): [string, UnsentRights][] => {
      const thing = mail.subject_id === null ? undefined : things.get(mail.subject_id)
      const rights = thing === undefined ? undefined : of(mail, thing)
      return rights ? [[mail.id, rights]] : []
    }),
  )
}

const both = (verdict: Verdict): UnsentRights => ({ sendAgain: verdict, withdraw: verdict })
