/**
 * What agents do and what becomes of them: signing in and out, pauses, reach, the end of wrap-up and rest.
 */
import { lineUp, matchAgent, unseat, withdraw } from './matching.ts'
import type { WithdrawReason } from './model.ts'
import { type Agent, agentNamed, countSignedIn, type State } from './state.ts'
import { putBack, releasePromises, resumeWritten } from './works.ts'

export function applyAvailable(state: State, id: string): void {
  const agent = agentNamed(state, id)
  if (agent.duty !== 'available') {
    if (agent.duty === 'signed-out') countSignedIn(agent, 1)
    agent.duty = 'available'
    agent.pauseReason = null
    agent.unanswered = 0
    agent.failed = 0
    agent.idleSince = state.now
  }
  endPhase(state, agent)
  matchAgent(state, agent)
}

export function applyPaused(state: State, id: string, reason: string): void {
  const agent = agentNamed(state, id)
  if (agent.duty === 'signed-out') countSignedIn(agent, 1)
  agent.duty = 'paused'
  agent.pauseReason = reason
  endPhase(state, agent)
  leaveToOthers(state, agent, 'agent-paused')
}

export function applySignedOut(state: State, id: string): void {
  const agent = agentNamed(state, id)
  if (agent.duty === 'signed-out') return
  countSignedIn(agent, -1)
  agent.duty = 'signed-out'
  agent.pauseReason = null
  agent.phase = 'ready'
  agent.timer.leave()
  // What is given back is for the others.
  unseat(agent)
  const written = agent.written
  agent.written = []
  for (const work of written) putBack(state, agent, work)
  leaveToOthers(state, agent, 'agent-signed-out')
}

export function applyUnreachable(state: State, id: string): void {
  const agent = agentNamed(state, id)
  agent.reachable = false
  leaveToOthers(state, agent, 'agent-unreachable')
}

export function applyReachable(state: State, id: string): void {
  const agent = agentNamed(state, id)
  agent.reachable = true
  matchAgent(state, agent)
}

export function applyWrapUpEnded(state: State, id: string): void {
  const agent = state.agents.get(id)
  if (agent?.phase === 'wrap-up') agentDue(state, agent)
}

/** Wrap-up or rest are over. */
export function agentDue(state: State, agent: Agent): void {
  endPhase(state, agent)
  matchAgent(state, agent)
}

function endPhase(state: State, agent: Agent): void {
  const { phase } = agent
  agent.phase = 'ready'
  agent.timer.leave()
  if (phase !== 'wrap-up') return
  agent.idleSince = state.now
  resumeWritten(state, agent)
}

/** An agent who takes nothing more: the open offer goes back to its place, and nobody waits for the agent by name any longer. */
function leaveToOthers(state: State, agent: Agent, reason: WithdrawReason): void {
  const work = agent.offered
  if (work !== null) withdraw(state, work, reason)
  matchAgent(state, agent)
  if (work !== null) lineUp(state, work)
  releasePromises(state, agent)
}
