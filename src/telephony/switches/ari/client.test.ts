/**
 * The client against a small server of our own, for what a real Asterisk cannot be made to do on demand: not to answer, to answer wrongly,
 * to refuse. Against a real one: client.asterisk.test.ts.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { connected, openTestAri, until } from '../../../../test/support/asterisk.ts'
import { type Clock, systemClock } from '../../../platform/index.ts'
import { AriConflict, AriError, AriNotFound, AriUnavailable, AriWrongState } from './errors.ts'
import type { AriClient } from './index.ts'
import { serialQueues } from './serial.ts'

interface Answer {
  status: number
  body?: unknown
  /** Never answers. */
  silent?: boolean
}

interface FakeAsterisk {
  url: string
  /** What was asked, `METHOD /path`. */
  asked: string[]
  sockets: Set<WebSocket>
  /** Answers requests whose `METHOD /path` it knows; the others as an idle Asterisk would. */
  answers: Map<string, Answer>
  connections(): number
  close(): Promise<void>
}

const idle: Readonly<Record<string, unknown>> = {
  '/ari/channels': [],
  '/ari/bridges': [],
  '/ari/applications': [{ name: 'filodiretto' }],
  '/ari/asterisk/info': {
    system: { version: '22.11.0', entity_id: '00:00' },
    status: { startup_time: '2026-01-01T08:00:00.000+0000' },
  },
}

const toClose: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

async function fakeAsterisk(): Promise<FakeAsterisk> {
  const asked: string[] = []
  const answers = new Map<string, Answer>()
  const sockets = new Set<WebSocket>()
  let connections = 0
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const where = new URL(request.url ?? '', 'http://h').pathname
    asked.push(`${request.method} ${where}`)
    const free = where === '/ari/applications/filodiretto' && sockets.size === 0
    const answer = answers.get(`${request.method} ${where}`) ?? { status: free ? 404 : 200, body: idle[where] }
    if (answer.silent) return
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  const events = new WebSocketServer({ server })
  events.on('connection', socket => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.terminate()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  const { port } = server.address() as AddressInfo
  toClose.push(close)
  return { url: `http://127.0.0.1:${port}`, asked, answers, sockets, connections: () => connections, close }
}

function client(asterisk: { url: string }, options: Parameters<typeof openTestAri>[1] = {}): AriClient {
  const ari = openTestAri({ url: asterisk.url, user: 'u', password: 'p' }, options)
  toClose.push(() => ari.close())
  return ari
}

const channelJson = {
  id: 'a',
  name: 'PJSIP/a',
  state: 'Up',
  caller: { name: '', number: '' },
  connected: { name: '', number: '' },
  dialplan: { context: '', exten: '', app_name: '', app_data: '' },
  creationtime: '',
  language: 'it',
}

describe('requests', () => {
  test.each([
    [404, AriNotFound],
    [409, AriConflict],
    [412, AriWrongState],
    [422, AriWrongState],
    [500, AriUnavailable],
    [503, AriUnavailable],
    [400, AriError],
    [403, AriError],
  ])('%i is told by its class, with what was asked and why', async (status, kind) => {
    const asterisk = await fakeAsterisk()
    asterisk.answers.set('POST /ari/channels/a%2Fb/answer', { status, body: { message: 'because' } })
    const failure = await client(asterisk)
      .channels.answer('a/b')
      .then(
        () => undefined,
        error => error,
      )
    expect(failure).toBeInstanceOf(kind)
    expect(failure.message).toBe(`POST /channels/a%2Fb/answer: ${status} because`)
    expect(failure.request).toEqual({ method: 'POST', path: '/channels/a%2Fb/answer', status })
  })

  test('what is gone already may be hung up, stopped and destroyed', async () => {
    const asterisk = await fakeAsterisk()
    for (const path of ['channels/a', 'bridges/a', 'playbacks/a']) asterisk.answers.set(`DELETE /ari/${path}`, { status: 404 })
    const ari = client(asterisk)
    await Promise.all([ari.channels.hangUp('a'), ari.bridges.destroy('a'), ari.playbacks.stop('a')])
  })

  test('one without an answer ends at its deadline, and the next one is not held up', async () => {
    const asterisk = await fakeAsterisk()
    asterisk.answers.set('POST /ari/channels/a/answer', { status: 0, silent: true })
    const ari = client(asterisk, { requestTimeoutMs: 1_000 })
    const from = performance.now()
    await expect(ari.channels.answer('a')).rejects.toThrow(/no answer within 1000 ms/)
    expect(performance.now() - from).toBeLessThan(20_000)
    await ari.channels.answer('b')
  })

  test('no connection is told as such', async () => {
    const asterisk = await fakeAsterisk()
    await asterisk.close()
    toClose.length = 0
    await expect(client(asterisk).channels.list()).rejects.toThrow(AriUnavailable)
  })

  test('an answer of another form is an error, not a guess', async () => {
    const asterisk = await fakeAsterisk()
    asterisk.answers.set('GET /ari/channels', { status: 200, body: [{ id: 1 }] })
    await expect(client(asterisk).channels.list()).rejects.toThrow()
    asterisk.answers.set('GET /ari/channels', { status: 502, body: '<html>Bad gateway</html>' })
    await expect(client(asterisk).channels.list()).rejects.toThrow(AriUnavailable)
  })

  test('never holds more connections than it may', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk, { connections: 3 })
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, asterisk.asked.length)
    }, 1)
    await Promise.all(Array.from({ length: 50 }, (_, n) => ari.channels.answer(`c${n}`)))
    clearInterval(watch)
    expect(asterisk.asked.filter(each => each.endsWith('/answer'))).toHaveLength(50)
  })
})

describe('the connection', () => {
  test('comes back by itself, and every time begins by looking', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk)
    let looks = 0
    let losses = 0
    ari.onConnected(() => void looks++)
    ari.onDisconnected(() => void losses++)
    await connected(ari)
    for (let round = 1; round <= 3; round++) {
      for (const socket of asterisk.sockets) socket.terminate()
      await until(() => looks > round && ari.state() === 'connected', 5_000, 'the next connection')
      expect(losses).toBe(round)
    }
    expect(asterisk.asked.filter(each => each === 'PUT /ari/applications/filodiretto/eventFilter').length).toBeGreaterThanOrEqual(
      4,
    )
  })

  test('is tried again after those pauses', async () => {
    const asterisk = await fakeAsterisk()
    const { url } = asterisk
    await asterisk.close()
    toClose.length = 0
    const pauses: number[] = []
    // Time runs as fast as it is asked for; only the pauses between connections are that short here.
    const hurried: Clock = {
      now: systemClock.now,
      after(ms, work) {
        if ([250, 500, 1_000, 2_000, 4_000].includes(ms)) pauses.push(ms)
        return systemClock.after(pauses.length > 0 && ms <= 4_000 ? 1 : ms, work)
      },
    }
    client({ url }, { clock: hurried, random: () => 1, probeEveryMs: 60_000 })
    await until(() => pauses.length >= 5, 5_000, 'five attempts')
    expect(pauses.slice(0, 5)).toEqual([250, 500, 1_000, 2_000, 4_000])
  })

  test('is not made when Asterisk cannot be compared with us, and tried again', async () => {
    const asterisk = await fakeAsterisk()
    asterisk.answers.set('GET /ari/bridges', { status: 500 })
    const ari = client(asterisk)
    await until(() => asterisk.connections() >= 2, 5_000, 'a second attempt')
    expect(ari.state()).not.toBe('connected')
    expect(ari.health().ok).toBe(false)
    asterisk.answers.clear()
    await connected(ari)
    expect(ari.health()).toEqual({ ok: true, version: '22.11.0' })
  })

  test('hands on what came while we were looking, after the look and in order', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk)
    const story: string[] = []
    ari.onEvent(event => story.push(event.type))
    let done = () => {}
    ari.onConnected(async () => {
      for (const socket of asterisk.sockets)
        for (const type of ['ChannelCreated', 'ChannelStateChange'])
          socket.send(JSON.stringify({ type, timestamp: '', channel: channelJson }))
      await new Promise<void>(resolve => {
        done = resolve
        // Both have arrived when a message sent after them has.
        for (const socket of asterisk.sockets) socket.ping()
        systemClock.after(100, resolve)
      })
      story.push('looked')
    })
    await until(() => story.length === 3, 5_000, 'the events')
    done()
    expect(story).toEqual(['looked', 'ChannelCreated', 'ChannelStateChange'])
  })

  test('passes over what it does not know and what is no JSON', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk)
    const seen: string[] = []
    ari.onEvent(event => {
      seen.push(event.type)
      throw new Error('a listener that fails')
    })
    await connected(ari)
    for (const socket of asterisk.sockets) {
      socket.send('not JSON')
      socket.send(JSON.stringify({ type: 'TextMessageReceived', timestamp: '' }))
      socket.send(JSON.stringify({ type: 'ChannelCreated', timestamp: '' }))
      socket.send(JSON.stringify({ type: 'ChannelCreated', timestamp: '', channel: channelJson, added_later: true }))
      socket.send(JSON.stringify({ type: 'ChannelStateChange', timestamp: '', channel: channelJson }))
    }
    await until(() => seen.length === 2, 5_000, 'the events')
    expect(seen).toEqual(['ChannelCreated', 'ChannelStateChange'])
    expect(ari.state()).toBe('connected')
  })

  test('a newcomer is given its own look', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk)
    await connected(ari)
    let looked = false
    ari.onConnected(() => {
      looked = true
    })
    await until(() => looked, 5_000, 'the look of the newcomer')
  })

  test('a live socket proves nothing: when applications lock up, the connection is given up', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk, { probeEveryMs: 30, probeWithinMs: 60 })
    await connected(ari)
    let lost = false
    ari.onDisconnected(() => {
      lost = true
    })
    asterisk.answers.set('GET /ari/applications', { status: 0, silent: true })
    await until(() => lost, 5_000, 'the connection to be given up')
    expect(await ari.probe()).toMatchObject({ ok: false, reason: expect.stringContaining('no answer within 60 ms') })
    asterisk.answers.clear()
    await connected(ari)
    expect(await ari.probe()).toEqual({ ok: true, version: '22.11.0' })
  })

  test('a connection that Asterisk no longer knows hears nothing, and is made anew', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk, { probeEveryMs: 30 })
    await connected(ari)
    asterisk.answers.set('GET /ari/applications', { status: 200, body: [{ name: 'another' }] })
    expect(await ari.probe()).toMatchObject({ ok: false })
    await until(() => asterisk.connections() >= 2, 5_000, 'another connection')
    asterisk.answers.clear()
    await until(() => ari.health().ok && ari.state() === 'connected', 5_000, 'a connection that hears')
  })

  test('is not opened while the application is taken, and opened all the same when it stays so: then somebody else has it', async () => {
    const asterisk = await fakeAsterisk()
    asterisk.answers.set('GET /ari/applications/filodiretto', { status: 200 })
    const first = client(asterisk)
    await until(() => asterisk.asked.length >= 3, 5_000, 'the third question')
    expect(asterisk.connections()).toBe(0)
    asterisk.answers.clear()
    await connected(first)
    const asked = asterisk.asked.length
    // Now the first has it, and stays.
    await connected(client(asterisk))
    expect(asterisk.asked.slice(asked).filter(each => each === 'GET /ari/applications/filodiretto').length).toBeGreaterThan(10)
  })

  test('closed is closed', async () => {
    const asterisk = await fakeAsterisk()
    const ari = client(asterisk)
    await connected(ari)
    await ari.close()
    await until(() => asterisk.sockets.size === 0, 2_000, 'the socket to be put down')
    expect(ari.state()).toBe('closed')
  })

  test('a program in whose place another has come gives the connection up, says so, and stays away for half a minute', async () => {
    const asterisk = await fakeAsterisk()
    const pauses: (() => void)[] = []
    // The pause of half a minute is over when the test says so.
    const held: Clock = {
      now: systemClock.now,
      after(ms, work) {
        if (ms !== 30_000) return systemClock.after(ms, work)
        pauses.push(work)
        return () => {}
      },
    }
    const ari = client(asterisk, { clock: held, probeEveryMs: 60_000, events: ['ChannelCreated'] })
    let losses = 0
    ari.onDisconnected(() => void losses++)
    await connected(ari)
    for (const socket of asterisk.sockets) socket.send(JSON.stringify({ type: 'ApplicationReplaced', timestamp: '' }))
    await until(() => pauses.length === 1, 5_000, 'the connection to be given up')
    expect([losses, ari.state(), asterisk.connections()]).toEqual([1, 'connecting', 1])
    expect(ari.health()).toMatchObject({ ok: false, reason: expect.stringContaining('another program takes the calls') })
    pauses[0]?.()
    await until(() => ari.state() === 'connected', 5_000, 'the next connection')
    expect(asterisk.connections()).toBe(2)
  })
})

describe('one mailbox for each call', () => {
  test('works of a call go one after the other, those of others beside them, and a failure holds up nobody', async () => {
    const { serial, size, drained } = serialQueues()
    const story: string[] = []
    const gate: (() => void)[] = []
    const slow = serial('a', async () => {
      await new Promise<void>(resolve => gate.push(resolve))
      story.push('a1')
      throw new Error('refused')
    })
    const next = serial('a', async () => void story.push('a2'))
    await serial('b', async () => void story.push('b1'))
    expect(story).toEqual(['b1'])
    gate[0]?.()
    await expect(slow).rejects.toThrow('refused')
    await next
    expect(story).toEqual(['b1', 'a1', 'a2'])
    await drained()
    await until(() => size() === 0, 1_000, 'no trace to be left')
  })
})

test('numbers that would become part of the dialplan are digits and nothing else', async () => {
  const asterisk = await fakeAsterisk()
  const ari = client(asterisk)
  for (const number of ['0612345678', '+39061234567 8', '+3906$(x)', '+0612345678'])
    await expect(ari.server.setFallback(number, undefined)).rejects.toThrow(RangeError)
  await expect(ari.telephones.create({ id: '../x', password: 'x'.repeat(20) })).rejects.toThrow(RangeError)
  await expect(ari.telephones.create({ id: 'x', password: 'short' })).rejects.toThrow(RangeError)
  expect(asterisk.asked.filter(each => each.includes('variable') || each.includes('config'))).toEqual([])
})
