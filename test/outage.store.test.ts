/**
 * The database is away for a full minute: the whole program, in two processes, on a real PostgreSQL that stops as in a crash, or behind a wire
 * that says nothing and never comes back. Who talks goes on talking, who waits keeps the place, and distribution resumes by itself.
 */

import { setTimeout as minutePasses } from 'node:timers/promises'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { setSectionRouting } from '../src/distribution/index.ts'
import { inTransaction, openPostgres, readConfig, system, systemClock } from '../src/platform/index.ts'
import { closing } from './support/closing.ts'
import { openHouse } from './support/house.ts'
import { msAtRest } from './support/pace.ts'
import { type Cluster, startPreparedCluster, template } from './support/postgres.ts'
import { openPostgresProxy, type PostgresProxy } from './support/postgres-proxy.ts'
import { startProgramProcess } from './support/program.ts'
import { staff } from './support/staff.ts'
import { says } from './support/telephone-page.ts'
import { atDesk, callIdOf, dial, inLine, pensions } from './support/telephony.ts'

const outageMs = 60_000
/** From the moment at which the database answers again. */
const resumesWithinMs = 30_000

/** Takes the database away for so long; `meanwhile` happens in its middle. Returns when the database can be reached again. */
type Outage = (cluster: Cluster, wire: PostgresProxy, meanwhile: () => void) => Promise<void>

const crash: Outage = (cluster, _wire, meanwhile) =>
  cluster.restart(async () => {
    await minutePasses(outageMs / 3)
    meanwhile()
    await minutePasses((outageMs * 2) / 3)
  }, 'SIGQUIT')

const silence: Outage = async (_cluster, wire, meanwhile) => {
  wire.goHalfOpen()
  await minutePasses(outageMs / 3)
  meanwhile()
  await minutePasses((outageMs * 2) / 3)
  wire.wayRound()
}

async function rows(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function story(outage: Outage): Promise<number> {
  const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }
  const cluster = await startPreparedCluster(inject('prepared'), durable)
  closing.push(() => cluster.stop())
  const database = cluster.url(template)
  const wire = await openPostgresProxy(database)
  closing.push(() => wire.close())
  const start = async (environment: Record<string, string>) => {
    const program = await startProgramProcess({ databaseUrl: wire.url, environment })
    closing.push(() => program.kill())
    return program
  }
  const { url, pid } = await start({})
  const own = await openPostgres(database, 2)
  const house = await openHouse(own, readConfig({ DATABASE_URL: database, LOG_LEVEL: 'silent' }), systemClock)
  await inTransaction(house, system('sample'), work =>
    setSectionRouting(work, pensions, { wrapUpMs: 0, offerTimeoutMs: 300_000 }),
  )
  await house.tail.close()
  await own.close()
  const other = await start({ ROLES: 'router' })

  const desks = [await atDesk(url, staff.anna), await atDesk(url, staff.luca)] as const
  const [anna, luca] = desks
  const talking = await inLine(url)
  await anna.available()
  anna.page.send({ type: 'answer', leg: (await anna.page.until(says('ring'))).leg })
  await Promise.all([talking.until(says('connect')), anna.page.until(says('connect'))])
  const ringing = await inLine(url)
  await luca.available()
  const rung = await luca.page.until(says('ring'))
  const [first, leaving, second] = [await inLine(url), await inLine(url), await inLine(url)]
  const [firstId, leavingId, secondId] = [await callIdOf(first), await callIdOf(leaving), await callIdOf(second)]
  const line = 'select call_id, state, section_id, waiting_since from queued_call order by waiting_since, call_id'
  const inTheLine = async () => (await rows(database, line)).map(row => row.call_id)
  await expect.poll(inTheLine, { timeout: 60_000 }).toEqual([await callIdOf(ringing), firstId, leavingId, secondId])
  const heard = talking.heard.length

  await outage(cluster, wire, () => {
    leaving.close()
    dial(url)
  })

  const hangUp = async () => (await anna.ask('POST', `/api/calls/${await callIdOf(talking)}/hang-up`)).status
  const ms = await msAtRest(async () => {
    await expect.poll(hangUp, { timeout: 60_000, interval: 250 }).toBe(202)
    await anna.page.until(says('ring', { callId: firstId }))
  })
  // Until then nothing had happened to the conversation, nor to the telephone that rang.
  expect(talking.heard.slice(heard).filter(says('disconnect')).length).toBeLessThanOrEqual(1)
  luca.page.send({ type: 'answer', leg: rung.leg })
  await Promise.all([ringing.until(says('connect')), luca.page.until(says('connect'))])
  await expect.poll(inTheLine, { timeout: 60_000 }).not.toContain(leavingId)
  expect(await inTheLine()).toEqual(expect.arrayContaining([firstId, secondId]))
  const facts = await rows(
    database,
    "select type, call_id, payload ->> 'offer' as offer, payload ->> 'state' as state from event order by id",
  )
  expect(facts.filter(({ type }) => type === 'agent.unreachable' || type === 'offer.withdrawn')).toEqual([])
  expect(facts.filter(({ state }) => state === 'paused' || state === 'signed-out')).toEqual([])
  const offers = facts.filter(({ type }) => type === 'offer.made').map(({ offer }) => offer)
  expect(new Set(offers).size).toBe(offers.length)
  // Both are the processes that they were.
  process.kill(pid, 0)
  process.kill(other.pid, 0)
  return ms
}

test('the database is away for a minute, stopped or silent: nothing is lost, nothing is done twice, distribution resumes by itself', async () => {
  const [afterCrash, afterSilence] = await Promise.all([story(crash), story(silence)])
  console.log(`resumed ${Math.round(afterCrash)} ms after a crash, ${Math.round(afterSilence)} ms after silence`)
  expect(Math.max(afterCrash, afterSilence)).toBeLessThan(resumesWithinMs)
})
