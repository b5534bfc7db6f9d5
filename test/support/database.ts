/**
 * Databases for tests: the same story on PGlite and on a real PostgreSQL.
 *
 *   eachDatabase(open => {
 *     test('a caller is remembered', async () => {
 *       const { house } = await open()
 *
 * Each begins as a copy of a database that was migrated and holds the sample institute (`sample/`), with an empty journal.
 *
 * Which of them a story is told on:
 *   eachDatabase   what is about SQL: stores, the journal, migrations
 *   onOneSession   what is about use cases: a PostgreSQL asked through one connection, as the embedded database is
 *   onPostgres     what needs two sessions at once: races, leaders, crashes
 */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, inject } from 'vitest'
import {
  type Clock,
  type Database,
  type House,
  openEmbedded,
  openPostgres,
  readConfig,
  systemClock,
} from '../../src/platform/index.ts'
import { openHouse } from './house.ts'
import { template } from './postgres.ts'

export { openHouse } from './house.ts'

export interface TestHouse {
  house: House
  /** Opens another house on the same database, as a second node would (PostgreSQL only). */
  another(): Promise<House>
  /** Address of the database; undefined when embedded. */
  url: string | undefined
}

export type OpenHouse = (options?: { clock?: Clock; environment?: Record<string, string>; jobs?: boolean }) => Promise<TestHouse>

/** Declares the tests twice, once for each database. */
export function eachDatabase(tests: (open: OpenHouse) => void): void {
  onEmbedded(tests)
  onPostgres(tests)
}

/** Declares the tests for the embedded database only: for what is long, and the same on both. */
export function onEmbedded(tests: (open: OpenHouse) => void): void {
  describe('on the embedded database', () => tests(opener(embeddedDatabase)))
}

/** Declares the tests for a real PostgreSQL only. Skipped by name in `npm run test:unit`, which starts none. */
export function onPostgres(tests: (open: OpenHouse) => void): void {
  describe.runIf(process.env.UNIT_ONLY !== 'true')('on PostgreSQL', () => tests(opener(() => freshPostgres(5))))
}

/**
 * Declares the tests for a real PostgreSQL through one connection. A use case that asks outside of its own transaction stands still there as
 * it would on the embedded database, of which each copy costs three times as much.
 */
export function onOneSession(tests: (open: OpenHouse) => void): void {
  describe.runIf(process.env.UNIT_ONLY !== 'true')('on one session', () => tests(opener(() => freshPostgres(1))))
}

interface Opened {
  database: Database
  url: string | undefined
  /** Removes what is left of it on the disk. */
  forget: () => Promise<void>
}

function opener(openDatabase: () => Promise<Opened>): OpenHouse {
  // What a test opens ends with the test: a file with many tests would otherwise keep as many databases in memory.
  const ofFile: (() => Promise<void>)[] = []
  const ofTest: (() => Promise<void>)[] = []
  let toClose = ofFile
  const closeAll = async (parts: (() => Promise<void>)[]) => {
    for (const close of parts.splice(0).reverse()) await close()
  }
  beforeEach(() => {
    toClose = ofTest
  })
  afterEach(() => closeAll(ofTest))
  afterAll(() => closeAll(ofFile))
  return async (options = {}) => {
    const { database, url, forget } = await openDatabase()
    toClose.push(forget)
    const config = readConfig({
      LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
      // The people of tests have the sample's password, and come through proxies as well.
      SAMPLE: 'yes',
      ...options.environment,
      ...(url ? { DATABASE_URL: url } : {}),
    })
    const houseOn = async (own: Database) => {
      const house = await openHouse(own, config, options.clock ?? systemClock)
      if (options.jobs) await house.jobs.start(true)
      toClose.push(async () => {
        if (options.jobs) await house.jobs.close()
        await house.tail.close()
        await own.close()
      })
      return house
    }
    return {
      house: await houseOn(database),
      url,
      another: async () => {
        if (!url) throw new Error('The embedded database has one session: use onPostgres.')
        return houseOn(await openPostgres(url, 5))
      },
    }
  }
}

/** A copy of the prepared folder, which takes a tenth of the time of preparing one. */
async function embeddedDatabase(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'filo-embedded-copy-'))
  cpSync(inject('embedded'), folder, { recursive: true })
  return {
    database: await openEmbedded(folder),
    url: undefined,
    forget: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

let copies = 0

/** A new database, copied from the migrated template. */
async function freshPostgres(connections: number): Promise<Opened> {
  const url = await copyOfTemplate()
  return { database: await openPostgres(url, connections), url, forget: () => drop(url) }
}

/**
 * Makes a copy of a database and returns its address.
 * @param original the name of a database that nobody uses; without it, the migrated template
 */
export async function copyOfTemplate(original = template): Promise<string> {
  const cluster = inject('postgres')
  const name = `test_${process.pid}_${++copies}`
  await using admin = await administrator()
  // Two copies of one template at the same moment are refused by PostgreSQL (the template is "being accessed"): they take turns.
  await admin.query('select pg_advisory_lock(1)')
  // As files: nothing of it passes through the log, which in a cluster without fsync is the quicker way by far.
  await admin.query(`create database ${name} template ${original} strategy file_copy`)
  return `${cluster}${name}`
}

/** Copies live in memory: they go with their tests. One that a program of the test still uses stays until the cluster goes. */
async function drop(url: string): Promise<void> {
  const name = url.slice(url.lastIndexOf('/') + 1)
  await using admin = await administrator()
  const { rowCount } = await admin.query('select from pg_stat_activity where datname = $1', [name])
  if (rowCount === 0) await admin.query(`drop database ${name}`)
}

async function administrator(): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(`${inject('postgres')}postgres`)
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
