/** Who answers a question among colleagues, and who takes it back. Pure. Who asks, the table of the policy says (`ask`). */
import { type Actor, refused, type Verdict } from '../../platform/index.ts'
import { mayActOnTicket, type TicketFacts } from '../policy.ts'

export interface ColleagueQuestionFacts {
  askedBy: string
  askedOf: string
  askedOfName: string
  isOpen: boolean
}

/** Whoever was asked, for as long as the question and its ticket are open and the ticket may be seen. */
export function mayAnswerColleague(actor: Actor, question: ColleagueQuestionFacts, ticket: TicketFacts): Verdict {
  if (actor.kind !== 'person') return refused('cases.policy.notYours')
  if (!question.isOpen) return refused('cases.asking.over')
  if (ticket.state === 'closed') return refused('cases.policy.ticketClosed')
  if (actor.personId !== question.askedOf) return refused('cases.asking.onlyTheAsked', { name: question.askedOfName })
  return mayActOnTicket('look', actor, ticket)
}

/** Whoever asked, and whoever may ask about the ticket now. */
export function mayWithdrawColleagueQuestion(actor: Actor, question: ColleagueQuestionFacts, ticket: TicketFacts): Verdict {
  if (actor.kind !== 'person') return refused('cases.policy.notYours')
  if (!question.isOpen) return refused('cases.asking.over')
  return actor.personId === question.askedBy
    ? mayActOnTicket('look', actor, ticket)
    : mayActOnTicket('ask-colleague', actor, ticket)
}
