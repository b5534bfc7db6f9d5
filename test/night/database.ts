/**
 * A model of PostgreSQL as the leader knows it: transactions that run side by side and commit out of order, a journal that readers read
 * below the oldest of them, one row that fences, and wires on which an answer may be lost before, after or instead of what was asked.
 */
import { unreachable } from '../../src/distribution/database-ledger.ts'
import { type Ledger, type Rows, type Saved, type Step, Superseded } from '../../src/distribution/ledger.ts'
import { type SectionRouting, silentAfterMs } from '../../src/distribution/model.ts'
import type { AgentStatusTable, QueuedCallTable } from '../../src/distribution/tables.ts'
import { type CheckedEntry, type Entry, entryOf, type Position } from '../../src/platform/index.ts'
import type { Centre } from './centre.ts'
import type { Rates } from './rates.ts'
import type { Process, World } from './world.ts'

/** What is taken out of the design, to see whether the night notices. */
export type Canary = 'no-fence' | 'position-apart' | 'late-commits-skipped'
export const canaries: readonly Canary[] = ['no-fence', 'position-apart', 'late-commits-skipped']

interface WrittenStep {
  seq: number
  at: number
  input: string
  commands: string
}

interface Presence {
  heardAt: number
  reachable: boolean
  unitPath: string
}

class Lost extends Error {
  override readonly name = 'Lost'
}

/** PostgreSQL ends a transaction whose client says nothing for so long (`idle_in_transaction_session_timeout`). */
const idleMs = 900

export class Store {
  epoch = 0
  seq = 0
  position: Position = { xid: '0', id: 0 }
  steps: WrittenStep[] = []
  snapshot: { seq: number; state: string } | null = null
  readonly calls = new Map<string, QueuedCallTable>()
  readonly agents = new Map<string, AgentStatusTable>()
  readonly presence = new Map<string, Presence>()
  readonly skills = new Map<string, { section: string; level: number }[]>()
  readonly routing = new Map<string, SectionRouting>()
  /** What is committed, in the order of readers. */
  readonly journal: Entry[] = []
  /** The database answers nobody. */
  away = false
  /** Each transaction of the leader, after it has committed. */
  onSaved: (saved: Saved) => void = () => {}
  /** Something has been committed to the journal. */
  onCommit: (entries: readonly Entry[]) => void = () => {}

  readonly world: World
  readonly rates: Rates
  readonly canary: Canary | null
  private lastXid = 0
  private lastId = 0
  private readonly running = new Set<number>()

  constructor(world: World, rates: Rates, canary: Canary | null) {
    this.world = world
    this.rates = rates
    this.canary = canary
  }

  begin(): number {
    const xid = ++this.lastXid
    this.running.add(xid)
    return xid
  }

  abort(xid: number): void {
    this.running.delete(xid)
  }

  /** Entries with their places in the journal; the identifiers are drawn before the transaction commits. */
  place(xid: number, entries: readonly CheckedEntry[]): Entry[] {
    return entries.map(entry =>
      entryOf({
        xid: String(xid),
        id: ++this.lastId,
        at: new Date(entry.at),
        type: entry.type,
        actor: JSON.parse(entry.actor),
        channel: entry.channel ?? null,
        call_id: entry.call_id ?? null,
        case_id: entry.case_id ?? null,
        contact_id: entry.contact_id ?? null,
        person_id: entry.person_id ?? null,
        unit_ids: entry.unit_ids,
        payload: JSON.parse(entry.payload),
      }),
    )
  }

  commit(xid: number, entries: readonly Entry[]): void {
    this.running.delete(xid)
    const first = entries[0]
    if (first === undefined) return
    this.journal.splice(this.indexAfter({ xid: first.xid, id: 0 }), 0, ...entries)
    this.onCommit(entries)
  }

  /** Where the entries begin that come after a position. */
  indexAfter({ xid, id }: Position): number {
    const wanted = Number(xid)
    let [low, high] = [0, this.journal.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const entry = this.journal[middle]
      const [x, y] = [Number(entry?.xid), entry?.id ?? 0]
      if (x < wanted || (x === wanted && y <= id)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Up to `limit` entries from an index on that a reader sees now. */
  visible(from: number, limit: number): Entry[] {
    const oldest = this.canary === 'late-commits-skipped' ? Number.POSITIVE_INFINITY : this.oldestRunning()
    const entries: Entry[] = []
    for (let i = from; i < this.journal.length && entries.length < limit; i++) {
      const entry = this.journal[i]
      if (entry === undefined || Number(entry.xid) >= oldest) break
      entries.push(entry)
    }
    return entries
  }

  private oldestRunning(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const xid of this.running) if (xid < oldest) oldest = xid
    return oldest
  }

  advance({ epoch, from, to, position }: Saved): void {
    if (this.canary !== 'no-fence' && (epoch !== this.epoch || from !== this.seq))
      throw new Superseded(`Step ${from} of epoch ${epoch} is not where the domain stands.`)
    this.seq = to
    if (this.canary !== 'position-apart' || this.world.chance(0.9)) this.position = position
  }

  save(saved: Saved, entries: readonly Entry[], xid: number): void {
    this.advance(saved)
    for (const { seq, at, input, commands } of saved.steps)
      this.steps.push({ seq, at, input: JSON.stringify(input), commands: JSON.stringify(commands) })
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
    this.commit(xid, entries)
  }

  private keep(seq: number, state: string): void {
    if (this.snapshot !== null) {
      const before = this.snapshot.seq
      this.steps = this.steps.filter(step => step.seq > before)
    }
    this.snapshot = { seq, state }
  }

  /** What a read sees: the rows as of one instant. */
  frozen(): Rows {
    const { epoch, seq, position, snapshot } = this
    const steps = this.steps.slice()
    const board = { calls: [...this.calls.values()], agents: [...this.agents.values()] }
    return {
      domain: async () => (epoch === 0 ? undefined : { epoch, seq, position }),
      lastSnapshot: async () => (snapshot === null ? undefined : { seq: snapshot.seq, state: JSON.parse(snapshot.state) }),
      stepsAfter: async (after, limit) => {
        const from = Math.max(0, after + 1 - (steps[0]?.seq ?? 0))
        return steps.slice(from, from + limit).map((step, i): Step => {
          if (step.seq !== after + 1 + i) throw new Error(`The steps have a gap before ${step.seq}.`)
          return { seq: step.seq, at: step.at, input: JSON.parse(step.input), commands: JSON.parse(step.commands) }
        })
      },
      board: async () => board,
    }
  }
}

/** A line of a process to the store. */
export class Line implements Ledger {
  private readonly store: Store
  private readonly process: Process
  private readonly centre: Centre
  private closed = false

  constructor(store: Store, process: Process, centre: Centre) {
    this.store = store
    this.process = process
    this.centre = centre
  }

  beginEpoch = (): Promise<number> => this.ask(() => ++this.store.epoch)

  holdEpoch = (epoch: number): Promise<void> => this.ask(() => this.mustHold(epoch))

  async read<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
    const rows = await this.ask(() => this.store.frozen())
    return work({
      domain: () => this.through(rows.domain()),
      lastSnapshot: () => this.through(rows.lastSnapshot()),
      stepsAfter: (seq, limit) => this.through(rows.stepsAfter(seq, limit)),
      board: () => this.through(rows.board()),
    })
  }

  journal(after: Position, limit: number): Promise<{ entries: Entry[]; more: boolean }> {
    return this.ask(() => {
      const { store } = this
      const from = store.indexAfter(after)
      const entries = store.visible(from, limit)
      return { entries, more: from + entries.length < store.journal.length }
    })
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
    return this.transaction((xid, entries) => this.store.save(copy, entries, xid), copy.entries)
  }

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
  written = () => this.ask(() => [])
  withoutTelephone = () => this.ask(() => new Set<string>())
  skills = () => this.ask(() => new Map([...this.store.skills].sort(([a], [b]) => (a < b ? -1 : 1))))

  close(): void {
    this.closed = true
  }

  private mustHold(epoch: number): void {
    if (this.store.canary !== 'no-fence' && epoch !== this.store.epoch) throw new Superseded(`Epoch ${epoch} is over.`)
  }

  private through<T>(answer: Promise<T>): Promise<T> {
    return this.ask(() => answer)
  }

  /** Asks something over the wire. */
  private ask<T>(work: () => T): Promise<Awaited<T>> {
    const { store, process } = this
    const { world, rates } = store
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<T>>()
    const fails = (error: unknown) => process.after(world.between(0, 2), () => reject(error))
    const kind = this.faultOfCall()
    const arrives = kind === 'slow' ? world.anySize(50, rates.slowMs) : world.between(0, 2)
    world.after(arrives, () => {
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
      process.after(world.between(0, 2), () => Promise.resolve(answer).then(resolve, reject))
    })
    return promise
  }

  /** A transaction takes a while, in which it hides what others commit; who asked for it may die, sleep or be cut off in its middle. */
  private transaction(work: (xid: number, entries: readonly Entry[]) => void, checked: readonly CheckedEntry[]): Promise<void> {
    const { store, process } = this
    const { world } = store
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const kind = this.faultOfCall()
    const fails = (error: unknown) => process.after(world.between(0, 2), () => reject(error))
    world.after(kind === 'slow' ? world.anySize(50, store.rates.slowMs) : world.between(0, 2), () => {
      if (process.cut || process.dead) return
      if (store.away || kind === 'not-sent') return fails(new Lost('The connection was lost.'))
      const xid = store.begin()
      const entries = store.place(xid, checked)
      const commit = () => {
        try {
          work(xid, entries)
        } catch (error) {
          store.abort(xid)
          return fails(error)
        }
        if (kind === 'unanswered') return
        if (kind === 'answer-lost') fails(new Lost('The answer to COMMIT was lost.'))
        else process.after(world.between(0, 2), resolve)
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

  private faultOfCall(): 'not-sent' | 'answer-lost' | 'unanswered' | 'slow' | 'stuck' | null {
    const { world, rates } = this.store
    if (!world.chance(rates.call)) return null
    const kind = world.oneOf(['not-sent', 'answer-lost', 'answer-lost', 'unanswered', 'slow', 'stuck'] as const)
    world.fault(`call ${kind}`)
    return kind
  }
}
