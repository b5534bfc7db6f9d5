import { expect, test } from 'vitest'
import { backOffMs } from './back-off.ts'

const pauses = { minRetryMs: 250, maxRetryMs: 10_000 }

test('waits longer each time it fails, up to a bound', () => {
  expect(Array.from({ length: 8 }, (_, attempt) => backOffMs(pauses, attempt))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ])
  expect(backOffMs(pauses, 1_000_000)).toBe(10_000)
})

test('not in step with others: half of the pause is left to chance', () => {
  expect(backOffMs(pauses, 3, 0)).toBe(1_000)
  expect(backOffMs(pauses, 1_000_000, 0.5)).toBe(7_500)
})
