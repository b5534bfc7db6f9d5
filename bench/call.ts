/**
 * Our queue against Asterisk's own, on the same Asterisk, in the same run, with the same agents and the same callers.
 *
 * Twenty agents are SIP telephones that answer at once, talk for three tenths of a second and hang up; they are endpoints of their own, rung by either queue.
 * Callers have no menu before them on either side.
 *
 *   delay     one call after the other while agents are free: from the caller's INVITE to the INVITE at an agent
 *   turn      callers wait: from an agent's hang-up to the next INVITE at any agent
 *   ramp      sipp calls faster and faster, at each rate first the one queue, then the other; a call has succeeded when an agent has answered
 *             it and it was hung up afterwards within ten seconds
 *
 * The program is a process of its own, with all its roles, on a PostgreSQL that writes to the disk as in production.
 */
import { cpus } from 'node:os'
import pg from 'pg'
import { startAsterisk } from '../scripts/asterisk/instance.ts'
import { yardstickMembers, yardstickNumber } from '../scripts/asterisk/settings.ts'
import { startCluster } from '../test/support/postgres.ts'
import { type RunningProgram, startProgramProcess } from '../test/support/program.ts'
import { openAgents } from './call/agents.ts'
import { delaysOf, type Queue, quantile, ramp, turnsOf } from './call/measure.ts'
import { agentsAtWork, prepare, startedAtOf } from './call/program.ts'

const yardstick: Queue = { name: 'app_queue', number: yardstickNumber }
const own: Queue = { name: 'ours', number: '0600000001' }

const ms = (value: number): string => value.toFixed(1)

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
  return rows.map(({ step, median, p95 }) => `  ${step.padEnd(44)} ${ms(median).padStart(8)} ${ms(p95).padStart(8)}`)
}

export default async function bench(): Promise<void> {
  const agents = await openAgents()
  const asterisk = await startAsterisk({
    instance: 'bench',
    replace: true,
    sipPort: 0,
    httpPort: 0,
    yardstick: true,
    yardstickPort: agents.port,
    say: () => {},
  })
  const cluster = await startCluster({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' })
  let program: RunningProgram | undefined
  let stopAgents = () => {}
  try {
    const admin = new pg.Client(cluster.url('postgres'))
    await admin.connect()
    await admin.query('create database bench')
    await admin.end()
    const databaseUrl = cluster.url('bench')
    const people = await prepare(databaseUrl, await startedAtOf(asterisk))
    if (people.length !== yardstickMembers.length) throw new Error(`only ${people.length} operators for the bench`)
    program = await startProgramProcess({ databaseUrl, asterisk })
    stopAgents = await agentsAtWork(program, people)

    console.log(`Call distribution, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, everything on this machine`)
    const processes = { program: program.pid, PostgreSQL: cluster.pid(), Asterisk: asterisk.pid }
    const ground = { asterisk, agents, processes }
    const delays = { queue: await delaysOf(yardstick, ground), ours: await delaysOf(own, ground) }
    const turns = { queue: await turnsOf(yardstick, ground), ours: await turnsOf(own, ground) }
    const rates = await ramp([yardstick, own], ground)
    const rate = { queue: rates.get(yardstick) ?? 0, ours: rates.get(own) ?? 0 }

    console.log('                                            ours   app_queue')
    const line = (what: string, ours: number, queue: number) =>
      console.log(`${what.padEnd(40)} ${ms(ours).padStart(8)} ${ms(queue).padStart(10)}`)
    line('caller to agent, median ms', quantile(delays.ours, 0.5), quantile(delays.queue, 0.5))
    line('caller to agent, p95 ms', quantile(delays.ours, 0.95), quantile(delays.queue, 0.95))
    line('agent free to next caller, median ms', quantile(turns.ours, 0.5), quantile(turns.queue, 0.5))
    line('agent free to next caller, p95 ms', quantile(turns.ours, 0.95), quantile(turns.queue, 0.95))
    line('calls a second without a failed one', rate.ours, rate.queue)
    console.log('where the time goes: between two entries of a call in the journal (median, p95 ms, ramp included)')
    for (const stage of await stages(databaseUrl)) console.log(stage)
    console.log(
      [
        'bench call',
        `ours_calls_per_s=${rate.ours}`,
        `queue_calls_per_s=${rate.queue}`,
        `ratio=${(rate.ours / rate.queue).toFixed(2)}`,
        `ours_p50_ms=${ms(quantile(delays.ours, 0.5))}`,
        `queue_p50_ms=${ms(quantile(delays.queue, 0.5))}`,
        `ours_p95_ms=${ms(quantile(delays.ours, 0.95))}`,
        `queue_p95_ms=${ms(quantile(delays.queue, 0.95))}`,
      ].join(' '),
    )
  } finally {
    stopAgents()
    await program?.kill()
    await cluster.stop()
    await asterisk.stop()
    agents.close()
  }
}
