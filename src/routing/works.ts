/**
 * The life of a work: queued, offered, connected, gone.
 */
import { enforce, enter, helpersDue } from './limits.ts'
import {
  callHelper,
  dismiss,
  endIfOver,
  giveUpPromise,
  hopeful,
  leaveQueues,
  lineUp,
  matchAgent,
  sit,
  unseat,
  withdraw,
} from './matching.ts'
import type { RoutingEvent, WorkQueued } from './model.ts'
import { expectedWaitMs, noteStart } from './pace.ts'
import { type Agent, agentNamed, mediumOf, type Promised, type State, setTimer, WorkItem } from './state.ts'
import { announcePosition, watch } from './watch.ts'

type Event<T extends RoutingEvent['type']> = Extract<RoutingEvent, { type: T }>

export function applyWorkQueued(state: State, event: WorkQueued): void {
  const section = state.sections.get(event.section)
  const known = state.works.get(event.work)
  const back = known !== undefined && isGivenBack(known, event) ? known.agent : null
  const left = known === undefined ? null : leaveEverything(state, known, event.preferred?.resume === true)
  if (back !== null && back.phase === 'ready') rest(state, back, 'written-rest', known?.lane.section.settings.restMs ?? 0)
  if (section === undefined || !section.configured) {
    dismiss(state, event.work, 'unknown-section')
  } else {
    const lane = section.lanes[mediumOf(event.kind)]
    const work = known ?? new WorkItem(event.work, state.nextSeq++, lane)
    state.works.set(work.id, work)
    work.kind = event.kind
    work.lane = lane
    work.priority = event.priority
    work.since = Math.min(event.waitingSince, state.now)
    // Only a conversation can break: written work never goes before a call.
    work.broken = lane.medium === 'call' && event.preferred?.resume === true
    work.callback = event.callback ?? null
    work.wakeAt = event.callback?.notBefore ?? 0
    work.dialled = 0
    work.announcedPosition = 0
    work.proposed = false
    work.visited = []
    work.enteredAt = state.now
    promise(state, work, event)
    start(state, work)
  }
  if (left !== null) matchAgent(state, left)
}

export function applyWorkGone(state: State, id: string): void {
  const work = state.works.get(id)
  if (work === undefined) return
  const left = leaveEverything(state, work, false, 'work-gone')
  state.works.delete(id)
  if (left !== null) matchAgent(state, left)
}

export function applyOfferAccepted(state: State, event: Event<'offer.accepted'>): void {
  const agent = state.agents.get(event.agent)
  const work = agent?.offered
  if (agent === undefined || !work || work.offer !== event.offer) {
    state.commands.push({ type: 'reject', offer: event.offer, agent: event.agent, reason: 'late' })
    return
  }
  accept(state, agent, work)
}

/** Written work is in an agent's hands, however it came there. What is not known here was never in a line. */
export function applyWorkTaken(state: State, event: Event<'work.taken'>): void {
  const work = state.works.get(event.work)
  if (work === undefined || work.lane.medium === 'call') return
  const agent = agentNamed(state, event.agent)
  if (work.agent === agent && work.state === 'connected') return
  if (work.agent === agent) {
    accept(state, agent, work)
    return
  }
  const left = leaveEverything(state, work, false, 'taken')
  join(state, agent, work)
  if (agent.call !== null || agent.phase === 'wrap-up') state.commands.push({ type: 'suspend', work: work.id, agent: agent.id })
  if (left !== null) matchAgent(state, left)
}

function accept(state: State, agent: Agent, work: WorkItem): void {
  work.timer.leave()
  agent.offered = null
  agent.unanswered = 0
  agent.failed = 0
  state.commands.push({ type: 'connect', offer: work.offer, work: work.id, agent: agent.id })
  join(state, agent, work)
}

/** A work that stands nowhere is the agent's from now on. */
function join(state: State, agent: Agent, work: WorkItem): void {
  work.state = 'connected'
  work.agent = agent
  noteStart(work.lane.pace, state.now, work.lane.line.size)
  if (work.promised !== null) {
    const outcome = work.promised.agents.includes(agent.id) ? 'honoured' : 'given-up'
    state.commands.push({ type: 'continuity', work: work.id, outcome, agents: work.promised.agents })
    work.promised = null
  }
  if (work.lane.medium === 'call') {
    agent.call = work
    for (const written of agent.written) state.commands.push({ type: 'suspend', work: written.id, agent: agent.id })
  } else {
    agent.written.push(work)
    // Who was just given something stands behind those who were not, so that written work is shared out.
    agent.idleSince = state.now
    unseat(agent)
  }
  matchAgent(state, agent)
}

/** The agent refused, or could not be rung, or did not answer in time. */
export function offerMissed(state: State, agent: Agent, work: WorkItem, how: 'declined' | 'failed' | 'no-answer'): void {
  const { restMs, unansweredLimit, failedLimit } = work.lane.section.settings
  withdraw(state, work, how)
  if (work.promised?.agents.includes(agent.id)) giveUpPromise(state, work)
  if (how === 'no-answer') agent.unanswered++
  if (how === 'failed') agent.failed++
  // Who lets a call go by does not stand first for the next one.
  agent.idleSince = state.now
  // The seat goes by idleness: who keeps it (for calls, after written work) takes it anew.
  unseat(agent)
  if ((how === 'no-answer' && agent.unanswered >= unansweredLimit) || (how === 'failed' && agent.failed >= failedLimit)) {
    agent.duty = 'paused'
    agent.pauseReason = how
    releasePromises(state, agent)
  } else rest(state, agent, work.lane.medium === 'call' ? 'rest' : 'written-rest', restMs)
  lineUp(state, work)
  matchAgent(state, agent)
}

function rest(state: State, agent: Agent, phase: 'rest' | 'written-rest', restMs: number): void {
  if (restMs <= 0) return
  agent.phase = phase
  setTimer(state, agent, state.now + restMs)
  sit(agent)
}

/** Who has written work in hand puts it back into the same line, for anybody. */
function isGivenBack(work: WorkItem, event: WorkQueued): boolean {
  const inHand = work.state === 'connected' && work.lane.medium !== 'call'
  return inHand && work.lane.section.id === event.section && event.preferred === undefined
}

export function applyOfferRefused(state: State, event: Event<'offer.declined' | 'offer.failed'>): void {
  const agent = state.agents.get(event.agent)
  const work = agent?.offered
  if (agent === undefined || !work || work.offer !== event.offer) return
  offerMissed(state, agent, work, event.type === 'offer.declined' ? 'declined' : 'failed')
}

export function applyConversationEnded(state: State, event: Event<'conversation.ended'>): void {
  const work = connectedWork(state, event)
  if (work === null) return
  const agent = disconnect(state, work, true)
  state.works.delete(work.id)
  if (agent !== null) matchAgent(state, agent)
}

export function applyCallbackUnanswered(state: State, event: Event<'callback.unanswered'>): void {
  const work = connectedWork(state, event)
  const terms = work?.callback
  if (!work || !terms) return
  const agent = disconnect(state, work, false)
  work.dialled++
  if (work.dialled >= terms.maxAttempts) dismiss(state, work.id, 'callback-given-up')
  else {
    work.wakeAt = state.now + Math.max(1, terms.retryMs)
    start(state, work)
  }
  if (agent !== null) matchAgent(state, agent)
}

/** A work's timer is due. A look sets it anew; everything else has no timer until something sets one. */
export function workDue(state: State, work: WorkItem): void {
  if (work.state !== 'waiting') work.timer.leave()
  if (work.state === 'offered' && work.agent !== null) offerMissed(state, work.agent, work, 'no-answer')
  else if (work.state === 'sleeping') start(state, work)
  else look(state, work)
}

/** Looks at a waiting work: what has become due about it? */
function look(state: State, work: WorkItem): void {
  if (endIfOver(state, work)) return
  if (work.promised !== null && state.now >= work.promised.until) {
    leaveQueues(work)
    giveUpPromise(state, work)
    lineUp(state, work)
  } else if (!enforce(state, work)) {
    callHelpers(state, work)
    if (work.state !== 'waiting') return
    announcePosition(state, work)
    watch(state, work)
  }
}

function callHelpers(state: State, work: WorkItem): void {
  const due = helpersDue(work, state.now)
  while (work.helped < due && work.state === 'waiting') {
    const helper = work.lane.section.settings.helpers[work.helped++]
    const lane = state.sections.get(helper?.section ?? '')?.lanes[work.lane.medium]
    if (lane !== undefined && lane !== work.lane) callHelper(state, work, lane)
  }
}

/** Works that waited only for this agent wait for anybody now. */
export function releasePromises(state: State, agent: Agent): void {
  const waiting = [...agent.promised.call.owners(), ...agent.promised.mail.owners(), ...agent.promised.ticket.owners()]
  waiting.sort((a, b) => a.order - b.order || a.seq - b.seq)
  for (const work of waiting) {
    if (work.promised === null || hopeful(state, work, work.promised)) continue
    leaveQueues(work)
    giveUpPromise(state, work)
    lineUp(state, work)
  }
}

/** A written work goes back to its place, because its agent left. */
export function putBack(state: State, agent: Agent, work: WorkItem): void {
  state.commands.push({ type: 'released', work: work.id, agent: agent.id, section: work.lane.section.id })
  lineUp(state, work)
}

/** A call, and the wrap-up after it, are over: written work goes on. */
export function resumeWritten(state: State, agent: Agent): void {
  for (const work of agent.written) state.commands.push({ type: 'resume', work: work.id, agent: agent.id })
}

/** Lines the work up, or lets a callback sleep until it may be dialled. */
function start(state: State, work: WorkItem): void {
  if (endIfOver(state, work)) return
  if (work.wakeAt > state.now) {
    work.state = 'sleeping'
    work.agent = null
    setTimer(state, work, Math.min(work.wakeAt, work.callback?.notAfter ?? work.wakeAt))
  } else enter(state, work)
}

/** Notes whom the work asks for, if there is hope, and whether it waits for them alone. */
function promise(state: State, work: WorkItem, event: WorkQueued): void {
  work.promised = null
  const asked = event.preferred
  if (asked === undefined || asked.agents.length === 0) return
  const { agents } = asked
  state.commands.push({ type: 'continuity', work: work.id, outcome: 'asked', agents })
  const resume = asked.resume === true
  const { lane } = work
  const expected = expectedWaitMs(lane.pace, lane.line.size, lane.signedIn, lane.section.settings.handlingMs)
  // Where the wait is long anyway, nobody's turn is passed over for the sake of a preference.
  const crowded = expected !== null && expected > asked.boundMs * state.domain.continuityWorseFactor
  const promised: Promised = { agents, until: state.now + asked.boundMs, resume, exclusive: resume || !crowded }
  work.promised = promised
  if (!hopeful(state, work, promised)) giveUpPromise(state, work)
}

/** Takes the work out of line, offer or conversation; answers the agent who is to be settled. */
function leaveEverything(
  state: State,
  work: WorkItem,
  broken: boolean,
  reason: 'work-gone' | 'requeued' | 'taken' = 'requeued',
): Agent | null {
  if (work.state === 'offered') return withdraw(state, work, reason)
  if (work.state === 'connected') return disconnect(state, work, !broken)
  leaveQueues(work)
  return null
}

/** Ends a conversation for its agent. */
function disconnect(state: State, work: WorkItem, wrapUp: boolean): Agent | null {
  const agent = work.agent
  work.agent = null
  work.state = 'waiting'
  if (agent === null) return null
  if (agent.call !== work) {
    agent.written = agent.written.filter(other => other !== work)
    return agent
  }
  agent.call = null
  const { wrapUpMs } = work.lane.section.settings
  if (wrapUp && wrapUpMs > 0 && agent.duty !== 'signed-out') {
    agent.phase = 'wrap-up'
    setTimer(state, agent, state.now + wrapUpMs)
  } else {
    agent.idleSince = state.now
    resumeWritten(state, agent)
  }
  return agent
}

function connectedWork(state: State, event: { work: string; agent: string }): WorkItem | null {
  const work = state.works.get(event.work)
  return work !== undefined && work.state === 'connected' && work.agent?.id === event.agent ? work : null
}
