/**
 * Migrations: the files of `migrations/`, in the order of their names, each once. Which ones are missing is decided in `migration-plan.ts`;
 * here they are applied so that people may go on working meanwhile:
 *
 * - On a connection of their own, without the time limit of our other statements.
 * - Each in one transaction with its row in `migration`, so that a program that is killed has applied a file or has not. What builds an
 *   index concurrently cannot be in a transaction: such a file says `-- concurrently` at its head, and each of its statements may be repeated.
 * - A statement that has to wait for a lock makes everybody else queue behind it. So it waits a second at most, lets everything go, and
 *   tries again after a pause that grows.
 * - One process migrates; the others wait, and say so. They ask for the lock again and again instead of waiting in it: an index that is
 *   built concurrently waits for every transaction that is older, and theirs would wait for it in turn.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type pg from 'pg'
import { type Database, DatabaseUnavailable } from './database.ts'
import { builtIndex, type MigrationFile, pendingMigrations, runsOutside, withoutComments } from './migration-plan.ts'
import { statements } from './statements.ts'

const migrationsFolder = join(import.meta.dirname, '../../../migrations')

/** Any number will do, as long as every process takes the same one. */
const migrationLock = 4_010_2011

const lockMs = 1_000
/** A file for which no lock could be had for so long stops the start: somebody has to look who holds it. */
const patienceMs = 10 * 60_000
const pausesMs = [250, 500, 1_000, 2_000, 4_000, 8_000]
const turnMs = 250
const progressIntervalMs = 5_000

/** As much of a log as migrations need. */
export interface MigrationLog {
  info(about: object, text: string): void
  warn(about: object, text: string): void
}

export interface MigrationOptions {
  /** Hears which file is applied, and every few seconds what a long one is doing. */
  log?: MigrationLog | undefined
  /** Another folder than `migrations/`, for tests. */
  folder?: string | undefined
  /** How long a file is tried again when others hold what it needs. */
  patienceMs?: number | undefined
}

/** Reads the migrations of a folder, in their order. */
export function readMigrations(folder = migrationsFolder): MigrationFile[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .sort()
    .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    .map(file => ({ ...file, sha256: createHash('sha256').update(file.text).digest('hex') }))
}

/**
 * Brings the database to the newest shape. Many processes may start at once. Returns the names of the migrations that were applied by this one.
 * @throws DatabaseUnavailable when the database is newer, when a file was changed or comes too late, or when others hold the tables for too long
 */
export async function migrate(database: Database, options: MigrationOptions = {}): Promise<string[]> {
  const files = readMigrations(options.folder)
  const pending = pendingMigrations(files, await appliedMigrations(database))
  if (pending.length === 0) return []
  return database.direct
    ? migratePostgres(database, database.direct(), files, options)
    : migrateEmbedded(database, pending, options)
}

/** Name and SHA-256 of each applied migration; none in a database that has never been ours. */
export async function appliedMigrations(database: Pick<Database, 'query'>): Promise<Map<string, string>> {
  const { rows: tables } = await database.query("select to_regclass('migration') is not null as there", [])
  if (tables[0]?.there !== true) return new Map()
  const { rows } = await database.query('select name, sha256 from migration', [])
  return new Map(rows.map(row => [String(row.name), String(row.sha256)]))
}

/**
 * For commands that read a database which the program keeps up to date.
 * @throws DatabaseUnavailable when it is empty, older or newer than this program, with a sentence that says what to do
 */
export async function needCurrentDatabase(database: Pick<Database, 'query'>): Promise<void> {
  const applied = await appliedMigrations(database)
  if (applied.size === 0)
    throw new DatabaseUnavailable(
      'The database is empty. Start the program once, which makes its tables, or mend DATABASE_URL or DATA_DIR if it should lead to another one.',
    )
  const pending = pendingMigrations(readMigrations(), applied)
  if (pending.length > 0)
    throw new DatabaseUnavailable(
      `The database is older than this program: ${pending.length} migrations are missing, the first is ${pending[0]?.name}. Start the program, which applies them, and repeat the command.`,
    )
}

const makeTable =
  'create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())'

// --- PostgreSQL -----------------------------------------------------------------------------------------------------

/** The connection of the migrations, and who says what they do. */
interface Session {
  readonly client: pg.Client
  readonly processId: number
  readonly database: Database
  readonly log: MigrationOptions['log']
  readonly patienceMs: number
}

async function migratePostgres(
  database: Database,
  client: pg.Client,
  files: readonly MigrationFile[],
  { log, patienceMs: patience = patienceMs }: MigrationOptions,
): Promise<string[]> {
  client.on('error', () => {})
  await client.connect()
  try {
    const session = { client, processId: await prepare(client), database, log, patienceMs: patience }
    await takeTurn(session)
    await client.query(makeTable)
    // Another process may have applied them while this one waited.
    const pending = pendingMigrations(files, await appliedMigrations(client))
    for (const [i, file] of pending.entries())
      await applyFile(session, file, `migration ${i + 1} of ${pending.length}, ${file.name}`)
    return pending.map(file => file.name)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Returns the identifier of the server's process. */
async function prepare(client: pg.Client): Promise<number> {
  await client.query("set application_name = 'filo-diretto migrations'")
  await client.query('set statement_timeout = 0')
  await client.query('set idle_in_transaction_session_timeout = 0')
  // When this program is killed, the server shall notice in the middle of a long statement, not at its end. Not every system can.
  await client.query("set client_connection_check_interval = '2s'").catch(() => {})
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

async function takeTurn({ client, log }: Session): Promise<void> {
  const since = performance.now()
  let saidAt = since
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [migrationLock])
    if (rows[0]?.mine === true) return
    if (performance.now() - saidAt >= progressIntervalMs || saidAt === since) {
      saidAt = performance.now()
      log?.warn({ seconds: secondsSince(since) }, 'another process is migrating the database: waiting for it')
    }
    await pause(turnMs)
  }
}

async function applyFile(session: Session, file: MigrationFile, called: string): Promise<void> {
  const { client, log } = session
  const since = performance.now()
  const record = () => client.query('insert into migration (name, sha256) values ($1, $2)', [file.name, file.sha256])
  if (runsOutside(file.text)) {
    for (const statement of statements(file.text)) await runOutside(session, statement, called)
    await record()
  } else {
    await withPatience(session, called, async () => {
      await client.query('begin')
      await client.query(`set local lock_timeout = ${lockMs}`)
      for (const statement of statements(file.text)) await watched(session, statement, called)
      await record()
      await client.query('commit')
    })
  }
  log?.info({ seconds: secondsSince(since) }, `${called}: applied`)
}

/** Tries a transaction again as long as others hold what it needs. */
async function withPatience(session: Session, called: string, transaction: () => Promise<void>): Promise<void> {
  const { client, log, patienceMs: patience } = session
  const since = performance.now()
  for (let attempt = 0; ; attempt++) {
    try {
      return await transaction()
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (!isHeldByOthers(error)) throw error
      const holders = await holdersIn(session)
      if (performance.now() - since >= patience)
        throw new DatabaseUnavailable(
          `${called}: for ${secondsSince(since)} s others have held the tables that it needs${holders}. End their transactions and start again; nothing of it was applied.`,
          { cause: error },
        )
      log?.warn(
        { attempt: attempt + 1, seconds: secondsSince(since) },
        `${called}: others hold its tables${holders}; trying again`,
      )
      await pause(pausesMs[Math.min(attempt, pausesMs.length - 1)])
    }
  }
}

/** PostgreSQL: 55P03 lock_not_available, 40P01 deadlock_detected. Nothing was done, and trying again may work. */
const isHeldByOthers = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01')

/** The oldest transactions of others in our database, as the end of a sentence; empty when there is none. */
async function holdersIn({ client }: Session): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(
    `select pid, application_name as name, extract(epoch from clock_timestamp() - xact_start)::int as seconds
     from   pg_stat_activity
     where  datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and backend_type = 'client backend'
     order  by xact_start limit 3`,
  )
  const each = rows.map(({ pid, name, seconds }) => `process ${pid}${name ? ` of ${name}` : ''} for ${seconds} s`)
  return each.length === 0 ? '' : ` (open transactions: ${each.join(', ')})`
}

async function runOutside(session: Session, statement: string, called: string): Promise<void> {
  const index = builtIndex(statement)
  if (index !== undefined && (await isUnfinished(session, index))) {
    session.log?.warn({ index }, `${called}: an index that was left unfinished is dropped and built anew`)
    await watched(session, `drop index concurrently if exists ${index}`, called)
  }
  await watched(session, statement, called)
}

/** A build that was interrupted leaves an index that is written to and never read. */
async function isUnfinished({ client }: Session, index: string): Promise<boolean> {
  const { rows } = await client.query<{ unfinished: boolean }>(
    'select not indisvalid as unfinished from pg_index where indexrelid = to_regclass($1)',
    [index],
  )
  return rows[0]?.unfinished === true
}

/** Runs a statement, and says every few seconds what it is doing. */
async function watched(session: Session, statement: string, called: string): Promise<void> {
  const { client, log } = session
  const since = performance.now()
  const what = withoutComments(statement).replace(/\s+/g, ' ').slice(0, 80)
  const telling = setInterval(() => {
    void progressOf(session).then(progress =>
      log?.warn({ seconds: secondsSince(since) }, `${called}: still at "${what}"${progress}`),
    )
  }, progressIntervalMs)
  try {
    await client.query(statement)
  } finally {
    clearInterval(telling)
  }
}

/** How far the statement of the session is, asked on another connection, as the end of a sentence. */
async function progressOf({ database, processId }: Session): Promise<string> {
  const { rows } = await database
    .query(
      `select p.phase, p.blocks_done, p.blocks_total, p.current_locker_pid as locker, pg_blocking_pids(a.pid) as blockers
       from   pg_stat_activity a left join pg_stat_progress_create_index p on p.pid = a.pid
       where  a.pid = $1`,
      [processId],
    )
    .catch(() => ({ rows: [] }))
  const [row] = rows
  const parts = [
    row?.phase ? `: ${String(row.phase)}` : '',
    Number(row?.blocks_total) > 0 ? `, ${Math.floor((100 * Number(row?.blocks_done)) / Number(row?.blocks_total))} %` : '',
    Number(row?.locker) > 0 ? `, waiting for the transaction of process ${String(row?.locker)}` : '',
    Array.isArray(row?.blockers) && row.blockers.length > 0 ? `, held up by process ${row.blockers.join(', ')}` : '',
  ]
  return parts.join('')
}

const secondsSince = (since: number): number => Math.round((performance.now() - since) / 1_000)

// --- embedded -------------------------------------------------------------------------------------------------------

/** There is one session: nobody holds a lock, and nobody waits. An index is built in the transaction, like everything else. */
async function migrateEmbedded(
  database: Database,
  pending: readonly MigrationFile[],
  { log }: MigrationOptions,
): Promise<string[]> {
  await database.script(makeTable)
  for (const [i, file] of pending.entries()) {
    const since = performance.now()
    await database.kysely.transaction().execute(async tx => {
      for (const statement of statements(file.text))
        await sql
          .raw(runsOutside(file.text) ? withoutComments(statement).replace(/\bconcurrently\b/i, '') : statement)
          .execute(tx)
      await sql`insert into migration (name, sha256) values (${file.name}, ${file.sha256})`.execute(tx)
    })
    log?.info({ seconds: secondsSince(since) }, `migration ${i + 1} of ${pending.length}, ${file.name}: applied`)
  }
  return pending.map(file => file.name)
}
