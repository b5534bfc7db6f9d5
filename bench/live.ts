/**
 * What a burst of entries costs when many pages are open, and what it costs callers: 400 live pages of people who may see all of it, 2,000 entries
 * in one commit, several times, while 50 calls a second come through the router. The whole program, one `npm start`, on a real PostgreSQL with fsync on.
 *
 *   fan-out   from the commit of a burst until the last page has been told the last of it
 *   stall     the longest time for which the loop that serves pages did nothing else
 *   router    from *call queued committed* to *offer committed*, by the server's own record of commit times
 *   offices   how often the leader lost its office, although nobody had touched it
 */
import { request } from 'node:http'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { samplePassword } from '../sample/index.ts'
import { becomeAvailable, heartbeat } from '../src/distribution/service.ts'
import { type House, openPostgres, readConfig, systemClock } from '../src/platform/index.ts'
import { openHouse } from '../test/support/house.ts'
import { startCluster } from '../test/support/postgres.ts'
import { type RunningProgram, startProgramProcess } from '../test/support/program.ts'
import { agentNumber, pageOf, pensions, staffed } from '../test/support/routing.ts'
import { complain, passes, playTelephony, quantile, sendCalls, waitsOf } from './load/calls.ts'

const pages = 400
const pagesOfPerson = 8
const callsPerSecond = 50
const warmUpCalls = 150
const measuredCalls = 1_000
const bursts = 5
const entriesOfBurst = 2_000
const burstEveryMs = 3_000
const agents = Array.from({ length: 40 }, (_, n) => agentNumber(1_000 + n))
const stalls = pathToFileURL(join(import.meta.dirname, 'stalls.mjs')).href
/** A Monday morning in office time. */
const aheadMs = Date.UTC(2026, 10, 23, 9) - Date.now()
const patienceMs = 30_000

async function ask<R extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<R>(text, values)).rows
  } finally {
    await client.end()
  }
}

interface Page {
  /** Resolves when the text has been told. */
  until(text: string): Promise<void>
  close(): void
}

/** Opens a live page. It reads as little as it can: what is measured is the program. */
function openPage(url: string, cookie: string): Promise<Page> {
  const opened = Promise.withResolvers<Page>()
  let wanted: { text: Buffer; found: () => void } | undefined
  let rest: Buffer = Buffer.alloc(0)
  const asked = request(`${url}/api/live`, { headers: { cookie, accept: 'text/event-stream' }, agent: false }, answer => {
    if (answer.statusCode !== 200) opened.reject(new Error(`a live page was answered ${answer.statusCode}`))
    answer.on('data', (chunk: Buffer) => {
      opened.resolve(page)
      if (!wanted) return
      const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      if (text.includes(wanted.text)) {
        wanted.found()
        wanted = undefined
      }
      rest = text.subarray(Math.max(0, text.length - 64))
    })
  })
  asked.on('error', opened.reject)
  asked.end()
  const page: Page = {
    until(text) {
      const { promise, resolve } = Promise.withResolvers<void>()
      rest = Buffer.alloc(0)
      wanted = { text: Buffer.from(text), found: resolve }
      return promise
    },
    close: () => asked.destroy(),
  }
  return opened.promise
}

/** Makes more operators of the section, like one that there is. Returns their user names. */
async function hire(database: string, number: number): Promise<string[]> {
  const people = await ask<{ user_name: string }>(
    database,
    `with model as (
       select person.*, assignment.role, assignment.unit_id, assignment.unit_path, assignment.starts_at
       from person join assignment on assignment.person_id = person.id
       where assignment.unit_id = $1 and assignment.role = 'operator' order by person.id limit 1
     ), hired as (
       insert into person (id, user_name, name, sort_key, language, password_hash, created_at)
       select gen_random_uuid(), 'bench.' || n, name, sort_key, language, password_hash, created_at
       from model, generate_series(1, $2) n
       returning id, user_name
     ), assigned as (
       insert into assignment (id, person_id, role, unit_id, unit_path, starts_at)
       select gen_random_uuid(), hired.id, role, unit_id, unit_path, starts_at from hired, model
     )
     select user_name from hired`,
    [pensions, number],
  )
  return people.map(each => each.user_name)
}

async function openPages(url: string, database: string): Promise<Page[]> {
  const people = await hire(database, pages / pagesOfPerson)
  const opened: Page[] = []
  for (const user of people) {
    const signedIn = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password: samplePassword }),
    })
    if (!signedIn.ok) throw new Error(`${user} could not sign in: ${await signedIn.text()}`)
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    for (let tab = 0; tab < pagesOfPerson; tab++) opened.push(await openPage(url, cookie))
  }
  return opened
}

/** Writes a burst and answers after how many milliseconds the last page had been told the last of it. */
async function burst(house: House, client: pg.Client, open: readonly Page[]): Promise<number> {
  const last = house.ids()
  const told = Promise.all(open.map(page => page.until(last)))
  await client.query(
    `insert into event (at, type, actor, case_id, unit_ids, payload)
     select clock_timestamp(), 'case.noted', '{"kind":"system","name":"bench"}',
            case when n = $1 then $2::uuid else gen_random_uuid() end, array['inps', 'ccm', $3], '{}'
     from generate_series(1, $1) n`,
    [entriesOfBurst, last, pensions],
  )
  const committed = performance.now()
  house.tail.committed()
  await Promise.race([told, passes(patienceMs).then(() => Promise.reject(new Error('some pages were not told')))])
  return performance.now() - committed
}

/** For how long the program's loop stood still since this was last asked. */
async function stallOf(program: RunningProgram): Promise<number> {
  const before = program.said.length
  process.kill(program.pid, 'SIGUSR2')
  for (;;) {
    const line = program.said.slice(before).find(each => each.startsWith('stall '))
    if (line !== undefined) return Number(line.slice('stall '.length))
    await passes(20)
  }
}

export default async function bench(): Promise<void> {
  const cluster = await startCluster({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    track_commit_timestamp: 'on',
  })
  const database = cluster.url('postgres')
  let program: RunningProgram | undefined
  try {
    program = await startProgramProcess({
      databaseUrl: database,
      environment: { NODE_OPTIONS: `--import=${stalls}`, CLOCK_OFFSET_MS: String(aheadMs), LOG_LEVEL: 'warn' },
    })
    const own = await openPostgres(database, 10)
    const clock = { ...systemClock, now: () => Date.now() + aheadMs }
    const house = await openHouse(own, readConfig({ DATABASE_URL: database, LOG_LEVEL: 'error' }), clock)
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
    const open = await openPages(program.url, database)
    const stop = await playTelephony(house)
    await sendCalls(house, warmUpCalls, callsPerSecond)

    const epoch = async () =>
      Number((await ask<{ epoch: number }>(database, 'select max(epoch) as epoch from router_domain'))[0]?.epoch)
    const before = await epoch()
    await stallOf(program)
    const writer = new pg.Client(database)
    // What is wrong is said by whoever waits for it.
    writer.on('error', () => {})
    await writer.connect()
    const sending = sendCalls(house, measuredCalls, callsPerSecond)
    const fanOuts: number[] = []
    for (let n = 0; n < bursts; n++) {
      await passes(burstEveryMs)
      fanOuts.push(await burst(house, writer, open))
    }
    const stall = await stallOf(program)
    const calls = await sending
    const waits = await waitsOf(database, calls)
    const lost = (await epoch()) - before
    clearInterval(beating)
    await lastBeat
    await stop()
    await writer.end()
    for (const page of open) page.close()
    const figures = [
      ['router, p50', quantile(waits, 0.5), ''],
      ['router, p99', quantile(waits, 0.99), 'target <= 25'],
      ['fan-out, median of the bursts', quantile(fanOuts, 0.5), ''],
      ['fan-out, slowest', Math.max(...fanOuts), ''],
      ['longest stall where pages are served', stall, ''],
    ] as const
    console.log(
      `${pages} live pages, ${bursts} bursts of ${entriesOfBurst} entries, ${callsPerSecond} calls/s (${waits.length} of ${calls.length} offered), ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`,
    )
    for (const [what, ms, target] of figures)
      console.log(`${what.padEnd(38)} ${ms.toFixed(1).padStart(8)} ms  ${target}`.trimEnd())
    console.log(`${'offices lost'.padEnd(38)} ${String(lost).padStart(8)}     target 0`)
    console.log(
      `bench live router_p99_ms=${quantile(waits, 0.99).toFixed(1)} fanout_ms=${Math.max(...fanOuts).toFixed(0)} longest_stall_ms=${stall.toFixed(1)} offices_lost=${lost}`,
    )
    await house.tail.close()
    await own.close()
  } finally {
    await program?.kill()
    await cluster.stop()
  }
}
