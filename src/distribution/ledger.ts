/**
 * What the leader asks of the rows, declared here by who asks. `database-ledger.ts` answers from the database; the night of seeds
 * (`test/night/`) from a model of one that fails.
 */
import type { CheckedEntry, Look, Position } from '../platform/index.ts'
import type { Command, RoutingEvent, Snapshot } from '../routing/index.ts'
import type { Board } from './board.ts'
import type { CentreSection, WrittenSection } from './centre.ts'
import type { SectionRouting } from './model.ts'
import type { AgentStatusTable, QueuedCallTable } from './tables.ts'

/** Another leader has been elected, or the rows are not where this one left them: what is in memory counts for nothing. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

export interface Step {
  seq: number
  at: number
  input: RoutingEvent
  commands: readonly Command[]
}

export interface DomainRow {
  epoch: number
  seq: number
  position: Position
}

/** The rows from which the memory is built. */
export interface Rows {
  domain(): Promise<DomainRow | undefined>
  lastSnapshot(): Promise<{ seq: number; state: Snapshot } | undefined>
  /** Up to `limit` steps after `seq`, in order. */
  stepsAfter(seq: number, limit: number): Promise<Step[]>
  board(): Promise<{ calls: QueuedCallTable[]; agents: AgentStatusTable[] }>
}

/** What settings are made of. */
export interface SettingsRows {
  sections(): Promise<readonly CentreSection[]>
  isOpen(sectionId: string, at: Date): Promise<{ open: boolean; nextChange: Date | null }>
  sectionRouting(): Promise<ReadonlyMap<string, SectionRouting>>
  /** Skills of all agents, agents and sections in order of identifier. */
  skills(): Promise<ReadonlyMap<string, readonly { section: string; level: number }[]>>
  written(): Promise<readonly WrittenSection[]>
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
  steps: readonly Step[]
  entries: readonly CheckedEntry[]
  board: Board
  /** The state after `to`, when it is to be kept. */
  snapshot: Snapshot | null
  now: Date
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
  journal(after: Position, limit: number): Promise<Look & { now: number }>
  /** @throws Superseded when another leader has been elected, or the domain does not stand at `from`. */
  save(saved: Saved): Promise<void>
  /** Notes in the journal which pages have fallen silent. Answers whether there were any. @throws Superseded */
  sweep(epoch: number, now: Date): Promise<boolean>
  /** Gives the line up, without waiting for the other end. */
  close(): void
}
