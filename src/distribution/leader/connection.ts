/**
 * Connections that belong to the leader: one holds the lock, one reads and writes. They are outside the pool, because both must be given up
 * at once when something is wrong, and because the lock belongs to its session.
 *
 * Real time, not the house's clock: this is about wires and servers, which know nothing of a virtual clock. Only where these are models
 * too (`test/night/`), their time is passed in.
 */
import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { type Clock, type Database, systemClock, type Tables } from '../../platform/index.ts'
import { askNothing } from './store.ts'

/** The wire did not answer in time. Whether the server has done what it was asked is not known. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Waits for `work`, at most `ms`. @throws NoAnswer */
export async function within<T>(ms: number, what: string, work: Promise<T>, wires: Clock = systemClock): Promise<T> {
  let cancel: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    cancel = wires.after(ms, () => reject(new NoAnswer(`${what} took longer than ${ms} ms.`)))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    cancel?.()
    // Whoever has stopped to wait does not want to hear of it later either.
    work.catch(() => {})
  }
}

const connectMs = 2_000

/** Connects a client of its own, with session settings. Its `close` never waits for the other end. */
export async function connectClient(client: pg.Client, settings: Readonly<Record<string, string>>): Promise<() => void> {
  let closed = false
  // A connection that dies while nobody asks it anything says so here; the next question finds out.
  client.on('error', () => {})
  const close = () => {
    if (closed) return
    closed = true
    client.end().catch(() => {})
  }
  try {
    await within(connectMs, 'connecting to the database', client.connect())
    const assignments = Object.entries(settings).map(([name, value]) => `set ${name} = '${value}'`)
    await within(connectMs, 'preparing a connection', client.query(assignments.join('; ')))
    return close
  } catch (error) {
    close()
    throw error
  }
}

/** The database through one connection. */
export interface LeaderConnection {
  readonly kysely: Kysely<Tables>
  close(): void
}

/**
 * The server itself ends a transaction whose leader has stopped in the middle (paused, or behind a dead wire), so that it holds up neither
 * a new leader nor the readers of the journal.
 */
const lineSettings = {
  application_name: 'filo-diretto router',
  statement_timeout: '3s',
  idle_in_transaction_session_timeout: '900ms',
  lock_timeout: '2s',
}

/** Opens the leader's own connection. The embedded database has one session, which is then the leader's as well. */
export async function openLeaderConnection(database: Database): Promise<LeaderConnection> {
  if (!database.direct) return { kysely: database.kysely, close: () => {} }
  const client = database.direct()
  const close = await connectClient(client, lineSettings)
  const session = { query: client.query.bind(client), release: () => {} }
  const pool = { options: {}, connect: async () => session, end: async () => close() }
  return { kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), close }
}

/** Resolves when the database answers. */
export const ask = ({ kysely }: LeaderConnection, ms: number): Promise<unknown> => within(ms, 'the database', askNothing(kysely))
