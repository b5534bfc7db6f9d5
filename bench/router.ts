/**
 * How fast a call is offered through the database: from *call queued committed* to *offer committed*, with one node and with two, on a real
 * PostgreSQL with fsync on; and how long it takes until calls are offered again after the leader was killed.
 *
 * Calls come evenly, `callsPerSecond` of them. Agents answer at once and talk so shortly that somebody is always free: what is measured is the
 * way through the journal, the leader and the database, not the waiting for people.
 *
 * The same with one node beside strangers: a transaction that has written and stays open, in a neighbour database of the cluster and in ours, and
 * a snapshot that is held, beside which nothing that was rewritten can be cleared away. None of them may cost a caller anything.
 */
import { cpus } from 'node:os'
import pg from 'pg'
import { becomeAvailable, heartbeat } from '../src/distribution/service.ts'
import { type House, migrate, openPostgres, readConfig, systemClock } from '../src/platform/index.ts'
import { openHouse } from '../test/support/database.ts'
import { type RouterNode, startRouterNode } from '../test/support/nodes.ts'
import { type Cluster, startCluster } from '../test/support/postgres.ts'
import { agentNumber, pageOf, staffed } from '../test/support/routing.ts'
import { complain, playTelephony, quantile, queueCall, sendCalls, waitsOf } from './load/calls.ts'

const callsPerSecond = 100
const warmUpCalls = 200
const measuredCalls = 1_500
const agents = Array.from({ length: 60 }, (_, n) => agentNumber(1_000 + n))

interface Figures {
  p50: number
  p99: number
  eventsPerSecond: number
}

/** Sends calls at an even pace; returns the milliseconds from each call's commit to the commit of its offer. */
async function drive(house: House, database: string): Promise<Figures> {
  const started = performance.now()
  const stop = await playTelephony(house)
  const before = await steps(database)
  const calls = await sendCalls(house, warmUpCalls + measuredCalls, callsPerSecond)
  const waits = await waitsOf(database, calls)
  const seconds = (performance.now() - started) / 1000
  await stop()
  if (waits.length < calls.length)
    console.error(`${calls.length - waits.length} of ${calls.length} calls were not offered in time.`)
  const measured = waits.slice(warmUpCalls)
  const eventsPerSecond = Math.round(((await steps(database)) - before) / seconds)
  return { p50: quantile(measured, 0.5), p99: quantile(measured, 0.99), eventsPerSecond }
}

async function steps(database: string): Promise<number> {
  const client = new pg.Client(database)
  await client.connect()
  const { rows } = await client.query<{ seq: number }>('select coalesce(max(seq), 0) as seq from router_place')
  await client.end()
  return Number(rows[0]?.seq ?? 0)
}

/** What strangers do while calls come; each stays open to the end of the run. */
const strangers = {
  'a writer in a neighbour database': {
    database: 'neighbour',
    says: ['begin', 'create table stranger (n int)', 'insert into stranger values (1)'],
  },
  'a writer in ours': {
    database: 'postgres',
    says: ['begin', 'create table stranger (n int)', 'insert into stranger values (1)'],
  },
  'a held snapshot in ours': {
    database: 'postgres',
    says: ['begin isolation level repeatable read', 'select count(*) from router_place', 'select count(*) from agent_status'],
  },
} as const

/** Does something while a stranger's transaction is open. */
async function beside<T>(
  cluster: Cluster,
  stranger: (typeof strangers)[keyof typeof strangers],
  work: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client(cluster.url(stranger.database))
  await client.connect()
  try {
    for (const each of stranger.says) await client.query(each)
    const answer = await work()
    await client.query('rollback')
    return answer
  } finally {
    await client.end()
  }
}

/** Kills the leader while calls come; answers after how many seconds the next one was offered. */
async function takeOver(house: House, leader: RouterNode): Promise<number> {
  const call = house.ids()
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = await playTelephony(house, offered => {
    if (offered === call) resolve()
  })
  const killed = performance.now()
  leader.process.kill('SIGKILL')
  await queueCall(house, call)
  await promise
  const seconds = (performance.now() - killed) / 1000
  await stop()
  return seconds
}

export default async function bench(): Promise<void> {
  const cluster = await startCluster({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    track_commit_timestamp: 'on',
  })
  const database = cluster.url('postgres')
  const nodes: RouterNode[] = []
  const start = async (state: 'leading' | 'standing by') => {
    const node = startRouterNode(database)
    nodes.push(node)
    await node.until(state)
    return node
  }
  try {
    const own = await openPostgres(database, 10)
    await migrate(own)
    const house = await openHouse(own, readConfig({ DATABASE_URL: database, LOG_LEVEL: 'error' }), systemClock)
    await staffed(house, agents, { wrapUpMs: 0 })
    const present = async () => {
      for (const agent of agents) await heartbeat(house, agent, { pageId: pageOf(agent), telephoneReady: true })
    }
    await present()
    let lastBeat = Promise.resolve()
    const beating = setInterval(() => {
      lastBeat = present().catch(complain)
    }, 4_000)
    for (const agent of agents) await becomeAvailable(house, agent, { pageId: pageOf(agent) })
    const first = await start('leading')
    const one = await drive(house, database)
    await own.query('create database neighbour', [])
    const besides = new Map<string, Figures>()
    for (const [name, stranger] of Object.entries(strangers))
      besides.set(name, await beside(cluster, stranger, () => drive(house, database)))
    await start('standing by')
    const two = await drive(house, database)
    const seconds = await takeOver(house, first)
    clearInterval(beating)
    await lastBeat
    console.log(
      `PostgreSQL with fsync and synchronous_commit on, ${callsPerSecond} calls/s, ${measuredCalls} calls, ${agents.length} agents, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`,
    )
    console.log(`${'run'.padEnd(40)}   p50 ms   p99 ms   engine events/s (offered load, not a limit)`)
    for (const [name, figures] of [
      ['one node', one],
      ['two nodes', two],
      ...[...besides].map(([name, each]) => [`one node beside ${name}`, each] as const),
    ] as const)
      console.log(
        `${name.padEnd(42)} ${figures.p50.toFixed(1).padStart(8)} ${figures.p99.toFixed(1).padStart(8)} ${String(figures.eventsPerSecond).padStart(17)}`,
      )
    console.log(`target: p99 <= 25 ms at 100 calls/s; take-over after kill -9 ${seconds.toFixed(2)} s (target < 2)`)
    const p99Beside = [...besides.values()].map(each => each.p99.toFixed(1))
    console.log(
      `bench router p50_ms=${one.p50.toFixed(1)} p99_ms=${one.p99.toFixed(1)} events_per_s=${one.eventsPerSecond} takeover_s=${seconds.toFixed(2)} stranger_p99_ms=${p99Beside[0]} ours_p99_ms=${p99Beside[1]} snapshot_p99_ms=${p99Beside[2]}`,
    )
    await house.tail.close()
    await own.close()
  } finally {
    for (const node of nodes) await node.kill()
    await cluster.stop()
  }
}
