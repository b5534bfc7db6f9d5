/** The door of distribution: who gets which call, and the states of agents. */
import './tables.ts'

export type { Centre, CentreSection } from './centre.ts'
export * from './events.ts'
export { explainCallTo, explainWork } from './explain.ts'
export {
  agentOfCall,
  agentStatus,
  agentStatuses,
  agentsAtWork,
  liveSections,
  presenceOf,
  queuedCall,
  queuedCalls,
  skillsOf,
  writtenOffer,
  writtenWorks,
} from './live.ts'
export * from './model.ts'
export { telephoneLost } from './presence.ts'
export { type Router, startRouter } from './router.ts'
export { routes } from './routes.ts'
export { setAgentSkills, setSectionRouting } from './service.ts'
export { sectionSettings } from './settings.ts'
export { isDistributed, setSharing, sharingOf, versionOfSharing } from './sharing.ts'
export { type Distribution, startDistribution } from './start.ts'
export { beginReadingAt, readerPlaces as routerPlaces, readRoutingOf } from './store.ts'
