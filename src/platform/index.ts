/** The door of the platform: what every room stands on. It knows no domain. */
export * from './actor.ts'
export * from './clock.ts'
export { type Config, configTable, type RoleName, readConfig, WrongConfig } from './config.ts'
export { type Database, DatabaseUnavailable, openDatabase, openEmbedded, openPostgres, type Tx } from './database/database.ts'
export { FolderInUse } from './database/folder-lock.ts'
export { migrate } from './database/migrate.ts'
export type { Tables } from './database/tables.ts'
export { copyDatabase, scheduleUpkeep } from './database/upkeep.ts'
export * from './errors.ts'
export * from './events/event.ts'
export {
  type CheckedEntry,
  checkEntry,
  entryOf,
  insertOfEntries,
  type JournalRow,
  journalEnd,
  type Look,
  readJournal,
  writeEntries,
  writeEntry,
} from './events/journal.ts'
export { beginning, type Position, positionText, readAt, readPosition } from './events/position.ts'
export { sealJournal, type Verification, verifyJournal } from './events/seal.ts'
export { type Follower, type JournalTail, openTail, positionAfter } from './events/tail.ts'
export * from './house.ts'
export type { Audience } from './http/fan-out.ts'
export { type Groups, messagesOf, textsOf } from './http/messages.ts'
export { httpMetrics, registry } from './http/metrics.ts'
export { openApi } from './http/openapi.ts'
export { Problem } from './http/problem.ts'
export * from './http/route.ts'
export { openServer, type Server, type ServerParts, type SocketRoute } from './http/server.ts'
export * from './ids.ts'
export { type JobData, type Jobs, openJobs, type SendOptions } from './jobs.ts'
export { type Language, languages, preferredLanguage, sentence } from './languages.ts'
export { type Log, openLog } from './log.ts'
export * from './office-time.ts'
export { type Supervised, supervise } from './processes/supervise.ts'
export { answerQuestions } from './processes/thread.ts'
export { openThreads, type Threads } from './processes/threads.ts'
export { type Worker, work } from './processes/work.ts'
export { openTurnstile, type Turnstile } from './turnstile.ts'
