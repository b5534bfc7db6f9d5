/** The door of cases: interactions, cases, Linea tickets, and the policy of who passes what to whom. */

export { scheduleAbsent } from './absent/start.ts'
export { type AnswerMailContent as AnswerMailText, answerMail } from './answer-mail.ts'
export { answerPurpose, holderOfTicket, settleAnswer } from './answers.ts'
export { beginAtCounter, endAtCounter, notedCallOfAppointment } from './at-counter.ts'
export {
  arrivalsByCause,
  type CauseCount,
  countOfCause,
  openTicketsOfCause,
  ticketUnits,
} from './causes/store.ts'
export { type AnswerWay, answerTogether, type PlannedAnswer, planAnswers } from './causes/together.ts'
export { citizenQuestionPurpose, settleCitizenQuestion } from './citizen-questions/service.ts'
export { askedByNumber } from './continuity/service.ts'
export { workedMinutes } from './deadlines/clock.ts'
export { nearestTargets, nextTelling, outOfReach, tellingsDue, timesOf } from './deadlines/policy.ts'
export { scheduleRecompute } from './deadlines/recompute.ts'
export { putTarget } from './deadlines/store.ts'
export type { DeadlineTargetRow } from './deadlines/tables.ts'
export { generalTarget } from './deadlines/targets.ts'
export { scheduleTelling, tellingEntries } from './deadlines/telling.ts'
export { derive, keepWhy, readWhy } from './derivation.ts'
export * from './events.ts'
export { startIndexing } from './finding/index-old-cases.ts'
export { indexLater, leaveIndexToWorker } from './finding/store.ts'
export { lexeme } from './finding/wanted.ts'
export { followerPlaces, followFrom, startCases } from './follow-appointments.ts'
export { type InteractionFacts, interactionFacts } from './interaction-facts.ts'
export { toldElsewhere } from './links/live.ts'
export { holderOfMail, mailAnswerPurpose, receiveMail, settleMailAnswer } from './mails/mails.ts'
export { mailRoutes } from './mails/routes.ts'
export * from './model.ts'
export { readRequestCode, requestCode, spokenCode } from './request-code.ts'
export { resultRoutes } from './results/routes.ts'
export { scheduleSumming } from './results/service.ts'
export { caseRoutes } from './routes.ts'
export { templateRoutes } from './templates/routes.ts'
export { citizenQuestionOwner, mailAnswerOwner, ticketAnswerOwner } from './unsent.ts'
export { startViewers } from './viewers/start.ts'
export { openCasesOf } from './views.ts'
