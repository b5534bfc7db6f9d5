import { expect, test } from 'vitest'
import { type OfferRules, offeredUntil, offersFor, passedOverAtMost } from './policy.ts'

const hour = 3_600_000
/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const rules: OfferRules = { now: tuesday, timeZone: 'Europe/Rome', offerMinutes: 180, noticeMinutes: 60, modes: ['counter'] }

test('an offer can be answered for its minutes, before the notice of the service, and from the morning on when it is made at night', () => {
  expect(offeredUntil(tuesday + 48 * hour, rules)).toBe(tuesday + 3 * hour)
  expect(offeredUntil(tuesday + 2 * hour, rules)).toBe(tuesday + hour)
  expect(offeredUntil(tuesday + 1.25 * hour, rules)).toBeUndefined()
  for (const atNight of [tuesday + 11 * hour, tuesday + 20 * hour])
    expect(offeredUntil(tuesday + 72 * hour, { ...rules, now: atNight })).toBe(Date.UTC(2026, 10, 25, 10))
})

test('each of those who wait, in their order, is offered the earliest time that is news and earlier than their own', () => {
  const [a, b, c] = [24, 26, 30].map(hours => tuesday + hours * hour) as [number, number, number]
  const waits = (appointmentId: string, start: number, passedOver: number[] = []) => ({
    ...{ appointmentId, start, mode: 'counter' as const, passedOver: new Set(passedOver) },
  })
  const free = [
    { start: a, free: 1 },
    { start: b, free: 2 },
  ]
  const found = offersFor(
    [waits('booked before', a), waits('knows a', c, [a]), waits('first', c), waits('second', c), waits('late', c)],
    free,
    rules,
  )
  expect(found.map(({ appointmentId, start }) => [appointmentId, start])).toEqual([
    ['knows a', b],
    ['first', a],
    ['second', b],
  ])
  expect(offersFor([{ ...waits('x', c), mode: 'video' }], free, rules)).toEqual([])
})

test('where more was free than was noted, what lies beyond is no news', () => {
  const noted = Array.from({ length: passedOverAtMost }, (_, n) => tuesday + (24 + n) * hour)
  const waits = { appointmentId: 'x', start: tuesday + 1_000 * hour, mode: 'counter' as const, passedOver: new Set(noted) }
  const free = (...hours: number[]) => hours.map(each => ({ start: tuesday + each * hour, free: 1 }))
  expect(offersFor([waits], free(300), rules)).toEqual([])
  expect(offersFor([waits], free(40.5, 300), rules)).toMatchObject([{ start: tuesday + 40.5 * hour }])
})
