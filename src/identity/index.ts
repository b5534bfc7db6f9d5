/** The door of identity: people, their roles in units, sessions, and who may hear of what. */
import './tables.ts'

export { assign } from './assignments.ts'
export { sessionEnded, sessionSwitched } from './events.ts'
export { createFirstAdministrator, type FirstAdministrator, foundations } from './first-administrator.ts'
export * from './model.ts'
export { hashPassword } from './password.ts'
export { maySee, passwordLength } from './policy.ts'
export { routes } from './routes.ts'
export { createPerson, membersOf, membersOfUnits } from './service.ts'
export { authenticate, sessionIdOf, startIdentity } from './sessions.ts'
export { insertPeople, personByUser } from './store.ts'
