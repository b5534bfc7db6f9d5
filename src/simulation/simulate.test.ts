/** The simulator against the formulas, and the properties that every run must have. Seeds are fixed: a run repeats itself exactly. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultSection } from '../routing/index.ts'
import { withImpatience, withoutImpatience } from './erlang.ts'
import { type Counts, halfHourMs, plainBehaviour, type Result, type Scenario } from './model.ts'
import { nationalDay } from './national-day.ts'
import { simulate } from './simulate.ts'

const serviceMs = 300_000
const warmUp = 20
/** Long enough for some 20,000 calls after the queue has forgotten that it began empty. */
const halfHoursFor = (load: number) => warmUp + Math.ceil(20_000 / ((load / serviceMs) * halfHourMs))
const replications = 10
/** Student's t, 99 % two-sided, for ten replications. */
const t99 = 3.25

/** One section with servers who are always there, callers of exponential patience; the unit of rates is the mean service time. */
function plainLine(seed: number, servers: number, load: number, abandonRate: number | undefined): Scenario {
  const halfHours = halfHoursFor(load)
  const to = halfHours * halfHourMs
  return {
    seed,
    from: 0,
    to,
    sections: [
      {
        id: 's',
        settings: { ...defaultSection, wrapUpMs: 0, announce: { minIntervalMs: to, lookMs: to } },
        handling: { kind: 'exponential', meanMs: serviceMs },
        patience: abandonRate === undefined ? null : { kind: 'exponential', meanMs: serviceMs / abandonRate },
        arrivals: { perHalfHour: new Array<number>(halfHours).fill((load / serviceMs) * halfHourMs) },
        withinMs: 20_000,
      },
    ],
    agents: Array.from({ length: servers }, (_, i) => ({
      id: `a${i}`,
      skills: [{ section: 's', level: 3 }],
      shifts: [{ from: 0, to: 2 * to, breaks: [] }],
    })),
    behaviour: plainBehaviour,
  }
}

/** Counts after the queue has forgotten that it began empty. */
function steady(result: Result): Pick<Counts, 'arrived' | 'waitMsOfAll' | 'abandoned' | 'answeredWithin'> {
  const sum = { arrived: 0, waitMsOfAll: 0, abandoned: 0, answeredWithin: 0 }
  for (const half of result.total.halfHours.slice(warmUp))
    for (const key of ['arrived', 'waitMsOfAll', 'abandoned', 'answeredWithin'] as const) sum[key] += half[key]
  return sum
}

function interval(values: readonly number[]): { mean: number; half: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, half: t99 * Math.sqrt(variance / values.length) }
}

describe('the simulated line is the line of the formulas, within the 99 % confidence interval', () => {
  test.each([
    [10, 8, undefined],
    [30, 27, undefined],
    [100, 90, undefined],
    [171, 160, undefined],
    [1, 0.5, 1],
    [10, 8, 0.5],
    [10, 12, 0.5],
    [100, 100, 0.5],
    [100, 120, 1],
    [150, 155, 0.3],
  ])('%i servers, %f erlangs, θ %s', (servers, load, abandonRate) => {
    const line = { servers, arrivalRate: load / serviceMs, serviceRate: 1 / serviceMs }
    const formula =
      abandonRate === undefined ? withoutImpatience(line) : withImpatience({ ...line, abandonRate: abandonRate / serviceMs })
    const runs = Array.from({ length: replications }, (_, i) =>
      steady(simulate(plainLine(2_000 + i, servers, load, abandonRate))),
    )
    const compare = (measured: readonly number[], expected: number) => {
      const { mean, half } = interval(measured)
      expect(Math.abs(mean - expected), `measured ${mean} ± ${half}, formula ${expected}`).toBeLessThanOrEqual(half)
    }
    compare(
      runs.map(run => run.waitMsOfAll / run.arrived),
      formula.meanWait,
    )
    compare(
      runs.map(run => run.answeredWithin / run.arrived),
      formula.answeredWithin(20_000),
    )
    if (abandonRate !== undefined)
      compare(
        runs.map(run => run.abandoned / run.arrived),
        formula.abandons,
      )
  })
})

const smallDay = (seed: number) => nationalDay(seed, { calls: 2_000, agents: 60, sections: 3 })

test('the same seed gives the same day, another seed another one', () => {
  expect(simulate(smallDay(7))).toEqual(simulate(smallDay(7)))
  expect(simulate(smallDay(8)).total).not.toEqual(simulate(smallDay(7)).total)
})

test('every call ends once, and Little’s law holds, whatever the day', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 4 }), (seed, agents, sections) => {
      const result = simulate(nationalDay(seed, { calls: 400, agents, sections }))
      for (const figures of [result.total, ...result.sections])
        expect(figures.arrived).toBe(figures.answered + figures.abandoned + figures.dismissed + figures.diverted)
      const { meanInLine, arrivalsTimesWait } = result.little
      expect(Math.abs(meanInLine - arrivalsTimesWait)).toBeLessThanOrEqual(1e-9 * Math.max(1, meanInLine))
      for (const { waits, answered } of result.sections) expect(waits.reduce((sum, { calls }) => sum + calls, 0)).toBe(answered)
    }),
    { numRuns: 60 },
  )
})

test('more agents never have the same callers wait longer in total', () => {
  const waited = (agents: number) => simulate(nationalDay(3, { calls: 3_000, agents, sections: 1 })).total.averageSpeedOfAnswerMs
  expect(waited(60)).toBeLessThan(waited(40))
})

test('a real day is replayed call by call', () => {
  const at = [1_000, 2_000, 500_000]
  const day = plainLine(1, 1, 1, undefined)
  const [section] = day.sections
  if (!section) throw new Error('no section')
  const handling = { kind: 'fixed' as const, ms: 10_000 }
  const result = simulate({ ...day, sections: [{ ...section, arrivals: { at }, handling }] })
  expect(result.total).toMatchObject({ arrived: 3, answered: 3, waitMsOfAll: 9_000, longestWaitMs: 9_000 })
})

test('the expected wait that callers are told is measured against what followed', () => {
  const { estimate } = simulate(nationalDay(5, { calls: 6_000, agents: 40, sections: 1 })).sections[0] ?? { estimate: undefined }
  expect(estimate?.calls).toBeGreaterThan(500)
  expect(Math.abs(estimate?.meanErrorMs ?? 0)).toBeLessThanOrEqual(estimate?.meanAbsoluteErrorMs ?? 0)
})

test('retrials, repeats and unanswered offers happen as often as they are asked for', () => {
  const day = nationalDay(6, { calls: 6_000, agents: 150, sections: 1 })
  const impatient = {
    ...day,
    behaviour: {
      ...day.behaviour,
      unanswered: { ...day.behaviour.unanswered, share: 0.05 },
      repeat: { ...day.behaviour.repeat, share: 0.1 },
    },
  }
  const { total, retrials, repeats, unansweredOffers } = simulate(impatient)
  // Of those who give up 40 % call again, at most three times; of those who were answered 10 %, some of them after the day.
  expect(retrials / total.abandoned).toBeGreaterThan(0.3)
  expect(retrials / total.abandoned).toBeLessThan(0.42)
  expect(repeats / total.answered).toBeCloseTo(0.1, 1)
  expect(unansweredOffers / (total.answered + unansweredOffers)).toBeCloseTo(0.05, 1)
  expect(unansweredOffers).toBeGreaterThan(100)
})

test('hyper-exponential patience: many give up at once, and who is left stays', () => {
  const day = nationalDay(8, { calls: 4_000, agents: 70, sections: 1 })
  const mean = { kind: 'exponential' as const, meanMs: 0.15 * 20_000 + 0.85 * 480_000 }
  const exponential = { ...day, sections: day.sections.map(section => ({ ...section, patience: mean })) }
  const [hyper, plain] = [simulate(day).total, simulate(exponential).total]
  expect(hyper.abandonedWithin / hyper.abandoned).toBeGreaterThan(1.5 * (plain.abandonedWithin / plain.abandoned))
})

test('an agent on a break gets no call, and one whose shift has ended finishes the last', () => {
  const day = plainLine(1, 1, 1, undefined)
  const [section] = day.sections
  if (!section) throw new Error('no section')
  const minute = 60_000
  const { total } = simulate({
    ...day,
    to: 2 * halfHourMs,
    sections: [
      {
        ...section,
        arrivals: { at: [10 * minute, 29 * minute] },
        handling: { kind: 'fixed', ms: 5 * minute },
        patience: { kind: 'fixed', ms: 12 * minute },
      },
    ],
    agents: [
      {
        id: 'a',
        skills: [{ section: 's', level: 3 }],
        shifts: [{ from: 0, to: 30 * minute, breaks: [{ from: 9 * minute, to: 15 * minute }] }],
      },
    ],
  })
  expect(total).toMatchObject({ arrived: 2, answered: 2, longestWaitMs: 5 * minute })
  // Five minutes each of conversation in thirty minutes less six of break, and four minutes beyond the shift.
  expect(total.occupancy).toBeCloseTo(10 / 28, 9)
})
