/**
 * What the leader has in memory: the engine, the board, how far the journal has been read, and the steps that are not written yet.
 * It can be thrown away at any moment: the last snapshot and the steps after it give it back.
 */
import { isDeepStrictEqual } from 'node:util'
import { Bug, beginning, type CheckedEntry, type Position } from '../platform/index.ts'
import { createEngine, type Engine, type RoutingEvent, restore, type Snapshot } from '../routing/index.ts'
import { type Board, endEvent, newBoard, putCommand, putEvent } from './board.ts'
import type { Ledger, Rows, Step } from './ledger.ts'
import { type Told, toldOf } from './settings.ts'
import { tell } from './translate.ts'

/** Steps that nobody has to hear of may wait in memory for those that somebody has; but not more than so many. */
const mostUnsaid = 200
const stepsOfRead = 5_000

export interface Memory {
  readonly epoch: number
  readonly engine: Engine
  readonly board: Board
  readonly told: Told
  /** The last step; the last that is written. */
  seq: number
  savedSeq: number
  snapshotSeq: number
  position: Position
  steps: Step[]
  entries: CheckedEntry[]
}

/** Where engines come from: the real ones, except in a night that wants to know whether it would notice a broken one. */
export interface Engines {
  readonly create: () => Engine
  readonly restore: (snapshot: Snapshot) => Engine
}

export const engines: Engines = { create: createEngine, restore }

/** The engine as the rows say it is: for the leader, and for whoever wants to ask it something. */
export async function readEngine(
  rows: Rows,
  { create, restore }: Engines = engines,
): Promise<{ engine: Engine; epoch: number; seq: number; snapshotSeq: number; position: Position }> {
  const row = await rows.domain()
  const snapshot = await rows.lastSnapshot()
  const engine = snapshot ? restore(snapshot.state) : create()
  const snapshotSeq = snapshot?.seq ?? 0
  let seq = snapshotSeq
  for (;;) {
    const steps = await rows.stepsAfter(seq, stepsOfRead)
    for (const step of steps) replay(engine, step)
    seq = steps.at(-1)?.seq ?? seq
    if (steps.length < stepsOfRead) break
  }
  if (seq !== (row?.seq ?? 0)) throw new Bug(`The steps end at ${seq}, the domain stands at ${row?.seq ?? 0}.`)
  return { engine, epoch: row?.epoch ?? 0, seq, snapshotSeq, position: row?.position ?? beginning }
}

function replay(engine: Engine, { seq, input, at, commands }: Step): void {
  const again: unknown = JSON.parse(JSON.stringify(engine.apply(input, at)))
  if (!isDeepStrictEqual(again, commands)) throw new Bug(`Step ${seq}, replayed, gives other commands than it gave.`)
}

/** Builds the memory from the rows, all as of one instant. */
export function rebuild(ledger: Ledger, made: Engines = engines): Promise<Memory> {
  return ledger.read(async rows => {
    const { engine, epoch, seq, snapshotSeq, position } = await readEngine(rows, made)
    const { calls, agents } = await rows.board()
    return {
      epoch,
      engine,
      board: newBoard(calls, agents),
      told: toldOf(engine),
      seq,
      savedSeq: seq,
      snapshotSeq,
      position,
      steps: [],
      entries: [],
    }
  })
}

/** Tells the engine a fact and notes what it answered. Nothing is written yet. */
export function takeStep(memory: Memory, input: RoutingEvent, at: number): void {
  const { board, told } = memory
  const commands = memory.engine.apply(input, at)
  putEvent(board, input, at)
  for (const command of commands) {
    const entry = tell(command, at, board, told)
    if (entry !== null) memory.entries.push(entry)
    putCommand(board, command, at)
  }
  endEvent(board, input)
  memory.steps.push({ seq: ++memory.seq, at, input, commands })
}

/** Whether there is something that others have to see. The rest is not lost: it is done again if this leader dies before. */
export function isDue({ steps, entries, board }: Memory): boolean {
  return entries.length > 0 || board.changedCalls.size > 0 || board.changedAgents.size > 0 || steps.length >= mostUnsaid
}

/**
 * Writes what has been noted, in one transaction: place in the journal, steps, entries, board; and the state whole, when asked to.
 * After an error the memory is to be thrown away: whether the transaction happened, only the rows can tell.
 * @throws Superseded when another leader has been elected.
 */
export async function save(ledger: Ledger, memory: Memory, now: Date, withSnapshot: boolean): Promise<void> {
  const { epoch, board, steps, entries, seq, position } = memory
  const snapshot = withSnapshot ? memory.engine.snapshot() : null
  await ledger.save({ epoch, from: memory.savedSeq, to: seq, position, steps, entries, board, snapshot, now })
  memory.savedSeq = seq
  if (snapshot !== null) memory.snapshotSeq = seq
  memory.steps = []
  memory.entries = []
  board.changedCalls.clear()
  board.changedAgents.clear()
}
