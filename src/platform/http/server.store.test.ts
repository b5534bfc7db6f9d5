import { request as httpRequest } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { eachDatabase, type OpenHouse } from '../../../test/support/database.ts'
import {
  type Actor,
  defineEvent,
  type House,
  openServer,
  PageQuery,
  Refused,
  route,
  type Server,
  type SocketRoute,
  useCase,
} from '../index.ts'

const rung = defineEvent('test.rung', z.object({ secret: z.string() }))
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
    summary: 'Tune a bell',
    tag: 'bells',
    access: ['bell-founder'],
    ifMatch: true,
    handle: async ({ version }) => ({ version }),
  }),
  route({
    method: 'PUT',
    url: '/api/bells/:unit',
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
    summary: 'List',
    tag: 'bells',
    access: 'public',
    query: PageQuery,
    handle: async ({ query }) => query,
  }),
  route({
    method: 'GET',
    url: '/api/bells/seldom',
    summary: 'Look at the bells',
    tag: 'bells',
    access: 'signed-in',
    perMinute: 2,
    handle: async () => ({ bells: 1 }),
  }),
  route({
    method: 'GET',
    url: '/api/crash',
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

async function serve(open: OpenHouse): Promise<{ house: House; url: string }> {
  const { house } = await open({ environment: { PORT: '0' } })
  const server = await openServer(house, {
    routes,
    sockets,
    authenticate: async (_house, headers) => (headers.cookie?.startsWith('unit=') ? person(headers.cookie.slice(5)) : null),
    maySee: (actor, entry) => actor.kind === 'person' && (entry.subjects.units ?? []).includes(actor.unitId),
    ready: async () => ({ ready: true, details: { telephony: 'not connected' } }),
  })
  servers.push(server)
  return { house, url: server.url }
}

const anna = { cookie: 'unit=lazio', 'content-type': 'application/json' }

/** Reads messages of a live stream until there are `count` of them. */
function liveMessages(url: string, headers: Record<string, string>, count: number, opened: () => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/api/live`, { headers }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (text === '') opened()
        text += chunk
        const messages = text.split('\n\n').filter(part => part.startsWith('id:'))
        if (messages.length >= count) {
          request.destroy()
          resolve(messages)
        }
      })
    })
    request.on('error', error => {
      if (!request.destroyed) reject(error)
    })
    request.end()
  })
}

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

  test('a live page hears what it may see, without its content, and resumes where it broke off', async () => {
    const { house, url } = await serve(open)
    const opened = Promise.withResolvers<void>()
    const messages = liveMessages(url, anna, 2, opened.resolve)
    await opened.promise
    for (const unit of ['lazio', 'puglia', 'lazio']) await ring(house, person(unit), { unit })
    const [first = '', second = ''] = await messages
    expect(first + second).toMatch('test.rung')
    expect(first + second).not.toMatch(/puglia|nobody hears/)
    const [resumed] = await liveMessages(url, { ...anna, 'last-event-id': first.split('\n')[0]?.slice(4) ?? '' }, 1, () => {})
    const told = (message = '') => message.split('\n')[1]
    expect(told(resumed)).toBe(told(second))
  })

  test('the description of the API has every route, its schemas and its headers', async () => {
    const { url } = await serve(open)
    const description = Description.parse(await (await fetch(`${url}/api/openapi.json`)).json())
    expect(description.openapi).toBe('3.1.0')
    expect(Object.keys(description.paths)).toEqual(['/api/bells/{unit}', '/api/bells', '/api/bells/seldom', '/api/crash'])
    const post = description.paths['/api/bells/{unit}']?.post
    expect(post?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { properties: { times: { type: 'integer', description: 'how often' } } } } },
    })
    expect(post?.parameters.map(parameter => parameter.name)).toEqual(['unit', 'Idempotency-Key'])
    expect(await (await fetch(`${url}/api/docs`)).text()).toMatch('Ring a bell')
  })

  test('health, readiness and figures', async () => {
    const { url } = await serve(open)
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ alive: true })
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true, telephony: 'not connected' })
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch('filodiretto_http_seconds_bucket')
  })

  test('so many requests a minute are one person’s, not those of everybody behind the same address', async () => {
    const { url } = await serve(open)
    const look = (unit: string) => fetch(`${url}/api/bells/seldom`, { headers: { cookie: `unit=${unit}` } })
    for (const unit of ['lazio', 'lazio', 'veneto', 'veneto']) expect((await look(unit)).status).toBe(200)
    const refused = await look('lazio')
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ code: 'platform.tooManyRequests' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await look('piemonte')).status).toBe(200)
  })
})
