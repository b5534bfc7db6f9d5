import { expect, test } from 'vitest'
import { callingFrom, type OfferRules, offeredFor, offersFor, passedOverAtMost, tellBy } from './policy.ts'

const hour = 3_600_000
/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const rules: OfferRules = {
  ...{ now: tuesday, timeZone: 'Europe/Rome', offerMinutes: 180, noticeMinutes: 60, modes: ['counter'] },
  isHoliday: day => day === '2026-12-08',
}

test('an offer can be answered for its minutes, before the notice of the service, and from the morning on when it is made at night', () => {
  const offeredUntil = (start: number, of = rules) => offeredFor(start, of, false)?.until
  expect(offeredUntil(tuesday + 48 * hour, rules)).toBe(tuesday + 3 * hour)
  expect(offeredUntil(tuesday + 2 * hour, rules)).toBe(tuesday + hour)
  expect(offeredUntil(tuesday + 1.25 * hour, rules)).toBeUndefined()
  for (const atNight of [tuesday + 11 * hour, tuesday + 20 * hour])
    expect(offeredUntil(tuesday + 72 * hour, { ...rules, now: atNight })).toBe(Date.UTC(2026, 10, 25, 10))
})

test('who is called can answer from the next hour in which citizens are called, and so long that more than one attempt fits', () => {
  const called = (now: number) => offeredFor(now + 96 * hour, { ...rules, now }, true)?.read
  expect(called(tuesday)).toBe(tuesday)
  // 8:40, 18:29 and 18:31 in Rome; a Saturday evening; the evening before a holiday.
  expect(called(Date.UTC(2026, 10, 24, 7, 40))).toBe(Date.UTC(2026, 10, 24, 8))
  expect(called(Date.UTC(2026, 10, 24, 17, 29))).toBe(Date.UTC(2026, 10, 24, 17, 29))
  expect(called(Date.UTC(2026, 10, 24, 17, 31))).toBe(Date.UTC(2026, 10, 25, 8))
  expect(called(Date.UTC(2026, 10, 28, 18))).toBe(Date.UTC(2026, 10, 30, 8))
  expect(called(Date.UTC(2026, 11, 7, 18))).toBe(Date.UTC(2026, 11, 9, 8))
  expect(callingFrom(rules, Date.UTC(2026, 10, 24, 17, 59))).toBe(Date.UTC(2026, 10, 24, 17, 59))
  expect(callingFrom(rules, Date.UTC(2026, 10, 24, 18))).toBe(Date.UTC(2026, 10, 25, 8))
  expect(callingFrom({ ...rules, isHoliday: () => true }, tuesday)).toBeNull()
})

test.each([
  [true, null, { isWished: false }, 'telephone'],
  [true, 'a@example.org', { isWished: true }, 'telephone'],
  [true, 'a@example.org', { isWished: false }, 'mail'],
  [true, 'a@example.org', undefined, 'mail'],
  [false, 'a@example.org', { isWished: true }, 'mail'],
  [true, null, undefined, null],
  [false, null, { isWished: true }, null],
])('where the office calls (%s), the address is %s and the number %o, an offer is told by %s', (calls, email, number, by) =>
  expect(tellBy(calls, email, number)).toBe(by),
)

test('each of those who wait, in their order, is offered the earliest time that is news and earlier than their own', () => {
  const [a, b, c] = [24, 26, 30].map(hours => tuesday + hours * hour) as [number, number, number]
  const waits = (appointmentId: string, start: number, passedOver: number[] = []) => ({
    ...{ appointmentId, start, mode: 'counter' as const, passedOver: new Set(passedOver), isCalled: false },
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
  const waits = {
    appointmentId: 'x',
    start: tuesday + 1_000 * hour,
    mode: 'counter' as const,
    passedOver: new Set(noted),
    isCalled: false,
  }
  const free = (...hours: number[]) => hours.map(each => ({ start: tuesday + each * hour, free: 1 }))
  expect(offersFor([waits], free(300), rules)).toEqual([])
  expect(offersFor([waits], free(40.5, 300), rules)).toMatchObject([{ start: tuesday + 40.5 * hour }])
})
