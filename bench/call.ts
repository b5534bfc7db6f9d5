/**
 * Our queue against Asterisk's own, on the same Asterisk, in the same run, with the same agents and the same callers.
 *
 * Twenty agents are SIP telephones that answer at once, talk for three tenths of a second and hang up; they are endpoints of their own, rung by either queue.
 * Callers have no menu before them on either side.
 *
 *   delay     one call after the other while agents are free: from the caller's INVITE to the INVITE at an agent
 *   turn      callers wait: from an agent's hang-up to the next INVITE at any agent
 *   ramp      sipp calls faster and faster; a call has succeeded when an agent has answered it and it was hung up afterwards within ten seconds
 *
 * The program is a process of its own, with all its roles, on a PostgreSQL that writes to the disk as in production.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { loadSample, samplePassword } from '../sample/index.ts'
import { type RunningAsterisk, startAsterisk } from '../scripts/asterisk/instance.ts'
import { yardstickMembers, yardstickNumber } from '../scripts/asterisk/settings.ts'
import type { FlowInput } from '../src/ivr/index.ts'
import { migrate, openPostgres, readConfig, systemClock } from '../src/platform/index.ts'
import { openHouse } from '../test/support/house.ts'
import { startCluster } from '../test/support/postgres.ts'
import { type RunningProgram, startProgramProcess } from '../test/support/program.ts'

/** Long enough that the two have been joined when the agent hangs up; twenty agents bound the ramp at 66 calls a second. */
const talkMs = 300
const section = 'ccm-pensioni'
const ourNumber = '0600000001'
const delayCalls = 100
const rates = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65]
const stepSeconds = 8

// --- agents: SIP telephones, twenty names at one port ------------------------------------------------------------------

interface Agents {
  port: number
  /** Every INVITE: when it came, and the caller's number that it showed. */
  invites: { at: number; from: string }[]
  /** When an agent hung up. */
  hangUps: number[]
  close(): void
}

const header = (text: string, name: string) => new RegExp(`^${name}[ \t]*:[ \t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? ''
const all = (text: string, name: string) => [...text.matchAll(new RegExp(`^${name}[ \t]*:.*$`, 'gim'))].map(([found]) => found)

async function openAgents(): Promise<Agents> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const agents: Agents = { port, invites: [], hangUps: [], close: () => socket.close() }
  const known = new Set<string>()
  socket.on('message', (bytes, from) => answer(socket, agents, known, bytes.toString('latin1'), from.port))
  return agents
}

function answer(socket: Socket, agents: Agents, known: Set<string>, text: string, port: number): void {
  const at = performance.now()
  const method = text.slice(0, text.indexOf(' '))
  if (method === 'SIP/2.0' || method === 'ACK') return
  const callId = header(text, 'Call-ID')
  const tag = `;tag=${callId.slice(0, 8)}`
  const reply = (status: string, body = '') =>
    [
      `SIP/2.0 ${status}`,
      ...all(text, 'Via'),
      `From: ${header(text, 'From')}`,
      `To: ${header(text, 'To')}${header(text, 'To').includes('tag=') ? '' : tag}`,
      `Call-ID: ${callId}`,
      `CSeq: ${header(text, 'CSeq')}`,
      `Contact: <sip:agent@127.0.0.1:${agents.port}>`,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n')
  if (method !== 'INVITE') return void socket.send(reply('200 OK'), port, '127.0.0.1')
  const first = !known.has(callId)
  known.add(callId)
  if (first) agents.invites.push({ at, from: /sip:([^@>]+)@/.exec(header(text, 'From'))?.[1] ?? '' })
  // Nothing listens at that port: agents without ears cost Asterisk the same and us nothing.
  const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n'
  socket.send(reply('200 OK', sdp), port, '127.0.0.1')
  if (!first || /^To[ \t]*:.*tag=/im.test(text)) return
  setTimeout(() => {
    agents.hangUps.push(performance.now())
    socket.send(
      [
        `BYE ${/<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? ''} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${agents.port};branch=z9hG4bK${randomUUID()}`,
        `From: ${header(text, 'To')}${tag}`,
        `To: ${header(text, 'From')}`,
        `Call-ID: ${callId}`,
        'CSeq: 1 BYE',
        'Max-Forwards: 70',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
      port,
      '127.0.0.1',
    )
  }, talkMs)
}

// --- callers -----------------------------------------------------------------------------------------------------------

const caller = (wait: string) => `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[

INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+3906[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
X-Trunk: 1
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" timeout="5000"/>
  <send><![CDATA[

ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+3906[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

  ]]></send>
  <recv request="BYE" timeout="${wait}"/>
  <send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

  ]]></send>
</scenario>
`

interface Ran {
  calls: number
  failed: number
  seconds: number
}

/** Runs sipp: so many calls, so many a second. */
async function sipp(server: number, number: string, rate: number, calls: number, waitMs = 10_000): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'filo-bench-'))
  writeFileSync(join(folder, 'caller.xml'), caller(String(waitMs)))
  const from = performance.now()
  const child = spawn(
    'sipp',
    [
      ...[
        '-sf',
        'caller.xml',
        '-i',
        '127.0.0.1',
        '-s',
        number,
        '-r',
        String(rate),
        '-m',
        String(calls),
        '-l',
        String(calls),
        '-nostdin',
      ],
      ...['-trace_stat', '-stf', 'stat.csv', '-fd', '1', '-mp', '45000', '-timeout', '60s', `127.0.0.1:${server}`],
    ],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, TERM: 'dumb' } },
  )
  await once(child, 'exit')
  const seconds = (performance.now() - from) / 1_000
  const lines = readFileSync(join(folder, 'stat.csv'), 'utf8').trim().split('\n')
  const names = lines[0]?.split(';') ?? []
  const last = lines.at(-1)?.split(';') ?? []
  const figure = (name: string) => Number(last[names.indexOf(name)] ?? 0)
  rmSync(folder, { recursive: true, force: true })
  const done = figure('SuccessfulCall(C)')
  return { calls, failed: calls - done, seconds }
}

// --- measures ----------------------------------------------------------------------------------------------------------

interface Measured {
  delays: number[]
  turns: number[]
  /** Highest rate without a failed call. */
  rate: number
  steps: { rate: number; failed: number; seconds: number }[]
}

const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
const ms = (value: number): string => value.toFixed(1)

/** One call after the other, by a caller of our own whose clock is the agents' too. */
async function measureDelays(server: number, number: string, agents: Agents): Promise<number[]> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const ended = new Map<string, () => void>()
  socket.on('message', (bytes, from) => {
    const text = bytes.toString('latin1')
    const callId = header(text, 'Call-ID')
    if (text.startsWith('SIP/2.0 200') && header(text, 'CSeq').endsWith('INVITE'))
      socket.send(
        [
          `ACK ${/<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? ''} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${randomUUID()}`,
          ...[`From: ${header(text, 'From')}`, `To: ${header(text, 'To')}`, `Call-ID: ${callId}`, 'CSeq: 1 ACK'],
          ...['Max-Forwards: 70', 'Content-Length: 0', '', ''],
        ].join('\r\n'),
        from.port,
        '127.0.0.1',
      )
    if (!text.startsWith('BYE ')) return
    const copied = [...all(text, 'Via'), ...['From', 'To', 'Call-ID', 'CSeq'].map(name => `${name}: ${header(text, name)}`)]
    socket.send(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'), from.port, '127.0.0.1')
    ended.get(callId)?.()
  })
  const delays: number[] = []
  for (let n = 0; n < delayCalls; n++) {
    const from = `+390687${String(100_000 + n)}`
    const callId = randomUUID()
    const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n`
    const over = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`call ${n} was not served`)), 15_000)
      ended.set(callId, () => {
        clearTimeout(timer)
        resolve()
      })
    })
    const at = performance.now()
    socket.send(
      [
        `INVITE sip:${number}@127.0.0.1:${server} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${randomUUID()}`,
        `From: <sip:${from}@127.0.0.1:${port}>;tag=${callId.slice(0, 8)}`,
        `To: <sip:${number}@127.0.0.1:${server}>`,
        ...[`Call-ID: ${callId}`, 'CSeq: 1 INVITE', `Contact: <sip:caller@127.0.0.1:${port}>`, 'X-Trunk: 1', 'Max-Forwards: 70'],
        ...['Content-Type: application/sdp', `Content-Length: ${sdp.length}`, '', sdp],
      ].join('\r\n'),
      server,
      '127.0.0.1',
    )
    await over
    const invite = agents.invites.find(each => each.from === from)
    if (invite) delays.push(invite.at - at)
  }
  socket.close()
  return delays
}

/** From each hang-up of an agent to the next INVITE at any of them, while callers wait. */
async function measureTurns(server: number, number: string, agents: Agents): Promise<number[]> {
  agents.hangUps.length = 0
  agents.invites.length = 0
  await sipp(server, number, 200, 100, 30_000)
  const invites = agents.invites.map(({ at }) => at)
  // The last callers leave agents free: there is no next INVITE for these.
  return agents.hangUps.flatMap(hangUp => {
    const index = invites.findIndex(at => at > hangUp)
    return index < 0 ? [] : invites.splice(index, 1).map(at => at - hangUp)
  })
}

async function measure(server: number, number: string, agents: Agents): Promise<Measured> {
  await sipp(server, number, 5, 20)
  const delays = await measureDelays(server, number, agents)
  const turns = await measureTurns(server, number, agents)
  const steps: Measured['steps'] = []
  let best = 0
  for (const rate of rates) {
    const { failed, seconds } = await sipp(server, number, rate, rate * stepSeconds)
    steps.push({ rate, failed, seconds })
    console.log(`  ${number} at ${rate} calls/s: ${failed} of ${rate * stepSeconds} failed, ${seconds.toFixed(1)} s`)
    // A step that takes much longer than its calls has only put them off.
    if (failed > 0 || seconds > stepSeconds + 4) break
    best = rate
  }
  return { delays, turns, rate: best, steps }
}

// --- the program ---------------------------------------------------------------------------------------------------------

/** The sample institute with twenty agents of one section, whose telephones are those of the yardstick, and a flow without a menu. */
async function prepare(url: string, startedAt: Date): Promise<{ id: string; user: string }[]> {
  const database = await openPostgres(url, 5)
  await migrate(database)
  const house = await openHouse(database, readConfig({ LOG_LEVEL: 'silent', DATABASE_URL: url }), systemClock)
  await loadSample(house)
  await house.tail.close()
  await database.close()
  const flow: FlowInput = {
    id: 'main',
    name: 'Bench',
    languages: ['it'],
    start: 'queue',
    nodes: { queue: { type: 'queue', section } },
  }
  const client = new pg.Client(url)
  await client.connect()
  const query = async (sql: string, values: unknown[] = []) =>
    (await client.query<{ id: string; user_name: string }>(sql, values)).rows
  await query('delete from flow')
  await query("insert into flow values ('main', 1, 'published', $1, now(), now())", [JSON.stringify(flow)])
  await query('delete from section_routing where section_id = $1', [section])
  await query('insert into section_routing values ($1, $2)', [section, JSON.stringify({ wrapUpMs: 0, restMs: 0 })])
  const people = await query(
    `select person.id, user_name from person join assignment on person_id = person.id
     where role = 'operator' order by user_name limit ${yardstickMembers.length}`,
  )
  await query('delete from agent_skill')
  for (const [index, { id }] of people.entries()) {
    await query('insert into agent_skill values ($1, $2, 5)', [id, section])
    // Younger than the program's clock, which is set to office hours.
    await query("insert into telephone values ($1, $2, $3, $4, now() + interval '30 days', $5)", [
      yardstickMembers[index],
      randomUUID(),
      id,
      'a fixed telephone needs none',
      startedAt,
    ])
  }
  await client.end()
  return people.map(({ id, user_name }) => ({ id, user: user_name }))
}

/** Signs the agents in and keeps their hearts beating. Answers how to stop. */
async function agentsAtWork(program: RunningProgram, people: readonly { user: string }[]): Promise<() => void> {
  const hearts: NodeJS.Timeout[] = []
  for (const { user } of people) {
    const pageId = randomUUID()
    let cookie = ''
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${program.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response
    }
    const signedIn = await post('/api/session', { user, password: samplePassword })
    cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const beat = () => post('/api/desk/heartbeat', { pageId, telephoneReady: true })
    await beat()
    await post('/api/desk/available', { pageId })
    hearts.push(setInterval(() => void beat().catch(() => {}), 5_000))
  }
  return () => {
    for (const heart of hearts) clearInterval(heart)
  }
}

async function startedAtOf(asterisk: RunningAsterisk): Promise<Date> {
  const authorization = `Basic ${Buffer.from(`${asterisk.user}:${asterisk.password}`).toString('base64')}`
  const answered = await fetch(`${asterisk.url}/ari/asterisk/info`, { headers: { authorization } })
  const { status } = (await answered.json()) as { status: { startup_time: string } }
  return new Date(status.startup_time)
}

/** Where the time of a call goes, from the journal: milliseconds between its entries. */
async function stages(url: string): Promise<string[]> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ step: string; median: number; p95: number }>(`
    with story as (
      select call_id, type, at, lag(type) over w as before, lag(at) over w as since
      from event where call_id is not null window w as (partition by call_id order by xid, id))
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
  const server = asterisk.settings.sipPort
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

    console.log(`Call distribution, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, everything on this machine`)
    const queue = await measure(server, yardstickNumber, agents)
    program = await startProgramProcess({ databaseUrl, asterisk })
    stopAgents = await agentsAtWork(program, people)
    const ours = await measure(server, ourNumber, agents)

    console.log('                                            ours   app_queue')
    const line = (what: string, of: (measured: Measured) => number) =>
      console.log(`${what.padEnd(40)} ${ms(of(ours)).padStart(8)} ${ms(of(queue)).padStart(10)}`)
    line('caller to agent, median ms', ({ delays }) => quantile(delays, 0.5))
    line('caller to agent, p95 ms', ({ delays }) => quantile(delays, 0.95))
    line('agent free to next caller, median ms', ({ turns }) => quantile(turns, 0.5))
    line('agent free to next caller, p95 ms', ({ turns }) => quantile(turns, 0.95))
    line('calls a second without a failed one', ({ rate }) => rate)
    console.log('where the time goes: between two entries of a call in the journal (median, p95 ms, ramp included)')
    for (const stage of await stages(databaseUrl)) console.log(stage)
    console.log(
      [
        'bench call',
        `ours_calls_per_s=${ours.rate}`,
        `queue_calls_per_s=${queue.rate}`,
        `ratio=${(ours.rate / queue.rate).toFixed(2)}`,
        `ours_p50_ms=${ms(quantile(ours.delays, 0.5))}`,
        `queue_p50_ms=${ms(quantile(queue.delays, 0.5))}`,
        `ours_p95_ms=${ms(quantile(ours.delays, 0.95))}`,
        `queue_p95_ms=${ms(quantile(queue.delays, 0.95))}`,
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
