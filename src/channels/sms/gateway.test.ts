/** The gateway for text messages, over real HTTP: what is handed over, what is tried again, and what a hostile gateway cannot do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { MailRow } from '../store.ts'
import { openGateway } from './gateway.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const logged: unknown[] = []
const log = { info: (what: unknown) => logged.push(what) } as unknown as Parameters<typeof openGateway>[1]
const message = {
  id: '019a8f3e-7c1e-7b2a-9f6d-000000000001',
  to_address: '+393331234567',
  body: 'Promemoria: domani alle 9.',
} as MailRow

async function gatewayThat(answers: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', part => {
      body += String(part)
    })
    request.on('end', () => answers(request, response, body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const gateway = openGateway({ url: `http://127.0.0.1:${port}/send`, token: 'a-token', from: 'Istituto' }, log)
  stops.push(() => {
    gateway.close()
    server.closeAllConnections()
    server.close()
  })
  return gateway
}

test('a message is handed over with its name, the token and nothing else', async () => {
  const seen: unknown[] = []
  const gateway = await gatewayThat(({ method, url, headers }, response, body) => {
    seen.push({ method, url, key: headers['idempotency-key'], token: headers.authorization, body: JSON.parse(body) })
    response.writeHead(202).end()
  })
  expect(await gateway.send(message, [])).toEqual({ kind: 'accepted' })
  expect(seen).toEqual([
    {
      ...{ method: 'POST', url: '/send', key: message.id, token: 'Bearer a-token' },
      body: { id: message.id, to: message.to_address, from: 'Istituto', text: message.body },
    },
  ])
})

test.each([
  [503, 'again', 'busy'],
  [429, 'again', 'busy'],
  [302, 'again', 'busy'],
  [401, 'again', 'sign-in'],
  [422, 'refused', 'address'],
  [400, 'refused', 'refused'],
])('%i: %s, because of %s', async (status, kind, reason) => {
  const gateway = await gatewayThat((_, response) =>
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('what is\nwrong'),
  )
  expect(await gateway.send(message, [])).toEqual({ kind, reason, problem: `${status} what is wrong` })
})

test('an answer without end is not read to its end, and one that breaks off is tried again', async () => {
  const endless = await gatewayThat((_, response) => {
    response.writeHead(400)
    const more = () => response.write('x'.repeat(65_536), error => !error && more())
    more()
  })
  const attempt = await endless.send(message, [])
  expect(attempt).toMatchObject({ kind: 'refused', reason: 'refused' })
  expect(JSON.stringify(attempt).length).toBeLessThan(500)
  const broken = await gatewayThat(request => request.socket.destroy())
  expect(await broken.send(message, [])).toMatchObject({ kind: 'again', reason: 'unreachable' })
})

test('by default nothing goes anywhere: the log says that there was one, and neither number nor text', async () => {
  const gateway = openGateway({ url: 'log:', token: undefined, from: undefined }, log)
  expect(await gateway.send(message, [])).toEqual({ kind: 'accepted' })
  expect(logged).toEqual([{ mail: message.id, length: message.body.length }])
  expect(await gateway.send({ ...message, body: 'x'.repeat(1_531) }, [])).toMatchObject({ kind: 'refused' })
})
