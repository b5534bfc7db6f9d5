/** The door of identity: people, their roles in units, sessions, and who may hear of what. */
import './tables.ts'
import type { Audience } from '../platform/index.ts'
import { changesRights, groupsOf, hearersOf } from './policy.ts'

export { assign, confirmAssignment } from './assignments.ts'
export * from './capabilities.ts'
export { sessionEnded, sessionSwitched } from './events.ts'
export { createFirstAdministrator, type FirstAdministrator, foundations } from './first-administrator.ts'
export * from './model.ts'
export { hashPassword } from './password.ts'
export { passwordLength, publishedPassword } from './policy.ts'
export { identityRoutes } from './routes.ts'
export { createPerson, membersOf, membersOfUnits } from './service.ts'
export { authenticate, sessionIdOf, sessionKeyOf } from './sessions.ts'
export { startIdentity } from './start.ts'
export { assignmentsNow, insertPeople, namesOfPeople, peopleGone, personByUser } from './store.ts'

/** Who may hear of what, for the live pages. */
export const audience: Audience = { groupsOf, hearersOf, changesRights }
