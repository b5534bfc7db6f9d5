/** The interval of a ratio against sums done slowly, how often it misses the truth, and what is said of an activity's effect. */
import { describe, expect, test } from 'vitest'
import { addDays, weekdayOf } from '../platform/index.ts'
import { comparedSpans, type DayCount, effectOf } from './effect.ts'
import { betaBelow, dispersionOf, rateRatio } from './interval.ts'

/** P(X ≤ k) of a binomial distribution, term by term. */
function binomialBelow(k: number, n: number, p: number): number {
  let sum = 0
  for (let i = 0; i <= k; i++) {
    let log = i * Math.log(p) + (n - i) * Math.log(1 - p)
    for (let j = 1; j <= i; j++) log += Math.log(n - i + j) - Math.log(j)
    sum += Math.exp(log)
  }
  return sum
}

/** A stream of numbers from 0 to 1 that is the same each time (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

function poisson(random: () => number, mean: number): number {
  const limit = Math.exp(-mean)
  let count = -1
  for (let product = 1; product > limit; count++) product *= random()
  return count
}

const sure = { confidence: 0.95, dispersion: 1 }

describe('the interval of a ratio', () => {
  test.each([
    [5, 3],
    [18, 4],
    [40, 40],
    [7, 30],
    [300, 250],
  ])('%i before and %i after: at its ends the tails have the chance that is meant', (before, after) => {
    const { low, high } = rateRatio({ before, after }, sure)
    const n = before + after
    expect(1 - binomialBelow(after - 1, n, low / (1 + low))).toBeCloseTo(0.025, 9)
    expect(binomialBelow(after, n, high / (1 + high))).toBeCloseTo(0.025, 9)
  })

  test('nothing before or nothing after leaves one side open', () => {
    expect(rateRatio({ before: 0, after: 0 }, sure)).toEqual({ ratio: null, low: 0, high: Number.POSITIVE_INFINITY })
    expect(rateRatio({ before: 0, after: 4 }, sure)).toMatchObject({ ratio: null, high: Number.POSITIVE_INFINITY })
    expect(rateRatio({ before: 9, after: 0 }, sure)).toMatchObject({ ratio: 0, low: 0 })
  })

  test('the incomplete beta function is known at some places', () => {
    expect(betaBelow(0.3, 1, 1)).toBeCloseTo(0.3, 12)
    expect(betaBelow(0.25, 0.5, 0.5)).toBeCloseTo(1 / 3, 12)
    expect(betaBelow(0.5, 400, 400)).toBeCloseTo(0.5, 12)
  })

  test('holds the truth at least as often as it says, also with few tickets', () => {
    const random = randomOf(7)
    for (const [mean, ratio] of [
      [4, 1],
      [20, 0.5],
      [60, 1],
    ] as const) {
      let missed = 0
      for (let n = 0; n < 2_000; n++) {
        const { low, high } = rateRatio({ before: poisson(random, mean), after: poisson(random, mean * ratio) }, sure)
        if (low > ratio || high < ratio) missed++
      }
      expect(missed / 2_000).toBeLessThanOrEqual(0.055)
    }
  })

  test('weeks that differ more than chance has it widen it', () => {
    const even = [10, 9, 11, 10].map(tickets => ({ tickets, days: 7 }))
    const bursts = [2, 25, 0, 13].map(tickets => ({ tickets, days: 7 }))
    expect(dispersionOf([even, even])).toBe(1)
    expect(dispersionOf([bursts, even])).toBeGreaterThan(4)
    const wide = rateRatio({ before: 40, after: 20 }, { confidence: 0.95, dispersion: 4 })
    const narrow = rateRatio({ before: 40, after: 20 }, sure)
    expect(wide.ratio).toBe(narrow.ratio)
    expect(wide.high).toBeGreaterThan(1)
    expect(narrow.high).toBeLessThan(1)
  })
})

describe('the effect of an activity', () => {
  const held = { firstDay: '2026-10-13', lastDay: '2026-10-15' }
  const noHoliday = { isHoliday: () => false, hasElsewhere: false }
  const spansOf = (today: string, weeks?: number) => comparedSpans(held, today, weeks)
  /** So many tickets on each day of a side. */
  const counts = (before: number, after: number, elsewhere = { before: 0, after: 0 }): DayCount[] =>
    Array.from({ length: 28 }, (_, n) => [
      { day: addDays('2026-10-12', -n), here: before, elsewhere: elsewhere.before },
      { day: addDays('2026-10-16', n), here: after, elsewhere: elsewhere.after },
    ]).flat()

  test('needs two whole weeks, and takes as many as have passed', () => {
    expect(spansOf('2026-10-29')).toBeUndefined()
    expect(spansOf('2026-10-30')).toMatchObject({ weeks: 2, before: { from: '2026-09-29' }, after: { from: '2026-10-16' } })
    expect(spansOf('2026-11-20')).toMatchObject({ weeks: 4 })
    expect(spansOf('2026-11-20', 2)).toMatchObject({ weeks: 2 })
  })

  const spans = comparedSpans(held, '2026-10-30')
  if (!spans) throw new Error('two weeks have passed')

  test('is said where the figures carry it, and not where they do not', () => {
    expect(effectOf(spans, counts(3, 1), noHoliday)).toMatchObject({
      ...{ verdict: 'fewer', before: { from: '2026-09-29', until: '2026-10-12', tickets: 42 }, after: { tickets: 14 } },
    })
    expect(effectOf(spans, counts(1, 3), noHoliday)).toMatchObject({ verdict: 'more' })
    expect(effectOf(spans, counts(3, 3), noHoliday)).toMatchObject({ verdict: 'not-proved', ratio: 1 })
    expect(effectOf(spans, [], noHoliday)).toMatchObject({ verdict: 'not-proved', ratio: null, high: null })
  })

  test('is not said where the same became rarer everywhere', () => {
    const regional = { ...noHoliday, hasElsewhere: true }
    expect(effectOf(spans, counts(3, 1, { before: 30, after: 31 }), regional)).toMatchObject({ verdict: 'fewer' })
    expect(effectOf(spans, counts(3, 1, { before: 30, after: 10 }), regional)).toMatchObject({ verdict: 'not-proved' })
  })

  test('a holiday takes the same day of the week away from the other side', () => {
    const holiday = '2026-10-20'
    const withHoliday = { isHoliday: (day: string) => day === holiday, hasElsewhere: false }
    const effect = effectOf(spans, counts(3, 3), withHoliday)
    expect(effect).toMatchObject({ daysLeftOut: 1, before: { tickets: 39 }, after: { tickets: 39 } })
    const missing = Array.from({ length: 14 }, (_, n) => addDays('2026-09-29', n)).filter(
      day => effectOf(spans, [{ day, here: 1, elsewhere: 0 }], withHoliday).before?.tickets === 0,
    )
    expect(missing.map(weekdayOf)).toEqual([weekdayOf(holiday)])
  })
})
