/**
 * What the leader asks of the rows, declared here by who asks. `database-ledger.ts` answers from the database; the night of seeds
 * (`test/night/`) from a model of one that fails.
 */
import type { CheckedEntry, JournalBatch, Position, SetAside } from '../../platform/index.ts'
import type { CallbackSchedule, Command, EngineSnapshot, RoutingEvent } from '../../routing/index.ts'
import type { SectionRouting } from '../model.ts'
import type { AgentStatusTable, QueuedCallTable } from '../tables.ts'
import type { Board } from './board.ts'
import type { CentreSection, WrittenSection } from './centre.ts'

/** Another leader has been elected, or the rows are not where this one left them: what is in memory counts for nothing. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

export interface LeaderStep {
  seq: number
  /** The version of the engine that decided it. */
  engine: number
  at: number
  input: RoutingEvent
  commands: readonly Command[]
}

export interface DomainRow {
  epoch: number
  seq: number
  position: Position
  /** The step up to which facts lie before the position. Less than `seq` where an earlier place had to be taken: then the journal tells again what the steps after it were told. */
  positionSeq: number
  /** Whether the place of the last save could be read. */
  isPlaceRead: boolean
}

/** What was said last of a call. */
export interface JournalOfCall {
  /** The section in which it was offered. */
  section: string | null
  /** The terms under which it is to be called back. */
  callback: CallbackSchedule | null
}

export interface KeptSnapshot {
  seq: number
  state: EngineSnapshot
}

/** The rows from which the memory is built. */
export interface Rows {
  domain(): Promise<DomainRow | undefined>
  /** The newest snapshot that is older than the one after `before`; the newest of all when that is null. Nobody has looked into it. */
  snapshot(before: number | null): Promise<KeptSnapshot | undefined>
  /** Up to `limit` steps after `seq`, in order. There may be gaps, and nobody has looked into them. */
  stepsAfter(seq: number, limit: number): Promise<LeaderStep[]>
  board(): Promise<{ calls: QueuedCallTable[]; agents: AgentStatusTable[] }>
  /** Whether the pages of agents can be reached, as the journal was told last. */
  reachable(): Promise<ReadonlyMap<string, boolean>>
  /** What the journal says of calls that the board does not. */
  journalOf(calls: readonly string[]): Promise<ReadonlyMap<string, JournalOfCall>>
}

/** What settings are made of. */
export interface SettingsRows {
  sections(): Promise<readonly CentreSection[]>
  isOpen(sectionId: string, at: Date): Promise<{ open: boolean; nextChange: Date | null }>
  sectionRouting(): Promise<ReadonlyMap<string, SectionRouting>>
  /** Skills of all agents, agents and sections in order of identifier. */
  skills(): Promise<ReadonlyMap<string, readonly { section: string; level: number }[]>>
  written(at: Date): Promise<readonly WrittenSection[]>
  /** Agents who work without a telephone now. */
  withoutTelephone(): Promise<ReadonlySet<string>>
}

/** What is written together, or not at all. */
export interface Saved {
  epoch: number
  /** The last step that was written before, and the last that is written now. */
  from: number
  to: number
  position: Position
  steps: readonly LeaderStep[]
  entries: readonly CheckedEntry[]
  board: Board
  /** The state after `to`, when it is to be kept. */
  snapshot: EngineSnapshot | null
  now: Date
}

/** How far a leader has read on without a step. */
export interface ReadOn {
  epoch: number
  /** The last step, which is written. */
  seq: number
  position: Position
}

/** One domain's rows, through one line. Each call may fail, before or after it did what it was asked. */
export interface Ledger extends SettingsRows {
  /** Begins a new epoch. Whatever an earlier leader still tries to write is refused from here on. */
  beginEpoch(leader: string, now: Date): Promise<number>
  /** @throws Superseded when the epoch is over. */
  holdEpoch(epoch: number): Promise<void>
  /** Reads rows, all as of one instant. */
  read<T>(work: (rows: Rows) => Promise<T>): Promise<T>
  /** See `readJournal`. `now` is the time by the clock of the rows: every leader goes by it, whatever the clock of its machine says. */
  journal(after: Position, limit: number): Promise<JournalBatch & { now: number }>
  /** @throws Superseded when another leader has been elected, or the domain does not stand at `from`. */
  save(saved: Saved): Promise<void>
  /** Notes how far was read without a step. When the epoch is over nothing happens: the next save will say so. */
  readOn(look: ReadOn): Promise<void>
  /** Notes entries that the leader goes on without. Doing it again changes nothing. */
  setAside(entries: readonly SetAside[], now: Date): Promise<void>
  /** Notes in the journal which pages have fallen silent. Returns whether there were any. @throws Superseded */
  sweep(epoch: number, now: Date): Promise<boolean>
  /** Closes the connection, without waiting for the other end. */
  close(): void
}
