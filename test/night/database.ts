/**
 * A model of PostgreSQL as the leader knows it: transactions that run side by side and commit out of order, a journal of which a look sees
 * what has committed by then, one row that fences, and wires on which an answer may be lost before, after or instead of what was asked.
 */

import { callCallbackQueued, offerMade } from '../../src/distribution/events.ts'
import type { WrittenSection } from '../../src/distribution/leader/centre.ts'
import {
  type JournalOfCall,
  type LeaderStep,
  type ReadOn,
  type Rows,
  type Saved,
  Superseded,
} from '../../src/distribution/leader/ledger.ts'
import { termsOf } from '../../src/distribution/leader/translate.ts'
import type { SectionRouting } from '../../src/distribution/model.ts'
import type { AgentStatusTable, QueuedCallTable } from '../../src/distribution/tables.ts'
import {
  type CheckedEntry,
  type Entry,
  type EventType,
  entryOf,
  type JournalBatch,
  type Position,
  payloadOf,
  readAt,
  type SetAside,
} from '../../src/platform/index.ts'
import { Places } from './places.ts'
import type { Rates } from './rates.ts'
import type { World } from './world.ts'

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
  'waits-for-strangers': 'nothing is read before the oldest transaction of the whole cluster has ended',
  'dies-of-unreadable': 'a leader that meets an entry that it cannot read begins again, and meets it again',
  'unreadable-unseen': 'what cannot be read is passed over, and stands nowhere',
  'damaged-refused': 'a leader that cannot read its place or the last snapshot begins again, and cannot read it again',
  'taken-again': 'a leader that reads from an earlier place takes what was taken',
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
  private again: LeaderStep | null = null

  constructor({ seq, engine, at, input, commands }: LeaderStep) {
    this.seq = seq
    this.engine = engine
    this.at = at
    this.input = JSON.stringify(input)
    this.commands = JSON.stringify(commands)
  }

  get read(): LeaderStep {
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

export interface Presence {
  heardAt: number
  reachable: boolean
  unitPath: string
}

/** One in three is the answer that is lost: it leaves open what has happened. */
export const faultsOfCall = ['not-sent', 'answer-lost', 'answer-lost', 'unanswered', 'slow', 'stuck'] as const
export type FaultOfCall = (typeof faultsOfCall)[number]

/** Whoever has read rows may say so this much later: a process may have slept. */
const hearsayMs = 5 * 60_000

export class Store {
  epoch = 0
  seq = 0
  readonly places = new Places()
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
  /** Entries that the leader went on without, and why; and those that it has to go on without, because of what they are. */
  readonly aside = new Map<number, SetAside['why']>()
  readonly strange = new Map<number, SetAside['why']>()
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
  private damagedSnapshot = -1
  private damagedAt = Number.NEGATIVE_INFINITY
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
  look(after: Position, limit: number): JournalBatch {
    const late = this.canary === 'late-commits-skipped' ? [] : this.lateAfter(after, this.canary !== 'latest-skipped')
    const fresh = this.mayBeRead(this.byNumber.slice(this.indexAfter(after.id)).slice(0, limit))
    const position = { era: 1, snapshot: this.nowRunning(), id: fresh.at(-1)?.id ?? after.id }
    return { entries: [...late, ...fresh], position, more: fresh.length === limit }
  }

  /** Everything; or, as readers once did, what is below the oldest transaction that runs anywhere in the cluster. */
  private mayBeRead(fresh: Entry[]): Entry[] {
    if (this.canary !== 'waits-for-strangers') return fresh
    const [oldest = Number.POSITIVE_INFINITY] = [...this.running].sort((a, b) => a - b)
    const stop = fresh.findIndex(({ xid }) => Number(xid) >= oldest)
    return stop < 0 ? fresh : fresh.slice(0, stop)
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
    const isKept = this.canary !== 'position-apart' || this.world.chance(0.9)
    if (to > from) this.places.add(to, isKept ? position : this.places.last)
    else if (isKept) this.places.readOn(to, position)
  }

  readOn(look: ReadOn): void {
    if (look.epoch !== this.epoch || look.seq !== this.seq) return
    this.places.readOn(look.seq, look.position)
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
    if (before !== undefined) {
      this.steps = this.steps.filter(step => step.seq > before.seq)
      this.places.forget(before.seq)
    }
    this.snapshots = [{ seq, state }, ...(before === undefined ? [] : [before])]
  }

  /** The newest snapshot cannot be restored any more, or it can and says something else. Returns false when there is none. */
  damageSnapshot(state: string): boolean {
    const [newest, ...rest] = this.snapshots
    // Of two, one is as it was written: what only an engine remembers would be lost with both.
    if (newest === undefined || rest[0]?.seq === this.damagedSnapshot) return false
    this.snapshots = [{ ...newest, state }, ...rest]
    this.damagedSnapshot = newest.seq
    this.damagedAt = this.world.now
    return true
  }

  damagePlaces(rows: number): boolean {
    this.places.damage(rows)
    if (this.places.isDamaged) this.damagedAt = this.world.now
    return this.places.isDamaged
  }

  /** Rows from which the state is rebuilt are not as they were written. */
  get isDamaged(): boolean {
    return this.places.isDamaged || this.snapshots[0]?.seq === this.damagedSnapshot
  }

  /** Whether somebody may have read damaged rows and not yet said so. */
  get wasDamaged(): boolean {
    if (this.isDamaged) this.damagedAt = this.world.now
    return this.world.now - this.damagedAt < hearsayMs
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
    const { epoch, seq, snapshots, canary } = this
    const place = this.places.read()
    if (canary === 'damaged-refused' && this.isDamaged) throw new Error('The rows are not as they were written.')
    // Steps are only ever added to this list; what is forgotten leaves by a list of its own.
    const { steps } = this
    const count = steps.length
    const reachable = new Map([...this.presence].map(([id, page]) => [id, page.reachable]))
    const board = { calls: [...this.calls.values()], agents: [...this.agents.values()] }
    return {
      domain: async () => {
        if (epoch === 0) return undefined
        return { epoch, seq, ...place, ...(canary === 'taken-again' ? { positionSeq: seq } : {}) }
      },
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
