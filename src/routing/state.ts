/**
 * What the engine remembers, and the small questions asked of it everywhere.
 *
 *   section ── one lane per medium ──┬─ line   everybody who waits here, for positions            (counted B+ tree)
 *                                    ├─ ready  those who may be given to any free agent, by order  (heap)
 *                                    └─ free   seats of agents who can take a work of this lane    (heap)
 *
 * After each event a lane has ready works or free seats, never both. That is what makes every decision a look at the first of a
 * heap. A work that helpers may take stands in the `ready` of their lanes too; one that waits for a named agent stands in that
 * agent's `promised`. All of these are ordered by one key per work, comparable across sections: see `orderOf`.
 */
import { Heap, HeapEntry } from './heap.ts'
import { RankedQueue } from './line.ts'
import {
  type AgentState,
  type CallbackSchedule,
  type Capacities,
  type Command,
  type DomainSettings,
  defaultDomain,
  defaultSection,
  type InstantMs,
  type Level,
  type Medium,
  priorityRange,
  type SectionSettings,
  type WorkKind,
} from './model.ts'
import { newPace } from './pace.ts'

export const media: readonly Medium[] = ['call', 'mail', 'ticket']

export function mediumOf(kind: WorkKind): Medium {
  return kind === 'callback' ? 'call' : kind
}

/** One medium of one section. */
export class Lane {
  readonly section: Section
  readonly medium: Medium
  readonly line = new RankedQueue<WorkItem>()
  readonly ready = new Heap<WorkItem>()
  readonly free = new Heap<Seat>()
  readonly pace = newPace()
  /** Agents signed in who serve this lane, in whatever state. */
  signedIn = 0

  constructor(section: Section, medium: Medium) {
    this.section = section
    this.medium = medium
  }
}

export class Section {
  readonly id: string
  settings: SectionSettings = defaultSection
  /** False until its settings arrive: agents may name it before, works may not. */
  configured = false
  open = true
  readonly lanes: Readonly<Record<Medium, Lane>>

  constructor(id: string) {
    this.id = id
    this.lanes = { call: new Lane(this, 'call'), mail: new Lane(this, 'mail'), ticket: new Lane(this, 'ticket') }
  }
}

/** An agent's place in a lane that the agent serves. */
export class Seat {
  readonly agent: Agent
  readonly lane: Lane
  readonly level: Level
  readonly entry: HeapEntry<Seat>

  constructor(agent: Agent, lane: Lane, level: Level) {
    this.agent = agent
    this.lane = lane
    this.level = level
    this.entry = new HeapEntry<Seat>(this, agent.seq)
  }
}

/** What was last said about an agent's state. */
export interface AnnouncedState {
  state: AgentState
  reason: string | null
  work: string | null
  since: InstantMs
}

export class Agent {
  readonly is = 'agent'
  readonly id: string
  readonly seq: number
  skills: readonly { section: string; level: Level }[] = []
  seats: readonly Seat[] = []
  capacities: Capacities = { call: 1, mail: 0, ticket: 0 }
  /** What the agent said last; during a conversation it holds for afterwards. */
  duty: 'signed-out' | 'available' | 'paused' = 'signed-out'
  pauseReason: string | null = null
  reachable = true
  /** Wrap-up and rest end when the timer is due. Who rests from written work takes calls. */
  phase: 'ready' | 'wrap-up' | 'rest' | 'written-rest' = 'ready'
  readonly timer: HeapEntry<WorkItem | Agent>
  /** Start of the idleness by which agents are chosen, one for all sections. */
  idleSince: InstantMs
  offered: WorkItem | null = null
  call: WorkItem | null = null
  /** Mails and tickets in hand, in the order in which they were taken. */
  written: WorkItem[] = []
  /** In a row. */
  unanswered = 0
  failed = 0
  /** Works that wait for this agent by name. */
  readonly promised: Readonly<Record<Medium, Heap<WorkItem>>> = { call: new Heap(), mail: new Heap(), ticket: new Heap() }
  told: AnnouncedState

  constructor(id: string, seq: number, now: InstantMs) {
    this.id = id
    this.seq = seq
    this.timer = new HeapEntry<WorkItem | Agent>(this, seq)
    this.idleSince = now
    this.told = { state: 'signed-out', reason: null, work: null, since: now }
  }
}

/** A wait for named agents. */
export interface Promised {
  agents: readonly string[]
  until: InstantMs
  resume: boolean
  /** Only the named agents may take the work. */
  exclusive: boolean
}

const nowhere: readonly HeapEntry<WorkItem>[] = []

export class WorkItem {
  readonly is = 'work'
  readonly id: string
  readonly seq: number
  kind: WorkKind = 'call'
  lane: Lane
  priority = 0
  since: InstantMs = 0
  /** When it entered this section: the section's limits count from here. */
  enteredAt: InstantMs = 0
  /** Its place among all that wait. */
  order = 0
  /** A conversation that broke goes before everybody. */
  broken = false
  state: 'waiting' | 'sleeping' | 'offered' | 'connected' = 'waiting'
  agent: Agent | null = null
  offer = ''
  attempts = 0
  promised: Promised | null = null
  callback: CallbackSchedule | null = null
  /** Outgoing calls that nobody answered. */
  dialled = 0
  /** A sleeping callback wakes then. */
  wakeAt: InstantMs = 0
  announcedPosition = 0
  announcedAt: InstantMs = 0
  /** How many of the section's helpers may take it by now. */
  helped = 0
  /** A callback has been proposed; once is enough. */
  proposed = false
  /** Sections left by a rule; a rule never leads back. */
  visited: readonly string[] = []
  /** Stands in its lane's line. */
  lined = false
  readonly ready: HeapEntry<WorkItem>
  /** Its entries in helpers' lanes and with promised agents. */
  elsewhere: readonly HeapEntry<WorkItem>[] = nowhere
  readonly timer: HeapEntry<WorkItem | Agent>

  constructor(id: string, seq: number, lane: Lane) {
    this.id = id
    this.seq = seq
    this.lane = lane
    this.ready = new HeapEntry<WorkItem>(this, seq)
    this.timer = new HeapEntry<WorkItem | Agent>(this, seq)
  }
}

export interface State {
  now: InstantMs
  nextSeq: number
  domain: DomainSettings
  readonly sections: Map<string, Section>
  readonly agents: Map<string, Agent>
  readonly works: Map<string, WorkItem>
  readonly timers: Heap<WorkItem | Agent>
  /** What the event under way has decided so far. */
  commands: Command[]
}

export function newState(): State {
  return {
    now: 0,
    nextSeq: 1,
    domain: defaultDomain,
    sections: new Map(),
    agents: new Map(),
    works: new Map(),
    timers: new Heap(),
    commands: [],
  }
}

/** The section of this name; made with default settings when it is named for the first time. */
export function sectionNamed(state: State, id: string): Section {
  const known = state.sections.get(id)
  if (known !== undefined) return known
  const section = new Section(id)
  state.sections.set(id, section)
  return section
}

/** The agent of this name; signed out and without skills when named for the first time. */
export function agentNamed(state: State, id: string): Agent {
  const known = state.agents.get(id)
  if (known !== undefined) return known
  const agent = new Agent(id, state.nextSeq++, state.now)
  state.agents.set(id, agent)
  return agent
}

/** Wakes `owner` at `at`, and not before. */
export function setTimer(state: State, owner: WorkItem | Agent, at: InstantMs): void {
  const { timer } = owner
  if (timer.heap === null) state.timers.add(timer, at)
  else if (timer.key !== at) state.timers.move(timer, at)
}

/** Could be offered another work of this medium now. Written work that is only offered does not keep a call away. */
export function canTake(agent: Agent, medium: Medium): boolean {
  if (agent.duty !== 'available' || !agent.reachable || agent.call !== null) return false
  const isCall = medium === 'call'
  if (agent.phase !== 'ready' && !(isCall && agent.phase === 'written-rest')) return false
  if (agent.offered !== null && !(isCall && agent.offered.lane.medium !== 'call')) return false
  return hasRoom(agent, medium)
}

/** Has room for one more of this medium. */
export function hasRoom(agent: Agent, medium: Medium): boolean {
  if (medium === 'call') return agent.capacities.call > 0
  const room = agent.capacities[medium]
  if (room === 0) return false
  let inHand = 0
  for (const work of agent.written) if (work.kind === medium) inHand++
  return inHand < room
}

/** One step of class; wide enough for any instant until the year 2248, and 202 classes stay below 2^53. */
const classStep = 2 ** 44
const middle = 2 ** 43

/**
 * The place of a work among all that wait, in every section: the smaller goes first, ties by `seq`.
 *
 * Classes: conversations that broke, then calls and callbacks, then written work. Within a class priority, then waiting since.
 * When priorities age, `agingMs` of waiting are worth one step, so the later but more important work is ahead by a fixed span of
 * time: the order of two works never changes while they wait, and one number is enough.
 */
export function orderOf(work: WorkItem, domain: DomainSettings): number {
  if (work.broken) return middle + work.since
  const { lowest, highest } = priorityRange
  const priority = Math.min(highest, Math.max(lowest, work.priority + work.lane.section.settings.priority))
  const base = work.lane.medium === 'call' ? 1 : highest + 2
  if (domain.agingMs !== null) return base * classStep + middle + work.since - priority * domain.agingMs
  return (base + highest - priority) * classStep + middle + work.since
}

/** The key by which a section chooses among free agents: the smaller first, ties by who was known first. */
export function seatKey(choice: SectionSettings['choice'], level: Level | null, idleSince: InstantMs): number {
  return choice === 'best-level' ? (5 - (level ?? 0)) * classStep + idleSince : idleSince
}

/** The agent's level in a section, null if the agent does not serve it. */
export function levelIn(agent: Agent, section: Section): Level | null {
  for (const seat of agent.seats) if (seat.lane.section === section) return seat.level
  return null
}

function stateOf(agent: Agent): AgentState {
  if (agent.call !== null) return 'in-conversation'
  if (agent.offered !== null) return 'offered'
  if (agent.phase === 'wrap-up') return 'wrap-up'
  return agent.duty
}

/** Says what the agent's state is now, if it is not what was said last. */
export function announceState(state: State, agent: Agent): void {
  const is = stateOf(agent)
  const reason = is === 'paused' ? agent.pauseReason : null
  const work = agent.call?.id ?? agent.offered?.id ?? null
  const told = agent.told
  if (told.state === is && told.reason === reason && told.work === work) return
  agent.told = { state: is, reason, work, since: state.now }
  const until = is === 'wrap-up' ? agent.timer.key : is === 'offered' ? (agent.offered?.timer.key ?? null) : null
  state.commands.push({ type: 'agent.state', agent: agent.id, state: is, reason, since: state.now, until, work })
}

/** Gives the agent a seat in each lane that its skills and capacities say, and counts it there if it is signed in. */
export function takeSeats(state: State, agent: Agent): void {
  agent.seats = agent.skills.flatMap(({ section, level }) => {
    const { lanes } = sectionNamed(state, section)
    return media.filter(medium => agent.capacities[medium] > 0).map(medium => new Seat(agent, lanes[medium], level))
  })
  if (agent.duty !== 'signed-out') countSignedIn(agent, 1)
}

/** Adds to the count of those signed in, in every lane that the agent serves. */
export function countSignedIn(agent: Agent, by: 1 | -1): void {
  for (const seat of agent.seats) seat.lane.signedIn += by
}
