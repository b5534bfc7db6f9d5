/**
 * Where a work stands, and why not with me. Read only.
 *
 * Why an agent got an offer is written in the offer's `reason`; this answers the other questions, at this moment.
 */
import type { AgentState, InstantMs, Level, WorkKind } from './model.ts'
import { expectedWaitMs } from './pace.ts'
import { type Agent, hasRoom, type Lane, levelIn, type State, type WorkItem } from './state.ts'

/** Why an agent does not have a work. */
export type WhyNot =
  /** It is with this agent. */
  | 'has-it'
  | 'unknown-agent'
  | 'signed-out'
  | 'paused'
  | 'unreachable'
  | 'in-conversation'
  | 'offered-other'
  | 'wrap-up'
  | 'rest'
  /** No room for one more of this kind. */
  | 'no-room'
  /** Does not serve the section, nor one that helps by now. */
  | 'no-skill'
  /** The work waits for somebody else by name, for now. */
  | 'waits-for-other'
  /** It is with somebody else. */
  | 'with-other'
  /** A callback that may not be dialled yet. */
  | 'not-yet'

export interface Explanation {
  work: string
  kind: WorkKind
  state: 'waiting' | 'sleeping' | 'offered' | 'connected'
  section: string
  since: InstantMs
  /** With whom it is. */
  agent: string | null
  attempts: number
  /** Of a waiting work: how many are ahead, the wait to expect, and until when it waits for whom by name. */
  ahead: number | null
  expectedWaitMs: number | null
  waitsFor: { agents: readonly string[]; until: InstantMs; exclusive: boolean } | null
  /** Sections whose agents may take it now. */
  through: readonly string[]
  /** Agents of its section who are signed in, by state. */
  agents: Readonly<Record<AgentState, number>>
  asked: { agent: string; why: WhyNot; level: Level | null } | null
}

export function explain(state: State, id: string, asked?: string): Explanation | null {
  const work = state.works.get(id)
  if (work === undefined) return null
  const { lane } = work
  const ahead = work.lined ? lane.line.ahead(work) : null
  const agent = asked === undefined ? undefined : state.agents.get(asked)
  return {
    work: id,
    kind: work.kind,
    state: work.state,
    section: lane.section.id,
    since: work.since,
    agent: work.agent?.id ?? null,
    attempts: work.attempts,
    ahead,
    expectedWaitMs: ahead === null ? null : expectedWaitMs(lane.pace, ahead, lane.signedIn, lane.section.settings.handlingMs),
    waitsFor:
      work.promised === null
        ? null
        : { agents: work.promised.agents, until: work.promised.until, exclusive: work.promised.exclusive },
    through: through(state, work).map(({ section }) => section.id),
    agents: agentsOf(state, lane),
    asked:
      asked === undefined
        ? null
        : {
            agent: asked,
            why: agent === undefined ? 'unknown-agent' : whyNot(state, work, agent),
            level: agent === undefined ? null : levelIn(agent, lane.section),
          },
  }
}

function whyNot(state: State, work: WorkItem, agent: Agent): WhyNot {
  if (work.agent === agent) return 'has-it'
  if (work.agent !== null) return 'with-other'
  if (agent.duty !== 'available') return agent.duty
  if (!agent.reachable) return 'unreachable'
  if (agent.call !== null) return 'in-conversation'
  const isCall = work.lane.medium === 'call'
  if (agent.offered !== null && !(isCall && agent.offered.lane.medium !== 'call')) return 'offered-other'
  if (agent.phase === 'written-rest' && !isCall) return 'rest'
  if (agent.phase === 'rest' || agent.phase === 'wrap-up') return agent.phase
  if (!hasRoom(agent, work.lane.medium)) return 'no-room'
  if (work.state === 'sleeping') return 'not-yet'
  const lanes = through(state, work)
  if (!agent.seats.some(seat => lanes.includes(seat.lane))) return 'no-skill'
  return 'waits-for-other'
}

function through(state: State, work: WorkItem): Lane[] {
  const helpers = work.lane.section.settings.helpers.slice(0, work.helped)
  const lanes = helpers.map(({ section }) => state.sections.get(section)?.lanes[work.lane.medium])
  return [work.lane, ...lanes.filter(lane => lane !== undefined)]
}

function agentsOf(state: State, lane: Lane): Record<AgentState, number> {
  const count = { 'signed-out': 0, available: 0, offered: 0, 'in-conversation': 0, 'wrap-up': 0, paused: 0 }
  for (const agent of state.agents.values()) if (agent.seats.some(seat => seat.lane === lane)) count[agent.told.state]++
  return count
}
