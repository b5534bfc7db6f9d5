/**
 * A model of PostgreSQL as the leader knows it: transactions that run side by side and commit out of order, a journal of which a look sees
 * what has committed by then, one row that fences, and wires on which an answer may be lost before, after or instead of what was asked.
 */
import type { WrittenSection } from '../../src/distribution/centre.ts'
import { unreachable } from '../../src/distribution/database-ledger.ts'
import { callCallbackQueued, offerMade } from '../../src/distribution/events.ts'
import {
  type JournalOfCall,
  type Ledger,
  type ReadOn,
  type Rows,
  type Saved,
  type Step,
  Superseded,
} from '../../src/distribution/ledger.ts'
import type { Engines } from '../../src/distribution/memory.ts'
import { type SectionRouting, silentAfterMs } from '../../src/distribution/model.ts'
import type { AgentStatusTable, QueuedCallTable } from '../../src/distribution/tables.ts'
import { termsOf } from '../../src/distribution/translate.ts'
import {
  beginning,
  type CheckedEntry,
  type Entry,
  type EventType,
  entryOf,
  type Look,
  type Position,
  payloadOf,
  readAt,
  type SetAside,
} from '../../src/platform/index.ts'
import type { Centre } from './centre.ts'
import type { Rates } from './rates.ts'
import type { Process, World } from './world.ts'

/** What is taken out of the design of the rows, to see whether the night notices. */
export const designCanaries = {
  'epoch-unchecked': 'whoever believes to lead may write, if it stands where the rows stand',
  'no-fence': 'whoever believes to lead may write, wherever it stands',
  'position-apart': 'the place in the journal is not always written with the steps',
  'late-commits-skipped': 'what commits after a greater number has been read is not read',
  'latest-skipped': 'what ran after the last transaction that had completed is taken for read',
  'step-lost': 'when the answer to COMMIT is lost, so is a step',
  'entries-lost': 'when the answer to COMMIT is lost, so is what was to be told',
  'board-lost': 'when the answer to COMMIT is lost, so is the board',
  'other-release-refused': 'a leader refuses the steps that another release decided',
  'own-decisions': 'a leader takes what it would have decided itself for what another release decided',
} as const
export type Canary = keyof typeof designCanaries

/** A step as its row holds it, and as it is read back: read once, and shared, because nobody changes what was written. */
class WrittenStep {
  readonly seq: number
  readonly engine: number
  readonly at: number
  readonly input: string
  readonly commands: string
  private again: Step | null = null

  constructor({ seq, engine, at, input, commands }: Step) {
    this.seq = seq
    this.engine = engine
    this.at = at
    this.input = JSON.stringify(input)
    this.commands = JSON.stringify(commands)
  }

  get read(): Step {
    this.again ??= {
      seq: this.seq,
      engine: this.engine,
      at: this.at,
      input: JSON.parse(this.input),
      commands: JSON.parse(this.commands),
    }
    return this.again
  }
}

interface Presence {
  heardAt: number
  reachable: boolean
  unitPath: string
}

/** One in three is the answer that is lost: it leaves open what has happened. */
const faultsOfCall = ['not-sent', 'answer-lost', 'answer-lost', 'unanswered', 'slow', 'stuck'] as const
export type FaultOfCall = (typeof faultsOfCall)[number]

class Lost extends Error {
  override readonly name = 'Lost'
}

/** PostgreSQL ends a transaction whose client says nothing for so long (`idle_in_transaction_session_timeout`). */
const idleMs = 900

export class Store {
  epoch = 0
  seq = 0
  position: Position = beginning
  steps: WrittenStep[] = []
  /** The newest first; one more than is needed, in case that the newest cannot be restored. */
  snapshots: { seq: number; state: string }[] = []
  readonly calls = new Map<string, QueuedCallTable>()
  readonly agents = new Map<string, AgentStatusTable>()
  readonly presence = new Map<string, Presence>()
  readonly skills = new Map<string, { section: string; level: number }[]>()
  readonly routing = new Map<string, SectionRouting>()
  /** The sections that share their written work out. */
  written: readonly WrittenSection[] = []
  readonly withoutTelephone = new Set<string>()
  /** Entries that the leader went on without, and why. */
  readonly aside = new Map<number, SetAside['why']>()
  /** What is committed, in the order of the commits. */
  readonly journal: Entry[] = []
  /** The same, by number. */
  private readonly byNumber: Entry[] = []
  private readonly ofTransaction = new Map<string, readonly Entry[]>()
  /** How far its clock is wrong. Everybody goes by it. */
  skew = 0
  /** The database answers nobody. */
  away = false
  /** Which fault the next call meets, when a test says so and not chance. */
  ordered: (() => FaultOfCall | null) | null = null
  /** Each transaction of the leader, after it has committed. */
  onSaved: (saved: Saved) => void = () => {}
  onReadOn: (look: ReadOn) => void = () => {}
  /** Something has been committed to the journal. */
  onCommit: (entries: readonly Entry[]) => void = () => {}

  readonly world: World
  readonly rates: Rates
  readonly canary: Canary | null
  private lastXid = 0
  private lastCompleted = 0
  private lastId = 0
  private readonly running = new Set<number>()
  /** When an entry drew its number, and when it was committed: places in one long list of such instants. */
  private readonly times = new Map<number, { begun: number; committed: number }>()
  private instants = 0

  constructor(world: World, rates: Rates, canary: Canary | null) {
    this.world = world
    this.rates = rates
    this.canary = canary
  }

  get now(): number {
    return this.world.now + this.skew
  }

  begin(): number {
    const xid = ++this.lastXid
    this.running.add(xid)
    return xid
  }

  abort(xid: number): void {
    this.running.delete(xid)
    this.lastCompleted = Math.max(this.lastCompleted, xid)
  }

  /** Entries with their places in the journal; the identifiers are drawn before the transaction commits. */
  place(xid: number, entries: readonly CheckedEntry[]): Entry[] {
    const begun = ++this.instants
    return entries.map(entry => {
      const id = ++this.lastId
      this.times.set(id, { begun, committed: Number.POSITIVE_INFINITY })
      return entryOf({
        xid: String(xid),
        id,
        at: new Date(entry.at),
        type: entry.type,
        version: entry.version ?? 1,
        actor: JSON.parse(entry.actor),
        channel: entry.channel ?? null,
        call_id: entry.call_id ?? null,
        case_id: entry.case_id ?? null,
        contact_id: entry.contact_id ?? null,
        person_id: entry.person_id ?? null,
        unit_ids: entry.unit_ids,
        payload: JSON.parse(entry.payload),
      })
    })
  }

  timesOf(id: number): { begun: number; committed: number } {
    return this.times.get(id) ?? { begun: Number.NaN, committed: Number.NaN }
  }

  commit(xid: number, entries: readonly Entry[]): void {
    this.running.delete(xid)
    this.lastCompleted = Math.max(this.lastCompleted, xid)
    const [first] = entries
    if (first === undefined) return
    const committed = ++this.instants
    for (const { id } of entries) this.times.set(id, { ...this.timesOf(id), committed })
    this.journal.push(...entries)
    this.byNumber.splice(this.indexAfter(first.id), 0, ...entries)
    this.ofTransaction.set(first.xid, entries)
    this.onCommit(entries)
  }

  /** Where the entries begin, by number, that have a greater one. */
  private indexAfter(id: number): number {
    let [low, high] = [0, this.byNumber.length]
    // Nearly always it is the end that is asked for.
    if ((this.byNumber.at(-1)?.id ?? 0) <= id) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.byNumber[middle]?.id ?? 0) <= id) low = middle + 1
      else high = middle
    }
    return low
  }

  /** As PostgreSQL makes it: it ends after the last transaction that has completed, and lists those below that still run. */
  private nowRunning(): string {
    const xmax = this.lastCompleted + 1
    const running = [...this.running].filter(xid => xid < xmax).sort((a, b) => a - b)
    return `${running[0] ?? xmax}:${xmax}:${running.join(',')}`
  }

  /** What is unread at a position, as `readJournal` answers it. */
  look(after: Position, limit: number): Look {
    const late = this.canary === 'late-commits-skipped' ? [] : this.lateAfter(after, this.canary !== 'latest-skipped')
    const fresh = this.byNumber.slice(this.indexAfter(after.id)).slice(0, limit)
    const position = { era: 1, snapshot: this.nowRunning(), id: fresh.at(-1)?.id ?? after.id }
    return { entries: [...late, ...fresh], position, more: fresh.length === limit }
  }

  /** What has a number up to that of the position and was not read there; by number. */
  private lateAfter(after: Position, alsoLatest = true): Entry[] {
    if (after.era === 0) return []
    const [, xmax, running = ''] = after.snapshot.split(':')
    const missed = running === '' ? [] : running.split(',')
    if (alsoLatest) for (let xid = Number(xmax); xid <= this.lastCompleted; xid++) missed.push(String(xid))
    return missed
      .flatMap(xid => this.ofTransaction.get(xid) ?? [])
      .filter(({ id }) => id <= after.id)
      .sort((a, b) => a.id - b.id)
  }

  /** What was read between two positions, by number. What came late stands among what came after it. */
  between(from: Position, to: Position): Entry[] {
    const isRead = readAt(to)
    const fresh = this.byNumber.slice(this.indexAfter(from.id), this.indexAfter(to.id))
    return [...this.lateAfter(from), ...fresh].filter(isRead)
  }

  advance({ epoch, from, to, position }: Saved): void {
    const strange = this.canary !== 'epoch-unchecked' && epoch !== this.epoch
    if (this.canary !== 'no-fence' && (strange || from !== this.seq))
      throw new Superseded(`Step ${from} of epoch ${epoch} is not where the domain stands.`)
    this.seq = to
    if (this.canary !== 'position-apart' || this.world.chance(0.9)) this.position = position
  }

  readOn(look: ReadOn): void {
    if (look.epoch !== this.epoch || look.seq !== this.seq) return
    this.position = look.position
    this.onReadOn(look)
  }

  save(saved: Saved, entries: readonly Entry[], xid: number, lost: boolean): void {
    this.advance(saved)
    const forgets = (canary: Canary) => lost && this.canary === canary
    for (const step of forgets('step-lost') ? saved.steps.slice(0, -1) : saved.steps) this.steps.push(new WrittenStep(step))
    if (forgets('board-lost')) saved.board.changedAgents.clear()
    for (const id of saved.board.changedAgents) {
      const row = saved.board.agents.get(id)
      if (row !== undefined) this.agents.set(id, row)
    }
    for (const id of saved.board.changedCalls) {
      const row = saved.board.calls.get(id)
      if (row === undefined) this.calls.delete(id)
      else this.calls.set(id, row)
    }
    if (saved.snapshot !== null) this.keep(saved.to, JSON.stringify(saved.snapshot))
    this.onSaved(saved)
    this.commit(xid, forgets('entries-lost') ? [] : entries)
  }

  private keep(seq: number, state: string): void {
    const [before] = this.snapshots.filter(kept => kept.seq < seq)
    if (before !== undefined) this.steps = this.steps.filter(step => step.seq > before.seq)
    this.snapshots = [{ seq, state }, ...(before === undefined ? [] : [before])]
  }

  private journalOf(call: string): JournalOfCall {
    const lastOf = <P extends Record<string, unknown>>(type: EventType<P>): P | undefined => {
      const entry = this.journal.findLast(each => each.subjects.call === call && each.type === type.type)
      return entry && payloadOf(type, entry)
    }
    const terms = lastOf(callCallbackQueued)
    return { section: lastOf(offerMade)?.sectionId ?? null, callback: terms === undefined ? null : termsOf(terms) }
  }

  /** What a read sees: the rows as of one instant. */
  frozen(): Rows {
    const { epoch, seq, position, snapshots } = this
    // Steps are only ever added to this list; what is forgotten leaves by a list of its own.
    const { steps } = this
    const count = steps.length
    const reachable = new Map([...this.presence].map(([id, page]) => [id, page.reachable]))
    const board = { calls: [...this.calls.values()], agents: [...this.agents.values()] }
    return {
      domain: async () => (epoch === 0 ? undefined : { epoch, seq, position }),
      snapshot: async before => {
        const kept = snapshots.find(each => before === null || each.seq < before)
        return kept && { seq: kept.seq, state: JSON.parse(kept.state) }
      },
      stepsAfter: async (after, limit) => {
        const from = Math.max(0, after + 1 - (steps[0]?.seq ?? 0))
        return steps.slice(from, Math.min(count, from + limit)).map(step => step.read)
      },
      board: async () => board,
      reachable: async () => reachable,
      journalOf: async calls => new Map(calls.map(call => [call, this.journalOf(call)])),
    }
  }
}

/** A line of a process to the store. */
export class Line implements Ledger {
  private readonly store: Store
  private readonly process: Process
  private readonly centre: Centre
  private readonly engines: Engines
  private closed = false

  constructor(store: Store, process: Process, centre: Centre, engines: Engines) {
    this.engines = engines
    this.store = store
    this.process = process
    this.centre = centre
  }

  beginEpoch = (): Promise<number> => this.ask(() => ++this.store.epoch)

  holdEpoch = (epoch: number): Promise<void> => this.ask(() => this.mustHold(epoch))

  async read<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
    const rows = await this.ask(() => this.store.frozen())
    const asRead = await this.broken(rows)
    return work({
      domain: () => this.through(rows.domain()),
      snapshot: before => this.through(rows.snapshot(before)),
      stepsAfter: async (seq, limit) => asRead(await this.through(rows.stepsAfter(seq, limit))),
      board: () => this.through(rows.board()),
      reachable: () => this.through(rows.reachable()),
      journalOf: calls => this.through(rows.journalOf(calls)),
    })
  }

  /** How steps are read when a canary sings; mostly as they are. */
  private async broken(rows: Rows): Promise<(steps: Step[]) => Step[]> {
    const { create, restore, version } = this.engines
    if (this.store.canary === 'other-release-refused')
      return steps => {
        if (steps.some(step => step.engine !== version)) throw new Error('Steps of another release.')
        return steps
      }
    if (this.store.canary !== 'own-decisions') return steps => steps
    const kept = await rows.snapshot(null)
    const engine = kept === undefined ? create() : restore(kept.state)
    return steps => steps.map(step => ({ ...step, commands: JSON.parse(JSON.stringify(engine.apply(step.input, step.at))) }))
  }

  async journal(after: Position, limit: number): Promise<Look & { now: number }> {
    const hear = this.process.asking()
    const { time, ...look } = await this.ask(() => ({ ...this.store.look(after, limit), time: this.store.world.now }))
    hear(time)
    return { ...look, now: this.process.now() }
  }

  save(saved: Saved): Promise<void> {
    // What goes over the wire is what is there now, whatever becomes of it in memory later.
    const { calls, agents, changedCalls, changedAgents } = saved.board
    const board = {
      calls: new Map([...changedCalls].flatMap(id => (calls.has(id) ? [[id, calls.get(id)] as const] : []))),
      agents: new Map([...changedAgents].map(id => [id, agents.get(id)] as const)),
    }
    const rowsOf = <T>(rows: Map<string, T | undefined>) =>
      new Map([...rows].flatMap(([id, row]) => (row === undefined ? [] : [[id, row] as const])))
    const copy: Saved = {
      ...saved,
      steps: [...saved.steps],
      entries: [...saved.entries],
      board: {
        calls: rowsOf(board.calls),
        agents: rowsOf(board.agents),
        changedCalls: new Set(changedCalls),
        changedAgents: new Set(changedAgents),
      },
    }
    return this.transaction((xid, entries, lost) => this.store.save(copy, entries, xid, lost), copy.entries)
  }

  readOn = (look: ReadOn): Promise<void> => this.ask(() => this.store.readOn(look))

  setAside = (entries: readonly SetAside[]): Promise<void> =>
    this.ask(() => {
      for (const { entry, why } of entries) this.store.aside.set(entry.id, why)
    })

  async sweep(epoch: number, now: Date): Promise<boolean> {
    const { store } = this
    const isSilent = (page: Presence) => page.reachable && page.heardAt < now.getTime() - silentAfterMs
    const some = await this.ask(() => [...store.presence.values()].some(isSilent))
    if (!some) return false
    await this.transaction(xid => {
      this.mustHold(epoch)
      const gone = [...store.presence].filter(([, page]) => isSilent(page)).sort(([a], [b]) => (a < b ? -1 : 1))
      for (const [, page] of gone) page.reachable = false
      const told = gone.map(([personId, { unitPath }]) => unreachable({ personId, unitPath }, now))
      store.commit(xid, store.place(xid, told))
    }, [])
    return true
  }

  sections = () => this.ask(() => this.centre.sections)
  isOpen = (sectionId: string, at: Date) => this.ask(() => this.centre.openness(sectionId, at))
  sectionRouting = () => this.ask(() => new Map(this.store.routing))
  written = () => this.ask(() => this.store.written)
  withoutTelephone = () => this.ask(() => new Set(this.store.withoutTelephone))
  skills = () => this.ask(() => new Map([...this.store.skills].sort(([a], [b]) => (a < b ? -1 : 1))))

  close(): void {
    this.closed = true
  }

  private mustHold(epoch: number): void {
    if (this.store.canary !== 'no-fence' && this.store.canary !== 'epoch-unchecked' && epoch !== this.store.epoch)
      throw new Superseded(`Epoch ${epoch} is over.`)
  }

  private through<T>(answer: Promise<T>): Promise<T> {
    return this.ask(() => answer)
  }

  /** Asks something over the wire. */
  private ask<T>(work: () => T): Promise<Awaited<T>> {
    const { store, process } = this
    const { world, rates } = store
    const wire = () => world.between(0, rates.wireMs)
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<T>>()
    const fails = (error: unknown) => process.soon(wire(), () => reject(error))
    const kind = this.faultOfCall()
    world.soon(kind === 'slow' ? world.anySize(50, rates.slowMs) : wire(), () => {
      // A wire that is cut says nothing to anybody.
      if (process.cut) return
      if (store.away || this.closed || kind === 'not-sent') return fails(new Lost('The connection was lost.'))
      let answer: T
      try {
        answer = work()
      } catch (error) {
        return fails(error)
      }
      if (kind === 'unanswered') return
      if (kind === 'answer-lost') return fails(new Lost('The answer was lost.'))
      process.soon(wire(), () => Promise.resolve(answer).then(resolve, reject))
    })
    return promise
  }

  /** A transaction takes a while, in which others commit; who asked for it may die, sleep or be cut off in its middle. */
  private transaction(
    work: (xid: number, entries: readonly Entry[], answerLost: boolean) => void,
    checked: readonly CheckedEntry[],
  ): Promise<void> {
    const { store, process } = this
    const { world, rates } = store
    const wire = () => world.between(0, rates.wireMs)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const kind = this.faultOfCall()
    const fails = (error: unknown) => process.soon(wire(), () => reject(error))
    world.soon(kind === 'slow' ? world.anySize(50, rates.slowMs) : wire(), () => {
      if (process.cut || process.dead) return
      if (store.away || kind === 'not-sent') return fails(new Lost('The connection was lost.'))
      const xid = store.begin()
      const entries = store.place(xid, checked)
      const commit = () => {
        try {
          work(xid, entries, kind === 'answer-lost')
        } catch (error) {
          store.abort(xid)
          return fails(error)
        }
        if (kind === 'unanswered') return
        if (kind === 'answer-lost') {
          world.fault('answer to COMMIT lost')
          fails(new Lost('The answer to COMMIT was lost.'))
        } else process.soon(wire(), resolve)
      }
      const giveUp = () => {
        store.abort(xid)
        fails(new Lost('The server has ended the transaction.'))
      }
      world.after(kind === 'stuck' ? world.between(1, idleMs - 1) : world.between(1, 3), () => {
        const said = world.chance(0.5)
        if (store.away || (process.dead && !said)) giveUp()
        // COMMIT was on its way already, or it never comes.
        else if ((process.awake && !process.cut) || said) commit()
        else world.after(idleMs, giveUp)
      })
    })
    return promise
  }

  private faultOfCall(): FaultOfCall | null {
    const { world, rates } = this.store
    const ordered = this.store.ordered?.() ?? null
    const kind = ordered ?? (world.chance(rates.call) ? world.oneOf(faultsOfCall) : null)
    if (kind !== null) world.fault(`call ${kind}`)
    return kind
  }
}
