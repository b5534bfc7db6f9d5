/**
 * Our queue against Asterisk's own, on the same Asterisk, in the same run, with the same agents and the same callers; with 20, 100 and 300 agents.
 *
 * Agents are SIP telephones that answer at once, talk for three tenths of a second and hang up; they are endpoints of their own, rung by either
 * queue. Callers have no menu before them on either side.
 *
 *   delay     one call after the other while agents are free: from the caller's INVITE to the INVITE at an agent
 *   ramp      sipp calls faster and faster, at each rate first the one queue, then the other; a call has succeeded when an agent has answered
 *             it and it was hung up afterwards within ten seconds
 *   cost      time of the processor for a call at the highest rate that both hold: of the program, PostgreSQL and Asterisk for ours, less what the
 *             first two use at that time without calls (heartbeats of the agents' pages, looks at the journal), which is measured while the
 *             other queue is called; of Asterisk alone for its own
 *
 * The program is a process of its own, with all its roles, on a PostgreSQL that writes to the disk as in production. The bench ends in time and
 * prints its last line whatever happens: what could not be measured is `none`.
 */
import { cpus } from 'node:os'
import pg from 'pg'
import { startAsterisk } from '../scripts/asterisk/instance.ts'
import { yardstickMembers, yardstickNumber, yardstickSizes } from '../scripts/asterisk/settings.ts'
import { startCluster } from '../test/support/postgres.ts'
import { startProgramProcess } from '../test/support/program.ts'
import { openAgents } from './call/agents.ts'
import { delaysOf, type MeasuredSystem, quantile, ramp } from './call/measure.ts'
import { openWork, prepare, startedAtOf } from './call/program.ts'

/** Everything, with what has to be ended at the end. */
const wholeMs = 285_000
/** What is measured, the setting up included. */
const measuringMs = 255_000

interface Result {
  size: number
  ours?: Figures
  queue?: Figures
}

interface Figures {
  callsPerSecond: number
  p50: number
  p95: number
  /** Milliseconds of processor for a call. */
  cost: number
}

const shown = (value: number | undefined, digits = 1): string =>
  value === undefined || !Number.isFinite(value) ? 'none' : value.toFixed(digits)

function lineOf({ ours, queue }: Result): string {
  const ratio = (one: number | undefined, other: number | undefined) => shown((one ?? Number.NaN) / (other ?? Number.NaN), 2)
  return [
    `ours_calls_per_s=${shown(ours?.callsPerSecond, 0)}`,
    `queue_calls_per_s=${shown(queue?.callsPerSecond, 0)}`,
    `ratio=${ratio(ours?.callsPerSecond, queue?.callsPerSecond)}`,
    `ours_p50_ms=${shown(ours?.p50)}`,
    `queue_p50_ms=${shown(queue?.p50)}`,
    `ours_p95_ms=${shown(ours?.p95)}`,
    `queue_p95_ms=${shown(queue?.p95)}`,
    `cpu_ratio=${ratio(ours?.cost, queue?.cost)}`,
  ].join(' ')
}

/** Where the time of a call goes, from the journal: milliseconds between its entries. */
async function stages(url: string): Promise<string[]> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ step: string; median: number; p95: number }>(`
    with story as (
      select call_id, type, at, lag(type) over w as before, lag(at) over w as since
      from event where call_id is not null window w as (partition by call_id order by id))
    select before || ' → ' || type as step,
           percentile_cont(0.5)  within group (order by extract(epoch from at - since) * 1000) as median,
           percentile_cont(0.95) within group (order by extract(epoch from at - since) * 1000) as p95
    from story where before is not null group by 1 having count(*) > 50 order by count(*) desc limit 12`)
  await client.end()
  return rows.map(({ step, median, p95 }) => `  ${step.padEnd(44)} ${shown(median).padStart(8)} ${shown(p95).padStart(8)}`)
}

/** One size: both queues, one after the other at each step. */
async function measure(size: number, ground: MeasuredSystem, until: number): Promise<Result> {
  const queues = {
    queue: { name: 'app_queue', number: yardstickNumber(size) },
    ours: { name: 'ours', number: '0600000001' },
  }
  const delays = { queue: await delaysOf(queues.queue, ground), ours: await delaysOf(queues.ours, ground) }
  const held = await ramp([queues.queue, queues.ours], ground, until)
  const common = Math.min(held.get(queues.queue)?.rate ?? 0, held.get(queues.ours)?.rate ?? 0)
  const [atQueue, atOurs] = [held.get(queues.queue)?.costs.get(common), held.get(queues.ours)?.costs.get(common)]
  const costOf = {
    queue: atQueue?.asterisk ?? Number.NaN,
    ours: (atOurs?.asterisk ?? Number.NaN) + (atOurs?.beside ?? Number.NaN) - (atQueue?.beside ?? Number.NaN),
  }
  const figures = (which: 'queue' | 'ours'): Figures => ({
    callsPerSecond: held.get(queues[which])?.rate ?? 0,
    p50: quantile(delays[which], 0.5),
    p95: quantile(delays[which], 0.95),
    cost: costOf[which],
  })
  return { size, queue: figures('queue'), ours: figures('ours') }
}

export default async function bench(): Promise<void> {
  const from = performance.now()
  const results: Result[] = []
  const endings: (() => unknown)[] = []
  const ends = <T>(thing: T, end: () => unknown): T => {
    endings.push(end)
    return thing
  }

  async function run(): Promise<void> {
    const agents = await openAgents()
    ends(agents, agents.close)
    const asterisk = await startAsterisk({
      ...{ instance: 'bench', replace: true, sipPort: 0, httpPort: 0 },
      ...{ yardstick: true, yardstickPort: agents.port, say: () => {} },
    })
    ends(asterisk, asterisk.stop)
    const cluster = await startCluster({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' })
    ends(cluster, cluster.stop)
    const admin = new pg.Client(cluster.url('postgres'))
    await admin.connect()
    await admin.query('create database bench')
    await admin.end()
    const databaseUrl = cluster.url('bench')
    const people = await prepare(databaseUrl, await startedAtOf(asterisk), yardstickMembers)
    const program = await startProgramProcess({ databaseUrl, asterisk, environment: environment() })
    ends(program, program.stop)
    const work = openWork(program)
    endings.push(work.stop)
    console.log(`Call distribution, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, everything on this machine`)
    const processes = { program: program.pid, PostgreSQL: cluster.pid(), Asterisk: asterisk.pid }
    const ground = { asterisk, agents, processes }
    for (const [index, size] of yardstickSizes.entries()) {
      await work.begin(people.slice(0, size))
      const now = performance.now()
      const left = from + measuringMs - now
      const result = await measure(size, ground, now + left / (yardstickSizes.length - index))
      results.push(result)
      console.log(`agents=${size} ${lineOf(result)}`)
    }
    console.log('where the time goes: between two entries of a call in the journal (median, p95 ms, ramp included)')
    for (const stage of await stages(databaseUrl)) console.log(stage)
  }

  let timer: NodeJS.Timeout | undefined
  const timeOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the time is over')), wholeMs)
  })
  try {
    await Promise.race([run(), timeOver])
  } catch (error) {
    process.exitCode = 1
    console.log(`The bench did not come to its end: ${error instanceof Error ? error.message : error}`)
  } finally {
    clearTimeout(timer)
    for (const end of endings.reverse()) await Promise.resolve(end()).catch(() => {})
    console.log(`bench call ${lineOf(results.find(({ size }) => size === Math.max(...yardstickSizes)) ?? { size: 0 })}`)
  }
}

/** `BENCH_NODE_OPTIONS` for the program, e.g. `--cpu-prof`. */
const environment = (): Record<string, string> =>
  process.env.BENCH_NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS }
