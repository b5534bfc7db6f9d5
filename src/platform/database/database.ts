/**
 * One database, two ways to have it: PostgreSQL by `DATABASE_URL`, or PGlite (PostgreSQL compiled to WebAssembly) in a folder.
 * The same dialect, migrations and stores run on both.
 *
 * PGlite runs with fsync off and has one session: what it has committed survives the death of the process, not of the machine.
 * It is for trying and for small offices, and the program says so when it starts.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { lockFolder } from './folder-lock.ts'
import { finishRestore } from './restore.ts'
import type { Tables } from './tables.ts'

export type Tx = Transaction<Tables>

/** The database, inside a transaction or outside. */
export type Db = Kysely<Tables>

export interface Database {
  readonly kind: 'postgres' | 'embedded'
  readonly kysely: Kysely<Tables>
  /**
   * Runs a text of many statements without parameters on a connection of its own, outside any transaction of ours.
   * Returns the rows of all of them.
   */
  script(text: string): Promise<Record<string, unknown>[]>
  /** Runs one statement with `$1` parameters. */
  query(text: string, values: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  /** Calls `woken` with what each NOTIFY on the channel says, until the answered function is called. May miss any number of them. */
  listen(channel: string, woken: (said: string) => void): Promise<() => Promise<void>>
  /** A PostgreSQL connection outside the pool, for what belongs to a session (advisory locks). Undefined when embedded. */
  readonly direct?: () => pg.Client
  /** Everything in it as one file to begin another from. Only the embedded database; PostgreSQL has its own means. */
  readonly dump?: () => Promise<Blob>
  close(): Promise<void>
}

/** The database could not be opened; the sentence says what to mend. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

// int8 (20): as number; our counts and identifiers stay far below 2^53. timestamptz stays a Date in both drivers.
const int8 = 20
pg.types.setTypeParser(int8, Number)

export interface DatabaseSettings {
  DATABASE_URL?: string | undefined
  DATABASE_POOL: number
  DATA_DIR: string
}

/** Opens PostgreSQL when there is a `DATABASE_URL`, otherwise the embedded database in `DATA_DIR/database`. */
export function openDatabase(settings: DatabaseSettings): Promise<Database> {
  return settings.DATABASE_URL ? openPostgres(settings.DATABASE_URL, settings.DATABASE_POOL) : openEmbedded(settings.DATA_DIR)
}

/**
 * Opens PostgreSQL.
 * @throws DatabaseUnavailable when nothing answers or the version is below 15.
 */
export async function openPostgres(url: string, connections = 10): Promise<Database> {
  const settings = {
    connectionString: url,
    application_name: 'filo-diretto',
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    // A transaction that sleeps holds back every reader of the journal.
    idle_in_transaction_session_timeout: 30_000,
    statement_timeout: statementMs,
    // Our statements take milliseconds; compiling one takes half a second, which a wrong estimate is enough to bring about.
    options: '-c jit=off',
  }
  const pool = new pg.Pool({ ...settings, max: connections, connectionTimeoutMillis: 10_000 })
  // A connection that dies while idle is taken out of the pool; without a listener it would end the program.
  pool.on('error', () => {})
  // And one that dies while it is in use, between two questions: the next question fails, which is heard by whoever asks it.
  pool.on('connect', client => {
    client.on('error', () => {})
    giveUpSilence(client)
    keepPlans(client)
  })
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  try {
    const { rows } = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(kysely)
    const version = rows[0]?.version ?? 0
    if (version < 150_000)
      throw new DatabaseUnavailable(`PostgreSQL 15 or later is needed; DATABASE_URL leads to ${Math.floor(version / 10_000)}.`)
  } catch (error) {
    await kysely.destroy()
    if (error instanceof DatabaseUnavailable) throw error
    throw new DatabaseUnavailable(
      `PostgreSQL at DATABASE_URL does not answer: ${String(error instanceof Error ? error.message : error)}.`,
      { cause: error },
    )
  }
  return {
    kind: 'postgres',
    kysely,
    async script(text) {
      const results = await pool.query(text)
      return [results].flat().flatMap(result => result.rows ?? [])
    },
    query: (text, values) => pool.query(text, [...values]),
    listen: (channel, woken) => listenForEver(() => new pg.Client(settings), channel, woken),
    direct() {
      const client = new pg.Client({ ...settings, idle_in_transaction_session_timeout: 0 })
      keepPlans(client)
      return client
    },
    close: () => kysely.destroy(),
  }
}

const statementMs = 30_000
/** The server has ended every statement by then, and has said so unless the wire is dead. */
const silenceMs = statementMs + 5_000

/**
 * Cuts a connection that has not answered for so long. A wire may die without a word to either end, and the system would go on believing in
 * it for a quarter of an hour: whoever asked would wait that long, and the tail of the journal with him.
 */
function giveUpSilence(client: pg.ClientBase & { end(): Promise<void> }): void {
  client.query = new Proxy(client.query, {
    apply(query, _self, question: unknown[]) {
      const cut = setTimeout(() => void client.end().catch(() => {}), silenceMs)
      const heard = () => clearTimeout(cut)
      const then = question.at(-1)
      if (typeof then === 'function') {
        const answered = (...said: unknown[]) => {
          heard()
          Reflect.apply(then, undefined, said)
        }
        return Reflect.apply(query, client, [...question.slice(0, -1), answered])
      }
      const answer: unknown = Reflect.apply(query, client, question)
      if (answer instanceof Promise) answer.then(heard, heard)
      else heard()
      return answer
    },
  })
}

const mark = /^\s*\/\* ([a-z.-]+) \*\/\s/

const mostTexts = 4

/**
 * A statement that begins with its name, in a comment of its own, is parsed and planned once for each connection. That is for the few that
 * run at every step of a call, of which the planning costs more than the running. One that has several texts is planned once for each of the
 * first `mostTexts`; the others are planned each time they run.
 */
export function keepPlans(client: pg.ClientBase): void {
  const known = new Map<string, string[]>()
  /** The server and the driver know one text by a name. */
  const planOf = (name: string, text: string): string | undefined => {
    const texts = known.get(name) ?? []
    if (!texts.includes(text) && texts.length < mostTexts) known.set(name, [...texts, text])
    const place = (known.get(name) ?? []).indexOf(text)
    return place < 0 ? undefined : place === 0 ? name : `${name}.${place + 1}`
  }
  client.query = new Proxy(client.query, {
    apply(query, _self, [text, values, ...rest]: unknown[]) {
      const marked = typeof text === 'string' && Array.isArray(values) ? mark.exec(text)?.[1] : undefined
      const name = marked === undefined || typeof text !== 'string' ? undefined : planOf(marked, text)
      return Reflect.apply(query, client, name === undefined ? [text, values, ...rest] : [{ name, text, values }, ...rest])
    },
  })
}

/** Keeps a listening connection alive: when it dies another is made, after a pause, and `woken` is called for what was missed. */
async function listenForEver(
  connect: () => pg.Client,
  channel: string,
  woken: (said: string) => void,
): Promise<() => Promise<void>> {
  let closed = false
  let current: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  const start = async () => {
    const client = connect()
    current = client
    client.on('notification', ({ payload }) => woken(payload ?? ''))
    client.on('error', () => {})
    client.on('end', () => {
      if (!closed) retry = setTimeout(() => void start().catch(() => {}), 500)
    })
    await client.connect()
    await client.query(`listen "${channel}"`)
    woken('')
  }
  await start().catch(() => {})
  return async () => {
    closed = true
    clearTimeout(retry)
    await current?.end().catch(() => {})
  }
}

/**
 * Opens the embedded database in a folder and locks the folder; without a folder it lives in memory (tests).
 * @param copyOf a dump of another embedded database to begin from, for a folder that is still empty.
 * @throws FolderInUse when another process has the folder, DatabaseUnavailable when its content cannot be read.
 */
export async function openEmbedded(dataDir?: string, copyOf?: Blob): Promise<Database> {
  const folder = dataDir === undefined ? undefined : join(dataDir, 'database')
  const unlock = folder === undefined ? async () => {} : await lockFolder(folder)
  if (dataDir !== undefined) await finishRestore(dataDir)
  const existed = folder !== undefined && existsSync(join(folder, 'PG_VERSION'))
  const pglite = await openPGlite(folder, existed, copyOf).catch(async (error: unknown) => {
    await unlock()
    throw error
  })
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  return {
    kind: 'embedded',
    kysely,
    async script(text) {
      const results = await pglite.exec(text)
      return results.flatMap(result => result.rows)
    },
    query: (text, values) => pglite.query<Record<string, unknown>>(text, [...values]),
    listen: (channel, woken) => pglite.listen(channel, woken),
    dump: () => pglite.dumpDataDir('none'),
    async close() {
      await pglite.exec('checkpoint').catch(() => {})
      await kysely.destroy()
      if (!pglite.closed) await pglite.close()
      await unlock()
    },
  }
}

/** A small office's tables fit; PostgreSQL's own default would cost a hundred megabytes more. */
const embeddedBuffers = '16MB'

async function openPGlite(folder: string | undefined, existed: boolean, copyOf: Blob | undefined): Promise<PGlite> {
  try {
    const pglite = await PGlite.create({
      ...(folder === undefined ? {} : { dataDir: folder }),
      ...(copyOf === undefined || existed ? {} : { loadDataDir: copyOf }),
      parsers: { [int8]: Number },
      startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${embeddedBuffers}`],
    })
    // Reading the catalogue and the journal's end now finds a damaged folder at start, not in the middle of a call.
    await pglite.query('select count(*) from pg_class')
    return pglite
  } catch (error) {
    const state = existed ? 'holds a database that cannot be opened' : 'could not be made a database'
    throw new DatabaseUnavailable(
      `The folder ${folder} ${state}. It has been left as it is: move it away and restore a backup, or set DATA_DIR to another folder.`,
      { cause: error },
    )
  }
}
