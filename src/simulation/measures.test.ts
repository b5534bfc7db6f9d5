/** Handling and patience come back from calls that were made with known ones. Seeds are fixed. */
import { describe, expect, test } from 'vitest'
import { addSums, measuresOf, noSums, type PlacedSums, type Sums } from './measures.ts'
import { type Duration, drawMs, exponential, randomOf } from './random.ts'

/** Calls with a known length, patience and wait until somebody would be free; what the journal sees of them. */
function seen(seed: number, calls: number, talk: Duration, patienceMs: number, freeAfterMs: number): Sums {
  const random = randomOf(seed)
  const sums = noSums()
  for (let i = 0; i < calls; i++) {
    const patience = exponential(patienceMs, random)
    const free = exponential(freeAfterMs, random)
    const wait = Math.min(patience, free)
    const talkMs = drawMs(talk, random)
    addSums(
      sums,
      patience < free
        ? { ...noSums(), waitedMs: wait, gaveUp: 1 }
        : {
            handled: 1,
            talkMs,
            logSum: Math.log(talkMs),
            logSquares: Math.log(talkMs) ** 2,
            wrapUpMs: 25_000,
            waitedMs: wait,
            gaveUp: 0,
          },
    )
  }
  return sums
}

const pensions: Duration = { kind: 'log-normal', meanMs: 420_000, variation: 0.8 }
const online: Duration = { kind: 'log-normal', meanMs: 150_000, variation: 1.3 }
const at = (sectionId: string, half: number, sums: Sums): PlacedSums => ({ ...sums, sectionId, half })

describe('measured', () => {
  const measures = measuresOf([
    at('pensions', 18, seen(1, 20_000, pensions, 300_000, 40_000)),
    at('online', 18, seen(2, 20_000, online, 90_000, 20_000)),
  ])

  test.each([
    ['pensions', 420_000, 0.8],
    ['online', 150_000, 1.3],
  ])('the length of the conversations of %s, with its spread and the wrap-up', (section, meanMs, variation) => {
    const handling = measures.handling(section)
    expect(handling.talkMs / meanMs).toBeCloseTo(1, 1)
    expect(Math.abs(handling.talkMs / meanMs - 1)).toBeLessThan(0.03)
    expect(Math.abs(handling.variation / variation - 1)).toBeLessThan(0.04)
    expect(handling.wrapUpMs).toBe(25_000)
    expect(handling.meanMs).toBe(handling.talkMs + 25_000)
    expect(handling.from).toBe('section')
  })

  test.each([
    ['pensions', 300_000],
    ['online', 90_000],
  ])('the patience of the callers of %s, though most were answered before it ended', (section, meanMs) => {
    const patience = measures.patience(section)
    expect(Math.abs(patience.meanMs / meanMs - 1)).toBeLessThan(0.05)
    expect(patience.gaveUp).toBeGreaterThan(1_000)
  })

  test('leaving the answered out would make them look impatient', () => {
    // The mean wait of those who gave up is min(patience, free), far below the patience.
    const random = randomOf(3)
    const waits: number[] = []
    for (let i = 0; i < 20_000; i++) {
      const [patience, free] = [exponential(300_000, random), exponential(40_000, random)]
      if (patience < free) waits.push(patience)
    }
    const naive = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(naive).toBeLessThan(0.2 * measures.patience('pensions').meanMs)
  })
})

describe('where it was measured is said', () => {
  const many = (half: number, calls: number, talkMs: number): PlacedSums =>
    at('pensions', half, {
      handled: calls,
      talkMs: calls * talkMs,
      logSum: calls * Math.log(talkMs),
      logSquares: calls * Math.log(talkMs) ** 2,
      wrapUpMs: 0,
      waitedMs: calls * 60_000,
      gaveUp: calls,
    })

  test('in the half hour where there are many calls, else in the section', () => {
    const measures = measuresOf([many(18, 200, 100_000), many(30, 50, 500_000)])
    expect(measures.handling('pensions', 18)).toMatchObject({ from: 'half-hour', talkMs: 100_000, calls: 200 })
    expect(measures.handling('pensions', 30)).toMatchObject({ from: 'section', talkMs: 180_000, calls: 250 })
    expect(measures.patience('pensions', 30).from).toBe('section')
    expect(measures.handling('pensions').from).toBe('section')
  })

  test('a new section goes by the institute; a new institute by what is usual', () => {
    const measures = measuresOf([many(18, 200, 100_000), { ...many(18, 5, 900_000), sectionId: 'new' }])
    expect(measures.handling('new', 18)).toMatchObject({ from: 'institute', calls: 205 })
    expect(measures.patience('new').from).toBe('institute')
    expect(measuresOf([]).handling('pensions')).toMatchObject({ from: 'usual', meanMs: 300_000, calls: 0 })
    expect(measuresOf([]).patience()).toMatchObject({ from: 'usual', meanMs: 240_000 })
  })
})
