/** A house around a database, without server and without roles. */
import {
  type Clock,
  type Config,
  type Database,
  type House,
  openJobs,
  openLog,
  openTail,
  uuids,
} from '../../src/platform/index.ts'

export async function openHouse(database: Database, config: Config, clock: Clock): Promise<House> {
  const log = openLog(config.LOG_LEVEL)
  const tail = await openTail(database, clock, log)
  return { config, database, tail, jobs: openJobs(database, config.TIME_ZONE, log), clock, ids: uuids(clock), log, parts: {} }
}
