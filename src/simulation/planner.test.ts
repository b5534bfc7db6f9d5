/** From the calls of a day to shifts, against mathematics and against trying everything. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultSection } from '../routing/index.ts'
import { type ServiceTarget, withImpatience } from './erlang.ts'
import { halfHourMs, plainBehaviour } from './model.ts'
import { agentsNeeded, coverWithShifts, type ShiftKind } from './planner.ts'
import { simulate } from './simulate.ts'

describe('agents needed', () => {
  const load = { handlingMs: 300_000, patienceMs: 240_000 }
  const target = { answered: 0.8, withinSeconds: 20 }

  test('grow with the calls, with shrinkage, and are none when nobody calls', () => {
    const [none = 0, some = 0, many = 0] = [0, 60, 600].map(calls => agentsNeeded({ ...load, calls }, target))
    expect(none).toBe(0)
    // 60 calls of five minutes in half an hour are ten erlangs: a little more than ten people.
    expect(some).toBeGreaterThan(9)
    expect(some).toBeLessThan(14)
    // Ten times the calls need less than ten times the people.
    expect(many).toBeLessThan(10 * some)
    expect(agentsNeeded({ ...load, calls: 60 }, target, 0.3)).toBe(Math.ceil(some / 0.7))
  })

  test('are the least that reach the target: one fewer does not, whatever is tried from nobody on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 60, max: 900 }),
        fc.integer({ min: 20, max: 900 }),
        fc.constantFrom<ServiceTarget>(
          target,
          { answered: 0.9, withinSeconds: 20 },
          { abandonedBelow: 0.05 },
          { abandonedBelow: 0.01 },
        ),
        (calls, handlingSeconds, patienceSeconds, wanted) => {
          const line = { arrivalRate: calls / 1_800, serviceRate: 1 / handlingSeconds, abandonRate: 1 / patienceSeconds }
          const reached = (servers: number) => {
            const { abandons, answeredWithin } = withImpatience({ ...line, servers })
            return 'abandonedBelow' in wanted
              ? abandons < wanted.abandonedBelow
              : answeredWithin(wanted.withinSeconds) >= wanted.answered
          }
          let least = 1
          while (!reached(least)) least++
          expect(agentsNeeded({ calls, handlingMs: handlingSeconds * 1_000, patienceMs: patienceSeconds * 1_000 }, wanted)).toBe(
            least,
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  test.each<[number, ServiceTarget]>([
    [40, target],
    [90, target],
    [60, { abandonedBelow: 0.05 }],
  ])('%i calls a half hour: the simulator reaches the target with them and not with one fewer', (calls, wanted) => {
    const needed = agentsNeeded({ ...load, calls }, wanted)
    const halfHours = 600
    const run = (agents: number) =>
      simulate({
        seed: 31,
        from: 0,
        to: halfHours * halfHourMs,
        sections: [
          {
            id: 's',
            settings: { ...defaultSection, wrapUpMs: 0 },
            handling: { kind: 'exponential', meanMs: load.handlingMs },
            patience: { kind: 'exponential', meanMs: load.patienceMs },
            arrivals: { perHalfHour: new Array<number>(halfHours).fill(calls) },
            withinMs: 20_000,
          },
        ],
        agents: Array.from({ length: agents }, (_, i) => ({
          id: `a${i}`,
          skills: [{ section: 's', level: 3 }],
          shifts: [{ from: 0, to: halfHours * halfHourMs, breaks: [] }],
        })),
        behaviour: plainBehaviour,
      }).total
    const reached = (agents: number) => {
      const total = run(agents)
      return 'abandonedBelow' in wanted
        ? total.abandonment < wanted.abandonedBelow
        : total.answeredWithin / total.arrived >= wanted.answered
    }
    expect([reached(needed), reached(needed - 1)]).toEqual([true, false])
  })
})

describe('shifts', () => {
  const kinds: readonly ShiftKind[] = [
    { halfHours: 12, firstStart: 0, lastStart: 47 },
    { halfHours: 8, firstStart: 0, lastStart: 47 },
  ]

  test('cover every need that they can, and nobody in them is superfluous', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 12, maxLength: 48 }), need => {
        const { shifts, onDuty, over, under } = coverWithShifts(need, kinds)
        expect(under).toBe(0)
        const counted = need.map((_, half) =>
          shifts.reduce((sum, { start, halfHours, agents }) => sum + (start <= half && half < start + halfHours ? agents : 0), 0),
        )
        expect(counted).toEqual(onDuty)
        expect(over).toBe(onDuty.reduce((sum, on, half) => sum + on - (need[half] ?? 0), 0))
        for (const { start, halfHours } of shifts) {
          const spare = Array.from({ length: halfHours }, (_, i) => (onDuty[start + i] ?? 0) - (need[start + i] ?? 0))
          expect(Math.min(...spare)).toBe(0)
        }
      }),
    )
  })

  /** Paid half hours of the cheapest cover, by trying every number of every shift. */
  function cheapest(need: readonly number[], tried: readonly ShiftKind[]): number {
    const starts = tried.flatMap(({ halfHours, firstStart, lastStart }) =>
      Array.from({ length: lastStart - firstStart + 1 }, (_, i) => ({ start: firstStart + i, halfHours })).filter(
        ({ start }) => start + halfHours <= need.length,
      ),
    )
    const most = Math.max(...need)
    let best = Number.POSITIVE_INFINITY
    const go = (next: number, open: readonly number[], paid: number) => {
      if (paid >= best) return
      if (open.every(half => half <= 0)) {
        best = paid
        return
      }
      const shift = starts[next]
      if (!shift) return
      for (let agents = 0; agents <= most; agents++)
        go(
          next + 1,
          open.map((half, i) => (shift.start <= i && i < shift.start + shift.halfHours ? half - agents : half)),
          paid + agents * shift.halfHours,
        )
    }
    go(0, need, 0)
    return best
  }

  test('are the cheapest there are: the gap to trying everything is 0 in every tiny case', () => {
    const short: readonly ShiftKind[] = [
      { halfHours: 3, firstStart: 0, lastStart: 4 },
      { halfHours: 2, firstStart: 1, lastStart: 4 },
    ]
    const gaps: number[] = []
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 7 }), need => {
        const cover = coverWithShifts(need, short)
        const paid = cover.onDuty.reduce((sum, on) => sum + on, 0)
        const can = need.map((needed, half) => (cover.under > 0 && (cover.onDuty[half] ?? 0) === 0 ? 0 : needed))
        gaps.push(paid - cheapest(can, short))
      }),
      { numRuns: 300 },
    )
    expect(Math.max(...gaps)).toBe(0)
    expect(Math.min(...gaps)).toBe(0)
  })

  test('take few people where the hours are the same', () => {
    expect(coverWithShifts(new Array<number>(24).fill(5), kinds).shifts).toEqual([
      { start: 0, halfHours: 12, agents: 5 },
      { start: 12, halfHours: 12, agents: 5 },
    ])
  })

  test('are found for a national day in a moment', () => {
    const need = Array.from({ length: 48 }, (_, half) => (half < 16 || half > 39 ? 0 : 1_500 + 400 * ((half * 7) % 5)))
    const started = performance.now()
    expect(
      coverWithShifts(need, [
        { halfHours: 12, firstStart: 14, lastStart: 30 },
        { halfHours: 8, firstStart: 14, lastStart: 34 },
      ]).under,
    ).toBe(0)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('say what no kind of shift can cover', () => {
    expect(coverWithShifts([3, 3], [{ halfHours: 4, firstStart: 0, lastStart: 10 }])).toMatchObject({
      shifts: [],
      under: 6,
      over: 0,
    })
  })
})
