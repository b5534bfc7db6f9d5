/** The door of the platform: what every room stands on. It knows no domain. */

export * from './actor.ts'
export { type BackOff, backOffMs } from './back-off.ts'
export { type BroughtBlob, bringBlob, keepBlob, wholeBlob } from './blobs/blobs.ts'
export { BucketAway, openBucket } from './blobs/bucket.ts'
export { bucketStanding } from './blobs/standing.ts'
export { deleteBlob, eraseBlobs } from './blobs/store.ts'
export { scheduleSweep } from './blobs/sweep.ts'
export { callable } from './callable.ts'
export * from './channels.ts'
export * from './clock.ts'
export { type Config, configTable, type RoleName, readConfig, WrongConfig } from './config.ts'
export { BackupNote, chunksOf, lastBackup, noteBackup, restoreBackup, usualBackup, writeBackup } from './database/backup.ts'
export { findRunning, openControl } from './database/control.ts'
export {
  type Database,
  DatabaseUnavailable,
  type Db,
  openDatabase,
  openEmbedded,
  openPostgres,
  type Tx,
} from './database/database.ts'
export { type DocumentVersion, documentsOf } from './database/documents.ts'
export { FolderInUse } from './database/folder-lock.ts'
export { appliedMigrations, type MigrationOptions, migrate, needCurrentDatabase, readMigrations } from './database/migrate.ts'
export { pendingMigrations } from './database/migration-plan.ts'
export { openPools, type Pools } from './database/pools.ts'
export { inSavepoint } from './database/savepoint.ts'
export type { Tables } from './database/tables.ts'
export { copyDatabase, scheduleUpkeep } from './database/upkeep.ts'
export { writeWhole } from './database/whole-file.ts'
export * from './errors.ts'
export {
  journalState,
  type LongWriter,
  longestWriter,
  measureReaders,
  type PlacesOf,
  type ReaderAge,
  type ReaderPlace,
  readerAges,
  unreadSeconds,
} from './events/ages.ts'
export { type Archived, archivedBefore, archiveMonths, verifyMonth } from './events/archive.ts'
export { Changes, changesOf, changesOfSettings, KnownChanges, withoutChanges } from './events/changes.ts'
export { type NewEra, openEra } from './events/eras.ts'
export { countMarked, eraseMarked, markEntries } from './events/erase.ts'
export * from './events/event.ts'
export { type Rest, startFollower } from './events/follower.ts'
export {
  type CheckedEntry,
  checkEntry,
  entryOf,
  insertOfEntries,
  type JournalBatch,
  type JournalRow,
  journalColumns,
  journalEnd,
  readJournal,
  writeEntries,
  writeEntry,
  writtenOf,
} from './events/journal.ts'
export { type LastEntry, lastEntry } from './events/last-entry.ts'
export { journalMonthClosed, keepMonths, monthOf, partOf } from './events/months.ts'
export {
  beginning,
  type Position,
  positionOfPlace,
  positionText,
  readAt,
  readPosition,
  wholePositionText,
} from './events/position.ts'
export { sealJournal } from './events/seal.ts'
export { eachEntry, entriesSetAside, type SetAside, setAside, setAsideLately, UnreadableEntries } from './events/set-aside.ts'
export { type Follower, type JournalTail, openTail, positionAfter } from './events/tail.ts'
export { typeName, typeNames } from './events/type-names.ts'
export { journalErased, type Since, type Verification, verifyJournal } from './events/verify.ts'
export { filled } from './filled.ts'
export * from './house.ts'
export { addressOf, isSecure, networkOf, type Origin, type Proxies } from './http/addresses.ts'
export { ChangedMeanwhile, changedMeanwhile } from './http/changed-meanwhile.ts'
export type { Audience } from './http/fan-out.ts'
export type { LivePages } from './http/live.ts'
export { comesFromThisMachine, isLoopback } from './http/loopback.ts'
export { type Groups, messagesOf, textsOf } from './http/messages.ts'
export { httpMetrics, registry } from './http/metrics.ts'
export { openMetricsServer } from './http/metrics-server.ts'
export { openApi } from './http/openapi.ts'
export { perMinute } from './http/per-minute.ts'
export { Problem } from './http/problem.ts'
export * from './http/route.ts'
export { openServer, type Server, type ServerParts } from './http/server.ts'
export { closeAtStop, isClosedAtStop, type SocketRoute } from './http/sockets.ts'
export { statusRoute } from './http/status.ts'
export { fingerprintOf, forgetOldAnswers, type Idempotency } from './idempotency.ts'
export * from './ids.ts'
export { isSampleLoaded, sampleMark } from './installation.ts'
export { type JobData, type Jobs, openJobs, type SendOptions } from './jobs.ts'
export { type Language, languageOf, languages, preferredLanguage, sentence } from './languages.ts'
export { endInGoodOrder, startAgain } from './lifetime.ts'
export { readTokenFor, tokenFor } from './link-token.ts'
export { type Log, openLog } from './log.ts'
export * from './office-time.ts'
export { Permission, permissionOf } from './permission.ts'
export { phoneText } from './phone-text.ts'
export { type Supervised, supervise } from './processes/supervise.ts'
export { answerQuestions } from './processes/thread.ts'
export { openThreads, type Threads } from './processes/threads.ts'
export { type Worker, work } from './processes/work.ts'
export { houseSecret } from './secret.ts'
export * from './spelling.ts'
export * from './text.ts'
export { openTurnstile, type Turnstile } from './turnstile.ts'
export * from './use-case.ts'
export { withChange } from './with-change.ts'
export { onItsOwn, workThrough } from './work-through.ts'
