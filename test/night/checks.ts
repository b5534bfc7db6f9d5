/**
 * What must hold after each transaction of the leader, whatever has gone wrong. Judged from what is written alone, by a reader of its own:
 * the steps are replayed on an engine that no leader has touched, and the journal is read as anybody reads it.
 */

import * as words from '../../src/distribution/events.ts'
import type { Saved } from '../../src/distribution/ledger.ts'
import { hear } from '../../src/distribution/translate.ts'
import { type Entry, payloadOf } from '../../src/platform/index.ts'
import { createEngine, type Engine, type Snapshot } from '../../src/routing/index.ts'
import type { Store } from './database.ts'

export class Checks {
  readonly engine: Engine = createEngine()
  private readonly store: Store
  private seq = 0
  private epoch = 0
  /** How far the journal has been compared with the steps. */
  private read = 0
  private readonly offers = new Set<string>()
  private readonly ringing = new Map<string, string>()
  private readonly accepted = new Set<string>()

  constructor(store: Store) {
    this.store = store
    store.onSaved = saved => this.saved(saved)
  }

  private fail(what: string): void {
    this.store.world.fail(what)
  }

  /** Steps are dense, of one epoch after the other, made of the journal's facts, each once and in order, and replay to the same commands. */
  private saved(saved: Saved): void {
    const { store } = this
    if (saved.epoch < this.epoch) this.fail(`epoch ${saved.epoch} writes after epoch ${this.epoch}`)
    this.epoch = saved.epoch
    if (saved.from !== this.seq) this.fail(`step ${saved.from + 1} is written after step ${this.seq}`)
    const facts = this.factsUntil(saved)
    for (const step of store.steps.slice(-saved.steps.length || store.steps.length)) {
      if (step.seq !== ++this.seq) this.fail(`step ${step.seq} stands where ${this.seq} should`)
      const input = JSON.parse(step.input)
      if (!isOwn(input.type)) {
        const fact = facts.shift()
        if (fact !== step.input) this.fail(`step ${step.seq} takes ${step.input}, the journal says ${fact ?? 'nothing'}`)
      }
      const again = JSON.stringify(this.engine.apply(input, step.at))
      if (again !== step.commands) this.fail(`step ${step.seq}, replayed, gives other commands`)
    }
    if (facts.length > 0) this.fail(`${facts.length} facts were passed over: ${facts[0]}`)
    if (saved.to !== this.seq) this.fail(`the steps end at ${this.seq}, not at ${saved.to}`)
    const state = this.engine.snapshot()
    for (const wrong of [...wrongIn(state), ...this.wrongOnTheBoard(state)]) this.fail(wrong)
  }

  private factsUntil({ position }: Saved): string[] {
    const { store } = this
    const until = store.indexAfter(position)
    if (until < this.read) this.fail('the place in the journal went back')
    const facts: string[] = []
    for (; this.read < until; this.read++) {
      const entry = store.journal[this.read]
      const heard = entry === undefined ? null : hear(entry)
      if (heard !== null && heard !== 'settings') facts.push(JSON.stringify(heard))
    }
    return facts
  }

  /** The rows that everybody sees are the engine's state, no more and no less. */
  private wrongOnTheBoard({ works, agents }: Snapshot): string[] {
    const { calls, agents: rows } = this.store
    const wrong: string[] = []
    const inLine = works.filter(work => work.state === 'waiting' || work.state === 'offered')
    if (inLine.length !== calls.size) wrong.push(`${calls.size} calls are on the board, ${inLine.length} in the engine`)
    for (const work of inLine) {
      const row = calls.get(work.id)
      if (row?.state !== work.state || row.section_id !== work.section)
        wrong.push(`${work.id} is ${work.state}, the board says otherwise`)
    }
    for (const { id, told } of agents) {
      const row = rows.get(id)
      if ((row?.state ?? 'signed-out') !== told.state || (row?.call_id ?? null) !== told.work)
        wrong.push(`${id} is ${told.state}, the board says ${row?.state}`)
    }
    return wrong
  }

  /** What the journal tells everybody: an offer once, to one, of one; an end for each before the next. */
  heard(entry: Entry): void {
    const call = entry.subjects.call ?? ''
    const made = payloadOf(words.offerMade, entry)
    if (made) {
      if (this.offers.has(made.offer)) this.fail(`offer ${made.offer} is made twice`)
      this.offers.add(made.offer)
      if (this.ringing.has(call)) this.fail(`${call} is offered while it is offered`)
      if ([...this.ringing.values()].some(offer => agentOf(offer) === made.agent)) this.fail(`${made.agent} has two offers`)
      this.ringing.set(call, `${made.agent} ${made.offer}`)
    }
    const over = payloadOf(words.offerAccepted, entry) ?? payloadOf(words.offerWithdrawn, entry)
    if (!over) return
    if (this.ringing.get(call) !== `${over.agent} ${over.offer}`) this.fail(`offer ${over.offer} ends and was not open`)
    this.ringing.delete(call)
    if (entry.type !== words.offerAccepted.type) return
    if (this.accepted.has(over.offer)) this.fail(`offer ${over.offer} is answered twice`)
    this.accepted.add(over.offer)
  }
}

const agentOf = (ringing: string) => ringing.split(' ')[0]

/** Steps that the leader takes of its own accord. */
const isOwn = (type: string) => type === 'tick' || /^(domain|section|agent)\.(configured|opened|closed)$/.test(type)

/** No agent has two calls, no call two agents, and every agent is in the one state that follows from the calls. */
function wrongIn({ works, agents }: Snapshot): string[] {
  const wrong: string[] = []
  const busy = new Map<string, { work: string; state: string }>()
  for (const { id, state, agent } of works) {
    const held = state === 'offered' || state === 'connected'
    if (held !== (agent !== null)) wrong.push(`${id} is ${state} with ${agent}`)
    if (agent === null) continue
    if (busy.has(agent)) wrong.push(`${agent} has two calls`)
    busy.set(agent, { work: id, state: state === 'offered' ? 'offered' : 'in-conversation' })
  }
  const sums = new Map<string, number>()
  for (const { id, told, duty, phase } of agents) {
    sums.set(told.state, (sums.get(told.state) ?? 0) + 1)
    const has = busy.get(id)
    const expected = has?.state ?? (phase === 'wrap-up' ? 'wrap-up' : duty)
    if (told.state !== expected || told.work !== (has?.work ?? null))
      wrong.push(`${id} is said to be ${told.state} and is ${expected}`)
  }
  const sum = [...sums.values()].reduce((total, count) => total + count, 0)
  const offered = works.filter(work => work.state === 'offered').length
  const talking = works.filter(work => work.state === 'connected').length
  if (sum !== agents.length || (sums.get('offered') ?? 0) !== offered || (sums.get('in-conversation') ?? 0) !== talking)
    wrong.push('the states of the agents do not add up')
  return wrong
}
