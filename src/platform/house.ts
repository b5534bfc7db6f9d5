/** What every room is given: the database, the journal, time, identifiers, the log; and what the rooms keep of their own while it lives. */
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import type { JournalTail } from './events/tail.ts'
import type { Ids } from './ids.ts'
import type { Jobs } from './jobs.ts'
import type { Log } from './log.ts'

export interface House {
  readonly config: Config
  readonly database: Database
  readonly tail: JournalTail
  readonly jobs: Jobs
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Of all houses of one program, each with a database of its own, there is one. */
  readonly parts: Partial<HouseParts>
}

/**
 * What a room keeps while the house lives, made when it is first asked for. Each room adds its own by interface merging:
 *
 *   declare module '../platform/index.ts' { interface HouseParts { simulations: Runs } }
 *   const runsOf = (house: House): Runs => (house.parts.simulations ??= openRuns(house))
 */
// biome-ignore lint/suspicious/noEmptyInterface: the rooms fill it
export interface HouseParts {}
