/**
 * Taking as decided what somebody else decided.
 *
 * A state comes from a snapshot and the steps after it. Where these cannot be gone by (another version of the engine decided otherwise, a step is
 * missing, the snapshot is damaged), what was decided still stands in other rows: who waits where and since when, to whom it is offered, who
 * talks to whom. `asDecided` puts these over the state as far as it is known. Who has what then is as it was decided; what only an engine
 * remembers (promises, pace, idleness) is kept where it is known and begins anew where it is not.
 *
 * Nothing is distributed by it: sections and agents that are configured afterwards bring together who waits and who is free.
 */
import type { AgentState, CallbackSchedule, InstantMs, WorkKind } from './model.ts'
import {
  type AgentRecord,
  type EngineSnapshot,
  recordOfAgent,
  recordOfWork,
  restoreState,
  takeSnapshot,
  type WorkRecord,
} from './snapshot.ts'
import { Agent, mediumOf, newState, orderOf, type State, sectionNamed, WorkItem } from './state.ts'

export interface DecidedAgent {
  readonly id: string
  readonly state: AgentState
  readonly reason: string | null
  readonly since: InstantMs
  /** The end of an offer or of a wrap-up. */
  readonly until: InstantMs | null
  /** The call that is offered, or in conversation; written work says itself who has it. */
  readonly call: string | null
  readonly offer: string | null
  /** Of the call; null where nobody knows. */
  readonly section: string | null
  /** Null where nobody has noted it. */
  readonly reachable: boolean | null
}

export interface DecidedWork {
  readonly id: string
  readonly kind: WorkKind
  readonly section: string
  readonly state: 'waiting' | 'offered' | 'connected' | 'suspended'
  readonly priority: number
  readonly since: InstantMs
  readonly enteredAt: InstantMs
  readonly position: number | null
  readonly toldAt: InstantMs | null
  /** Of written work that is offered or in hand. */
  readonly agent: string | null
  readonly offer: string | null
  readonly until: InstantMs | null
  readonly callback: CallbackSchedule | null
  /** Of two that have waited equally long, the smaller came first; null, which comes before all, where nobody has noted it. */
  readonly came: number | null
}

export interface Decided {
  readonly now: InstantMs
  readonly agents: readonly DecidedAgent[]
  /** Those that wait, ring or are in hand; calls in conversation are known by their agents. */
  readonly works: readonly DecidedWork[]
  /** No number of a work or agent has been as great as this. */
  readonly numbersFrom: number
}

/** Offers that are made from now on have names that no offer had before, whoever counted. */
const attemptsAhead = 1_000

/** A state in which everybody has what was decided. @param known the state as far as it could be rebuilt; null when nothing could */
export function asDecided(known: EngineSnapshot | null, decided: Decided): EngineSnapshot {
  const base = known ?? takeSnapshot(newState())
  const now = Math.max(base.now, decided.now)
  const worksBefore = new Map(base.works.map(work => [work.id, work]))
  const agentsBefore = new Map(base.agents.map(agent => [agent.id, agent]))
  let nextSeq = Math.max(base.nextSeq, decided.numbersFrom)
  const talking = decided.agents.filter(({ state, call }) => state === 'in-conversation' && call !== null)
  const listed = new Set(decided.works.map(({ id }) => id))
  const works = [
    ...decided.works.toSorted(inOrderOfComing).map(work => ({ ...work })),
    ...talking.flatMap(agent => (agent.call === null || listed.has(agent.call) ? [] : [conversationOf(agent.call, agent)])),
  ]
  const owners = ownersOf(decided, works)
  const sections = [...base.sections]
  for (const id of new Set(works.map(({ section }) => section)))
    if (!sections.some(section => section.id === id)) sections.push(...unknownSection(id))
  const shape = restoreState({ ...base, now, sections, agents: [], works: [] })
  const workRecords = works.map(work =>
    workAsDecided(shape, work, owners.get(work.id) ?? null, worksBefore.get(work.id), () => nextSeq++),
  )
  const agentRecords = new Map(base.agents.map(agent => [agent.id, agent]))
  const named = new Set([...decided.agents.map(({ id }) => id), ...[...owners.values()].map(({ agent }) => agent)])
  for (const agent of base.agents) if (!named.has(agent.id)) agentRecords.set(agent.id, { ...agent, ...nothingInHand })
  for (const id of named) {
    const said = decided.agents.find(agent => agent.id === id) ?? { ...neverSaid, id }
    agentRecords.set(
      id,
      agentAsDecided(said, workRecords, agentsBefore.get(id), now, () => nextSeq++),
    )
  }
  return { ...base, now, nextSeq, sections, agents: [...agentRecords.values()], works: workRecords }

  function conversationOf(id: string, agent: DecidedAgent): DecidedWork {
    // A callback would be among the works: what was one, or written work, before the call took its name is no guide.
    const known = worksBefore.get(id)
    const before = known?.kind === 'call' ? known : undefined
    const section =
      before?.section ?? agent.section ?? agentsBefore.get(agent.id)?.skills[0]?.section ?? base.sections[0]?.id ?? 'unknown'
    const rest = {
      position: null,
      toldAt: null,
      agent: null,
      offer: agent.offer,
      until: null,
      callback: null,
      came: null,
    }
    const { priority = 0, since = agent.since, enteredAt = agent.since } = before ?? {}
    return { id, kind: 'call', section, state: 'connected', priority, since, enteredAt, ...rest }
  }
}

function inOrderOfComing(a: DecidedWork, b: DecidedWork): number {
  return a.since - b.since || (a.came ?? 0) - (b.came ?? 0) || (a.id < b.id ? -1 : 1)
}

const nothingInHand = { written: [], phase: 'ready', timer: null } as const
const neverSaid = {
  state: 'signed-out',
  reason: null,
  since: 0,
  until: null,
  call: null,
  offer: null,
  section: null,
  reachable: null,
} as const

/** An agent has one call and one offer at most; the first that says so has it. */
function ownersOf(
  decided: Decided,
  works: readonly DecidedWork[],
): Map<string, { agent: string; offer: string; until: InstantMs | null }> {
  const owners = new Map<string, { agent: string; offer: string; until: InstantMs | null }>()
  const offered = new Set<string>()
  for (const { id, state, call, offer, until } of decided.agents) {
    if (call === null || owners.has(call) || (state !== 'offered' && state !== 'in-conversation')) continue
    owners.set(call, { agent: id, offer: offer ?? '', until })
    offered.add(id)
  }
  for (const { id, kind, state, agent, offer, until } of works) {
    if (agent === null || state === 'waiting' || mediumOf(kind) === 'call') continue
    if (state === 'offered' && offered.has(agent)) continue
    if (state === 'offered') offered.add(agent)
    owners.set(id, { agent, offer: offer ?? '', until })
  }
  return owners
}

function unknownSection(id: string): EngineSnapshot['sections'] {
  const state = newState()
  sectionNamed(state, id)
  return takeSnapshot(state).sections
}

function workAsDecided(
  shape: State,
  decided: DecidedWork,
  owner: { agent: string; offer: string; until: InstantMs | null } | null,
  before: WorkRecord | undefined,
  nextSeq: () => number,
): WorkRecord {
  const { id, kind, section, priority, since, enteredAt, callback } = decided
  const lane = sectionNamed(shape, section).lanes[mediumOf(kind)]
  const seq = before?.seq ?? nextSeq()
  // What came again as work of another kind has its number and its offers in common with what it was, and nothing else.
  const alike = before?.kind === kind ? before : undefined
  const kept = alike ?? recordOfWork(new WorkItem(id, seq, lane))
  const place = { id, seq, kind, section, priority, since, enteredAt }
  const terms = { callback: callback ?? alike?.callback ?? null, attempts: (before?.attempts ?? 0) + attemptsAhead }
  const wakeAt = alike?.wakeAt ?? callback?.notBefore ?? 0
  const told = {
    announcedPosition: decided.position ?? alike?.announcedPosition ?? 0,
    announcedAt: decided.toldAt ?? alike?.announcedAt ?? 0,
  }
  const record = { ...kept, ...place, ...terms, ...told, wakeAt }
  const order = orderOf(Object.assign(new WorkItem(id, seq, lane), { priority, since, broken: record.broken }), shape.domain)
  if (owner !== null && decided.state !== 'waiting') {
    const offered = decided.state === 'offered'
    const timer = offered ? (owner.until ?? decided.until ?? shape.now) : null
    const state = offered ? 'offered' : 'connected'
    return {
      ...record,
      order,
      state,
      agent: owner.agent,
      offer: owner.offer,
      timer,
      lined: false,
      promised: offered ? record.promised : null,
    }
  }
  const sleeps = record.callback !== null && record.wakeAt > shape.now
  // A look at the next instant sets everything else that waiting needs.
  const timer = sleeps ? Math.min(record.wakeAt, record.callback?.notAfter ?? record.wakeAt) : shape.now + 1
  return { ...record, order, state: sleeps ? 'sleeping' : 'waiting', agent: null, timer, lined: !sleeps }
}

function agentAsDecided(
  said: DecidedAgent,
  works: readonly WorkRecord[],
  before: AgentRecord | undefined,
  now: InstantMs,
  nextSeq: () => number,
): AgentRecord {
  const { id, state, reason, since, until } = said
  const own = before ?? recordOfAgent(new Agent(id, nextSeq(), since))
  const inHand = works.filter(work => work.agent === id)
  const call = inHand.find(work => work.state === 'connected' && mediumOf(work.kind) === 'call')
  const offered = inHand.find(work => work.state === 'offered')
  const place = (work: WorkRecord) => (own.written.includes(work.id) ? own.written.indexOf(work.id) : own.written.length)
  const written = inHand
    .filter(work => work.state === 'connected' && work !== call)
    .toSorted((a, b) => place(a) - place(b) || a.since - b.since)
  const rests = own.phase === 'rest' || own.phase === 'written-rest'
  const duty =
    state === 'signed-out' || state === 'paused' || state === 'available'
      ? state
      : // What was said while a call goes on holds for afterwards.
        own.duty === 'paused' || (own.duty === 'signed-out' && before !== undefined && state === 'in-conversation')
        ? own.duty
        : 'available'
  const phase = state === 'wrap-up' ? 'wrap-up' : rests && (state === 'available' || state === 'paused') ? own.phase : 'ready'
  const timer = phase === 'wrap-up' ? (until ?? now) : phase === 'ready' ? null : (own.timer ?? now)
  return {
    ...own,
    duty,
    pauseReason: duty === 'paused' ? (state === 'paused' ? reason : own.pauseReason) : null,
    reachable: said.reachable ?? own.reachable,
    phase,
    timer,
    written: written.map(work => work.id),
    told: { state, reason: state === 'paused' ? reason : null, work: call?.id ?? offered?.id ?? null, since },
  }
}
