/** The pure parts of staffing: the order of preference, shares of time, the working time as one line, what steps took, and simulated weeks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueInstant } from '../cases/deadlines/clock.ts'
import { stretches } from '../organisation/index.ts'
import { addDays, boundsOf, weekdayOf } from '../platform/index.ts'
import { planStaffing, withPeople } from './plan/compare.ts'
import { handlingOf } from './plan/facts.ts'
import { type PlannedMember, type StaffingScenario, simulateStaffing } from './plan/simulate.ts'
import { firstPart, type WorkingDay, WorkingTime } from './plan/working-time.ts'
import { mayTake, mostShare } from './policy.ts'
import { maxStepMs, timeSteps } from './workload/steps.ts'
import { weeksShown } from './workload/views.ts'

const zone = 'Europe/Rome'
const hour = 3_600_000

test('product teams and experts come first: an agency only with a reason while one of them could be had', () => {
  const agency = { provenance: 'agency', reason: '' } as const
  expect(mayTake(agency, [])).toEqual({ allowed: true })
  expect(mayTake(agency, ['Livia Serra'])).toMatchObject({ allowed: false, values: { count: 1, names: 'Livia Serra' } })
  expect(mayTake({ ...agency, reason: 'perché sì' }, ['Livia Serra'])).toMatchObject({ allowed: false })
  expect(mayTake({ ...agency, reason: 'Conosce i fondi speciali.' }, ['Livia Serra'])).toEqual({ allowed: true })
  expect(mayTake({ provenance: 'expert', reason: '' }, ['Livia Serra'])).toEqual({ allowed: true })
})

test('shares add up on the days on which stints meet, and on no others', () => {
  const stint = { since: '2027-01-11', until: '2027-03-31', share: 50 }
  expect(mostShare(stint, [])).toBe(50)
  expect(mostShare(stint, [{ since: '2026-01-01', until: '2027-01-10', share: 80 }])).toBe(50)
  expect(
    mostShare(stint, [
      { since: '2026-01-01', until: '2027-01-11', share: 30 },
      { since: '2027-02-01', until: null, share: 40 },
    ]),
  ).toBe(90)
})

describe('the working time as one line', () => {
  const spans = [1, 2, 3, 4, 5].flatMap(weekday => [
    { weekday, opens: '08:00', closes: '13:00' },
    { weekday, opens: '14:00', closes: weekday === 5 ? '15:00' : '17:30' },
  ])
  const closed = new Set(['2026-12-08', '2026-12-25', '2027-01-01', '2027-03-29'])
  const calendar = {
    timeZone: zone,
    spans,
    closedOn: (day: string) => (closed.has(day) ? { because: 'closure' as const, reason: 'festa' } : undefined),
  }
  const days = Array.from({ length: 200 }, (_, n): WorkingDay => {
    const day = addDays('2026-10-01', n)
    const open = stretches({ ...calendar, isHoliday: each => closed.has(each) }, day)
    return { from: boundsOf(zone, day)[0], open }
  })
  const time = new WorkingTime(days)
  const begin = days[0]?.from ?? 0
  const instants = fc.integer({ min: begin, max: begin + 150 * 24 * hour })
  const targets = fc.oneof(
    fc.record({ amount: fc.integer({ min: 1, max: 3_000 }), measure: fc.constant('minutes' as const) }),
    fc.record({ amount: fc.integer({ min: 1, max: 15 }), measure: fc.constant('days' as const) }),
  )

  test('says the same as the clock of deadlines, also over the nights in which the clock is changed', () => {
    fc.assert(
      fc.property(instants, targets, (from, target) => {
        expect(time.due(from, target)).toBe(dueInstant({ calendar, from, pauses: [] }, target))
      }),
      { numRuns: 300 },
    )
  })

  test('goes there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: time.total }), working => {
        expect(time.at(time.instantOf(working))).toBe(working)
      }),
    )
    expect(time.instantOf(time.total + 1)).toBe(Number.POSITIVE_INFINITY)
    expect(
      firstPart(
        [
          { from: 0, until: 100 },
          { from: 200, until: 300 },
        ],
        75,
      ),
    ).toEqual([
      { from: 0, until: 100 },
      { from: 200, until: 250 },
    ])
  })
})

describe('what steps took', () => {
  const step = (entryId: number, at: number, since = 0) => ({
    personId: 'p',
    sectionId: 's',
    entryId,
    at: at * hour,
    since: since * hour,
  })
  const working = (_: string, from: number, until: number) => until - from
  const took = (steps: readonly { entryId: number; workedMs: number | null }[]) =>
    Object.fromEntries(steps.map(({ entryId, workedMs }) => [entryId, (workedMs ?? 0) / hour]))

  test('each is counted from when its ticket was in hand, or from the step before', () => {
    expect(took(timeSteps([], [step(1, 2), step(2, 3), step(3, 5, 4)], working))).toEqual({ 1: 2, 2: 1, 3: 1 })
    expect(took(timeSteps([], [step(1, 40)], working))).toEqual({ 1: maxStepMs / hour })
  })

  test('in whatever order they come, in the end they took the same', () => {
    const all = [1, 2, 3, 4, 5, 6].map(n => step(n, n * 1.5, n % 3))
    const whole = took(timeSteps([], all, working))
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 6, maxLength: 6 }), fc.integer({ min: 1, max: 6 }), (order, size) => {
        const known = new Map<number, ReturnType<typeof timeSteps>[number]>()
        for (let n = 0; n < order.length; n += size)
          for (const each of timeSteps(
            [...known.values()].sort((a, b) => a.at - b.at),
            order.slice(n, n + size),
            working,
          ))
            known.set(each.entryId, each)
        expect(took([...known.values()])).toEqual(whole)
      }),
    )
  })
})

test('the backlog of a week is all that came into it up to then, with its age', () => {
  const sums = {
    section_id: 's',
    arrived: 0,
    closed: 0,
    closed_in_time: 0,
    closed_after_s: 0,
    steps: 0,
    worked_ms: 0,
    worked_squares: 0,
  }
  const rows = [
    { ...sums, week: '2026-12-28', backlog: 3, backlog_since_s: 0 },
    { ...sums, week: '2027-01-04', backlog: 1, backlog_since_s: 0 },
    { ...sums, week: '2027-01-11', backlog: -1, backlog_since_s: 0 },
  ]
  const shown = weeksShown(rows, ['2027-01-04', '2027-01-11'], monday => (monday === '2027-01-04' ? 10 * hour : 20 * hour))
  expect(shown).toMatchObject([
    { week: '2027-01-04', backlog: 4, ageHours: 10 },
    { week: '2027-01-11', backlog: 3, ageHours: 20 },
  ])
})

test('what a question took is measured where enough were solved', () => {
  const row = {
    section_id: 's',
    week: '2027-01-04',
    arrived: 0,
    closed_in_time: 0,
    closed_after_s: 0,
    backlog: 0,
    backlog_since_s: 0,
  }
  // Half of forty steps took one hour, half three; twenty questions were solved by them.
  const worked = { ...row, closed: 20, steps: 40, worked_ms: 80 * hour, worked_squares: 20 * 60 ** 2 + 20 * 180 ** 2 }
  expect(handlingOf([worked])).toEqual({ meanMs: 4 * hour, variation: 0.5 })
  expect(handlingOf([{ ...worked, closed: 3 }])).toBe(undefined)
})

describe('simulated weeks', () => {
  const first = '2027-01-11'
  const count = 8 * 7 + 30
  const days = Array.from({ length: count }, (_, n): WorkingDay => {
    const day = addDays(first, n)
    const [from] = boundsOf(zone, day)
    return { from, open: weekdayOf(day) > 5 ? [] : [{ from: from + 8 * hour, until: from + 16 * hour }] }
  })
  const from = days[0]?.from ?? 0
  const everyDay = days.map((_, day) => ({ day, share: 100 }))
  const member = (n: number, there = everyDay): PlannedMember => ({ id: `member-${n}`, days: there })
  const scenario: StaffingScenario = {
    ...{ seed: 1, days, from, to: from + 8 * 7 * 24 * hour },
    ...{ target: { amount: 5, measure: 'days' }, backlog: [], arrivalsADay: [14, 16, 18] },
    handling: { kind: 'log-normal', meanMs: 2 * hour, variation: 1 },
    members: [member(1), member(2), member(3)],
  }

  test('are the same for the same seed, and within what is possible', () => {
    const result = simulateStaffing(scenario)
    expect(simulateStaffing(scenario)).toEqual(result)
    expect(result.inTime).toBeLessThan(0.9)
    expect(result.occupancy).toBeGreaterThan(0.95)
    expect(result.occupancy).toBeLessThanOrEqual(1)
    // Work is neither lost nor made: what three people do in eight weeks is what is not open any more.
    expect(result.backlog).toBeGreaterThan(50)
  })

  test('one ticket takes its time over the night, goes on with a colleague when its member is away, and is solved when it is', () => {
    const two = { ...scenario, arrivalsADay: [0], backlog: [from], handling: { kind: 'fixed', ms: 12 * hour } as const }
    const alone = { ...two, members: [member(1)] }
    const due = (amount: number) => ({ amount, measure: 'minutes' as const })
    expect(simulateStaffing({ ...alone, target: due(12 * 60) })).toMatchObject({ inTime: 1, backlog: 0 })
    expect(simulateStaffing({ ...alone, target: due(12 * 60 - 1) })).toMatchObject({ inTime: 0, backlog: 0 })
    // The first is away from the second day on, and whoever comes then needs four hours more.
    const handed = { ...two, members: [member(1, everyDay.slice(0, 1)), member(2, everyDay.slice(1))] }
    expect(simulateStaffing({ ...handed, target: due(12 * 60) })).toMatchObject({ inTime: 1, backlog: 0 })
    // Half the time: eight hours are two days, twelve are three.
    const half = {
      ...two,
      members: [
        member(
          1,
          everyDay.map(each => ({ ...each, share: 50 })),
        ),
      ],
    }
    expect(simulateStaffing({ ...half, target: due(2 * 8 * 60 + 4 * 60) })).toMatchObject({ inTime: 1 })
    expect(simulateStaffing({ ...half, target: due(2 * 8 * 60) })).toMatchObject({ inTime: 0 })
  })

  test('more people never make it worse beyond chance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 6, max: 20 }),
        fc.integer({ min: 1, max: 1_000 }),
        (people, more, arrivals, seed) => {
          const some = {
            ...scenario,
            seed,
            arrivalsADay: [arrivals],
            members: Array.from({ length: people }, (_, n) => member(n)),
          }
          const [before, after] = [simulateStaffing(some), simulateStaffing(withPeople(some, more))]
          // With the same questions and handling times, a question may only be worse off by one that went before it.
          expect(after.inTime).toBeGreaterThanOrEqual(before.inTime - 0.03)
          expect(after.backlog).toBeLessThanOrEqual(before.backlog + 2)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('the fewest people who reach a target: one fewer does not', () => {
    const { needed, before, after, difference } = planStaffing({ scenario, people: 2, inTime: 0.9 })
    expect(needed.people).toBeGreaterThan(0)
    expect(needed.inTime).toBeGreaterThanOrEqual(0.9)
    const one = planStaffing({ scenario: withPeople(scenario, needed.people ?? 0), people: -1, inTime: 0.9 })
    expect(one.needed.people).toBe(0)
    expect(after?.inTime.mean).toBeGreaterThan(before.inTime.mean)
    // By the same questions the difference is surer than the two are.
    expect(difference?.inTime.half ?? 1).toBeLessThan(1)
    expect((difference?.inTime.mean ?? 0) - (difference?.inTime.half ?? 1)).toBeGreaterThan(0)
    const spare = planStaffing({ scenario: withPeople(scenario, 5), people: 0, inTime: 0.8 })
    expect(spare.needed.people).toBeLessThan(0)
    expect(spare.after).toBe(null)
    // What is due before anybody can come cannot be reached.
    const late = { ...scenario, backlog: Array.from({ length: 3_000 }, () => from - 4 * 24 * hour) }
    expect(planStaffing({ scenario: late, people: 0, inTime: 0.99 }).needed.people === null).toBe(true)
  })
})
