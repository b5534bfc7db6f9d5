/** The table of the week, and where the keys lead in it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AgendaWeek, WeekLine } from '../../src/agenda/model.ts'
import { clamp, type Direction, goFrom, placeOf, weekTable } from './week-model.ts'

const times = {
  dayOf: (at: number) => new Date(at).toISOString().slice(0, 10),
  clockOf: (at: number) => new Date(at).toISOString().slice(11, 16),
}
const dates = Array.from({ length: 7 }, (_, i) => `2026-11-${23 + i}`)
const line = (id: string, calendarId: string, start: string, state: WeekLine['state'] = 'booked', service = 'pensions') =>
  ({
    id,
    calendarId,
    start: `${start}:00.000Z`,
    state,
    service: { id: service, name: service },
    contact: { id, name: id },
  }) as WeekLine
const free = (calendarId: string, start: string, services = ['pensions']) => ({
  ...{ calendarId, date: start.slice(0, 10), start: `${start}:00.000Z`, places: 1, services },
})
const calendar = (id: string) => ({ id, name: id, room: '', officer: null, active: true })
const week = {
  days: dates.map((date, i) => ({ date, closed: i >= 5 ? 'weekend' : null })),
  calendars: [calendar('lia'), calendar('desks')],
  items: [
    line('ferri', 'lia', '2026-11-23T09:00'),
    line('gone', 'lia', '2026-11-23T09:30', 'cancelled'),
    line('conti', 'lia', '2026-11-24T10:00', 'booked', 'income'),
  ],
  free: [
    free('lia', '2026-11-23T09:30'),
    free('lia', '2026-11-24T09:00', ['income']),
    free('desks', '2026-11-24T09:00', ['pensions', 'income']),
  ],
} as unknown as AgendaWeek
const all = { calendarId: null, serviceId: null, day: null, moving: null }
const keysOf = (wanted: Partial<Parameters<typeof weekTable>[1]> = {}) =>
  weekTable(week, { ...all, ...wanted }, times).rows.map(({ key, cells }) => [
    key,
    ...cells.map(cell => cell.map(slot => slot.start.slice(11, 16))),
  ])

test('a row for each who receives, in each cell the day in order; who has cancelled gives the time back', () => {
  expect(keysOf()).toEqual([
    ['lia', ['09:00', '09:30'], ['09:00', '10:00'], [], [], []],
    ['desks', [], ['09:00'], [], [], []],
  ])
})

test('of one who receives a row for each time; on a narrow screen one day; a closed weekend only when somebody is booked', () => {
  expect(keysOf({ calendarId: 'lia' }).map(([time]) => time)).toEqual(['09:00', '09:30', '10:00'])
  expect(keysOf({ day: '2026-11-24' })).toEqual([
    ['lia', ['09:00', '10:00']],
    ['desks', ['09:00']],
  ])
  const saturday = { ...week, items: [line('bruno', 'lia', '2026-11-28T09:00')] }
  expect(weekTable(saturday, all, times).columns.map(({ date }) => date)).toEqual(dates.slice(0, 6))
})

test('while somebody is moved only the times are free that are for their service, and they themselves stay to be seen', () => {
  const moving = week.items[2] ?? null
  expect(keysOf({ moving, serviceId: 'pensions' })).toEqual([
    ['lia', ['09:00'], ['09:00', '10:00'], [], [], []],
    ['desks', [], ['09:00'], [], [], []],
  ])
})

test('sideways to the nearest time of the other day, down through a cell and on to the next row', () => {
  const table = weekTable(week, all, times)
  const from = placeOf(table, 'ferri')
  expect(from).toEqual({ row: 0, column: 0, slot: 0 })
  expect(goFrom(table, { row: 0, column: 1, slot: 1 }, 'left')).toEqual({ row: 0, column: 0, slot: 1 })
  expect(goFrom(table, { row: 0, column: 1, slot: 1 }, 'down')).toEqual({ row: 1, column: 1, slot: 0 })
  expect(goFrom(table, { row: 1, column: 1, slot: 0 }, 'up')).toEqual({ row: 0, column: 1, slot: 1 })
  expect(goFrom(table, { row: 0, column: 1, slot: 0 }, 'end')).toEqual({ row: 0, column: 4, slot: 0 })
})

test('no key leads out of the table, and every slot is reached by the arrows', () => {
  const table = weekTable(week, all, times)
  const directions: Direction[] = ['left', 'right', 'up', 'down', 'home', 'end', 'first', 'last']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...directions), { maxLength: 40 }), keys => {
      let at = { row: 0, column: 0, slot: 0 }
      for (const key of keys) {
        at = goFrom(table, at, key)
        expect(clamp(table, at)).toEqual(at)
      }
    }),
  )
  const reached = new Set<string>()
  for (let column = 0; column < 5; column++)
    for (let at = { row: 0, column, slot: 0 }, before = ''; JSON.stringify(at) !== before; ) {
      const key = table.rows[at.row]?.cells[at.column]?.[at.slot]?.key
      if (key !== undefined) reached.add(key)
      before = JSON.stringify(at)
      at = goFrom(table, at, 'down')
    }
  expect(reached.size).toBe(table.rows.flatMap(({ cells }) => cells.flat()).length)
})
