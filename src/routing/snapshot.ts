/**
 * The whole state as plain JSON, and back.
 *
 * Only what cannot be derived is saved. Seats, lines and heaps are built anew from it; their inner shape never decides anything,
 * because everything in them is ordered by keys that no two share.
 */
import { sit, stand } from './matching.ts'
import type { DomainSettings, InstantMs, SectionSettings } from './model.ts'
import type { Pace } from './pace.ts'
import { Agent, media, mediumOf, newState, type State, sectionNamed, setTimer, takeSeats, WorkItem } from './state.ts'

/** Version 1. Another version is refused: the journal can be replayed instead. */
export interface EngineSnapshot {
  version: 1
  now: InstantMs
  nextSeq: number
  domain: DomainSettings
  sections: readonly SectionRecord[]
  agents: readonly AgentRecord[]
  works: readonly WorkRecord[]
}

export interface SectionRecord {
  id: string
  settings: SectionSettings
  configured: boolean
  open: boolean
  pace: { call: Pace; mail: Pace; ticket: Pace }
}

type SavedOfAgent = 'id' | 'seq' | 'skills' | 'capacities' | 'duty' | 'pauseReason' | 'reachable' | 'phase'
type CountedOfAgent = 'idleSince' | 'unanswered' | 'failed' | 'told'

export interface AgentRecord extends Pick<Agent, SavedOfAgent | CountedOfAgent> {
  timer: InstantMs | null
  /** Mails and tickets in hand, in order. */
  written: readonly string[]
}

type SavedOfWork = 'id' | 'seq' | 'kind' | 'priority' | 'since' | 'enteredAt' | 'order' | 'broken' | 'state' | 'offer'
type CountedOfWork = 'attempts' | 'promised' | 'callback' | 'dialled' | 'wakeAt' | 'announcedPosition' | 'announcedAt'
type RuledOfWork = 'helped' | 'proposed' | 'visited' | 'lined'

export interface WorkRecord extends Pick<WorkItem, SavedOfWork | CountedOfWork | RuledOfWork> {
  section: string
  agent: string | null
  timer: InstantMs | null
}

export function takeSnapshot(state: State): EngineSnapshot {
  return {
    version: 1,
    now: state.now,
    nextSeq: state.nextSeq,
    domain: state.domain,
    sections: [...state.sections.values()].map(({ id, settings, configured, open, lanes }) => ({
      id,
      settings,
      configured,
      open,
      pace: { call: { ...lanes.call.pace }, mail: { ...lanes.mail.pace }, ticket: { ...lanes.ticket.pace } },
    })),
    agents: [...state.agents.values()].map(recordOfAgent),
    works: [...state.works.values()].map(recordOfWork),
  }
}

function timerOf(owner: Agent | WorkItem): InstantMs | null {
  return owner.timer.heap === null ? null : owner.timer.key
}

export function recordOfAgent(agent: Agent): AgentRecord {
  const { id, seq, skills, capacities, duty, pauseReason, reachable, phase, idleSince, unanswered, failed, told } = agent
  const written = agent.written.map(work => work.id)
  const timer = timerOf(agent)
  const said = { skills, capacities, duty, pauseReason, reachable }
  return { id, seq, ...said, phase, timer, idleSince, unanswered, failed, written, told }
}

export function recordOfWork(work: WorkItem): WorkRecord {
  const { id, seq, kind, priority, since, enteredAt, order, broken, state, offer, attempts, promised, callback } = work
  const { dialled, wakeAt, announcedPosition, announcedAt, helped, proposed, visited, lined } = work
  const place = { section: work.lane.section.id, priority, since, enteredAt, order, broken, lined }
  const life = { state, agent: work.agent?.id ?? null, offer, attempts, timer: timerOf(work) }
  const terms = { promised, callback, dialled, wakeAt }
  return { id, seq, kind, ...place, ...life, ...terms, announcedPosition, announcedAt, helped, proposed, visited }
}

/** Builds the state from its record. Throws if the record is of another version or contradicts itself. */
export function restoreState(snapshot: EngineSnapshot): State {
  if (snapshot.version !== 1) throw new Error(`This engine reads snapshots of version 1, not ${snapshot.version}.`)
  const state = newState()
  state.now = snapshot.now
  state.nextSeq = snapshot.nextSeq
  state.domain = snapshot.domain
  for (const record of snapshot.sections) restoreSection(state, record)
  for (const record of snapshot.agents) restoreAgent(state, record)
  for (const record of snapshot.works) restoreWork(state, record)
  for (const { id, written } of snapshot.agents) known(state.agents, id).written = written.map(work => known(state.works, work))
  // The heaps come last: a work stands with the agents that it names, an agent sits where there is room.
  for (const work of state.works.values()) if (work.lined) stand(state, work)
  for (const agent of state.agents.values()) sit(agent)
  return state
}

function restoreSection(state: State, record: SectionRecord): void {
  const section = sectionNamed(state, record.id)
  section.settings = record.settings
  section.configured = record.configured
  section.open = record.open
  for (const medium of media) Object.assign(section.lanes[medium].pace, record.pace[medium])
}

function restoreAgent(state: State, record: AgentRecord): void {
  const { id, seq, timer, written: _later, ...rest } = record
  const agent = Object.assign(new Agent(id, seq, state.now), rest)
  state.agents.set(id, agent)
  takeSeats(state, agent)
  if (timer !== null) setTimer(state, agent, timer)
}

function restoreWork(state: State, record: WorkRecord): void {
  const { id, seq, section, agent, timer, ...rest } = record
  const { lanes } = known(state.sections, section)
  const work = Object.assign(new WorkItem(id, seq, lanes[mediumOf(record.kind)]), rest)
  state.works.set(id, work)
  if (timer !== null) setTimer(state, work, timer)
  if (agent === null) return
  work.agent = known(state.agents, agent)
  if (work.state === 'offered') work.agent.offered = work
  else if (work.lane.medium === 'call') work.agent.call = work
}

function known<T>(things: ReadonlyMap<string, T>, id: string): T {
  const thing = things.get(id)
  if (thing === undefined) throw new Error(`The snapshot mentions ${id} and does not hold it.`)
  return thing
}
