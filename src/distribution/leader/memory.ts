/**
 * What the leader has in memory: the engine, the board, how far the journal has been read, and the steps that are not written yet.
 * It can be thrown away at any moment: the last snapshot and the steps after it give it back.
 */
import { isDeepStrictEqual } from 'node:util'
import { Counter } from 'prom-client'
import { beginning, type CheckedEntry, type Position, registry } from '../../platform/index.ts'
import {
  asDecided,
  createEngine,
  type Decided,
  type Engine,
  type EngineSnapshot,
  engineVersion,
  isKnownFact,
  type RoutingEvent,
  restoreEngine,
} from '../../routing/index.ts'
import type { AgentStatusTable, QueuedCallTable } from '../tables.ts'
import { type Board, endEvent, newBoard, putCommand, putEvent } from './board.ts'
import type { KeptSnapshot, LeaderStep, Ledger, Rows } from './ledger.ts'
import { type EngineConfiguration, toldOf } from './settings.ts'
import { entryOfCommand } from './translate.ts'

/** Steps that nobody has to hear of may wait in memory for those that somebody has; but not more than so many. */
const mostUnsaid = 200
const stepsOfRead = 5_000

export interface Memory {
  readonly epoch: number
  readonly engine: Engine
  /** Of the engine, for the steps that it decides. */
  readonly engineVersion: number
  readonly board: Board
  readonly told: EngineConfiguration
  /** The last step; the last that is written. */
  seq: number
  savedSeq: number
  snapshotSeq: number
  /** What was rebuilt is not what the steps say: the next save keeps the state whole, for whoever rebuilds after it. */
  keepsWhole: boolean
  position: Position
  /** Facts that the steps have taken already and that the journal tells once more, because the place of the last save cannot be read. */
  readonly again: Again
  steps: LeaderStep[]
  entries: CheckedEntry[]
}

/** Where engines come from: the real ones, except in a night that wants to know whether it would notice a broken one. */
export interface Engines {
  readonly version: number
  readonly create: () => Engine
  readonly restore: (snapshot: EngineSnapshot) => Engine
}

export const engines: Engines = { version: engineVersion, create: createEngine, restore: restoreEngine }

/** Why a state could not be rebuilt by replaying alone. */
export interface Doubt {
  readonly kind:
    | 'other-version'
    | 'decided-otherwise'
    | 'unknown-fact'
    | 'step-missing'
    | 'step-damaged'
    | 'snapshot-damaged'
    | 'breaks-off'
    | 'board-differs'
    | 'place-unreadable'
  /** Where; the step that came last when it is about a snapshot. */
  readonly seq: number
  readonly reason: string
}

interface Rebuilt {
  readonly engine: Engine
  readonly epoch: number
  readonly seq: number
  readonly snapshotSeq: number
  readonly position: Position
  readonly again: Again
  readonly board: { calls: QueuedCallTable[]; agents: AgentStatusTable[] }
  readonly doubts: readonly Doubt[]
}

/**
 * The engine as the rows say it is: for the leader, and for whoever wants to ask it something.
 *
 * The newest snapshot that can be restored, and the steps after it. What another version of the engine decided is replayed too, because it
 * mostly decides the same. Where a step gives other commands or cannot be replayed, or the end is not what the board says, the snapshot may be wrong:
 * the one before and all steps after it are tried. Where doubts are left, what was decided is taken from the board, which was written with the
 * steps: see `asDecided`. So there are no rows from which nothing can be rebuilt.
 */
export async function readEngine(rows: Rows, made: Engines = engines, brokeOff: string | null = null): Promise<Rebuilt> {
  const row = await rows.domain()
  const board = await rows.board()
  const doubts: Doubt[] = []
  const upTo = { seq: row?.seq ?? 0, board }
  const begun = await begin(rows, made, doubts, null)
  const { snapshotSeq } = begun
  const end = await replayAll(rows, made, begun, doubts, upTo)
  const { seq } = end
  // A snapshot that is another's is told from an engine that decides otherwise by the board alone.
  const mayBeOfSnapshot = brokeOff === null && doubts.length > 0 && end.differences > 0
  const earlier = mayBeOfSnapshot ? await replayEarlier(rows, made, snapshotSeq, upTo) : null
  if (brokeOff !== null) doubts.push({ kind: 'breaks-off', seq, reason: brokeOff })
  const best = earlier !== null && isNearer(earlier, { begun, end, doubts }) ? earlier : { begun, end, doubts }
  const known = brokeOff !== null ? null : best.end.damaged ? best.begun.state : best.end.engine.snapshot()
  const engine = best.doubts.length === 0 ? best.end.engine : made.restore(asDecided(known, await decidedBy(rows, board, seq)))
  const { positionSeq = seq } = row ?? {}
  const again = await factsAfter(rows, positionSeq, seq)
  // The state is right all the same: only the reading begins earlier.
  if (row !== undefined && !row.isPlaceRead)
    doubts.push({ kind: 'place-unreadable', seq, reason: `the journal is read again from step ${positionSeq}` })
  return { engine, epoch: row?.epoch ?? 0, seq, snapshotSeq, position: row?.position ?? beginning, again, board, doubts }
}

/**
 * What a rebuilt state says otherwise than the board, which was written with the steps. So a snapshot that can be restored, but is another's, is
 * found also where no step after it is decided otherwise: else whoever waits and is not in it would never be offered.
 */
function differencesFrom({ calls, agents }: Rebuilt['board'], state: EngineSnapshot): string[] {
  const wrong: string[] = []
  const isCall = new Set(state.works.flatMap(({ id, kind }) => (kind === 'call' || kind === 'callback' ? [id] : [])))
  // A call in conversation is known by its agent.
  const known = new Map(
    state.works.flatMap(work => (work.kind === 'call' && work.state === 'connected' ? [] : [[work.id, work] as const])),
  )
  for (const { call_id: id, state: is, section_id, kind } of calls) {
    const work = known.get(id)
    const said = work?.state === 'sleeping' ? 'waiting' : work?.state
    if (
      work === undefined ||
      said !== (is === 'suspended' ? 'connected' : is) ||
      work.section !== section_id ||
      work.kind !== kind
    )
      wrong.push(`${id} is ${is} in ${section_id} on the board, and ${said ?? 'nothing'} in ${work?.section} in the state`)
    known.delete(id)
  }
  for (const { id, state: is } of known.values()) wrong.push(`${id} is ${is} in the state, and not on the board`)
  const rows = new Map(agents.map(row => [row.person_id, row]))
  for (const { id, told } of state.agents) {
    const row = rows.get(id)
    const call = told.work !== null && isCall.has(told.work) ? told.work : null
    if ((row?.state ?? 'signed-out') !== told.state || (row?.call_id ?? null) !== call)
      wrong.push(
        `${id} is ${row?.state ?? 'signed-out'} with ${row?.call_id} on the board, and ${told.state} with ${call} in the state`,
      )
    rows.delete(id)
  }
  for (const { person_id: id, state: is } of rows.values())
    if (is !== 'signed-out') wrong.push(`${id} is ${is} on the board, and not in the state`)
  return wrong
}

/** How often each fact is to be passed over, by its text. */
export type Again = Map<string, number>

const textOf = (fact: RoutingEvent): string => JSON.stringify(fact)

/** What the steps from one to another were told. */
async function factsAfter(rows: Rows, from: number, to: number): Promise<Again> {
  const again: Again = new Map()
  for (let seq = from; seq < to; ) {
    const steps = await rows.stepsAfter(seq, stepsOfRead)
    for (const { input } of steps) again.set(textOf(input), (again.get(textOf(input)) ?? 0) + 1)
    seq = steps.length < stepsOfRead ? to : (steps.at(-1)?.seq ?? to)
  }
  return again
}

/** Whether a fact has been taken before the memory was built; each is passed over as often as it was taken. */
export function wasTaken({ again }: Memory, fact: RoutingEvent): boolean {
  if (again.size === 0) return false
  const text = textOf(fact)
  const times = again.get(text) ?? 0
  if (times > 1) again.set(text, times - 1)
  else again.delete(text)
  return times > 0
}

interface Begun {
  readonly engine: Engine
  readonly snapshotSeq: number
  readonly state: EngineSnapshot | null
}

/** How far what was replayed is from the board, and then from the steps: of two beginnings the nearer one is gone by. */
const isNearer = (one: Replayed, other: Replayed): boolean =>
  one.end.differences === other.end.differences
    ? one.doubts.length < other.doubts.length
    : one.end.differences < other.end.differences

interface Replayed {
  readonly begun: Begun
  readonly end: { readonly engine: Engine; readonly damaged: boolean; readonly differences: number }
  readonly doubts: readonly Doubt[]
}

/** The same from the snapshot before, and all steps after it. */
async function replayEarlier(rows: Rows, made: Engines, snapshotSeq: number, upTo: Written): Promise<Replayed> {
  const doubts: Doubt[] = []
  const begun = await begin(rows, made, doubts, snapshotSeq)
  return { begun, end: await replayAll(rows, made, begun, doubts, upTo), doubts }
}

/** From the newest snapshot that can be restored, or the newest before another; from nothing when there is none. */
async function begin(rows: Rows, made: Engines, doubts: Doubt[], before: number | null): Promise<Begun> {
  for (;;) {
    const kept: KeptSnapshot | undefined = await rows.snapshot(before)
    if (kept === undefined) return { engine: made.create(), snapshotSeq: 0, state: null }
    try {
      return { engine: made.restore(kept.state), snapshotSeq: kept.seq, state: kept.state }
    } catch (error) {
      doubts.push({ kind: 'snapshot-damaged', seq: kept.seq, reason: String(error) })
      before = kept.seq
    }
  }
}

/** What was written last: the step, and the board. */
interface Written {
  readonly seq: number
  readonly board: Rebuilt['board']
}

/**
 * Replays the steps after the snapshot, as far as it goes, and holds the end against the board. `damaged`: the engine broke off in the middle of a
 * fact, and is of no use.
 */
async function replayAll(
  rows: Rows,
  made: Engines,
  { engine, snapshotSeq }: Begun,
  doubts: Doubt[],
  upTo: Written,
): Promise<{ engine: Engine; seq: number; damaged: boolean; differences: number }> {
  let seq = snapshotSeq
  let damaged = false
  for (;;) {
    const steps = await rows.stepsAfter(seq, stepsOfRead)
    for (const step of steps) {
      if (step.seq !== seq + 1) doubts.push({ kind: 'step-missing', seq: step.seq, reason: `the step before it is ${seq}` })
      seq = step.seq
      if (damaged) continue
      const doubt = replay(engine, step, made.version)
      if (doubt === null) continue
      doubts.push(doubt)
      damaged = doubt.kind === 'step-damaged'
    }
    if (steps.length < stepsOfRead) break
  }
  const last = Math.max(upTo.seq, seq)
  if (seq < last) doubts.push({ kind: 'step-missing', seq: last, reason: `the steps end at ${seq}` })
  const differences = damaged ? [] : differencesFrom(upTo.board, engine.snapshot())
  const [differs] = differences
  if (doubts.length === 0 && differs !== undefined) doubts.push({ kind: 'board-differs', seq: last, reason: differs })
  return { engine, seq: last, damaged, differences: damaged ? Number.POSITIVE_INFINITY : differences.length }
}

/** Replays one step. Returns what is wrong with it. */
function replay(engine: Engine, { seq, engine: version, input, at, commands }: LeaderStep, own: number): Doubt | null {
  try {
    if (!isKnownFact(input))
      return { kind: 'unknown-fact', seq, reason: `version ${version} of the engine was told a fact that this one does not know` }
    const again: unknown = JSON.parse(JSON.stringify(engine.apply(input, at)))
    if (isDeepStrictEqual(again, commands)) return null
  } catch (error) {
    return { kind: 'step-damaged', seq, reason: String(error) }
  }
  return version === own
    ? {
        kind: 'decided-otherwise',
        seq,
        reason: `replayed by the same version ${own} of the engine, it gives other commands than it gave`,
      }
    : { kind: 'other-version', seq, reason: `version ${version} of the engine decided otherwise than version ${own} does` }
}

/** What was decided, as the rows beside the steps tell it. */
async function decidedBy(rows: Rows, { calls, agents }: Rebuilt['board'], seq: number): Promise<Decided> {
  const reachable = await rows.reachable()
  const journal = await rows.journalOf([
    ...calls.filter(({ kind }) => kind === 'callback').map(row => row.call_id),
    ...agents.flatMap(({ state, call_id }) => (state === 'in-conversation' && call_id !== null ? [call_id] : [])),
  ])
  const times = [...calls.map(row => row.entered_at), ...agents.map(row => row.since)].map(at => at.getTime())
  return {
    now: times.reduce((latest, at) => Math.max(latest, at), 0),
    agents: agents.map(row => ({
      id: row.person_id,
      state: row.state,
      reason: row.reason,
      since: row.since.getTime(),
      until: row.until?.getTime() ?? null,
      call: row.call_id,
      offer: row.offer,
      section: (row.call_id === null ? undefined : journal.get(row.call_id)?.section) ?? null,
      reachable: reachable.get(row.person_id) ?? null,
    })),
    works: calls.map(row => ({
      id: row.call_id,
      kind: row.kind,
      section: row.section_id,
      state: row.state,
      priority: row.priority,
      since: row.waiting_since.getTime(),
      enteredAt: row.entered_at.getTime(),
      position: row.position,
      toldAt: row.told_at?.getTime() ?? null,
      agent: row.agent_id,
      offer: row.offer,
      until: row.until?.getTime() ?? null,
      callback: journal.get(row.call_id)?.callback ?? null,
      came: row.came,
    })),
    // A step names one work and one agent at most.
    numbersFrom: 2 * seq + 1,
  }
}

const doubtsMet = new Counter({
  name: 'filo_router_rebuild_doubts_total',
  help: 'Steps and snapshots that could not be replayed as they stand when the router began to lead',
  labelNames: ['kind'] as const,
  registers: [registry],
})

/**
 * Builds the memory from the rows, all as of one instant.
 * @param brokeOff why the state of the steps is of no use though it can be rebuilt: then only what was decided counts
 */
export function rebuild(
  ledger: Ledger,
  made: Engines = engines,
  brokeOff: string | null = null,
): Promise<{ memory: Memory; doubts: readonly Doubt[] }> {
  return ledger.read(async rows => {
    const { engine, epoch, seq, snapshotSeq, position, again, board, doubts } = await readEngine(rows, made, brokeOff)
    for (const { kind } of doubts) doubtsMet.inc({ kind })
    const told = toldOf(engine)
    // Told everything anew, the engine brings together who waits and who is free.
    if (doubts.length > 0) told.sections.clear()
    const memory = {
      epoch,
      engine,
      engineVersion: made.version,
      board: newBoard(board.calls, board.agents),
      told,
      seq,
      savedSeq: seq,
      snapshotSeq,
      keepsWhole: doubts.length > 0,
      position,
      again,
      steps: [],
      entries: [],
    }
    return { memory, doubts }
  })
}

/** Tells the engine a fact and notes what it answered. Nothing is written yet. */
export function takeStep(memory: Memory, input: RoutingEvent, at: number): void {
  const { board, told } = memory
  const commands = memory.engine.apply(input, at)
  const seq = ++memory.seq
  putEvent(board, input, at, seq)
  for (const command of commands) {
    const entry = entryOfCommand(command, at, board, told)
    if (entry !== null) memory.entries.push(entry)
    putCommand(board, command, at)
  }
  endEvent(board, input)
  memory.steps.push({ seq, engine: memory.engineVersion, at, input, commands })
}

/** Whether there is something that others have to see. The rest is not lost: it is done again if this leader dies before. */
export function isDue({ steps, entries, board, keepsWhole }: Memory): boolean {
  return (
    keepsWhole || entries.length > 0 || board.changedCalls.size > 0 || board.changedAgents.size > 0 || steps.length >= mostUnsaid
  )
}

/**
 * Writes what has been noted, in one transaction: place in the journal, steps, entries, board; and the state whole, when asked to.
 * After an error the memory is to be thrown away: whether the transaction happened, only the rows can tell.
 * @throws Superseded when another leader has been elected.
 */
export async function save(ledger: Ledger, memory: Memory, now: Date, withSnapshot: boolean): Promise<void> {
  const { epoch, board, steps, entries, seq, position } = memory
  const snapshot = withSnapshot || memory.keepsWhole ? memory.engine.snapshot() : null
  await ledger.save({ epoch, from: memory.savedSeq, to: seq, position, steps, entries, board, snapshot, now })
  memory.savedSeq = seq
  if (snapshot !== null) {
    memory.snapshotSeq = seq
    memory.keepsWhole = false
  }
  memory.steps = []
  memory.entries = []
  board.changedCalls.clear()
  board.changedAgents.clear()
}
