/**
 * Connections to PostgreSQL, apart for each kind of work: a flood of calls must not take the connections with which people sign in, and a
 * page that asks much must not hold up a call. `DATABASE_POOL` is the sum.
 *
 *   web     what pages ask                    45 %
 *   voice   the steps of calls                35 %
 *   house   router, jobs, journal, start      the rest
 *
 * The embedded database has one session, which all share.
 */
import type { RoleName } from '../config.ts'
import { type Database, type DatabaseSettings, openDatabase, openPostgres } from './database.ts'

export interface Pools {
  readonly house: Database
  readonly web: Database
  readonly voice: Database
  close(): Promise<void>
}

/** Below this there is nothing to share out. */
const minConnections = 6
const share = { web: 0.45, voice: 0.35 } as const

/** How many connections each kind of work gets; undefined for one that shares those of the house. */
export function sharesOf(connections: number, roles: readonly RoleName[]): { house: number; web?: number; voice?: number } {
  const apart = (['web', 'voice'] as const).filter(role => connections >= minConnections && roles.includes(role))
  const own = apart.map(role => [role, Math.floor(connections * share[role])] as const)
  const taken = own.reduce((sum, [, count]) => sum + count, 0)
  return { house: connections - taken, ...Object.fromEntries(own) }
}

/**
 * Opens the database with connections for each role that the process plays.
 * @throws DatabaseUnavailable, FolderInUse
 */
export async function openPools(settings: DatabaseSettings & { ROLES: readonly RoleName[] }): Promise<Pools> {
  const { DATABASE_URL: url } = settings
  if (url === undefined) {
    const database = await openDatabase(settings)
    return { house: database, web: database, voice: database, close: () => database.close() }
  }
  const shares = sharesOf(settings.DATABASE_POOL, settings.ROLES)
  const opened: Database[] = []
  const close = async () => {
    await Promise.all(opened.splice(0).map(database => database.close()))
  }
  const open = async (connections: number) => {
    const database = await openPostgres(url, connections)
    opened.push(database)
    return database
  }
  try {
    const house = await open(shares.house)
    const web = shares.web === undefined ? house : await open(shares.web)
    const voice = shares.voice === undefined ? house : await open(shares.voice)
    return { house, web, voice, close }
  } catch (error) {
    await close()
    throw error
  }
}
