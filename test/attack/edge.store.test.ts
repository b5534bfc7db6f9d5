/**
 * The whole program, as a process on PostgreSQL, and strangers who keep no rules. After each attack it still answers, its one loop was never
 * held up for long, and the connections of the attack are gone.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { samplePassword } from '../../sample/index.ts'
import { copyOfTemplate, onPostgres } from '../support/database.ts'
import { type RunningProgram, startProgramProcess } from '../support/program.ts'
import { eventually, frame, postRequest, type RawClient, rawClient, upgradeRequest } from '../support/raw-client.ts'

/** An attack that works holds the loop for many seconds; beside the rest of the suite a program waits for its processor. */
const maxBlockMs = 2_000
/** The machine may be busy: what is to happen by itself may take this long. */
const patienceMs = 60_000
/** A cut at ten seconds, or at thirty, is seen so much later where the machine is busy. */
const seenLateMs = 15_000
const metricsToken = 'a-token-for-the-tests-of-attacks'
const socketPaths = ['/api/telephone/caller', '/api/telephone/desk', '/api/telephone/sip', '/api/live', '/none', '//', '*']

onPostgres(() => {
  let program: RunningProgram
  let cookie = ''

  const figures = async (): Promise<string> => {
    const answer = await fetch(`${program.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } })
    expect(answer.status).toBe(200)
    return answer.text()
  }
  const figure = (text: string, name: string): number => Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1])
  const openConnections = async () => figure(await figures(), 'filodiretto_open_connections')

  /** Runs an attack and says how long the program's loop was held up meanwhile. */
  async function attack(act: () => Promise<void>): Promise<void> {
    await figures()
    const before = await openConnections()
    await act()
    const blockMs = figure(await figures(), 'nodejs_eventloop_lag_max_seconds') * 1_000
    expect(blockMs, 'the longest time in which nothing else was done').toBeLessThan(maxBlockMs)
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200)
    await eventually(async () => (await openConnections()) <= before + 2, patienceMs, 'the end of the connections')
  }

  beforeAll(async () => {
    program = await startProgramProcess({
      databaseUrl: await copyOfTemplate(),
      environment: { METRICS_TOKEN: metricsToken, SAMPLE: 'never', MAX_CONNECTIONS_PER_ADDRESS: '1000' },
    })
    const answer = await fetch(`${program.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'anna.bianchi', password: samplePassword }),
    })
    expect(answer.status).toBe(200)
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  })
  afterAll(() => program?.stop())

  test('a connection that is reset at any stage of any handshake is dropped, and nothing else', async () => {
    const stages: ((client: RawClient, path: string) => Promise<void> | void)[] = [
      () => {},
      (client, path) => client.write(`GET ${path}`),
      (client, path) => client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nCook`),
      (client, path) => client.write(upgradeRequest(path)),
      (client, path) => client.write(upgradeRequest(path, [`Cookie: ${cookie}`])),
      (client, path) => client.write(upgradeRequest(path, ['Sec-WebSocket-Version: 1', `Cookie: ${cookie}`])),
      async (client, path) => {
        client.write(upgradeRequest(path, [`Cookie: ${cookie}`]))
        await client.until(/^HTTP\/1\.1 \d{3}/)
      },
      async (client, path) => {
        client.write(upgradeRequest(path, [`Cookie: ${cookie}`, 'Sec-WebSocket-Protocol: sip']))
        await client.until(/^HTTP\/1\.1 \d{3}/)
        client.write(frame('{"type":"hello"').subarray(0, 9))
      },
      (client, path) => client.write(`CONNECT ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
      (client, path) => client.write(`${upgradeRequest(path)}${'x'.repeat(70_000)}`),
      (client, path) => client.write(`\x16\x03\x01 not plain text${path}\r\n\r\n`),
    ]
    await attack(async () => {
      for (const path of socketPaths)
        for (const stage of stages) {
          const client = await rawClient(program.url)
          await stage(client, path)
          await client.reset()
        }
    })
  })

  test('a request that is reset at any stage is dropped', async () => {
    const request = postRequest('/api/session', JSON.stringify({ user: 'nobody', password: 'wrong' }))
    const stages = [10, request.indexOf('\r\n\r\n') + 2, request.length - 5, request.length]
    await attack(async () => {
      for (const bytes of stages)
        for (let times = 0; times < 5; times++) {
          const client = await rawClient(program.url)
          client.write(request.slice(0, bytes))
          await client.reset()
        }
      for (const path of ['/api/live', '/', '/api/people', '/assets/none.js']) {
        const client = await rawClient(program.url)
        client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`)
        await client.until(/^HTTP/)
        await client.reset()
      }
    })
  })

  test('who sends slowly is cut off: headers after ten seconds, a body after thirty; who holds his connection idle, too', async () => {
    const dripping = new Set<NodeJS.Timeout>()
    const drip = (client: RawClient, text: string) => {
      dripping.add(setInterval(() => client.socket.writable && client.write(text), 1_000))
      return client.closed
    }
    const open = async (text: string) => {
      const client = await rawClient(program.url)
      client.write(text)
      return client
    }
    const head = 'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    await attack(async () => {
      const headers = await Promise.all(Array.from({ length: 20 }, () => open('GET / HTTP/1.1\r\nHost: localhost\r\n')))
      const bodies = await Promise.all(Array.from({ length: 20 }, () => open(`${head}Content-Length: 4000\r\n\r\n{`)))
      const chunks = await Promise.all(Array.from({ length: 5 }, () => open(`${head}Transfer-Encoding: chunked\r\n\r\n`)))
      const idle = await Promise.all(Array.from({ length: 20 }, () => open('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')))
      const ends = await Promise.all([
        Promise.all(headers.map(client => drip(client, 'X: y\r\n'))),
        Promise.all(bodies.map(client => drip(client, ' '))),
        Promise.all(chunks.map(client => drip(client, '1\r\n \r\n'))),
        Promise.all(idle.map(client => client.closed)),
      ])
      for (const timer of dripping) clearInterval(timer)
      const [slowHeaders, slowBodies, slowChunks, longIdle] = ends.map(times => Math.max(...times))
      expect(slowHeaders).toBeLessThan(10_000 + seenLateMs)
      expect(slowBodies).toBeLessThan(30_000 + seenLateMs)
      expect(slowChunks).toBeLessThan(30_000 + seenLateMs)
      expect(longIdle).toBeLessThan(30_000 + seenLateMs)
    })
  })

  test('deep, wide and large bodies are refused before they are read', async () => {
    const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
      const began = performance.now()
      const answer = await fetch(`${program.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, ...headers },
        body,
      })
      await answer.text()
      return { status: answer.status, tookMs: performance.now() - began }
    }
    const nested = (bytes: number) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2)
    await attack(async () => {
      for (let times = 0; times < 5; times++) {
        expect((await post('/api/session', nested(1_000_000))).status).toBe(413)
        expect((await post('/api/session', nested(1_000_000), { 'idempotency-key': 'attack-1' })).status).toBe(413)
        expect((await post('/api/session', nested(4_000))).status).toBe(400)
        expect((await post('/api/contacts', nested(60_000), { 'idempotency-key': 'attack-2' })).status).toBe(400)
        expect((await post('/api/contacts', `{"a":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_001)}`)).status).toBe(400)
      }
      expect((await post('/api/contacts', `[${'[],'.repeat(20_000)}[]]`)).status).toBe(422)
      expect((await post('/api/contacts', `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":1`).join(',')}}`)).status).toBe(
        422,
      )
      for (const body of ['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}'])
        expect((await post('/api/contacts', body)).status).toBe(400)
      expect((await post('/api/session', '{}', { 'content-encoding': 'gzip' })).status).toBe(415)
    })
  })

  test('long addresses, cookies and headers, and requests that two servers would read differently, are refused', async () => {
    const refused: [string, RegExp][] = [
      [`GET /${'a'.repeat(30_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 (431|414)/],
      [`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'a'.repeat(30_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
      [`GET /healthz?${'a[]=1&'.repeat(2_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 200/],
      ['GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n', /^HTTP\/1\.1 4/],
      ['POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}', /^HTTP\/1\.1 400/],
      ['POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', /^HTTP\/1\.1 400/],
      ['GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400/],
      ['GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n', /^HTTP\/1\.1 400/],
      ['GET / HTTP/1.1\r\nHost : a\r\n\r\n', /^HTTP\/1\.1 400/],
    ]
    await attack(async () => {
      for (const [request, expected] of refused) {
        const client = await rawClient(program.url)
        client.write(request)
        expect(await client.until(/^HTTP\/1\.1 \d{3}/)).toMatch(expected)
        await client.reset()
      }
    })
  })

  test('a session holds a bounded number of sockets', async () => {
    await attack(async () => {
      const url = `${program.url.replace('http', 'ws')}/api/telephone/desk`
      const sockets = Array.from({ length: 60 }, () => new WebSocket(url, { headers: { cookie } }))
      const outcomes = await Promise.all(
        sockets.map(
          socket =>
            new Promise<string>(resolve => {
              socket.on('open', () => resolve('open'))
              socket.on('error', error => resolve(error.message))
            }),
        ),
      )
      expect(outcomes.filter(outcome => outcome === 'open').length).toBeLessThanOrEqual(20)
      expect(outcomes.filter(outcome => outcome.includes('429')).length).toBeGreaterThanOrEqual(40)
      for (const socket of sockets) socket.terminate()
    })
  })

  test('one address cannot hold every connection, and the others are still served', async () => {
    const clients = await Promise.all(Array.from({ length: 1_200 }, () => rawClient(program.url)))
    await eventually(async () => clients.filter(client => client.socket.destroyed).length > 150, patienceMs, 'the refusal')
    await Promise.all(clients.map(client => client.reset()))
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200)
    await eventually(async () => (await openConnections()) < 20, patienceMs, 'the end of the connections')
  })
})
