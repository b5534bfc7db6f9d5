/**
 * The state is put together whatever the rows hold. Random days, broken off at any fact: from the board alone, and from another engine's replay,
 * everybody has what was decided, and the day goes on.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Day } from '../../../test/support/routing-days.ts'
import { beginning } from '../../platform/index.ts'
import { createEngine, type Engine, type RoutingEvent, restoreEngine } from '../../routing/index.ts'
import { type Board, endEvent, newBoard, putCommand, putEvent } from './board.ts'
import type { LeaderStep, Rows } from './ledger.ts'
import { type Engines, engines, readEngine } from './memory.ts'

/** Runs a day and keeps what a leader keeps. */
function run(seed: number, facts: number) {
  const day = new Day(seed, 'everything')
  const engine = createEngine()
  const board = newBoard([], [])
  const steps: LeaderStep[] = []
  const take = (input: RoutingEvent) => {
    const commands = engine.apply(input, day.now)
    putEvent(board, input, day.now, steps.length + 1)
    for (const command of commands) putCommand(board, command, day.now)
    endEvent(board, input)
    steps.push({
      seq: steps.length + 1,
      engine: engines.version,
      at: day.now,
      input,
      commands: JSON.parse(JSON.stringify(commands)),
    })
    day.told(input)
    day.hear(commands)
  }
  for (const fact of day.morning()) take(fact)
  for (let i = 0; i < facts; i++) take(asRoomsSay(day.next(engine.nextDeadline()), board))
  return { day, engine, board, steps }
}

/** Written work is not answered like a telephone: the room whose work it is says that somebody has taken it. */
function asRoomsSay(fact: RoutingEvent, board: Board): RoutingEvent {
  if (fact.type !== 'offer.accepted') return fact
  const written = [...board.calls.values()].find(row => row.offer === fact.offer)
  return written === undefined ? fact : { type: 'work.taken', work: written.call_id, agent: fact.agent }
}

function rowsOf(board: Board, steps: readonly LeaderStep[], seq: number): Rows {
  return {
    domain: async () => ({ epoch: 1, seq, position: beginning, positionSeq: seq, isPlaceRead: true }),
    snapshot: async () => undefined,
    stepsAfter: async (after, limit) => steps.filter(step => step.seq > after).slice(0, limit),
    board: async () => ({ calls: [...board.calls.values()], agents: [...board.agents.values()] }),
    reachable: async () => new Map(),
    journalOf: async () => new Map(),
  }
}

/** What the board says is what the state says. */
function expectDecided(engine: Engine, board: Board): void {
  const { works, agents } = engine.snapshot()
  const onTheBoard = [...board.calls.values()].map(row => [
    row.call_id,
    row.section_id,
    row.kind,
    row.state === 'suspended' ? 'connected' : row.state,
  ])
  const inTheState = works.map(({ id, section, kind, state }) => [id, section, kind, state === 'sleeping' ? 'waiting' : state])
  const talking = works.filter(({ kind, state }) => kind === 'call' && state === 'connected').map(({ id }) => id)
  expect(inTheState.filter(([id]) => !talking.includes(id ?? '')).sort()).toEqual(onTheBoard.sort())
  for (const row of board.agents.values()) {
    const agent = agents.find(({ id }) => id === row.person_id)
    expect(agent?.told).toMatchObject({ state: row.state, since: row.since.getTime() })
    const call = works.find(work => work.agent === row.person_id && (work.kind === 'call' || work.kind === 'callback'))
    expect(call?.id ?? null).toBe(row.call_id)
    if (call !== undefined) expect(call.offer).toBe(row.offer)
  }
}

async function goesOn(
  seed: number,
  facts: number,
  made: Engines,
  steps: (all: readonly LeaderStep[]) => readonly LeaderStep[],
): Promise<void> {
  const { day, board, steps: all } = run(seed, facts)
  const { engine, doubts } = await readEngine(rowsOf(board, steps(all), all.length), made)
  if (doubts.length === 0) return
  expectDecided(engine, board)
  // Settings come anew, then life goes on; no name of an offer comes twice.
  const names = new Set(
    all.flatMap(({ commands }) => commands.flatMap(command => (command.type === 'offer' ? [command.offer] : []))),
  )
  const take = (fact: RoutingEvent) => {
    const commands = engine.apply(fact, day.now)
    for (const command of commands) {
      if (command.type !== 'offer') continue
      expect(names.has(command.offer)).toBe(false)
      names.add(command.offer)
    }
    day.told(fact)
    day.hear(commands)
    restoreEngine(JSON.parse(JSON.stringify(engine.snapshot())))
  }
  for (const fact of day.morning()) take(fact)
  for (let i = 0; i < 60; i++) take(day.next(engine.nextDeadline()))
}

/** Days on which work came into the line again as work of another kind: while it rang, and after the conversation had broken off. */
const remembered: [seed: number, facts: number][] = [
  [4, 7],
  [2018208257, 4],
  [767783153, 118],
  [674368283, 132],
]

const anyDay = (property: (seed: number, facts: number) => Promise<void>) =>
  fc.assert(fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 200 }), property), { numRuns: 150, examples: remembered })

test('from the board alone', () => anyDay((seed, facts) => goesOn(seed, facts, engines, () => [])))

test('who came within one millisecond stays in the order of coming, whatever the names', async () => {
  const day = new Day(1, 'everything')
  const engine = createEngine()
  const board = newBoard([], [])
  const names = ['z', 'm', 'y', 'a']
  const queued = names.map((work): RoutingEvent => {
    return { type: 'work.queued', work, kind: 'call', section: 'pensions', priority: 0, waitingSince: day.now }
  })
  const facts = [...day.morning().filter(({ type }) => type === 'section.configured'), ...queued]
  for (const [i, fact] of facts.entries()) {
    putEvent(board, fact, day.now, i + 1)
    for (const command of engine.apply(fact, day.now)) if (command.type === 'announce') putCommand(board, command, day.now)
  }
  const { works } = (await readEngine(rowsOf(board, [], facts.length))).engine.snapshot()
  const inLine = works.toSorted((a, b) => a.order - b.order || a.seq - b.seq)
  expect(inLine.map(({ id }) => id)).toEqual(names)
})

test('from steps with a gap', () =>
  anyDay((seed, facts) => goesOn(seed, facts, engines, all => all.filter(({ seq }) => seq !== 20))))

test('from the steps of a version that decides otherwise', () => {
  /** Lets every seventh fact pass without a word. */
  const otherwise = (engine: Engine): Engine => {
    let facts = 0
    return { ...engine, apply: (event, now) => engine.apply(++facts % 7 === 0 ? { type: 'tick' } : event, now) }
  }
  const made = { version: engines.version + 1, create: () => otherwise(createEngine()), restore: restoreEngine }
  return anyDay((seed, facts) => goesOn(seed, facts, made, all => all))
})

test('a replay of the same version gives the same state, without a doubt', () =>
  anyDay(async (seed, facts) => {
    const { engine, board, steps } = run(seed, facts)
    const rebuilt = await readEngine(rowsOf(board, steps, steps.length))
    expect(rebuilt.doubts).toEqual([])
    expect(rebuilt.engine.snapshot()).toEqual(engine.snapshot())
  }))
