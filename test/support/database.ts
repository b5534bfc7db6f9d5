/**
 * Databases for tests: the same story on PGlite and on a real PostgreSQL.
 *
 *   eachDatabase(open => {
 *     test('a caller is remembered', async () => {
 *       const { house } = await open()
 *
 * Each begins as a copy of a database that was migrated and holds the sample institute (`sample/`), with an empty journal.
 *
 * What needs two sessions at once (races, leaders, crashes) uses `onPostgres`: PGlite has one session and would prove nothing.
 */

import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, describe, inject } from 'vitest'
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
  describe('on the embedded database', () => tests(opener(embeddedDatabase)))
  onPostgres(tests)
}

/** Declares the tests for a real PostgreSQL only. Skipped by name in `npm run test:unit`, which starts none. */
export function onPostgres(tests: (open: OpenHouse) => void): void {
  describe.runIf(process.env.UNIT_ONLY !== 'true')('on PostgreSQL', () => tests(opener(freshPostgres)))
}

interface Opened {
  database: Database
  url: string | undefined
}

function opener(openDatabase: () => Promise<Opened>): OpenHouse {
  const toClose: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of toClose.reverse()) await close()
  })
  return async (options = {}) => {
    const { database, url } = await openDatabase()
    const config = readConfig({
      LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
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

async function embeddedDatabase(): Promise<Opened> {
  // Copying a migrated one takes a fifth of the time of making one.
  return { database: await openEmbedded(undefined, new Blob([readFileSync(inject('embedded'))])), url: undefined }
}

let copies = 0

/** A new database, copied from the migrated template. */
async function freshPostgres(): Promise<Opened> {
  const url = await copyOfTemplate()
  return { database: await openPostgres(url, 5), url }
}

/** Makes a copy of the migrated template and answers its address. */
export async function copyOfTemplate(): Promise<string> {
  const cluster = inject('postgres')
  const name = `test_${process.pid}_${++copies}`
  const admin = new pg.Client(`${cluster}postgres`)
  await admin.connect()
  // Two copies of one template at the same moment are refused by PostgreSQL (the template is "being accessed"): they take turns.
  await admin.query('select pg_advisory_lock(1)')
  await admin.query(`create database ${name} template ${template}`)
  await admin.end()
  return `${cluster}${name}`
}
