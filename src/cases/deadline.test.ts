import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayAt } from '../platform/index.ts'
import { dueAt, isWorkingDay } from './deadline.ts'

const rome = (...holidays: string[]) => ({ timeZone: 'Europe/Rome', isHoliday: (day: string) => holidays.includes(day) })

describe('an answer is due', () => {
  test.each([
    ['Tuesday morning: the following Tuesday at five', '2026-11-24T09:40:00Z', 5, rome(), '2026-12-01T16:00:00.000Z'],
    ['a Friday night and a Sunday night: the same day', '2026-11-27T22:30:00Z', 1, rome(), '2026-11-30T16:00:00.000Z'],
    ['just after midnight in Rome it is already the next day', '2026-11-24T23:30:00Z', 1, rome(), '2026-11-26T16:00:00.000Z'],
    ['holidays do not count', '2026-12-04T09:00:00Z', 1, rome('2026-12-07', '2026-12-08'), '2026-12-09T16:00:00.000Z'],
    ['over the spring change: five in the afternoon is 15:00 UTC', '2026-03-27T09:00:00Z', 1, rome(), '2026-03-30T15:00:00.000Z'],
    ['over the autumn change: 16:00 UTC', '2026-10-23T09:00:00Z', 1, rome(), '2026-10-26T16:00:00.000Z'],
  ])('%s', (_story, from, days, calendar, expected) => {
    expect(dueAt(new Date(from), days, calendar).toISOString()).toBe(expected)
  })
})

test('due is always a working day at five, after the question, and with so many working days in between', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 40 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 2_500 }), { maxLength: 60 }),
      (from, days, holidayNumbers) => {
        const holidays = holidayNumbers.map(n => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 10))
        const calendar = rome(...holidays)
        const due = dueAt(from, days, calendar)
        const dueDay = dayAt('Europe/Rome', due.getTime())
        expect(isWorkingDay(dueDay, calendar)).toBe(true)
        const clock = new Intl.DateTimeFormat('it', { timeZone: 'Europe/Rome', hour: '2-digit', minute: '2-digit' }).format(due)
        expect(clock).toBe('17:00')
        let counted = 0
        for (let at = Date.parse(`${dayAt('Europe/Rome', from.getTime())}T12:00:00Z`) + 86_400_000; ; at += 86_400_000) {
          const day = new Date(at).toISOString().slice(0, 10)
          if (isWorkingDay(day, calendar)) counted++
          if (day === dueDay) break
        }
        expect(counted).toBe(days)
      },
    ),
  )
})
