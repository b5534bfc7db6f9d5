/**
 * The router in a process of its own, in the whole program on a real PostgreSQL: what happens to the one does not happen to the other.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { setSectionRouting } from '../src/distribution/index.ts'
import { inTransaction, openPostgres, readConfig, system, systemClock } from '../src/platform/index.ts'
import { closing } from './support/closing.ts'
import { copyOfTemplate, onPostgres } from './support/database.ts'
import { openHouse } from './support/house.ts'
import { msAtRest, slowness } from './support/pace.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'
import { staff } from './support/staff.ts'
import { says } from './support/telephone-page.ts'
import { atDesk, inLine, pensions } from './support/telephony.ts'

/**
 * From the fault to the ring at the operator: two seconds on a machine that does nothing else, which `npm run bench -- router` measures; beside other
 * tests a process takes longer to start.
 */
const distributedWithinMs = 30_000
const patience = { timeout: 60_000, interval: 10 }
/** What was compiled once is kept, as by `npm start`. */
const compiled = join(import.meta.dirname, '../node_modules/.cache/compiled')
const faults = pathToFileURL(join(import.meta.dirname, 'support/faults-on-signal.mjs')).href

async function start(): Promise<{ program: RunningProgram; databaseUrl: string }> {
  const databaseUrl = await copyOfTemplate()
  const own = await openPostgres(databaseUrl, 2)
  const house = await openHouse(own, readConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' }), systemClock)
  await inTransaction(house, system('sample'), work =>
    setSectionRouting(work, pensions, { wrapUpMs: 0, offerTimeoutMs: 300_000 }),
  )
  await house.tail.close()
  await own.close()
  const program = await startProgramProcess({
    databaseUrl,
    environment: {
      LOG_LEVEL: 'info',
      SAMPLE: 'never',
      NODE_OPTIONS: `--import=${faults}`,
      NODE_COMPILE_CACHE: compiled,
      METRICS_TOKEN: token,
    },
  })
  closing.push(() => program.stop())
  await expect.poll(() => readiness(program.url), patience).toMatchObject({ ready: true, router: 'leading' })
  return { program, databaseUrl }
}

const token = 'figures-of-the-test'
const asked = (url: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } })
const readiness = async (url: string): Promise<unknown> => (await asked(`${url}/readyz`)).json()

/** The router's process, which is the only child of the program. */
function routerOf(program: RunningProgram): number {
  const [pid] = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8').trim().split(' ').map(Number)
  if (pid === undefined || Number.isNaN(pid)) throw new Error('the program has no process of its own for the router')
  return pid
}

/** How many sessions of the database hold an office. */
const holders = async (url: string): Promise<number> =>
  (
    await rows(
      url,
      `select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
       where locktype = 'advisory' and granted and datname = current_database()`,
    )
  ).length

async function rows(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

onPostgres(() => {
  test('the router is killed while a call waits: it is back by itself within seconds, and the call is distributed', async () => {
    const { program } = await start()
    const desk = await atDesk(program.url, staff.anna)
    await inLine(program.url)
    const before = routerOf(program)
    const ms = await msAtRest(async () => {
      process.kill(before, 'SIGKILL')
      await desk.available()
      await desk.page.until(says('ring'))
    })
    console.log(`rung ${Math.round(ms)} ms after the router was killed`)
    expect(ms).toBeLessThan(distributedWithinMs)
    expect(routerOf(program)).not.toBe(before)
    expect(program.said.join('\n')).toMatch('ended by SIGKILL')
    expect(await (await asked(`${program.url}/metrics`)).text()).toMatch(
      /filodiretto_process_restarts_total\{process="router"\} 1/,
    )
  })

  test('an error that nobody caught in the router stands in the log with its reason, and pages are served on', async () => {
    const { program } = await start()
    process.kill(routerOf(program), 'SIGUSR2')
    await expect.poll(() => program.said.join('\n'), patience).toMatch('ended with 1')
    expect(await readiness(program.url)).toMatchObject({
      ready: true,
      router: expect.stringMatching('away|starting|standing by|leading'),
    })
    // Its own last words come on another way than those of the program about its end.
    await expect
      .poll(() => program.said.find(line => line.includes('a fault that nobody catches')), patience)
      .toMatch('"level":60')
    await expect.poll(() => readiness(program.url), patience).toMatchObject({ router: 'leading' })
  })

  test('a router that stood still says in the log why it lost its office, and is elected again', async () => {
    const { program, databaseUrl } = await start()
    const router = routerOf(program)
    process.kill(router, 'SIGSTOP')
    closing.push(() => process.kill(router, 'SIGCONT'))
    await expect.poll(() => holders(databaseUrl), patience).toBe(0)
    process.kill(router, 'SIGCONT')
    const lost = () => program.said.find(line => line.includes('no longer distributes the calls'))
    await expect.poll(lost, patience).toBeDefined()
    expect(JSON.parse(lost() ?? '{}')).toMatchObject({
      level: 40,
      // Whether its farewell is read before the connection is gone is chance.
      reason: expect.stringMatching(/idle-session timeout|closed|terminated|longer than/),
    })
    await expect.poll(() => readiness(program.url), patience).toMatchObject({ router: 'leading' })
    expect(routerOf(program)).toBe(router)
  })

  test('the program is killed: its router does not stay behind', async () => {
    const { program } = await start()
    const router = routerOf(program)
    await program.kill()
    await vi.waitFor(() => expect(() => process.kill(router, 0)).toThrow('ESRCH'), patience)
  })

  test('where pages are served nothing moves for three seconds: the office is kept, and calls are distributed meanwhile', async () => {
    const { program, databaseUrl } = await start()
    const desk = await atDesk(program.url, staff.anna)
    await inLine(program.url)
    const epoch = async () => (await rows(databaseUrl, 'select max(epoch) as epoch from router_domain'))[0]?.epoch
    const before = await epoch()
    process.kill(program.pid, 'SIGUSR2')
    await rows(
      databaseUrl,
      `insert into event (at, type, actor, person_id, unit_ids, payload)
       select clock_timestamp(), 'agent.available', '{"kind":"system","name":"test"}', '${staff.anna.personId}', '{}', '{}'`,
    )
    await expect
      .poll(async () => (await rows(databaseUrl, "select 1 from event where type = 'offer.made'")).length, {
        timeout: 2_000 * slowness(),
        interval: 20,
      })
      .toBe(1)
    await desk.page.until(says('ring'))
    expect(await epoch()).toBe(before)
    expect(program.said.join('\n')).not.toMatch('no longer distributes')
  })
})
