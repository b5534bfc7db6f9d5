/**
 * What the leader has in memory: the engine, the board, how far the journal has been read, and the steps that are not written yet.
 * It can be thrown away at any moment: the last snapshot and the steps after it give it back.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Kysely } from 'kysely'
import { Bug, beginning, type CheckedEntry, type Position, type Tables } from '../platform/index.ts'
import { createEngine, type Engine, type RoutingEvent, restore } from '../routing/index.ts'
import { type Board, endEvent, newBoard, putCommand, putEvent } from './board.ts'
import { type Told, toldOf } from './settings.ts'
import {
  advance,
  insertEntries,
  insertSteps,
  lastSnapshot,
  readBoard,
  readDomain,
  type Step,
  saveBoard,
  saveSnapshot,
  stepsAfter,
} from './store.ts'
import { tell } from './translate.ts'

/** A snapshot is written after so many steps: rebuilding replays fewer than twice as many, well under a second. */
const stepsOfSnapshot = 10_000
/** Steps that nobody has to hear of may wait in memory for those that somebody has; but not more than so many. */
const mostUnsaid = 200
const stepsOfRead = 5_000

export interface Memory {
  readonly domain: string
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

/** The engine as the rows say it is: for the leader, and for whoever wants to ask it something. */
export async function readEngine(
  db: Kysely<Tables>,
  domain: string,
): Promise<{ engine: Engine; epoch: number; seq: number; snapshotSeq: number; position: Position }> {
  const row = await readDomain(db, domain)
  const snapshot = await lastSnapshot(db, domain)
  const engine = snapshot ? restore(snapshot.state) : createEngine()
  const snapshotSeq = snapshot?.seq ?? 0
  let seq = snapshotSeq
  for (;;) {
    const steps = await stepsAfter(db, domain, seq, stepsOfRead)
    for (const step of steps) replay(engine, step)
    seq = steps.at(-1)?.seq ?? seq
    if (steps.length < stepsOfRead) break
  }
  if (seq !== (row?.seq ?? 0)) throw new Bug(`The steps of ${domain} end at ${seq}, the domain stands at ${row?.seq ?? 0}.`)
  return { engine, epoch: row?.epoch ?? 0, seq, snapshotSeq, position: row?.position ?? beginning }
}

function replay(engine: Engine, { seq, input, at, commands }: Step): void {
  const again: unknown = JSON.parse(JSON.stringify(engine.apply(input, at)))
  if (!isDeepStrictEqual(again, commands)) throw new Bug(`Step ${seq}, replayed, gives other commands than it gave.`)
}

/** Builds the memory from the rows, all as of one instant. */
export function rebuild(db: Kysely<Tables>, domain: string): Promise<Memory> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async tx => {
      const { engine, epoch, seq, snapshotSeq, position } = await readEngine(tx, domain)
      const { calls, agents } = await readBoard(tx)
      return {
        domain,
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
 * Writes what has been noted, in one transaction: place in the journal, steps, entries, board.
 * After an error the memory is to be thrown away: whether the transaction happened, only the rows can tell.
 * @throws Superseded when another leader has been elected.
 */
export async function save(db: Kysely<Tables>, memory: Memory, now: Date, snapshotNow = false): Promise<void> {
  const { domain, epoch, board, steps, entries, seq, position } = memory
  const snapshot = snapshotNow || seq - memory.snapshotSeq >= stepsOfSnapshot
  await db.transaction().execute(async tx => {
    await advance(tx, { domain, epoch, from: memory.savedSeq, to: seq, position })
    await insertSteps(tx, domain, epoch, steps)
    await insertEntries(tx, entries)
    await saveBoard(tx, board)
    if (snapshot) await saveSnapshot(tx, domain, seq, now, memory.engine.snapshot())
  })
  memory.savedSeq = seq
  if (snapshot) memory.snapshotSeq = seq
  memory.steps = []
  memory.entries = []
  board.changedCalls.clear()
  board.changedAgents.clear()
}
