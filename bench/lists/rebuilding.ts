/**
 * What a new leader has to rebuild when the old one was killed in the busiest minute of a national day: 3,000 agents, as many steps after the last
 * snapshot as there can ever be, and everybody who waits. The day is the simulator's; what it tells the engine is written as the leader writes it.
 */
import { openLedger } from '../../src/distribution/leader/database-ledger.ts'
import { type Memory, rebuild, save, takeStep } from '../../src/distribution/leader/memory.ts'
import { openPostgres, systemClock } from '../../src/platform/index.ts'
import { isKnownFact, type RoutingEvent } from '../../src/routing/index.ts'
import { nationalDay, simulate } from '../../src/simulation/index.ts'

/** Snapshots are written every 10,000 steps; this is what may lie behind the last but one. */
const stepsToReplay = 20_000
const stepsOfSave = 200
const rebuilds = 7

export interface Rebuilt {
  /** One for each time it was rebuilt, in the order of measuring. */
  ms: number[]
  steps: number
  agents: number
  waiting: number
}

type Fact = { fact: RoutingEvent; at: number }
const isFact = (step: { type: string }): step is RoutingEvent => isKnownFact(step)

/** The simulator counts calls and agents; the database wants ids. */
const uuidOf = (group: number, name: string): string =>
  `${String(group).padStart(8, '0')}-0000-4000-8000-${name.replace(/\D/g, '').padStart(12, '0')}`

const withIds = (fact: RoutingEvent): RoutingEvent => ({
  ...fact,
  ...('work' in fact ? { work: uuidOf(1, fact.work) } : {}),
  ...('agent' in fact ? { agent: uuidOf(2, fact.agent) } : {}),
  // An offer is named after its work.
  ...('offer' in fact ? { offer: fact.offer.replace(/^\d+/, work => uuidOf(1, work)) } : {}),
})

/** What the engine is told until more wait than at any other time. */
function untilTheWorst(): Fact[] {
  const facts: Fact[] = []
  let waiting = 0
  let worst = { waiting: 0, facts: 0 }
  simulate(nationalDay(), {
    onStep(step, at) {
      if (!isFact(step)) return
      facts.push({ fact: step, at })
      if (step.type === 'work.queued') waiting += 1
      else if (step.type === 'offer.accepted' || step.type === 'work.gone') waiting -= 1
      if (waiting > worst.waiting) worst = { waiting, facts: facts.length }
    },
  })
  return facts.slice(0, worst.facts)
}

/** @param url a database with the institute, whose router does not run */
export async function rebuildAtTheWorst(url: string): Promise<Rebuilt> {
  const database = await openPostgres(url, 4)
  const centre = { sections: async () => [], isOpen: async () => ({ open: true, nextChange: null }), written: async () => [] }
  const ledger = await openLedger(database, 'bench', centre, systemClock)
  try {
    await ledger.beginEpoch('bench', new Date())
    const { memory } = await rebuild(ledger)
    const facts = untilTheWorst()
    const replayedFrom = facts.length - stepsToReplay
    for (const [n, { fact, at }] of facts.entries()) {
      takeStep(memory, withIds(fact), at)
      const isSnapshot = n === replayedFrom
      if (isSnapshot) forgetSteps(memory)
      if (isSnapshot || (n > replayedFrom && memory.steps.length >= stepsOfSave)) await keep(memory, isSnapshot)
    }
    await keep(memory, false)
    const ms: number[] = []
    for (let n = 0; n < rebuilds; n++) {
      const begun = performance.now()
      const { memory: again, doubts } = await rebuild(ledger)
      ms.push(performance.now() - begun)
      if (doubts.length > 0 || again.seq !== memory.seq) throw new Error(`rebuilt with doubts: ${JSON.stringify(doubts)}`)
    }
    const states = [...memory.board.calls.values()]
    return {
      ms,
      steps: stepsToReplay,
      agents: memory.board.agents.size,
      waiting: states.filter(each => each.state === 'waiting').length,
    }
  } finally {
    ledger.close()
    await database.close()
  }

  /** The entries of the journal are the real leader's; here nobody reads them. */
  async function keep(memory: Memory, withSnapshot: boolean): Promise<void> {
    memory.entries = []
    await save(ledger, memory, new Date(), withSnapshot)
  }
}

/** What lies before the snapshot is in it. */
function forgetSteps(memory: Memory): void {
  memory.steps = memory.steps.slice(-1)
  memory.savedSeq = memory.seq - 1
}
