import { expect, test } from 'vitest'
import { virtualClock } from '../clock.ts'
import { perMinute } from './per-minute.ts'

test('each has so many requests in a minute, and is told when there are more', () => {
  const clock = virtualClock()
  const asked = perMinute(clock, 2)
  expect([asked('anna'), asked('anna')].map(each => [each.remaining, each.retryAfterSeconds])).toEqual([
    [1, 0],
    [0, 0],
  ])
  clock.advance(15_000)
  expect(asked('anna')).toEqual({ limit: 2, remaining: 0, resetSeconds: 45, retryAfterSeconds: 45 })
  expect(asked('luca').retryAfterSeconds).toBe(0)
  clock.advance(45_000)
  expect(asked('anna').retryAfterSeconds).toBe(0)
})

test('however many ask, only so many are remembered; who goes on asking is not forgotten', () => {
  const asked = perMinute(virtualClock(), 1, 3)
  for (const other of ['b', 'c', 'd', 'e', 'f']) {
    asked('a')
    asked(other)
  }
  expect(asked('a').retryAfterSeconds).toBe(60)
  expect(asked('b').retryAfterSeconds).toBe(0)
})
