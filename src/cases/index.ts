/** The door of cases: interactions, cases, Linea tickets, and the policy of who passes what to whom. */
export { followerPlaces, startCases } from './follow-appointments.ts'
export * from './model.ts'
export { readRequestCode, spokenCode } from './request-code.ts'
export { routes } from './routes.ts'
export { answerPurpose, settleAnswer } from './tickets.ts'
export { openCasesOf } from './views.ts'
