/**
 * The meeting of works and agents.
 *
 * Two moves, and after each event no other is possible: a work that is ready takes the best free agent (`lineUp`), an agent who
 * is free takes the first work (`settle`). Whoever finds nobody takes a seat in the heaps, where the other side will look.
 */
import { goesBefore, HeapEntry } from './heap.ts'
import type { Command, Level, OfferReason, WithdrawReason } from './model.ts'
import { noteEmpty } from './pace.ts'
import {
  type Agent,
  announceState,
  canTake,
  type Lane,
  levelIn,
  orderOf,
  type Promised,
  type Seat,
  type State,
  seatKey,
  setTimer,
  type WorkItem,
} from './state.ts'
import { announcePosition, watch } from './watch.ts'

/** An agent for a work, or a work for an agent, and how they came together. */
interface Match {
  agent: Agent
  work: WorkItem
  /** The lane through which; null when the agent is named and does not serve the section. */
  through: Lane
  level: Level | null
  named: boolean
}

/** A work that is with nobody: offered at once if an agent is free for it, else it stands in line at its own place. */
export function lineUp(state: State, work: WorkItem): void {
  if (endIfOver(state, work)) return
  work.state = 'waiting'
  work.agent = null
  work.order = orderOf(work, state.domain)
  // Whoever was named may have left, and the bound may have passed, while the work slept or was offered.
  if (work.promised !== null && !hopeful(state, work, work.promised)) giveUpPromise(state, work)
  const match = agentFor(state, work)
  if (match !== null) makeOffer(state, match, 'work')
  else {
    stand(state, work)
    watch(state, work)
    announcePosition(state, work)
  }
}

/**
 * Hands a callback back whose hours are over; answers whether they were. Asked before each offer: a fact may come in after the end of the
 * hours and before the look that would have noticed it.
 */
export function endIfOver(state: State, work: WorkItem): boolean {
  if (work.callback === null || state.now < work.callback.notAfter) return false
  leaveQueues(work)
  dismiss(state, work.id, 'callback-window-over')
  return true
}

/** Hands a work back for good that stands nowhere. */
export function dismiss(state: State, work: string, reason: (Command & { type: 'dismiss' })['reason']): void {
  state.commands.push({ type: 'dismiss', work, reason, message: null })
  state.works.delete(work)
}

/** Puts a work into its line, and where agents look for it. */
export function stand(state: State, work: WorkItem): void {
  work.lane.line.add(work)
  work.lined = true
  if (work.promised !== null) waitFor(state, work, work.promised.agents)
  if (work.promised?.exclusive) return
  work.lane.ready.add(work.ready, work.order)
  if (work.helped > 0) for (const lane of helpingLanes(state, work)) standElsewhere(work, lane.ready, work.order)
}

/** Takes a waiting work out of everything it stands in. */
export function leaveQueues(work: WorkItem): void {
  work.timer.leave()
  if (!work.lined) return
  work.lined = false
  work.lane.line.remove(work)
  if (work.lane.line.size === 0) noteEmpty(work.lane.pace)
  work.ready.leave()
  if (work.elsewhere.length === 0) return
  for (const entry of work.elsewhere) entry.leave()
  work.elsewhere = []
}

/** The next helper may take the waiting work from now on. */
export function callHelper(state: State, work: WorkItem, lane: Lane): void {
  if (work.promised?.exclusive) return
  const seat = lane.free.first?.owner
  if (seat !== undefined) {
    leaveQueues(work)
    makeOffer(state, matchBySeat(work, seat), 'work')
  } else standElsewhere(work, lane.ready, work.order)
}

/** After anything that may have changed what an agent can take: gives the next work, or a seat, or takes the seats away. */
export function matchAgent(state: State, agent: Agent): void {
  for (let match = workFor(agent); match !== null; match = workFor(agent)) {
    if (endIfOver(state, match.work)) continue
    leaveQueues(match.work)
    makeOffer(state, match, 'agent')
    return
  }
  sit(agent)
  announceState(state, agent)
}

/** Gives an agent a seat in each lane of which another work could be taken, and in no other. */
export function sit(agent: Agent): void {
  for (const seat of agent.seats) {
    const { section, medium, free } = seat.lane
    if (!canTake(agent, medium)) seat.entry.leave()
    else if (seat.entry.heap === null) free.add(seat.entry, seatKey(section.settings.choice, seat.level, agent.idleSince))
  }
}

export function unseat(agent: Agent): void {
  for (const seat of agent.seats) seat.entry.leave()
}

/** Ends the open offer of `work` without a conversation. The caller decides what becomes of the two. */
export function withdraw(state: State, work: WorkItem, reason: WithdrawReason): Agent | null {
  const agent = work.agent
  if (work.state !== 'offered' || agent === null) return null
  state.commands.push({ type: 'withdraw', offer: work.offer, work: work.id, agent: agent.id, reason })
  work.timer.leave()
  work.state = 'waiting'
  work.agent = null
  agent.offered = null
  return agent
}

/** Gives the continuity of a waiting or returning work up; the caller lines it up again. */
export function giveUpPromise(state: State, work: WorkItem): void {
  if (work.promised === null) return
  state.commands.push({ type: 'continuity', work: work.id, outcome: 'given-up', agents: work.promised.agents })
  work.promised = null
}

/** May one of the named still come, within the bound? After a broken conversation also somebody who is out of reach for the moment. */
export function hopeful(state: State, work: WorkItem, promised: Promised): boolean {
  if (promised.until <= state.now) return false
  return promised.agents.some(id => {
    const agent = state.agents.get(id)
    if (agent === undefined || agent.duty === 'signed-out' || agent.capacities[work.lane.medium] === 0) return false
    return promised.resume || (agent.duty === 'available' && agent.reachable)
  })
}

/** Lanes of other sections that help with this work by now. */
function helpingLanes(state: State, work: WorkItem): Lane[] {
  const lanes: Lane[] = []
  for (const helper of work.lane.section.settings.helpers.slice(0, work.helped)) {
    const lane = state.sections.get(helper.section)?.lanes[work.lane.medium]
    if (lane !== undefined && lane !== work.lane) lanes.push(lane)
  }
  return lanes
}

function standElsewhere(work: WorkItem, heap: Lane['ready'], key: number): void {
  const entry = new HeapEntry(work, work.seq)
  heap.add(entry, key)
  work.elsewhere = [...work.elsewhere, entry]
}

function waitFor(state: State, work: WorkItem, agents: readonly string[]): void {
  for (const id of agents) {
    const agent = state.agents.get(id)
    if (agent !== undefined)
      standElsewhere(work, agent.promised[work.lane.medium], work.order - state.domain.continuityHeadStartMs)
  }
}

/** The best free agent: a named one, else of the section, else of the first helper that has one. */
function agentFor(state: State, work: WorkItem): Match | null {
  if (work.promised !== null) {
    const named = namedAgentFor(state, work, work.promised.agents)
    if (named !== null) return named
    if (work.promised.exclusive) return null
  }
  const own = work.lane.free.first?.owner
  if (own !== undefined) return matchBySeat(work, own)
  if (work.helped === 0) return null
  for (const lane of helpingLanes(state, work)) {
    const seat = lane.free.first?.owner
    if (seat !== undefined) return matchBySeat(work, seat)
  }
  return null
}

function namedAgentFor(state: State, work: WorkItem, agents: readonly string[]): Match | null {
  let best: Match | null = null
  let bestKey = { key: 0, seq: 0 }
  for (const id of agents) {
    const agent = state.agents.get(id)
    if (agent === undefined || !canTake(agent, work.lane.medium)) continue
    const level = levelIn(agent, work.lane.section)
    const key = { key: seatKey(work.lane.section.settings.choice, level, agent.idleSince), seq: agent.seq }
    if (best === null || goesBefore(key, bestKey)) {
      best = { agent, work, through: work.lane, level, named: true }
      bestKey = key
    }
  }
  return best
}

function matchBySeat(work: WorkItem, seat: Seat): Match {
  const named = work.promised?.agents.includes(seat.agent.id) ?? false
  return { agent: seat.agent, work, through: seat.lane, level: seat.level, named }
}

/** The first work for a free agent: of all the lanes it serves, and of those that wait for it by name. */
function workFor(agent: Agent): Match | null {
  let first: HeapEntry<WorkItem> | undefined
  let seatOfFirst: Seat | null = null
  for (const seat of agent.seats) {
    const candidate = seat.lane.ready.first
    if (candidate === undefined || !canTake(agent, seat.lane.medium)) continue
    if (first === undefined || goesBefore(candidate, first)) {
      first = candidate
      seatOfFirst = seat
    }
  }
  const named = promisedTo(agent)
  if (named !== undefined && (first === undefined || !goesBefore(first, named))) {
    const work = named.owner
    return { agent, work, through: work.lane, level: levelIn(agent, work.lane.section), named: true }
  }
  return first === undefined || seatOfFirst === null ? null : matchBySeat(first.owner, seatOfFirst)
}

function promisedTo(agent: Agent): HeapEntry<WorkItem> | undefined {
  let first: HeapEntry<WorkItem> | undefined
  for (const medium of ['call', 'mail', 'ticket'] as const) {
    const candidate = agent.promised[medium].first
    if (candidate !== undefined && canTake(agent, medium) && (first === undefined || goesBefore(candidate, first)))
      first = candidate
  }
  return first
}

function makeOffer(state: State, match: Match, trigger: OfferReason['trigger']): void {
  const { agent, work, through, level } = match
  const now = state.now
  const seated = agent.seats.some(seat => seat.lane === through && seat.entry.heap !== null)
  const free = through.free.size + (seated ? 0 : 1)
  // Written work that is only offered makes room for a call, and looks for somebody else afterwards.
  const displaced = agent.offered
  if (displaced !== null) withdraw(state, displaced, 'call-first')
  unseat(agent)
  work.state = 'offered'
  work.agent = agent
  work.attempts++
  // The number of the work makes it unique for ever: the same call may come back after its conversation, as a new work.
  work.offer = `${work.id}#${work.seq}.${work.attempts}`
  agent.offered = work
  const until = now + Math.max(1, work.lane.section.settings.offerTimeoutMs)
  setTimer(state, work, until)
  const rule = !match.named ? through.section.settings.choice : work.promised?.resume ? 'resume' : 'continuity'
  const reason: OfferReason = {
    rule,
    trigger,
    waitedMs: now - work.since,
    idleMs: now - agent.idleSince,
    level,
    through: through.section.id,
    waiting: work.lane.line.size + 1,
    free,
  }
  state.commands.push({ type: 'offer', offer: work.offer, work: work.id, agent: agent.id, until, reason })
  sit(agent)
  announceState(state, agent)
  if (displaced !== null) lineUp(state, displaced)
}
