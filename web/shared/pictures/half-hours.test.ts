import { expect, test } from 'vitest'
import { against, soFar, worthDrawing } from './half-hours.ts'

const slots = (from: string, arrivals: readonly number[]) =>
  arrivals.map((calls, i) => ({ start: new Date(Date.parse(from) + i * 1_800_000).toISOString(), arrivals: calls }))
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16)

test('arrivals stand against what was expected by now, a half hour that runs counted as far as it is over', () => {
  const expected = new Map([
    ['09:00', 10],
    ['09:30', 20],
    ['10:00', 30],
  ])
  const halves = against(slots('2026-11-24T09:00Z', [8, 6, 0]), expected, clock, Date.parse('2026-11-24T09:45Z'))
  expect(halves.map(half => half.over)).toEqual([1, 0.5, 0])
  expect(soFar(halves)).toEqual({ arrived: 14, expected: 20 })
  expect(soFar(against(slots('2026-11-24T09:00Z', [8]), undefined, clock, 0))).toEqual({ arrived: 8, expected: null })
})

test('what is drawn is the working day, and every half hour outside it in which somebody called or should have', () => {
  const day = slots(
    '2026-11-24T00:00Z',
    Array.from({ length: 48 }, (_, half) => (half === 14 ? 1 : 0)),
  )
  const drawn = worthDrawing(against(day, new Map([['21:00', 0.6]]), clock, 0))
  expect([drawn[0]?.at, drawn.at(-1)?.at]).toEqual(['07:00', '21:00'])
  expect(worthDrawing([])).toEqual([])
})
