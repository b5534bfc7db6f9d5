/**
 * How far readers of the journal lag: the age of the oldest entry that is there and that one of them has not read. And which transaction
 * has been writing for long, so that its entries will come late.
 */
import { type Kysely, sql } from 'kysely'
import { Gauge } from 'prom-client'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import type { House } from '../house.ts'
import { registry } from '../http/metrics.ts'
import { readJournal } from './journal.ts'
import type { Position } from './position.ts'
import { lastSealed } from './seals.ts'
import type { JournalTail } from './tail.ts'

/** How far a reader has read, as its own rows say it. */
export interface ReaderPlace {
  readonly reader: string
  readonly position: Position
  /** Which process reads, if only one may. */
  readonly process?: string
}

/** Asks a room how far its readers are. */
export type PlacesOf = (db: Kysely<Tables>) => Promise<readonly ReaderPlace[]>

export interface ReaderAge {
  readonly reader: string
  readonly process?: string
  /** 0 for who has read everything. */
  readonly ageSeconds: number
}

/** Returns the age of the oldest entry that is unread at a position, in seconds; 0 when there is none. */
export async function unreadSeconds(database: Pick<Database, 'kysely'>, position: Position, now: number): Promise<number> {
  const { entries } = await readJournal(database, position, undefined, 1)
  const oldest = Math.min(now, ...entries.map(entry => entry.at.getTime()))
  return (now - oldest) / 1_000
}

/**
 * Returns how far behind the readers are: the sealing, the followers in this process, if there are any, and those of the rooms. The slowest comes first.
 */
export async function readerAges(
  database: Pick<Database, 'kysely'>,
  tail: Pick<JournalTail, 'position'>,
  now: number,
  rooms: readonly PlacesOf[] = [],
): Promise<ReaderAge[]> {
  const followers = tail.position()
  const places: ReaderPlace[] = [
    { reader: 'sealing', position: await lastSealed(database) },
    ...(followers ? [{ reader: 'followers', position: followers }] : []),
  ]
  for (const placesOf of rooms) places.push(...(await placesOf(database.kysely)))
  const ages: ReaderAge[] = []
  for (const { position, ...reader } of places) ages.push({ ...reader, ageSeconds: await unreadSeconds(database, position, now) })
  return ages.sort((a, b) => b.ageSeconds - a.ageSeconds)
}

export interface LongWriter {
  readonly pid: number
  readonly application: string
  readonly seconds: number
}

/** Returns the transaction of this database that has been open longest and has written; undefined when there is none. */
export async function longestWriter(database: Pick<Database, 'kysely'>): Promise<LongWriter | undefined> {
  const { rows } = await sql<LongWriter>`
    select pid, application_name as application, extract(epoch from clock_timestamp() - xact_start)::float8 as seconds
    from   pg_stat_activity
    where  datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
    order  by xact_start
    limit  1`.execute(database.kysely)
  return rows[0]
}

type Asked = Pick<House, 'database' | 'tail' | 'clock' | 'log'>

/** From so many seconds on it is told that a reader lags, or that a transaction writes. */
const toldAfterSeconds = 90

/** Returns what `/readyz` says of the journal: who lags and by how much, and who has been writing for long. */
export async function journalState(
  { database, tail, clock }: Asked,
  rooms: readonly PlacesOf[],
): Promise<Record<string, string>> {
  const [slowest] = await readerAges(database, tail, clock.now(), rooms)
  const writer = await longestWriter(database)
  const lags = slowest !== undefined && slowest.ageSeconds > toldAfterSeconds
  return {
    journal: lags
      ? `${slowest.reader}${slowest.process ? ` (${slowest.process})` : ''}: has not read what is ${Math.round(slowest.ageSeconds)} s old`
      : 'ok',
    ...(writer !== undefined && writer.seconds > toldAfterSeconds
      ? { writer: `process ${writer.pid} (${writer.application}) has been writing for ${Math.round(writer.seconds)} s` }
      : {}),
  }
}

const gaugeName = 'filodiretto_journal_reader_age_seconds'

/** Adds the readers' ages to the figures, until the answered `close` is called. One house for each process has them. */
export function measureReaders({ database, tail, clock, log }: Asked, rooms: readonly PlacesOf[]): { close(): void } {
  const gauge = new Gauge({
    name: gaugeName,
    help: 'Age in seconds of the oldest entry of the journal that a reader has not read',
    labelNames: ['reader', 'process'] as const,
    registers: [registry],
    async collect() {
      gauge.reset()
      // A database that does not answer must not take the other figures with it.
      const ages = await readerAges(database, tail, clock.now(), rooms).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'how far the readers of the journal are could not be read')
        return []
      })
      for (const { reader, process = '', ageSeconds } of ages) gauge.set({ reader, process }, ageSeconds)
    },
  })
  return { close: () => registry.removeSingleMetric(gaugeName) }
}
