/**
 * The program: reads the configuration, opens the database, wires the rooms and starts the roles that this process plays.
 *
 *   web     pages and API            voice   telephony
 *   router  who gets which call      worker  mail, deadlines, sealing, upkeep
 */
import { join } from 'node:path'
import { loadSampleIfEmpty, routes as sample, sampleWelcome } from '../sample/index.ts'
import { routes as agenda, startAgenda } from './agenda/index.ts'
import { answerPurpose, routes as cases, settleAnswer, startCases } from './cases/index.ts'
import { startChannels } from './channels/index.ts'
import { routes as classification } from './classification/index.ts'
import { routes as contacts } from './contacts/index.ts'
import { routes as distribution, startDistribution } from './distribution/index.ts'
import { authenticate, routes as identity, maySee, startIdentity } from './identity/index.ts'
import { routes as ivr } from './ivr/index.ts'
import { routes as monitoring, startMonitoring } from './monitoring/index.ts'
import { routes as organisation } from './organisation/index.ts'
import {
  type Clock,
  type Config,
  type Database,
  forgetOldAnswers,
  guidedClock,
  type House,
  migrate,
  openDatabase,
  openJobs,
  openLog,
  openServer,
  openTail,
  type Route,
  type Server,
  scheduleUpkeep,
  sealJournal,
  uuids,
} from './platform/index.ts'
import { guarded, routes as rights, startRights } from './rights/index.ts'
import { closeRuns, routes as simulation } from './simulation/index.ts'
import { isTalking, promptRoutes, startTelephony, routes as telephony } from './telephony/index.ts'

/** Everything that can be asked over HTTP. */
export const routes: readonly Route[] = guarded([
  ...identity,
  ...organisation,
  ...classification,
  ...contacts,
  ...cases,
  ...agenda,
  ...distribution,
  ...ivr,
  ...telephony,
  ...promptRoutes,
  ...monitoring,
  ...simulation,
  ...rights,
  ...sample,
])

export interface Program {
  readonly house: House
  /** Address of the web role; undefined when this process does not play it. */
  readonly url: string | undefined
  /** What a person who has started it should read; undefined when there is nothing to say. */
  readonly welcome: string
  /** Stops in good order: no new work, what is under way ends, then the database is closed. */
  close(): Promise<void>
}

export interface ProgramOptions {
  clock?: Clock
  /** Folder of the built pages. */
  webFolder?: string
}

/** Something that was started and can be closed. */
interface Closable {
  close(): void | Promise<void>
}

/**
 * Starts the program. When it answers, `GET /readyz` is 200.
 * @throws DatabaseUnavailable, FolderInUse, or the system's error when the port is taken
 */
export async function startProgram(config: Config, options: ProgramOptions = {}): Promise<Program> {
  const started: Closable[] = []
  const closeAll = async () => {
    for (const part of started.splice(0).reverse()) await part.close()
  }
  try {
    const database = await openDatabase(config)
    started.push(database)
    await migrate(database)
    const house = await openHouse(database, config, options.clock ?? guidedClock())
    started.push(house.tail)
    if (config.SAMPLE === 'if-empty') await loadSampleIfEmpty(house)
    return await startRoles(house, started, closeAll, options)
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function openHouse(database: Database, config: Config, clock: Clock): Promise<House> {
  const log = openLog(config.LOG_LEVEL)
  const tail = await openTail(database, clock, log)
  return { config, database, tail, jobs: openJobs(database, config.TIME_ZONE, log), clock, ids: uuids(clock), log }
}

async function startRoles(
  house: House,
  started: Closable[],
  closeAll: () => Promise<void>,
  { webFolder = join(import.meta.dirname, '../dist/web') }: ProgramOptions,
): Promise<Program> {
  const { config, jobs } = house
  const plays = (role: Config['ROLES'][number]) => config.ROLES.includes(role)

  jobs.schedule('journal.seal', '* * * * *', async () => {
    await sealJournal(house.database, house.clock.now())
  })
  jobs.schedule('answers.forget', '12 * * * *', () => forgetOldAnswers(house))
  scheduleUpkeep(house)
  started.push(await startIdentity(house, isTalking), startRights(house))
  startAgenda(house)
  started.push(await startChannels(house, { [answerPurpose]: settleAnswer }))
  started.push(await startCases(house))
  if (plays('router')) started.push(await startDistribution(house))
  started.push(startMonitoring(house), { close: () => closeRuns(house) })
  const telephony = await startTelephony(house)
  started.push(telephony)
  await jobs.start(plays('worker'))
  started.push(jobs)

  let server: Server | undefined
  if (plays('web')) {
    server = await openServer(house, {
      routes,
      sockets: telephony.sockets,
      authenticate,
      maySee,
      ready: () => readiness(house, telephony.health()),
      webFolder,
    })
    started.push(server)
  }
  return { house, url: server?.url, welcome: await welcome(house, server?.url, telephony.lines()), close: closeAll }
}

/** Ready means that people can work: the database answers. A switch that is away is said, and does not stop the rest. */
async function readiness(
  house: House,
  switches: Record<string, string>,
): Promise<{ ready: boolean; details: Record<string, string> }> {
  const databaseWithinMs = 2_000
  const answers = await Promise.race([
    house.database.query('select 1', []).then(
      () => true,
      () => false,
    ),
    new Promise<boolean>(resolve => house.clock.after(databaseWithinMs, () => resolve(false))),
  ])
  return { ready: answers, details: { database: answers ? 'ok' : 'does not answer', ...switches } }
}

async function welcome(house: House, url: string | undefined, telephony: readonly string[]): Promise<string> {
  const { config, database } = house
  const where =
    database.kind === 'embedded'
      ? `Embedded database in ${config.DATA_DIR}: for trying and for small offices. DATABASE_URL leads to a PostgreSQL.`
      : 'PostgreSQL.'
  const open = url
    ? [`Filo Diretto is ready: ${config.PUBLIC_URL ?? url}`]
    : [`Filo Diretto is ready (${config.ROLES.join(', ')}).`]
  return [...open, where, ...telephony, ...(url ? await sampleWelcome(house, url) : [])].join('\n')
}
