/** When tickets of one cause are out of the usual: the chance against sums done slowly, and the share of hours in which it is called in vain. */
import { describe, expect, test } from 'vitest'
import { chanceOf, expectedOf, isUnusual, maxChance, minTickets } from './detection.ts'
import { comparedHours } from './proposals.ts'

/** The same by the gamma function, term by term from above: NB(k; r, p) = Γ(r+k) / (k! Γ(r)) · p^r · (1-p)^k. */
function slowChance(tickets: number, before: number, hours: number): number {
  const r = before + 0.5
  const p = hours / (hours + 1)
  const logTerm = (k: number) => {
    let log = r * Math.log(p) + k * Math.log(1 - p)
    for (let i = 0; i < k; i++) log += Math.log(r + i) - Math.log(i + 1)
    return log
  }
  let sum = 0
  for (let k = tickets; k < tickets + 2_000; k++) sum += Math.exp(logTerm(k))
  return sum
}

describe('the chance of an hour', () => {
  test.each([
    [0, 0, 1],
    [3, 0, 30],
    [3, 12, 30],
    [9, 60, 30],
    [40, 600, 30],
    [200, 600, 30],
  ])('%i tickets after %i in %i hours', (tickets, before, hours) => {
    expect(chanceOf({ tickets, before, hours })).toBeCloseTo(slowChance(tickets, before, hours), 12)
  })

  test('falls with each ticket and rises with what is usual', () => {
    const chances = [0, 1, 2, 3, 5, 8, 13].map(tickets => chanceOf({ tickets, before: 15, hours: 30 }))
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
    expect(chanceOf({ tickets: 5, before: 60, hours: 30 })).toBeGreaterThan(chanceOf({ tickets: 5, before: 15, hours: 30 }))
    expect(expectedOf({ before: 60, hours: 30 })).toBeCloseTo(2, 1)
  })

  test('the third ticket is out of the usual where nobody ever wrote, and not where somebody often does', () => {
    expect(isUnusual({ tickets: minTickets, before: 0, hours: 30 })).toBe(true)
    expect(isUnusual({ tickets: minTickets - 1, before: 0, hours: 30 })).toBe(false)
    expect(isUnusual({ tickets: 3, before: 30, hours: 30 })).toBe(false)
    expect(isUnusual({ tickets: 12, before: 30, hours: 30 })).toBe(true)
  })

  test('with little to compare, more is needed', () => {
    expect(isUnusual({ tickets: 3, before: 0, hours: 2 })).toBe(false)
  })
})

/** A stream of numbers from 0 to 1 that is the same each time (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** How many events of a Poisson process with this mean (Knuth). */
function poisson(mean: number, random: () => number): number {
  const end = Math.exp(-mean)
  let product = random()
  let count = 0
  for (; product > end; count++) product *= random()
  return count
}

test('in hours without a cause it calls no more often than is promised, whatever the rate', () => {
  const random = randomOf(20_261_129)
  const looks = 200_000
  for (const mean of [0.02, 0.2, 1, 4]) {
    let alarms = 0
    for (let look = 0; look < looks; look++) {
      let before = 0
      for (let hour = 0; hour < 30; hour++) before += poisson(mean, random)
      if (isUnusual({ tickets: poisson(mean, random), before, hours: 30 })) alarms++
    }
    console.log(
      `false alarms at ${mean} tickets an hour: ${alarms} in ${looks} looks (at most ${looks * maxChance} are promised)`,
    )
    // Three standard deviations of a count with the promised mean.
    expect(alarms).toBeLessThanOrEqual(looks * maxChance + 3 * Math.sqrt(looks * maxChance))
  }
})

test('an hour is compared with the same hour of days of its kind, over a change of the clocks too', () => {
  // A Monday after the end of summer time, 10 o'clock in Rome.
  const spans = comparedHours('Europe/Rome', new Date('2026-10-26T09:00:00Z'), day => day === '2026-10-21')
  expect(spans).toHaveLength(30)
  expect(spans[0]?.from.toISOString()).toBe('2026-10-23T08:00:00.000Z')
  expect(spans.map(({ from }) => from.toISOString().slice(0, 10))).not.toContain('2026-10-21')
  for (const { from, to } of spans) {
    expect([0, 6]).not.toContain(from.getUTCDay())
    expect(to.getTime() - from.getTime()).toBe(3_600_000)
  }
  const sunday = comparedHours('Europe/Rome', new Date('2026-11-29T09:00:00Z'), () => false)
  for (const { from } of sunday) expect([0, 6]).toContain(from.getUTCDay())
})
