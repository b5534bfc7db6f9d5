import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { eachDatabase, type OpenHouse } from '../../../test/support/database.ts'
import {
  type Actor,
  about,
  type Clock,
  defineEvent,
  type House,
  openServer,
  PageQuery,
  Refused,
  route,
  type Server,
  type SocketRoute,
  systemClock,
  useCase,
  virtualClock,
} from '../index.ts'

const rung = defineEvent('test.rung', about('program'), z.object({ secret: z.string() }))
const ring = useCase(async ({ journal, ids }, { unit }: { unit: string }) => {
  await journal(rung, { secret: 'nobody hears this' }, { units: [unit] })
  return { id: ids(), version: 3 }
})

const person = (unitId: string): Actor => ({
  kind: 'person',
  personId: `p-${unitId}`,
  name: 'Anna',
  role: 'operator',
  unitId,
  unitPath: `inps/${unitId}/`,
  assignmentId: `a-${unitId}`,
})

const routes = [
  route({
    method: 'POST',
    url: '/api/bells/:unit',
    operation: 'ringBell',
    summary: 'Ring a bell',
    tag: 'bells',
    access: 'signed-in',
    params: z.object({ unit: z.string().max(20) }),
    body: z.strictObject({ times: z.int().min(1).max(3).describe('how often') }),
    status: 201,
    idempotent: true,
    answer: z.object({ id: z.string(), version: z.int() }),
    handle: ({ house, actor, params, idempotency }) => ring(house, actor, { unit: params.unit }, idempotency),
  }),
  route({
    method: 'PATCH',
    url: '/api/bells/:unit',
    operation: 'changeBell',
    summary: 'Tune a bell',
    tag: 'bells',
    access: ['bell-founder'],
    ifMatch: true,
    handle: async ({ version }) => ({ version }),
  }),
  route({
    method: 'PUT',
    url: '/api/bells/:unit',
    operation: 'tuneBell',
    summary: 'Tune a bell',
    tag: 'bells',
    access: 'signed-in',
    ifMatch: true,
    handle: async ({ version }) => {
      if (version !== 3) throw new Refused('platform.changedMeanwhile', {}, 412)
      return { version: version + 1 }
    },
  }),
  route({
    method: 'GET',
    url: '/api/bells',
    operation: 'listBells',
    summary: 'List',
    tag: 'bells',
    access: 'public',
    query: PageQuery,
    handle: async ({ query }) => query,
  }),
  route({
    method: 'GET',
    url: '/api/bells/seldom',
    operation: 'readBell',
    summary: 'Look at the bells',
    tag: 'bells',
    access: 'signed-in',
    perMinute: 2,
    handle: async () => ({ bells: 1 }),
  }),
  route({
    method: 'GET',
    url: '/api/crash',
    operation: 'crash',
    summary: 'A bug',
    tag: 'bells',
    access: 'public',
    handle: async () => {
      throw new Error('password=segreta')
    },
  }),
]

const sockets: SocketRoute[] = [
  { path: '/api/echo', access: 'signed-in', open: (_house, socket) => socket.on('message', text => socket.send(String(text))) },
]

/** As much of the description as the tests look at. */
const Description = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ requestBody: z.unknown().optional(), parameters: z.array(z.object({ name: z.string() })) })),
  ),
})

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(
  open: OpenHouse,
  environment: Record<string, string> = {},
  clock: Clock = systemClock,
): Promise<{ house: House; url: string }> {
  const { house } = await open({ environment: { PORT: '0', ...environment }, clock })
  const server = await openServer(house, {
    routes,
    sockets,
    authenticate: async (_house, headers) => (headers.cookie?.startsWith('unit=') ? person(headers.cookie.slice(5)) : null),
    audience: {
      groupsOf: actor =>
        actor.kind === 'person' ? { own: actor.personId, shared: [actor.unitId] } : { own: 'none', shared: [] },
      hearersOf: ({ subjects }) => subjects.units ?? [],
      changesRights: () => false,
    },
    ready: async () => ({ ready: true, details: { telephony: 'not connected' } }),
  })
  servers.push(server)
  return { house, url: server.url }
}

const anna = { cookie: 'unit=lazio', 'content-type': 'application/json' }

eachDatabase(open => {
  test('errors are problems in the language of the reader that say what to mend', async () => {
    const { url } = await serve(open)
    const wrong = await fetch(`${url}/api/bells/lazio`, {
      method: 'POST',
      headers: { ...anna, 'accept-language': 'en' },
      body: '{"times": 9}',
    })
    expect(wrong.status).toBe(422)
    expect(wrong.headers.get('content-type')).toMatch('application/problem+json')
    expect(await wrong.json()).toMatchObject({ code: 'platform.invalid', errors: [{ field: 'body.times' }] })
    const notJson = await fetch(`${url}/api/bells/lazio`, { method: 'POST', headers: anna, body: '{' })
    expect(await notJson.json()).toMatchObject({ status: 400, detail: 'Il corpo della richiesta non è JSON valido.' })
    expect((await fetch(`${url}/api/nowhere`)).status).toBe(404)
    expect((await fetch(`${url}/api/bells?limit=1000`)).status).toBe(422)
    const bug = await fetch(`${url}/api/crash`)
    expect(bug.status).toBe(500)
    expect(await bug.text()).not.toMatch('segreta')
  })

  test('every answer tells the time of the program, whatever its machine says', async () => {
    const { url } = await serve(open, {}, virtualClock(Date.UTC(2031, 0, 2, 8)))
    for (const path of ['/', '/api/bells', '/api/none'])
      expect((await fetch(`${url}${path}`)).headers.get('date'), path).toBe('Thu, 02 Jan 2031 08:00:00 GMT')
  })

  test('who is not signed in, or acts in another role, is refused', async () => {
    const { url } = await serve(open)
    expect(
      (
        await fetch(`${url}/api/bells/lazio`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"times":1}',
        })
      ).status,
    ).toBe(401)
    expect(
      (await fetch(`${url}/api/bells/lazio`, { method: 'PATCH', headers: { ...anna, 'if-match': '"1"' }, body: '{}' })).status,
    ).toBe(403)
    expect((await fetch(`${url}/api/live`)).status).toBe(401)
  })

  test('a page of another site can change nothing, by request or by WebSocket', async () => {
    const { url } = await serve(open)
    const post = (headers: Record<string, string>) =>
      fetch(`${url}/api/bells/lazio`, { method: 'POST', headers: { ...anna, ...headers }, body: '{"times":1}' })
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({ origin: 'null' })).status).toBe(403)
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post({ origin: url, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    const connect = (headers: Record<string, string>) =>
      new Promise<string>(resolve => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/api/echo`, { headers })
        socket.on('open', () => socket.send('hello'))
        socket.on('message', text => {
          socket.close()
          resolve(String(text))
        })
        socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
      })
    expect(await connect({ ...anna, origin: 'https://evil.example' })).toBe('403')
    expect(await connect({ origin: url })).toBe('401')
    expect(await connect({ ...anna, origin: url })).toBe('hello')
  })

  test('an edit needs the version that was read, and answers the new one', async () => {
    const { url } = await serve(open)
    const put = (match?: string) =>
      fetch(`${url}/api/bells/lazio`, { method: 'PUT', headers: match ? { ...anna, 'if-match': match } : anna, body: '{}' })
    expect((await put()).status).toBe(428)
    expect((await put('3')).status).toBe(400)
    expect((await put('"2"')).status).toBe(412)
    const done = await put('"3"')
    expect([done.status, done.headers.get('etag')]).toEqual([200, '"4"'])
  })

  test('a creation sent twice with one key is made once', async () => {
    const { url } = await serve(open)
    const post = async () =>
      (
        await fetch(`${url}/api/bells/lazio`, {
          method: 'POST',
          headers: { ...anna, 'idempotency-key': 'key-00000001' },
          body: '{"times":1}',
        })
      ).json()
    const first = await post()
    expect(await post()).toEqual(first)
  })

  test('the description of the API has every route, its schemas and its headers', async () => {
    const { url } = await serve(open)
    for (const path of ['/api/openapi.json', '/api/docs']) expect((await fetch(`${url}${path}`)).status).toBe(401)
    const signedIn = { headers: { cookie: 'unit=lazio' } }
    const description = Description.parse(await (await fetch(`${url}/api/openapi.json`, signedIn)).json())
    expect(description.openapi).toBe('3.1.0')
    expect(Object.keys(description.paths)).toEqual(['/bells/{unit}', '/bells', '/bells/seldom', '/crash', '/status'])
    const post = description.paths['/bells/{unit}']?.post
    expect(post?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { properties: { times: { type: 'integer', description: 'how often' } } } } },
    })
    expect(post?.parameters.map(parameter => parameter.name)).toEqual(['unit', 'Idempotency-Key'])
    expect(await (await fetch(`${url}/api/docs`, signedIn)).text()).toMatch('Ring a bell')
  })

  test('strangers learn whether the program is ready; why, and the figures, are for who has the token', async () => {
    const { url } = await serve(open, { METRICS_TOKEN: 'the-other-token-of-the-figures' })
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ alive: true })
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true })
    const status = await fetch(`${url}/api/status`, { headers: { 'accept-language': 'it' } })
    expect([status.status, status.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('application/problem+json'),
    ])
    expect(await status.json()).toEqual({ type: 'about:blank', title: 'OK', status: 200, detail: 'Il servizio è attivo.' })
    for (const authorization of ['', 'Bearer', 'Bearer another-token', 'Basic the-token'])
      expect((await fetch(`${url}/metrics`, { headers: { authorization } })).status).toBe(404)
    const token = { headers: { authorization: 'Bearer the-token-of-the-figures' } }
    const { url: other } = await serve(open, { METRICS_TOKEN: 'the-token-of-the-figures' })
    expect(await (await fetch(`${other}/readyz`, token)).json()).toEqual({ ready: true, telephony: 'not connected' })
    expect(await (await fetch(`${other}/metrics`, token)).text()).toMatch('filodiretto_http_seconds_bucket')
    const { url: without } = await serve(open)
    expect((await fetch(`${without}/metrics`, token)).status).toBe(404)
  })

  test('every kind of answer says what a browser may do with it', async () => {
    const strict = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' }
    const { url } = await serve(open, { TRUST_PROXY: '1' })
    const answers = async (headers: Record<string, string>) =>
      Promise.all(
        ['/', '/api/bells', '/api/none', '/api/crash', '/%zz', '/healthz', '/metrics', '/api/live'].map(async path => {
          const stop = new AbortController()
          const answer = await fetch(`${url}${path}`, { headers: { cookie: 'unit=lazio', ...headers }, signal: stop.signal })
          stop.abort()
          return answer.headers
        }),
      )
    for (const headers of await answers({})) {
      expect(Object.fromEntries(headers)).toMatchObject(strict)
      expect(headers.get('content-security-policy')).toMatch(/default-src '(none|self)'/)
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/)
      expect(headers.get('content-security-policy')).not.toMatch(/wss?:(?!\/\/127\.0\.0\.1)/)
      expect(headers.get('permissions-policy')).toMatch(/microphone=\(self\)/)
      expect(headers.has('strict-transport-security')).toBe(false)
    }
    for (const headers of await answers({ 'x-forwarded-proto': 'https' }))
      expect(headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
    const { url: open2 } = await serve(open)
    const forged = await fetch(`${open2}/`, { headers: { 'x-forwarded-proto': 'https' } })
    expect(forged.headers.has('strict-transport-security')).toBe(false)
  })

  test('the same request may come twice with one key, also with fields that nobody reads in another order', async () => {
    const { url } = await serve(open)
    const post = (body: string, key: string) =>
      fetch(`${url}/api/bells/lazio`, {
        method: 'POST',
        headers: { cookie: 'unit=lazio', 'content-type': 'application/json', 'idempotency-key': key },
        body,
      })
    const first = await (await post('{"times":1}', 'key-of-a-bell')).json()
    expect(await (await post('{ "times" : 1.0 }', 'key-of-a-bell')).json()).toEqual(first)
    expect((await post('{"times":2}', 'key-of-a-bell')).status).toBe(422)
    // A body that does not fit is refused before its fingerprint is made.
    expect((await post(`{"times":${'['.repeat(20)}${']'.repeat(20)}}`, 'key-of-another')).status).toBe(422)
    expect((await post('{"times":1}', 'key-of-another')).status).toBe(201)
  })

  test('so many requests a minute are one person’s, not those of everybody behind the same address', async () => {
    const { url } = await serve(open)
    const look = (unit: string) => fetch(`${url}/api/bells/seldom`, { headers: { cookie: `unit=${unit}` } })
    const told = ({ status, headers }: Response) => [
      status,
      ...['limit', 'remaining'].map(name => Number(headers.get(`x-ratelimit-${name}`))),
    ]
    for (const [unit, remaining] of [
      ['lazio', 1],
      ['lazio', 0],
      ['veneto', 1],
      ['veneto', 0],
    ] as const)
      expect(told(await look(unit))).toEqual([200, 2, remaining])
    const refused = await look('lazio')
    expect(told(refused)).toEqual([429, 2, 0])
    expect(await refused.json()).toMatchObject({ code: 'platform.tooManyRequests' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await look('piemonte')).status).toBe(200)
  })
})
