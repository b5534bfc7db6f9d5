import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { staff } from '../../../test/support/staff.ts'
import { closeAtStop, virtualClock } from '../../platform/index.ts'
import { lostPages } from './lost-pages.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server whose sockets are watched, and the operators whose pages were lost. */
async function watched() {
  const clock = virtualClock()
  const lost: string[] = []
  const pages = lostPages(clock, personId => lost.push(personId))
  const opened: WebSocket[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  closing.push(() => server.close())
  server.on('connection', socket => {
    opened.push(socket)
    pages.opened(staff.anna.personId, socket)
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    closing.push(() => socket.terminate())
    const ours = opened.at(-1)
    if (!ours) throw new Error('the socket was not opened')
    return { socket, gone: once(ours, 'close'), ours }
  }
  return { clock, lost, pages, connect }
}

test('a socket that ends and does not come back is a lost page', async () => {
  const { clock, lost, connect } = await watched()
  const { socket, gone } = await connect()
  socket.terminate()
  await gone
  expect(lost).toEqual([])
  clock.advance(5_000)
  expect(lost).toEqual([staff.anna.personId])
})

test('a network that hiccups loses nobody', async () => {
  const { clock, lost, connect } = await watched()
  const { socket, gone } = await connect()
  socket.terminate()
  await gone
  clock.advance(2_000)
  await connect()
  clock.advance(60_000)
  expect(lost).toEqual([])
})

test('a program that stops loses nobody', async () => {
  const { clock, lost, connect } = await watched()
  const { ours, gone } = await connect()
  closeAtStop(ours)
  await gone
  clock.advance(60_000)
  expect(lost).toEqual([])
})

test.each([1000, 1001, undefined])('a page that goes with the code %s is lost', async code => {
  const { clock, lost, connect } = await watched()
  const { socket, gone } = await connect()
  socket.close(code)
  await gone
  clock.advance(5_000)
  expect(lost).toEqual([staff.anna.personId])
})

test('another page that asks for the telephone means that the first is gone', async () => {
  const { lost, pages } = await watched()
  pages.asked(staff.anna.personId, 'page-one-1')
  pages.asked(staff.anna.personId, 'page-one-1')
  pages.asked(staff.luca.personId, 'page-two-2')
  expect(lost).toEqual([])
  pages.asked(staff.anna.personId, 'page-new-3')
  expect(lost).toEqual([staff.anna.personId])
})
