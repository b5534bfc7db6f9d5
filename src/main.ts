/**
 * The program: reads the configuration, opens the database, wires the rooms and starts the roles that this process plays.
 *
 *   web     pages and API            voice   telephony
 *   router  who gets which call      worker  mail, deadlines, sealing, upkeep
 */
import { join } from 'node:path'
import {
  goOnWithSample,
  isSampleWanted,
  loadSampleIfEmpty,
  sampleInTheOpen,
  sampleLives,
  sampleWelcome,
} from '../sample/index.ts'
import { settleReminder, startAgenda, textReminderPurpose } from './agenda/index.ts'
import {
  answerPurpose,
  citizenQuestionPurpose,
  followerPlaces,
  holderOfMail,
  holderOfTicket,
  mailAnswerPurpose,
  receiveMail,
  scheduleAbsent,
  scheduleRecompute,
  scheduleSumming,
  scheduleTelling,
  settleAnswer,
  settleCitizenQuestion,
  settleMailAnswer,
  startCases,
  startIndexing,
  startViewers,
  toldElsewhere,
} from './cases/index.ts'
import { startChannels, startInbox, watchSilence } from './channels/index.ts'
import { startContacts } from './contacts/index.ts'
import { startCounters } from './counters/index.ts'
import { routerPlaces, startRouter } from './distribution/index.ts'
import { dangersOf, factsOfDatabase } from './doctor/index.ts'
import { audience, authenticate, foundations, sessionKeyOf, startIdentity } from './identity/index.ts'
import { startIncidents } from './incidents/index.ts'
import { closeLetters } from './letters/index.ts'
import { countJournal, startMonitoring, sumsPlaces } from './monitoring/index.ts'
import {
  archiveMonths,
  bucketStanding,
  type Clock,
  type Config,
  type Database,
  forgetOldAnswers,
  guidedClock,
  type House,
  isSampleLoaded,
  journalState,
  keepMonths,
  type Log,
  measureReaders,
  migrate,
  type NewEra,
  openControl,
  openEra,
  openJobs,
  openLog,
  openMetricsServer,
  openPools,
  openServer,
  openTail,
  type PlacesOf,
  type Pools,
  type Server,
  scheduleSweep,
  scheduleUpkeep,
  sealJournal,
  sentence,
  setAsideLately,
  uuids,
  WrongConfig,
} from './platform/index.ts'
import { startPrivacy } from './privacy/index.ts'
import { startRights } from './rights/index.ts'
import { routes } from './routes.ts'
import { closeRuns, closeViews } from './simulation/index.ts'
import { closePlans, startWorkload, workloadPlaces } from './staffing/index.ts'
import { isTalking, scheduleEmptying, scheduleOfferCalls, startTelephony } from './telephony/index.ts'

/** Who reads the journal and keeps a place in it. */
const readers: readonly PlacesOf[] = [routerPlaces, followerPlaces, sumsPlaces, workloadPlaces]

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
  /** Is told how many of the sample's days are written. */
  onSample?: (written: number, of: number) => void
}

/** Something that was started and can be closed. */
interface Closable {
  close(): void | Promise<void>
}

/**
 * Starts the program. When it answers, `GET /readyz` is 200.
 * @throws WrongConfig, DatabaseUnavailable, FolderInUse, or the system's error when the port is taken
 */
export async function startProgram(config: Config, options: ProgramOptions = {}): Promise<Program> {
  const started: Closable[] = []
  const closeAll = async () => {
    for (const part of started.splice(0).reverse()) await part.close()
  }
  try {
    const pools = await openPools(config)
    started.push(pools)
    const log = openLog(config.LOG_LEVEL)
    await migrate(pools.house, { log })
    const era = await openEra(pools.house)
    if (era) log.warn(era, sentenceOf(era))
    const house = await openHouse(pools.house, config, options.clock ?? guidedClock(), log)
    started.push(house.tail)
    if (isSampleWanted(config, pools.house.kind)) await loadSampleIfEmpty(house, { lives: sampleLives(config) })
    await goOnWithSample(house, options.onSample)
    await sayDangers(house)
    const { kysely } = house.database
    const counts = (at: Date) => countJournal(kysely, at, config.TIME_ZONE)
    started.push(await openControl(house, () => factsOfDatabase(house.database), counts))
    return await startRoles(house, pools, started, closeAll, options)
  } catch (error) {
    await closeAll()
    throw error
  }
}

function sentenceOf({ era, afterId, reason }: NewEra): string {
  const found =
    reason === 'cluster' ? 'the database lives in another cluster now' : "the cluster's counter of transactions went back"
  return `${found}: era ${era} of the journal begins after entry ${afterId}; everything up to there counts as committed`
}

/**
 * Says in the log which settings are dangerous.
 * @throws WrongConfig when everybody could sign in by the published password of the sample's accounts
 */
async function sayDangers(house: House): Promise<void> {
  const isLoaded = await isSampleLoaded(house.database.kysely)
  const danger = sampleInTheOpen(house.config)
  if (danger !== undefined && isLoaded) throw new WrongConfig(danger)
  for (const { setting, says, mend } of dangersOf(house.config, { isSampleLoaded: isLoaded }))
    house.log.warn({ setting }, `${says} ${mend}`)
}

async function openHouse(database: Database, config: Config, clock: Clock, log: Log): Promise<House> {
  const tail = await openTail(database, clock, log)
  return { config, database, tail, jobs: openJobs(database, config.TIME_ZONE, log), clock, ids: uuids(clock), log, parts: {} }
}

async function startRoles(
  house: House,
  pools: Pools,
  started: Closable[],
  closeAll: () => Promise<void>,
  { webFolder = join(import.meta.dirname, '../dist/web') }: ProgramOptions,
): Promise<Program> {
  const { config, jobs } = house
  const plays = (role: Config['ROLES'][number]) => config.ROLES.includes(role)
  // The same house, asked over connections of their own.
  const web = { ...house, database: pools.web }
  const voice = { ...house, database: pools.voice }

  jobs.schedule('journal.seal', '* * * * *', async () => {
    await sealJournal(house.database, house.clock.now())
  })
  started.push(measureReaders(house, readers))
  jobs.schedule('journal.months', '*/10 * * * *', async () => {
    await keepMonths(house.database, house.clock.now())
  })
  jobs.schedule('journal.archive', '17 * * * *', () => archiveOldMonths(house))
  jobs.schedule('answers.forget', '12 * * * *', () => forgetOldAnswers(house))
  scheduleUpkeep(house)
  scheduleSweep(house)
  started.push(await startIdentity(house, isTalking), startRights(house))
  startContacts(house)
  started.push(startIndexing(house))
  scheduleSumming(house)
  scheduleAbsent(house)
  scheduleTelling(house)
  scheduleRecompute(house)
  startPrivacy(house)
  startAgenda(house)
  startCounters(house)
  started.push(await startIncidents(house))
  scheduleEmptying(house)
  scheduleOfferCalls(house)
  const settlers = {
    [answerPurpose]: settleAnswer,
    [mailAnswerPurpose]: settleMailAnswer,
    [citizenQuestionPurpose]: settleCitizenQuestion,
    [textReminderPurpose]: settleReminder,
  }
  started.push(await startChannels(house, settlers), startInbox(house, { receive: receiveMail, settlers }))
  watchSilence(house, { [answerPurpose]: holderOfTicket, [mailAnswerPurpose]: holderOfMail })
  started.push(await startCases(house))
  const router = startRouter(house)
  if (router) started.push(router)
  started.push(startMonitoring(house), { close: () => closeRuns(web) }, { close: () => closeViews(web) })
  started.push(startWorkload(house), { close: () => closePlans(web) }, { close: () => closeLetters(web) })
  const telephony = await startTelephony(voice)
  started.push(telephony)
  await jobs.start(plays('worker'))
  started.push(jobs)

  const ready = () => readiness(house, { ...(router && { router: router.state() }), ...telephony.health() })
  const figures = await openMetricsServer(config, ready)
  if (figures) started.push(figures)

  let server: Server | undefined
  if (plays('web')) {
    server = await openServer(web, {
      routes,
      sockets: telephony.sockets,
      authenticate,
      audience: { ...audience, toldElsewhere },
      sessionOf: sessionKeyOf,
      ready,
      webFolder,
    })
    started.push(server, await startViewers(web, server.pages))
  }
  return { house, url: server?.url, welcome: await welcome(house, server?.url, telephony.lines()), close: closeAll }
}

/** Archives what is older than the configuration keeps; without a word in it, nothing. */
async function archiveOldMonths({ config, database, clock, tail, log }: House): Promise<void> {
  const keep = config.JOURNAL_KEEP_MONTHS
  if (keep === undefined) return
  const places = (await Promise.all(readers.map(placesOf => placesOf(database.kysely)))).flat()
  const { months, held } = await archiveMonths(database, clock.now(), keep, places)
  if (months.length > 0) {
    tail.committed()
    log.info({ months }, 'months of the journal were archived')
  }
  if (held !== undefined) log.warn({ held }, 'a month of the journal could not be archived yet')
}

/** Ready means that people can work: the database answers. A switch, a router or a bucket that is away is said, and does not stop the rest. */
async function readiness(
  house: House,
  parts: Record<string, string>,
): Promise<{ ready: boolean; details: Record<string, string> }> {
  const databaseWithinMs = 2_000
  const answers = await Promise.race([
    setAsideLately(house.database.kysely, new Date(house.clock.now())).then(
      aside => ({ aside }),
      () => undefined,
    ),
    new Promise<undefined>(resolve => house.clock.after(databaseWithinMs, () => resolve(undefined))),
  ])
  const blobs = bucketStanding(house)
  const journal = answers ? await journalState(house, readers).catch(() => ({ journal: 'cannot be read' })) : {}
  const aside = answers && answers.aside > 0 && { setAside: `${answers.aside} entries in 24 hours: GET /api/journal/set-aside` }
  const details = {
    database: answers ? 'ok' : 'does not answer',
    ...journal,
    ...aside,
    ...(blobs !== undefined && { blobs }),
    ...parts,
  }
  return { ready: answers !== undefined, details }
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
  const { administrator } = await foundations(house)
  const first = administrator ? [] : [sentence('it', `identity.first.needed.${database.kind}`)]
  for (const needed of first) house.log.warn(needed)
  return [...open, where, ...telephony, ...first, ...(url ? await sampleWelcome(house, url) : [])].join('\n')
}
