/**
 * The board: the queue and the states of agents as rows, kept by what the engine was told and answered. The leader holds it in memory and
 * writes what changed in the transaction of the step, so the tables `queued_call` and `agent_status` are never ahead of it nor behind.
 */
import type { Command, InstantMs, RoutingEvent } from '../../routing/index.ts'
import type { AgentStatusTable, QueuedCallTable } from '../tables.ts'
import { isWritten } from './written.ts'

export interface Board {
  readonly calls: Map<string, QueuedCallTable>
  readonly agents: Map<string, AgentStatusTable>
  /** What is to be written: calls and agents whose rows changed since the last time. */
  readonly changedCalls: Set<string>
  readonly changedAgents: Set<string>
}

export function newBoard(calls: readonly QueuedCallTable[], agents: readonly AgentStatusTable[]): Board {
  return {
    calls: new Map(calls.map(row => [row.call_id, row])),
    agents: new Map(agents.map(row => [row.person_id, row])),
    changedCalls: new Set(),
    changedAgents: new Set(),
  }
}

/** Puts on the board what the engine is told at a step, before its commands. */
export function putEvent(board: Board, event: RoutingEvent, now: InstantMs, step: number): void {
  if (event.type === 'callback.unanswered' && board.calls.get(event.work)?.state === 'connected')
    change(board, event.work, { state: 'waiting', position: null, ahead: null })
  if (event.type === 'work.taken' && board.calls.get(event.work)?.agent_id !== event.agent && written(board, event.work))
    change(board, event.work, { state: 'connected', ...nobody })
  if (event.type !== 'work.queued') return
  put(board, {
    call_id: event.work,
    section_id: event.section,
    kind: event.kind,
    state: 'waiting',
    priority: event.priority,
    waiting_since: new Date(Math.min(event.waitingSince, now)),
    entered_at: new Date(now),
    position: null,
    ahead: null,
    expected_wait_ms: null,
    told_at: null,
    case_id: event.caseId ?? null,
    ...nobody,
    came: step,
  })
}

/** Puts a command on the board. */
export function putCommand(board: Board, command: Command, now: InstantMs): void {
  switch (command.type) {
    case 'offer':
      if (written(board, command.work)) {
        const { agent, offer, until } = command
        change(board, command.work, { state: 'offered', agent_id: agent, offer, until: new Date(until) })
      } else change(board, command.work, { state: 'offered' })
      noteOffer(board, command)
      break
    case 'withdraw':
    case 'released':
      change(board, command.work, { state: 'waiting', ...nobody })
      break
    case 'suspend':
      change(board, command.work, { state: 'suspended', agent_id: command.agent })
      break
    case 'resume':
      change(board, command.work, { state: 'connected' })
      break
    case 'connect':
      // It stays where everybody can see who has it.
      if (written(board, command.work)) break
      // The number is dialled only now: if nobody is reached, the callback is in line again.
      if (board.calls.get(command.work)?.kind === 'callback') change(board, command.work, { state: 'connected' })
      else remove(board, command.work)
      break
    case 'dismiss':
    case 'divert':
      remove(board, command.work)
      break
    case 'announce':
      change(board, command.work, {
        position: command.position,
        ahead: command.ahead,
        expected_wait_ms: command.expectedWaitMs,
        told_at: new Date(now),
      })
      break
    case 'moved':
      change(board, command.work, { section_id: command.to, entered_at: new Date(now), position: null, ahead: null })
      break
    case 'agent.state':
      putAgent(board, command)
      break
    default:
      break
  }
}

/** Takes off the board who left, after the commands of the event, and notes who has taken written work. */
export function endEvent(board: Board, event: RoutingEvent): void {
  if (event.type === 'work.taken' && written(board, event.work)) {
    const interrupted = board.calls.get(event.work)?.state === 'suspended'
    change(board, event.work, { ...nobody, state: interrupted ? 'suspended' : 'connected', agent_id: event.agent })
  }
  if (event.type === 'work.gone' || event.type === 'conversation.ended') remove(board, event.work)
}

const nobody = { agent_id: null, offer: null, until: null } as const

const written = (board: Board, work: string): boolean => isWritten(board.calls.get(work))

function put(board: Board, row: QueuedCallTable): void {
  board.calls.set(row.call_id, row)
  board.changedCalls.add(row.call_id)
}

function change(board: Board, call: string, values: Partial<QueuedCallTable>): void {
  const row = board.calls.get(call)
  if (row !== undefined) put(board, { ...row, ...values })
}

function remove(board: Board, call: string): void {
  if (board.calls.delete(call)) board.changedCalls.add(call)
}

/**
 * The agent's state follows as a command of its own, but only when it changes: to somebody to whom the same work is offered anew (it came into
 * the line again, perhaps as another kind of work) nothing more is said.
 */
function noteOffer(board: Board, { agent, work, offer, until }: Extract<Command, { type: 'offer' }>): void {
  const row = board.agents.get(agent)
  const unknown = { person_id: agent, reason: null, since: new Date(0) } as const
  const call = written(board, work) ? { call_id: null, offer: null } : { call_id: work, offer }
  board.agents.set(agent, { ...(row ?? unknown), state: 'offered', until: new Date(until), ...call })
  board.changedAgents.add(agent)
}

function putAgent(board: Board, { agent, state, reason, since, until, work }: Extract<Command, { type: 'agent.state' }>): void {
  const busy = state === 'offered' || state === 'in-conversation'
  const isCall = work !== null && !written(board, work)
  board.agents.set(agent, {
    person_id: agent,
    state,
    reason,
    since: new Date(since),
    until: until === null ? null : new Date(until),
    call_id: isCall ? work : null,
    offer: busy && isCall ? (board.agents.get(agent)?.offer ?? null) : null,
  })
  board.changedAgents.add(agent)
}
