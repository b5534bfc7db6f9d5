/** The formulas against tables: values computed with 60 decimal digits, and what can be checked by hand. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { erlangB, erlangC, minServers, withImpatience, withoutImpatience } from './erlang.ts'

const digits = 1e-11

describe('Erlang C', () => {
  test.each([
    [10, 8, 0.409180150796],
    [100, 90, 0.216940480906],
    [144, 143, 0.901283301371],
    [171, 160, 0.291002640139],
    [500, 480, 0.266512519962],
    [1_000, 980, 0.412200292365],
    [5_000, 4_930, 0.226567637556],
    [20_000, 19_860, 0.226976027721],
  ])('%i servers, %f erlangs: %f wait', (servers, load, waits) => {
    expect(Math.abs(erlangC(servers, load) - waits)).toBeLessThan(digits)
  })

  test('one server waits with the probability of its load; a load as large as the servers makes everybody wait', () => {
    expect(erlangC(1, 0.3)).toBeCloseTo(0.3, 14)
    expect(erlangC(5, 5)).toBe(1)
    expect(withoutImpatience({ servers: 5, arrivalRate: 6, serviceRate: 1 })).toMatchObject({
      meanWait: Number.POSITIVE_INFINITY,
      occupancy: 1,
    })
  })

  test('one server: mean wait ρ / (μ − λ), and the exponential tail of the wait', () => {
    const line = withoutImpatience({ servers: 1, arrivalRate: 0.6, serviceRate: 1 })
    expect(line.meanWait).toBeCloseTo(0.6 / 0.4, 12)
    expect(line.answeredWithin(2)).toBeCloseTo(1 - 0.6 * Math.exp(-0.8), 12)
  })
})

test('Erlang B: two servers and one erlang block one call in five', () => {
  expect(erlangB(2, 1)).toBeCloseTo(0.2, 14)
  expect(erlangB(0, 3)).toBe(1)
  expect(() => erlangB(1.5, 1)).toThrow(RangeError)
})

describe('Erlang A', () => {
  test.each([
    [1, 0.5, 1, 0.393469340287, 0.213061319425],
    [10, 8, 0.5, 0.317434354223, 0.038821392298],
    [10, 12, 0.5, 0.850384947915, 0.195655944011],
    [100, 100, 0.5, 0.59670313802, 0.033030152528],
    [100, 120, 1, 0.972136260109, 0.167692955688],
    [500, 505, 0.3, 0.758973224122, 0.017741617729],
    [1_000, 1_050, 0.5, 0.987610439647, 0.04778571175],
  ])('%i servers, λ %f, θ %f: %f wait, %f give up', (servers, arrivalRate, abandonRate, waits, abandons) => {
    const line = withImpatience({ servers, arrivalRate, serviceRate: 1, abandonRate })
    expect(Math.abs(line.waits - waits)).toBeLessThan(digits)
    expect(Math.abs(line.abandons - abandons)).toBeLessThan(digits)
  })

  test('the share answered at once and the share answered ever are the ends of the same curve', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        (servers, rho, abandonRate) => {
          const line = withImpatience({ servers, arrivalRate: rho * servers, serviceRate: 1, abandonRate })
          expect(line.answeredWithin(0)).toBeCloseTo(1 - line.waits, 9)
          expect(line.answeredWithin(1e6)).toBeCloseTo(1 - line.abandons, 9)
          let before = 0
          for (const time of [0, 0.01, 0.05, 0.2, 1, 5]) {
            const share = line.answeredWithin(time)
            expect(share).toBeGreaterThanOrEqual(before - 1e-12)
            before = share
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('one server with θ = μ is a line with endless servers: the state is Poisson', () => {
    const line = withImpatience({ servers: 1, arrivalRate: 0.5, serviceRate: 1, abandonRate: 1 })
    expect(line.waits).toBeCloseTo(1 - Math.exp(-0.5), 14)
  })

  test('nearly endless patience is Erlang C', () => {
    const patient = withImpatience({ servers: 50, arrivalRate: 45, serviceRate: 1, abandonRate: 1e-7 })
    const endless = withoutImpatience({ servers: 50, arrivalRate: 45, serviceRate: 1 })
    expect(patient.waits).toBeCloseTo(endless.waits, 5)
    expect(patient.answeredWithin(0.1)).toBeCloseTo(endless.answeredWithin(0.1), 5)
  })

  test('huge lines and huge overloads stay finite', () => {
    const crowd = withImpatience({ servers: 20_000, arrivalRate: 40_000, serviceRate: 1, abandonRate: 0.1 })
    expect(crowd.abandons).toBeCloseTo(0.5, 6)
    expect(crowd.occupancy).toBeCloseTo(1, 6)
    expect(crowd.answeredWithin(20)).toBeGreaterThan(0.49)
  })
})

describe('the least number of servers', () => {
  test('meets the target, and one less does not', () => {
    const target = { answered: 0.8, withinSeconds: 20 }
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2, noNaN: true }), fc.boolean(), (arrivalRate, impatient) => {
        const load = { arrivalRate, serviceRate: 1 / 300, abandonRate: impatient ? 1 / 240 : undefined }
        const servers = minServers(load, target)
        const share = (n: number) =>
          impatient
            ? withImpatience({ ...load, servers: n, abandonRate: 1 / 240 }).answeredWithin(20)
            : withoutImpatience({ ...load, servers: n }).answeredWithin(20)
        expect(share(servers)).toBeGreaterThanOrEqual(0.8)
        if (servers > 1) expect(share(servers - 1)).toBeLessThan(0.8)
      }),
      { numRuns: 100 },
    )
    expect(minServers({ arrivalRate: 0, serviceRate: 1 }, target)).toBe(0)
  })
})
