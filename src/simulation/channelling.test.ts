/** What offices bring when they are channelled: from their own calls, or from offices like them. */
import { describe, expect, test } from 'vitest'
import { addDays } from '../platform/index.ts'
import { addedCalls, type ChannellingNumber, type CountedDay, type Mode, underPlan } from './channelling.ts'
import { noSums } from './measures.ts'
import type { DayCounts, NumberCalls } from './store.ts'

const office = (number: string, officeKind: string, regionCode: string): ChannellingNumber => ({ number, officeKind, regionCode })
const offices = [
  ...['a1', 'a2', 'a3'].map(number => office(number, 'complex', '12')),
  ...['b1', 'b2', 'b3'].map(number => office(number, 'territorial', '12')),
  ...['c1', 'c2', 'c3'].map(number => office(number, 'complex', '16')),
  office('p1', 'complex', '16'),
  office('p2', 'territorial', '16'),
  office('p3', 'provincial-directorate', '16'),
]
const direct = offices.filter(({ number }) => number.startsWith('p'))
const modes = new Map<string, Mode>(offices.map(({ number }) => [number, number.startsWith('p') ? 'direct' : 'channelled']))

/** Calls to a number: all at one half hour, of which some reach a section. */
const calls = (number: string, mode: Mode, total: number, half: number, bySection: Record<string, number>): NumberCalls => ({
  number,
  mode,
  calls: total,
  perHalfHour: Array.from({ length: 48 }, (_, i) => (i === half ? total : 0)),
  bySection: new Map(Object.entries(bySection)),
})

const days = (count: number, numbers: readonly NumberCalls[]): CountedDay[] =>
  Array.from({ length: count }, (_, i) => ({ counts: { day: addDays('2026-11-02', i), sections: [], numbers }, modes }))

/** Lazio: complex 40 calls, territorial 10, of each a half to pensions at 9:00; Puglia: complex 60, all at 15:00, a third to online. */
const ofChannelled = [
  ...['a1', 'a2', 'a3'].map(number => calls(number, 'channelled', 40, 18, { pensions: 20 })),
  ...['b1', 'b2', 'b3'].map(number => calls(number, 'channelled', 10, 18, { pensions: 5 })),
  ...['c1', 'c2', 'c3'].map(number => calls(number, 'channelled', 60, 30, { online: 20, pensions: 10 })),
]

describe('offices that the journal knows nothing of', () => {
  const added = addedCalls(direct, offices, days(10, ofChannelled))

  test('go by offices of their kind: in the region, else in the country, else by all', () => {
    expect(added.sources).toEqual([
      { from: 'same-kind-in-region', numbers: 1, arrivalsADay: 60, comparedWith: 3 },
      { from: 'same-kind', numbers: 1, arrivalsADay: 10, comparedWith: 3 },
      { from: 'all', numbers: 1, arrivalsADay: expect.closeTo((3 * 40 + 3 * 10 + 3 * 60) / 9, 9), comparedWith: 9 },
    ])
    expect(added.numbers).toBe(3)
  })

  test('their calls go to the sections in the proportions of the region, as many as reach a section there, at its hours', () => {
    expect([added.proportionsFrom, added.courseFrom]).toEqual(['region', 'region'])
    expect(added.callsADay).toBeCloseTo(added.arrivalsADay / 2, 9)
    const [online, pensions] = added.sections
    expect(online?.callsADay).toBeCloseTo(added.arrivalsADay / 3, 9)
    expect(pensions?.callsADay).toBeCloseTo(added.arrivalsADay / 6, 9)
    expect(online?.perHalfHour[30]).toBeCloseTo(online?.callsADay ?? 0, 9)
    expect(online?.perHalfHour[18]).toBe(0)
  })

  test('in the proportions of all where the region has too few', () => {
    const { proportionsFrom, courseFrom, sections } = addedCalls(
      [office('q', 'complex', '20')],
      [...offices, office('q', 'complex', '20')],
      days(10, ofChannelled),
    )
    expect([proportionsFrom, courseFrom]).toEqual(['all', 'all'])
    expect(sections.map(({ sectionId }) => sectionId)).toEqual(['online', 'pensions'])
  })

  test('bring nothing, and say so, while there is nothing to compare them with', () => {
    for (const history of [[], days(3, ofChannelled)])
      expect(addedCalls(direct, offices, history)).toMatchObject({
        callsADay: 0,
        sources: [{ from: 'nothing', numbers: 3 }],
      })
  })
})

test('offices whose calls were seen on their way to them go by their own, and by their own hours', () => {
  const seen = calls('p1', 'direct', 30, 20, {})
  const added = addedCalls([office('p1', 'complex', '16')], offices, days(10, [...ofChannelled, seen]))
  expect(added.sources).toEqual([{ from: 'journal', numbers: 1, arrivalsADay: 30, comparedWith: 0 }])
  expect(added.courseFrom).toBe('own')
  // Half of the region's calls reach a section.
  expect(added.callsADay).toBeCloseTo(15, 9)
  expect(added.sections[0]?.perHalfHour[20]).toBeCloseTo(10, 9)
})

test('a day without a call counts, once the number’s calls are seen at all', () => {
  const seen = [...days(2, []), ...days(8, [])].map((day, i) => ({
    ...day,
    counts: {
      ...day.counts,
      day: addDays('2026-11-02', i),
      numbers: i === 2 || i === 9 ? [calls('p1', 'direct', 40, 20, {})] : [],
    },
  }))
  // Eighty calls on the eight days from the first on.
  expect(addedCalls(direct.slice(0, 1), offices, seen).sources[0]).toMatchObject({ from: 'journal', arrivalsADay: 10 })
})

describe('a past day under the plan of another', () => {
  const counts: DayCounts = {
    day: '2026-11-02',
    sections: [
      { ...noSums(), sectionId: 'pensions', half: 18, calls: 100 },
      { ...noSums(), sectionId: 'online', half: 18, calls: 50 },
    ],
    numbers: [calls('a1', 'channelled', 40, 18, { pensions: 20 })],
  }

  test('has the calls of the numbers channelled since, scaled to the day', () => {
    const added = addedCalls(direct, offices, days(10, ofChannelled))
    const all = underPlan(counts, undefined, { added, back: new Set(), share: 0.5 })
    expect(all[18]).toBe(150)
    expect(all[30]).toBeCloseTo(added.callsADay / 2, 9)
    const online = underPlan(counts, 'online', { added, back: new Set(), share: 1 })
    expect([online[18], online[30]]).toEqual([50, expect.closeTo(added.arrivalsADay / 3, 9)])
  })

  test('lacks those of the numbers that were put back', () => {
    const without = { added: undefined, back: new Set(['a1']), share: 1 }
    expect(underPlan(counts, 'pensions', without)[18]).toBe(80)
    expect(underPlan(counts, undefined, without)[18]).toBe(130)
  })
})
