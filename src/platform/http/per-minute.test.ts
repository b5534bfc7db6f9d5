import { expect, test } from 'vitest'
import { virtualClock } from '../clock.ts'
import { perMinute } from './per-minute.ts'

test('each has so many requests in a minute, and is told when there are more', () => {
  const clock = virtualClock()
  const asked = perMinute(clock, 2)
  expect([asked('anna'), asked('anna')]).toEqual([0, 0])
  clock.advance(15_000)
  expect(asked('anna')).toBe(45)
  expect(asked('luca')).toBe(0)
  clock.advance(45_000)
  expect(asked('anna')).toBe(0)
})
