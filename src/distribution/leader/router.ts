/**
 * The role `router` of a running program.
 *
 * On PostgreSQL it works in a process of its own: a page that is costly to serve never keeps a caller waiting, nor costs the leader its office. A
 * process that plays no other role is that process already. The embedded database has one session, in one process, and its router with it.
 */
import { type Config, type House, registry, supervise } from '../../platform/index.ts'
import { startDistribution } from './start.ts'

export interface Router {
  /** For `/readyz`. A router that is away does not make the program unready: pages and calls in course go on. */
  state(): string
  close(): Promise<void>
}

/** What the process is told at its start. */
export interface RouterSettings {
  readonly logLevel: string
  readonly config: Config
  /** How far the program's clock is ahead of the machine's; null when both go by the database's. */
  readonly clockAheadMs: number | null
}

/** Connections for what the leader does not do on its own two: listening, and asking for the journal's end. */
const pool = 2

/** Starts the router when this process plays the role; undefined otherwise. */
export function startRouter(house: House): Router | undefined {
  const { config, clock, database, log } = house
  if (!config.ROLES.includes('router')) return undefined
  if (database.kind === 'embedded' || config.ROLES.length === 1) {
    const distribution = startDistribution(house)
    return { state: () => stateOf(distribution), close: distribution.close }
  }
  const settings: RouterSettings = {
    logLevel: config.LOG_LEVEL,
    config: { ...config, ROLES: ['router'], DATABASE_POOL: pool },
    clockAheadMs: clock.asking ? null : clock.now() - Date.now(),
  }
  const supervised = supervise({ name: 'router', program: new URL('./router-process.ts', import.meta.url), settings, log })
  const leaveOut = registry.addProcess(supervised.metrics)
  return {
    state: supervised.state,
    async close() {
      leaveOut()
      await supervised.close()
    },
  }
}

export const stateOf = ({ isLeader }: { isLeader(): boolean }): string => (isLeader() ? 'leading' : 'standing by')
