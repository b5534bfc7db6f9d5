/** A database of an earlier release, upgraded: shaped as a fresh one, and the program works on what it holds. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { startProgram } from '../src/main.ts'
import { migrate, openPostgres, readConfig } from '../src/platform/index.ts'
import { password, userOf } from './support/accounts.ts'
import { browserAt } from './support/browser.ts'
import { catalogueOf } from './support/catalogue.ts'
import { postgresPrograms } from './support/postgres.ts'
import { staff } from './support/staff.ts'

const folder = join(import.meta.dirname, 'fixtures/database')
const releases = readdirSync(folder).filter(name => name.endsWith('.sql.gz'))

let made = 0
async function emptyDatabase(): Promise<string> {
  const cluster = inject('postgres')
  const name = `upgrade_${process.pid}_${++made}`
  const admin = new pg.Client(`${cluster}postgres`)
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  return `${cluster}${name}`
}

async function databaseOf(release: string): Promise<string> {
  const url = await emptyDatabase()
  const input = gunzipSync(readFileSync(join(folder, release)))
  execFileSync(join(postgresPrograms(), 'psql'), ['--quiet', '--no-psqlrc', '-v', 'ON_ERROR_STOP=1', url], {
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  return url
}

/** The first list that each role sees. */
const pages = [
  [staff.anna, '/api/contacts?q=colangelo'],
  [staff.anna, '/api/desk'],
  [staff.paola, '/api/tickets?list=mine'],
  [staff.supervisor, '/api/monitoring/live'],
  [staff.administrator, '/api/people'],
  [staff.administrator, '/api/units/ccm'],
] as const

describe.runIf(process.env.UNIT_ONLY !== 'true').each(releases)('a database of %s', release => {
  test('has, once upgraded, the catalogue of a fresh one', async () => {
    const upgraded = await openPostgres(await databaseOf(release), 2)
    const fresh = await openPostgres(await emptyDatabase(), 2)
    await migrate(upgraded)
    await migrate(fresh)
    const lines = await catalogueOf(fresh)
    expect(lines.length).toBeGreaterThan(300)
    expect(await catalogueOf(upgraded)).toEqual(lines)
    await upgraded.close()
    await fresh.close()
  })

  test('is started on and its pages answer', async () => {
    const program = await startProgram(
      readConfig({ DATABASE_URL: await databaseOf(release), PORT: '0', LOG_LEVEL: 'silent', SAMPLE: 'never' }),
    )
    try {
      for (const [person, path] of pages) {
        const browser = browserAt(program.url ?? '')
        expect(await browser.send('POST', '/api/session', { user: userOf(person), password })).toMatchObject({ status: 200 })
        expect(await browser.send('GET', path), path).toMatchObject({ status: 200 })
      }
    } finally {
      await program.close()
    }
  })
})
