/** The door of rights: who may ask what, and who has looked at what. */
import './tables.ts'

export { guarded } from './guard.ts'
export { startRights } from './log.ts'
export { rightsRoutes } from './routes.ts'
export { type Reach, type Reaches, type Right, rightOf, rights } from './table.ts'
