/** What the journal itself says of today: from PostgreSQL, or from the program that runs on the embedded database. */
import { countJournal, OwnCount } from '../../src/monitoring/index.ts'
import { type Config, findRunning, openDatabase } from '../../src/platform/index.ts'

/** @throws Error when the journal cannot be read from here */
export async function ownCount(config: Config, at: Date): Promise<OwnCount> {
  if (config.DATABASE_URL) {
    const database = await openDatabase(config)
    try {
      return await countJournal(database.kysely, at, config.TIME_ZONE)
    } finally {
      await database.close()
    }
  }
  const running = await findRunning(config.DATA_DIR)
  if (!running) throw new Error(`No program runs on ${config.DATA_DIR}.`)
  return OwnCount.parse(await running.counts(at))
}
