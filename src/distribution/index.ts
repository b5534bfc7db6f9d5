/** The door of distribution: who gets which call, and the states of agents. */
export * from './events.ts'
export { agentOfCall, agentStatus, agentStatuses, liveSections, presenceOf, queuedCall, queuedCalls, skillsOf } from './live.ts'
export * from './model.ts'
export { setAgentSkills, setSectionRouting } from './service.ts'
