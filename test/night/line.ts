/** A line of a process to the store, on which an answer may be lost before, after or instead of what was asked. */
import { unreachableEntry } from '../../src/distribution/leader/database-ledger.ts'
import {
  type LeaderStep,
  type Ledger,
  type ReadOn,
  type Rows,
  type Saved,
  Superseded,
} from '../../src/distribution/leader/ledger.ts'
import type { Engines } from '../../src/distribution/leader/memory.ts'
import { isHeard } from '../../src/distribution/leader/translate.ts'
import { silentAfterMs } from '../../src/distribution/model.ts'
import {
  type CheckedEntry,
  type Entry,
  type JournalBatch,
  type Position,
  readEntry,
  type SetAside,
} from '../../src/platform/index.ts'
import type { Centre } from './centre.ts'
import { type FaultOfCall, faultsOfCall, type Presence, type Store } from './database.ts'
import type { Process } from './world.ts'

class Lost extends Error {
  override readonly name = 'Lost'
}

/** PostgreSQL ends a transaction whose client says nothing for so long (`idle_in_transaction_session_timeout`). */
const idleMs = 900

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
  private async broken(rows: Rows): Promise<(steps: LeaderStep[]) => LeaderStep[]> {
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

  async journal(after: Position, limit: number): Promise<JournalBatch & { now: number }> {
    const hear = this.process.asking()
    const { time, ...look } = await this.ask(() => ({ ...this.store.look(after, limit), time: this.store.world.now }))
    hear(time)
    const isDeadly = (entry: Entry) => isHeard(entry.type) && readEntry(entry).is === 'unreadable'
    if (this.store.canary === 'dies-of-unreadable' && look.entries.some(isDeadly)) throw new Error('An entry cannot be read.')
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
      if (this.store.canary === 'unreadable-unseen') return
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
      const told = gone.map(([personId, { unitPath }]) => unreachableEntry({ personId, unitPath }, now))
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
