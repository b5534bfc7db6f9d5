/**
 * The public telephone under a flood of calls from one address: people still sign in, and no call that was taken is missing in the journal.
 */
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { samplePassword } from '../../sample/index.ts'
import { closeCodes, paths, protocolVersion } from '../../src/telephony/switches/browser/protocol.ts'
import { copyOfTemplate, onPostgres } from '../support/database.ts'
import { type RunningProgram, startProgramProcess } from '../support/program.ts'
import { eventually } from '../support/raw-client.ts'

const telephones = 20
/** Between two calls of one telephone, when each is given at once: 800 calls in 25 s of all. */
const everyMs = 625
const signInMs = 1_000
/** On a machine that is busy elsewhere signing in is slow without any flood, and one of many is slower by chance. */
const timesSlower = 5
const middleOf = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
const romaEur = '+390600000001'

interface Flood {
  taken: Set<string>
  shed: number
}

/** A telephone that dials again and again, each time as soon as it was given a call, and hangs up. */
async function floods(url: string, until: number, flood: Flood): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${paths.caller}`)
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const send = (message: unknown) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message))
  const dial = () => {
    if (performance.now() > until) return socket.close(1000)
    send({ type: 'dial', to: romaEur, from: '+393330000001' })
  }
  socket.on('open', () => send({ type: 'hello', version: protocolVersion }))
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as { type: string; callId?: string | null; cause?: string }
    if (message.type === 'welcome') dial()
    if (message.type === 'leg' && message.callId && !flood.taken.has(message.callId)) {
      flood.taken.add(message.callId)
      send({ type: 'hang-up' })
    }
    if (message.type === 'ended') {
      if (message.cause === 'congestion') flood.shed++
      setTimeout(dial, everyMs)
    }
  })
  socket.on('error', () => {})
  socket.on('close', () => end())
  await over
}

onPostgres(() => {
  let program: RunningProgram | undefined
  afterEach(() => program?.stop())

  /** Milliseconds that a sign-in takes. */
  async function signIn(url: string): Promise<number> {
    const began = performance.now()
    const answer = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'anna.bianchi', password: samplePassword }),
    })
    await answer.text()
    expect(answer.status).toBe(200)
    return performance.now() - began
  }

  async function underFlood(
    environment: Record<string, string>,
    floodMs: number,
  ): Promise<Flood & { usualMs: number; allowedMs: number }> {
    const databaseUrl = await copyOfTemplate()
    program = await startProgramProcess({ databaseUrl, environment })
    const { url } = program
    const calmly: number[] = []
    for (let times = 0; times < 5; times++) calmly.push(await signIn(url))
    const flood: Flood = { taken: new Set(), shed: 0 }
    const until = performance.now() + floodMs
    const meanwhile: number[] = []
    const asking = (async () => {
      while (performance.now() < until) meanwhile.push(await signIn(url))
    })()
    await Promise.all([asking, ...Array.from({ length: telephones }, () => floods(url, until, flood))])
    const client = new pg.Client(databaseUrl)
    await client.connect()
    const arrived = async () => {
      const { rows } = await client.query("select call_id from event where type = 'call.arrived'")
      return new Set(rows.map(row => String(row.call_id)))
    }
    const allArrived = async () => {
      const inJournal = await arrived()
      return [...flood.taken].every(callId => inJournal.has(callId))
    }
    await eventually(allArrived, 60_000, 'every call in the journal')
    await client.end()
    return { ...flood, usualMs: middleOf(meanwhile), allowedMs: Math.max(signInMs, timesSlower * middleOf(calmly)) }
  }

  test('more calls than one address may make are shed at the door, with a word', async () => {
    const { taken, shed, usualMs, allowedMs } = await underFlood({}, 25_000)
    expect(taken.size).toBeGreaterThan(0)
    expect(taken.size).toBeLessThanOrEqual(120)
    expect(shed).toBeGreaterThan(telephones)
    expect(usualMs).toBeLessThan(allowedMs)
  })

  test('as many as are allowed do not keep people from signing in', async () => {
    const { taken, usualMs, allowedMs } = await underFlood(
      { PUBLIC_TELEPHONES: '1000', PUBLIC_TELEPHONES_PER_ADDRESS: '1000' },
      10_000,
    )
    expect(taken.size).toBeGreaterThan(telephones)
    expect(usualMs).toBeLessThan(allowedMs)
  })

  test('without the sample institute the telephone is out of service until it is switched on', async () => {
    const databaseUrl = await copyOfTemplate()
    const closesWith = (url: string) =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}${paths.caller}`)
        socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: protocolVersion })))
        socket.on('message', () => socket.close(1000))
        socket.on('close', resolve)
        socket.on('error', reject)
      })
    program = await startProgramProcess({ databaseUrl, environment: { PUBLIC_TELEPHONE: 'false' } })
    expect(await closesWith(program.url)).toBe(closeCodes.switchedOff)
    await program.stop()
    const client = new pg.Client(databaseUrl)
    await client.connect()
    await client.query("delete from setting where name = 'sample'")
    await client.end()
    program = await startProgramProcess({ databaseUrl, environment: { SAMPLE: 'never' } })
    expect(await closesWith(program.url)).toBe(closeCodes.switchedOff)
    await program.stop()
    program = await startProgramProcess({ databaseUrl, environment: { SAMPLE: 'never', PUBLIC_TELEPHONE: 'true' } })
    expect(await closesWith(program.url)).toBe(1000)
  })
})
