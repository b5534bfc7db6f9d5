/** The door of distribution: who gets which call, and the states of agents. */
import './tables.ts'

export * from './absences/model.ts'
export { absentToday, forgetOldAbsences } from './absences/service.ts'
export { type AbsenceRow, absencesOf, absencesOn } from './absences/store.ts'
export { telephoneLost } from './agents/presence.ts'
export * from './events.ts'
export { explainCallTo, explainWork } from './explain/explain.ts'
export type { Centre, CentreSection } from './leader/centre.ts'
export { type Router, startRouter } from './leader/router.ts'
export { sectionSettings } from './leader/settings.ts'
export { type Distribution, startDistribution } from './leader/start.ts'
export { beginReadingAt, readerPlaces as routerPlaces } from './leader/store.ts'
export { mailQueueFor, sectionOfQueue, setMailSection } from './mail-queues.ts'
export * from './model.ts'
export { distributionRoutes } from './routes.ts'
export * from './sections/model.ts'
export { continuityOf } from './sections/service.ts'
export { callbackSettingsOf } from './sections/store.ts'
export { setAgentSkills, setSectionRouting } from './service.ts'
export { isDistributed, setSharing, sharingOf } from './sharing.ts'
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
  standingsOf,
  versionOfSharing,
  writtenOffer,
  writtenWorks,
} from './store.ts'
