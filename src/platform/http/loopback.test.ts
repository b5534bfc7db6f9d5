/** What stays on this machine, and what only looks as if it did. */
import { expect, test } from 'vitest'
import { comesFromThisMachine, isLoopback } from './loopback.ts'

test('addresses and names of this machine', () => {
  for (const host of ['127.0.0.1', '127.8.9.10', '::1', '[::1]', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])
    expect(isLoopback(host), host).toBe(true)
  for (const host of [
    undefined,
    '',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '::ffff:10.0.0.1',
    '1127.0.0.1',
  ])
    expect(isLoopback(host), String(host)).toBe(false)
})

test('a request is from this machine only when nothing says otherwise', () => {
  const request = (remoteAddress: string | undefined, headers: Record<string, string>) => ({ socket: { remoteAddress }, headers })
  const host = '127.0.0.1:8080'
  expect(comesFromThisMachine(request('127.0.0.1', { host }))).toBe(true)
  expect(comesFromThisMachine(request('::1', { host: '[::1]:8080' }))).toBe(true)
  expect(comesFromThisMachine(request('::ffff:127.0.0.1', { host: 'localhost' }))).toBe(true)
  expect(comesFromThisMachine(request('10.0.0.7', { host })), 'another machine').toBe(false)
  expect(comesFromThisMachine(request('10.0.0.7', { host, 'x-forwarded-for': '127.0.0.1' })), 'a forged header').toBe(false)
  expect(comesFromThisMachine(request('127.0.0.1', { host, 'x-forwarded-for': '127.0.0.1' })), 'a proxy').toBe(false)
  expect(comesFromThisMachine(request('127.0.0.1', { host, forwarded: 'for=127.0.0.1' })), 'a proxy').toBe(false)
  expect(comesFromThisMachine(request('127.0.0.1', { host: 'rebound.example.org' })), 'a name that leads here').toBe(false)
  expect(comesFromThisMachine(request('127.0.0.1', {})), 'no name').toBe(false)
  expect(comesFromThisMachine(request(undefined, { host })), 'gone').toBe(false)
})
