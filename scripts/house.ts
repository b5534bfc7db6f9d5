/** A house for commands: the database and what use cases need, without server and roles; and how a command ends. */
import {
  DatabaseUnavailable,
  FolderInUse,
  type House,
  type Language,
  migrate,
  needCurrentDatabase,
  openDatabase,
  openJobs,
  openLog,
  openTail,
  preferredLanguage,
  Refused,
  readConfig,
  sentence,
  systemClock,
  uuids,
  WrongConfig,
} from '../src/platform/index.ts'

export type CommandHouse = House & { close(): Promise<void> }

/** The language of the terminal. */
export const language: Language = preferredLanguage((process.env.LC_ALL ?? process.env.LANG ?? '').replace('_', '-'))

/**
 * Opens the database of the configuration, which must be as new as the program.
 * @param options.migrates brings it there first, for what begins an installation
 * @throws DatabaseUnavailable, FolderInUse, WrongConfig with a sentence
 */
export async function openCommandHouse({ migrates = false } = {}): Promise<CommandHouse> {
  const config = readConfig(process.env)
  const database = await openDatabase(config)
  try {
    const log = openLog('warn')
    if (migrates) await migrate(database, { log })
    else await needCurrentDatabase(database)
    const tail = await openTail(database, systemClock, log)
    const jobs = openJobs(database, config.TIME_ZONE, log)
    return {
      ...{ config, database, tail, jobs, clock: systemClock, ids: uuids(systemClock), log, parts: {} },
      async close() {
        await tail.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** For the person at the keyboard: said without a trace of the program. */
export class Mistake extends Error {
  override readonly name = 'Mistake'
}

/** Runs a command. What a person can mend is said in a sentence; everything else with its trace. Both end with exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    process.exitCode = 1
    if (error instanceof Refused) console.error(sentence(language, error.code, error.values))
    else if (isForPeople(error)) console.error(error.message)
    else console.error(error)
  }
}

const isForPeople = (error: unknown): error is Error =>
  error instanceof Mistake ||
  error instanceof WrongConfig ||
  error instanceof DatabaseUnavailable ||
  error instanceof FolderInUse ||
  error instanceof RangeError ||
  // What the reading of arguments finds wrong.
  (error instanceof TypeError && 'code' in error)
