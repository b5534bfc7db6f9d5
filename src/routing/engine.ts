/**
 * The routing engine: distribution of waiting work to agents.
 *
 * `apply(event, now)` takes a fact and answers with what must happen now. It looks at no clock, calls nobody, draws nothing by
 * chance: the same events give the same commands on every machine. One engine is one routing domain and owns its state.
 *
 *   event ──▶ agents.ts, works.ts, configure.ts   what the fact means
 *                        │
 *                  limits.ts                      queue full, wait too long, nobody there, closed
 *                        │
 *                 matching.ts                     works meet agents
 *                        │
 *             watch.ts, pace.ts                   while waiting: announcements, expected wait
 *
 * Cost: an event touches one work and one agent, and each of them stands in a few structures, all O(log n):
 * a counted B+ tree per line (`line.ts`), indexed heaps for ready works, free agents, promises and timers (`heap.ts`), hash maps by
 * identifier. An agent who serves k sections costs a factor k. Only a change of settings, and an agent's leaving for those who wait
 * for that agent by name, touch more; a tick does once what each due timer asks.
 */
import * as agents from './agents.ts'
import { configureAgent, configureDomain, configureSection, openSection } from './configure.ts'
import { type Explanation, explain } from './explain.ts'
import type { Command, InstantMs, RoutingEvent } from './model.ts'
import { type EngineSnapshot, restoreState, takeSnapshot } from './snapshot.ts'
import { newState, type State } from './state.ts'
import * as works from './works.ts'

export interface Engine {
  /**
   * Takes a fact that happened at `now` and answers what must happen, in this order. First the event counts, then what is due by
   * the passing of time: an answer that comes in just before its offer is withdrawn is in time. A `now` before the last one
   * counts as the last one: the engine's time never goes back.
   */
  apply(event: RoutingEvent, now: InstantMs): readonly Command[]
  /** The instant at which a `tick` is due; null if nothing waits for time to pass. */
  nextDeadline(): InstantMs | null
  /** The whole state as plain JSON. */
  snapshot(): EngineSnapshot
  /** Where a work stands and why; with an agent, also why that agent does not have it. Null if the work is not known. */
  explain(work: string, agent?: string): Explanation | null
}

/** An engine that knows nothing yet: sections, agents and settings come as events, so a replay needs nothing else. */
export function createEngine(): Engine {
  return engineOver(newState())
}

/** The engine that was saved: the same events give the same commands from here on. */
export function restoreEngine(snapshot: EngineSnapshot): Engine {
  return engineOver(restoreState(snapshot))
}

/** Facts by name, each once: the compiler asks for every one. */
const facts: Readonly<Record<RoutingEvent['type'], true>> = {
  'domain.configured': true,
  'section.configured': true,
  'section.opened': true,
  'section.closed': true,
  'agent.configured': true,
  'agent.available': true,
  'agent.paused': true,
  'agent.signed-out': true,
  'agent.unreachable': true,
  'agent.reachable': true,
  'work.queued': true,
  'work.gone': true,
  'work.taken': true,
  'offer.accepted': true,
  'offer.declined': true,
  'offer.failed': true,
  'conversation.ended': true,
  'callback.unanswered': true,
  'wrap-up.ended': true,
  tick: true,
}

/** Whether this engine knows facts of this kind: another version may have been told others. */
export const isKnownFact = ({ type }: { readonly type: string }): boolean => Object.hasOwn(facts, type)

function engineOver(state: State): Engine {
  return {
    apply(event, now) {
      state.commands = []
      if (now > state.now) state.now = now
      take(state, event)
      runDue(state)
      return state.commands
    },
    nextDeadline: () => state.timers.first?.key ?? null,
    snapshot: () => takeSnapshot(state),
    explain: (work, agent) => explain(state, work, agent),
  }
}

function take(state: State, event: RoutingEvent): void {
  switch (event.type) {
    case 'work.queued':
      works.applyWorkQueued(state, event)
      break
    case 'work.gone':
      works.applyWorkGone(state, event.work)
      break
    case 'work.taken':
      works.applyWorkTaken(state, event)
      break
    case 'offer.accepted':
      works.applyOfferAccepted(state, event)
      break
    case 'offer.declined':
    case 'offer.failed':
      works.applyOfferRefused(state, event)
      break
    case 'conversation.ended':
      works.applyConversationEnded(state, event)
      break
    case 'callback.unanswered':
      works.applyCallbackUnanswered(state, event)
      break
    case 'wrap-up.ended':
      agents.applyWrapUpEnded(state, event.agent)
      break
    case 'agent.available':
      agents.applyAvailable(state, event.agent)
      break
    case 'agent.paused':
      agents.applyPaused(state, event.agent, event.reason)
      break
    case 'agent.signed-out':
      agents.applySignedOut(state, event.agent)
      break
    case 'agent.unreachable':
      agents.applyUnreachable(state, event.agent)
      break
    case 'agent.reachable':
      agents.applyReachable(state, event.agent)
      break
    case 'agent.configured':
      configureAgent(state, event)
      break
    case 'section.configured':
      configureSection(state, event.section, event.settings)
      break
    case 'section.opened':
      openSection(state, event.section, true)
      break
    case 'section.closed':
      openSection(state, event.section, false)
      break
    case 'domain.configured':
      configureDomain(state, event.settings)
      break
    case 'tick':
      break
  }
}

/** Does what is due, in the order in which it fell due. Each timer is done once: what it sets anew lies later than now. */
function runDue(state: State): void {
  for (let due = state.timers.first; due !== undefined && due.key <= state.now; due = state.timers.first) {
    if (due.owner.is === 'work') works.workDue(state, due.owner)
    else agents.agentDue(state, due.owner)
  }
}
