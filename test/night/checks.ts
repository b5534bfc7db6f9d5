/**
 * What must hold after each transaction of the leader, whatever has gone wrong. Judged from what is written alone, by a reader of its own:
 * the steps are replayed on an engine that no leader has touched, and the journal is read as anybody reads it.
 *
 *   at every step         the commands are those of the replay, and the book's rules hold (`book.ts`)
 *   at every transaction  steps are dense and made of the journal's facts, each once; the rows of the board that changed are right
 *   now and then          the whole state; snapshot and steps give the same state; what the journal holds beyond it leads to legal states
 */
import { isDeepStrictEqual } from 'node:util'
import * as words from '../../src/distribution/events.ts'
import type { ReadOn, Saved } from '../../src/distribution/leader/ledger.ts'
import { type Engines, readEngine } from '../../src/distribution/leader/memory.ts'
import { hear } from '../../src/distribution/leader/translate.ts'
import { beginning, type Entry, type Position, payloadOf } from '../../src/platform/index.ts'
import type { Command, Engine, EngineSnapshot } from '../../src/routing/index.ts'
import { Book, isCall } from './book.ts'
import type { Store } from './database.ts'
import { wrongIn } from './whole.ts'

/** So many transactions at least lie between two looks at the whole, and as many as there are works: a look costs what the state is big. */
const wholeEvery = 16
/** So many looks at the whole lie between two states rebuilt from what is written. */
const rebuiltEvery = 8

export class Checks {
  engine: Engine
  /** Restored from the other's record at each look at the whole: it must decide alike from there on. */
  private restored: Engine
  /** How often the whole was looked at. */
  looked = { wholes: 0, replays: 0, prefixes: 0 }
  private readonly store: Store
  private engines: Engines
  private readonly releases: readonly Engines[]
  /** The last step that was decided by another release than the one of now, or was taken over from its board. */
  private lastOfOther = 0
  private readonly book: Book
  private sinceWhole = 0
  /** A leader has found damaged rows, and keeps the state whole with its next save. */
  private expectsWhole = false
  /** Entries that were read up to the place from which a leader had to read again. */
  private readBefore: ReadonlySet<number> = new Set()
  private seq = 0
  private epoch = 0
  /** How far the journal has been compared with the steps. */
  private read: Position = beginning
  private readonly offers = new Set<string>()
  private readonly ringing = new Map<string, string>()
  private readonly agentsRung = new Map<string, string>()
  private readonly accepted = new Set<string>()

  constructor(store: Store, engines: Engines, other?: Engines) {
    this.releases = other === undefined ? [] : [engines, other]
    this.store = store
    this.engines = engines
    this.engine = engines.create()
    this.restored = engines.create()
    this.book = new Book(what => this.fail(what))
    store.onSaved = saved => this.saved(saved)
    store.onReadOn = look => this.readOn(look)
  }

  private fail(what: string): void {
    this.store.world.fail(what)
  }

  /** What was read without a step held no fact. */
  private readOn(look: ReadOn): void {
    const [left] = this.factsUntil(look).left
    if (left !== undefined) this.fail(`a fact was passed over without a step: ${left}`)
  }

  /** Steps are dense, of one epoch after the other, made of the journal's facts, each once and in order, and replay to the same commands. */
  private saved(saved: Saved): void {
    const { store } = this
    if (saved.epoch < this.epoch) this.fail(`epoch ${saved.epoch} writes after epoch ${this.epoch}`)
    const adopted = (saved.epoch > this.epoch && this.follow(saved)) || this.adopt(saved)
    this.epoch = saved.epoch
    if (saved.from !== this.seq) this.fail(`step ${saved.from + 1} is written after step ${this.seq}`)
    const facts = this.factsUntil(saved)
    for (let i = Math.max(0, store.steps.length - saved.steps.length); i < store.steps.length; i++) {
      const step = store.steps[i]
      if (step === undefined) break
      if (step.seq !== ++this.seq) this.fail(`step ${step.seq} stands where ${this.seq} should`)
      const { input } = step.read
      if (!isOwn(input.type)) {
        const wrong = facts.take(step.input)
        if (wrong !== null) this.fail(`step ${step.seq} takes ${step.input}, ${wrong}`)
      }
      if (adopted) {
        this.book.note(input, step.at, step.read.commands)
        continue
      }
      const commands = this.engine.apply(input, step.at)
      if (JSON.stringify(commands) !== step.commands) this.fail(`step ${step.seq}, replayed, gives other commands`)
      if (JSON.stringify(this.restored.apply(input, step.at)) !== step.commands)
        this.fail(`step ${step.seq}, taken by a restored engine, gives other commands`)
      this.book.note(input, step.at, commands)
    }
    const [left] = facts.left
    if (left !== undefined) this.fail(`${facts.left.length} facts were passed over: ${left}`)
    if (saved.to !== this.seq) this.fail(`the steps end at ${this.seq}, not at ${saved.to}`)
    for (const id of saved.board.changedCalls) this.rightOnTheBoard(id)
    if (++this.sinceWhole < Math.max(wholeEvery, this.book.works.size)) return
    this.sinceWhole = 0
    this.lookAtTheWhole()
    if (this.looked.wholes % rebuiltEvery === 0) this.rebuildAsIfAllHadDied()
  }

  /**
   * Where nodes of two releases take turns: goes on with the engine of the release that leads now, from what was written before. When that leader has
   * kept its state whole at once, it may have taken what was decided from the board; then its state is taken, and the book alone judges these steps.
   */
  private follow(saved: Saved): boolean {
    const version = saved.steps[0]?.engine ?? this.engines.version
    const release = this.releases.find(each => each.version === version)
    if (release === undefined || (release === this.engines && saved.snapshot === null)) return false
    if (release !== this.engines || saved.snapshot !== null) this.lastOfOther = saved.to
    this.engines = release
    if (saved.snapshot !== null) {
      this.engine = release.restore(plain(saved.snapshot))
      this.restored = release.restore(plain(saved.snapshot))
      return true
    }
    const [kept] = this.store.snapshots
    this.engine = kept === undefined ? release.create() : release.restore(JSON.parse(kept.state))
    for (const { read } of this.store.steps)
      if (read.seq > (kept?.seq ?? 0) && read.seq <= saved.from) this.engine.apply(read.input, read.at)
    this.restored = release.restore(plain(this.engine.snapshot()))
    return false
  }

  /** The next save with the state whole is by a leader that found damaged rows and took from the board what was decided. */
  expectWhole(): void {
    this.expectsWhole = true
  }

  private adopt({ snapshot, steps }: Saved): boolean {
    if (!this.expectsWhole || snapshot === null) return false
    this.expectsWhole = false
    this.engines = this.releases.find(({ version }) => version === steps[0]?.engine) ?? this.engines
    this.engine = this.engines.restore(plain(snapshot))
    this.restored = this.engines.restore(plain(snapshot))
    return true
  }

  /** Each entry that nobody can take stands among those set aside, for the reason that there is, and no other entry. */
  lookAtWhatWasSetAside(): void {
    const { strange, aside, journal } = this.store
    for (const { id, type } of journal)
      if (strange.get(id) !== aside.get(id))
        this.fail(`entry ${id}, ${type}, is ${strange.get(id) ?? 'right'}, and was set aside as ${aside.get(id) ?? 'nothing'}`)
  }

  /**
   * The facts between the place that was kept before and the one that is kept now. Several looks may lie between them, so of their order
   * only what matters is told: what was known when a fact was written comes before it.
   */
  private factsUntil({ position }: Pick<Saved, 'position'>): Facts {
    const { store } = this
    if (position.id < this.read.id) {
      if (!store.wasDamaged) this.fail('the place in the journal went back')
      this.readBefore = new Set([...this.readBefore, ...store.between(position, this.read).map(({ id }) => id)])
    }
    const entries = store.between(this.read, position).filter(({ id }) => !this.readBefore.has(id))
    this.read = position
    return new Facts(store, entries)
  }

  /** The row of a work is what the book says. */
  private rightOnTheBoard(id: string): void {
    const work = this.book.works.get(id)
    const row = this.store.calls.get(id)
    const stays = work !== undefined && !(work.kind === 'call' && work.state === 'connected')
    if (stays !== (row !== undefined)) this.fail(`${id} is ${work?.state ?? 'gone'}, the board says ${row?.state ?? 'nothing'}`)
    if (!stays || row === undefined) return
    const state = row.state === 'suspended' ? 'connected' : row.state
    if (state !== work.state || row.section_id !== work.section || row.kind !== work.kind)
      this.fail(`${id} is ${work.state} in ${work.section}, the board says ${row.state} in ${row.section_id}`)
  }

  /** The engine's state as a whole: legal, as the book has it, and as the board shows it, no more and no less. */
  lookAtTheWhole(): void {
    this.looked.wholes++
    const state = this.engine.snapshot()
    for (const wrong of wrongIn(state)) this.fail(wrong)
    try {
      this.restored = this.engines.restore(plain(state))
    } catch (error) {
      this.fail(`the state cannot be restored: ${String(error)}`)
      return
    }
    const { works, agents } = this.book
    if (state.works.length !== works.size) this.fail(`${works.size} works are in the book, ${state.works.length} in the engine`)
    for (const { id, state: is, agent, section } of state.works) {
      const booked = works.get(id)
      const said = is === 'sleeping' ? 'waiting' : is
      if (booked?.state !== said || booked.agent !== agent || booked.section !== section)
        this.fail(`${id} is ${is} with ${agent}, the book says ${booked?.state} with ${booked?.agent}`)
    }
    const onTheBoard = [...works.values()].filter(({ kind, state }) => kind !== 'call' || state !== 'connected')
    if (onTheBoard.length !== this.store.calls.size)
      this.fail(`${this.store.calls.size} works are on the board, ${onTheBoard.length} should be`)
    for (const { id } of onTheBoard) this.rightOnTheBoard(id)
    for (const { id, told } of state.agents) {
      const row = this.store.agents.get(id)
      const work = told.work === null ? undefined : works.get(told.work)
      const call = work !== undefined && isCall(work.kind) ? work.id : null
      if ((row?.state ?? 'signed-out') !== told.state || (row?.call_id ?? null) !== call)
        this.fail(`${id} is ${told.state} with ${call}, the board says ${row?.state} with ${row?.call_id}`)
      const booked = agents.get(id)
      if (booked !== undefined && booked.told !== told.state)
        this.fail(`${id} was told of as ${booked.told} and is ${told.state}`)
    }
  }

  /**
   * If everything died now: the last snapshot and the steps after it give the state that it was, and however much of the rest of the journal
   * is read before it all dies again, the state is a legal one.
   */
  rebuildAsIfAllHadDied(): void {
    const { store, engines } = this
    // Steps of two releases: what a leader makes of them is seen when one does.
    if (this.lastOfOther > (store.snapshots[0]?.seq ?? 0) || store.isDamaged) return
    const expected = this.engine.snapshot()
    const beyond = store.look(this.read, Number.POSITIVE_INFINITY).entries
    const now = store.now
    store.world.stir()
    readEngine(store.frozen(), engines).then(
      ({ engine, doubts }) => {
        this.looked.replays++
        for (const { kind, reason } of doubts) this.fail(`the state cannot be rebuilt by replaying: ${kind}, ${reason}`)
        if (!isDeepStrictEqual(plain(engine.snapshot()), plain(expected))) this.fail('snapshot and steps give another state')
        for (const entry of beyond) {
          const fact = hear(entry)
          if (fact === null || fact === 'settings' || store.strange.has(entry.id)) continue
          const commands: readonly Command[] = engine.apply(fact, Math.min(entry.at.getTime(), now))
          this.looked.prefixes++
          for (const wrong of wrongIn(engine.snapshot()))
            this.fail(`the journal until ${entry.id} leads to ${wrong} by ${JSON.stringify(commands)}`)
        }
      },
      (error: unknown) => this.fail(`what is written gives no state: ${String(error)}`),
    )
  }

  /** What the journal tells everybody: an offer once, to one, of one; an end for each before the next. */
  heard(entry: Entry): void {
    const call = entry.subjects.call ?? ''
    const made = payloadOf(words.offerMade, entry)
    if (made) {
      if (this.offers.has(made.offer)) this.fail(`offer ${made.offer} is made twice`)
      this.offers.add(made.offer)
      if (this.ringing.has(call)) this.fail(`${call} is offered while it is offered`)
      if (this.agentsRung.has(made.agent)) this.fail(`${made.agent} has two offers`)
      this.ringing.set(call, `${made.agent} ${made.offer}`)
      this.agentsRung.set(made.agent, made.offer)
    }
    const over = payloadOf(words.offerAccepted, entry) ?? payloadOf(words.offerWithdrawn, entry)
    if (!over) return
    if (this.ringing.get(call) !== `${over.agent} ${over.offer}`) this.fail(`offer ${over.offer} ends and was not open`)
    this.ringing.delete(call)
    this.agentsRung.delete(over.agent)
    if (entry.type !== words.offerAccepted.type) return
    if (this.accepted.has(over.offer)) this.fail(`offer ${over.offer} is answered twice`)
    this.accepted.add(over.offer)
  }
}

/** Facts that the journal has, until the steps have taken them. */
class Facts {
  private readonly store: Store
  private readonly waiting: { fact: string; id: number }[] = []
  /** The earliest beginning of a transaction of which something has been taken. */
  private taken: { id: number; begun: number }[] = []

  constructor(store: Store, entries: readonly Entry[]) {
    this.store = store
    for (const entry of entries) {
      const heard = store.strange.has(entry.id) ? null : hear(entry)
      if (heard !== null && heard !== 'settings') this.waiting.push({ fact: JSON.stringify(heard), id: entry.id })
    }
  }

  get left(): readonly string[] {
    return this.waiting.map(({ fact }) => fact)
  }

  /** Takes a fact. Returns what is wrong with that; null when nothing is. */
  take(fact: string): string | null {
    const at = this.waiting.findIndex(each => each.fact === fact)
    const found = this.waiting[at]
    if (found === undefined) return `the journal says ${this.waiting[0]?.fact ?? 'nothing'}`
    this.waiting.splice(at, 1)
    const { begun, committed } = this.store.timesOf(found.id)
    const knew = this.taken.find(other => committed < other.begun)
    this.taken.push({ id: found.id, begun })
    return knew === undefined ? null : `of which ${knew.id} knew, after that`
  }
}

const plain = (state: EngineSnapshot): EngineSnapshot => JSON.parse(JSON.stringify(state))

/** Steps that the leader takes of its own accord. */
const isOwn = (type: string) => type === 'tick' || /^(domain|section|agent)\.(configured|opened|closed)$/.test(type)
