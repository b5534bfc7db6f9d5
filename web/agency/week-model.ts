/** The week of an office as a table: its rows, columns and slots, and where the keys lead. Pure. */
import type { AgendaWeek, WeekFree, WeekLine } from '../../src/agenda/model.ts'

/** What lies in a cell: somebody who is booked, or a time that is free. */
export type WeekSlot = { key: string; start: string; calendarId: string } & ({ line: WeekLine } | { free: WeekFree })

export interface WeekRow {
  key: string
  /** Who receives, or the time where one is looked at alone. */
  name: string
  room: string
  /** By column. */
  cells: WeekSlot[][]
}

export interface WeekTable {
  columns: AgendaWeek['days']
  rows: WeekRow[]
}

export interface WeekWanted {
  /** Only this calendar, and then a row for each time. */
  calendarId: string | null
  serviceId: string | null
  /** Only this day, on a narrow screen. */
  day: string | null
  /** Somebody who is being moved: then only the times are free that are for this service. */
  moving: WeekLine | null
}

export const lineKey = (line: WeekLine): string => line.id
export const freeKey = (free: WeekFree): string => `${free.calendarId} ${free.start}`

/**
 * Returns the table: with all who receive, a row for each and in a cell their day; with one of them, a row for each time that there is.
 * @param dayOf the day of office time of an instant
 * @param clockOf the time of office time of an instant, as it is shown
 */
export function weekTable(
  week: AgendaWeek,
  { calendarId, serviceId, day, moving }: WeekWanted,
  { dayOf, clockOf }: { dayOf(at: number): string; clockOf(at: number): string },
): WeekTable {
  const isUsed = ({ date, closed }: AgendaWeek['days'][number]) =>
    closed === null || week.items.some(each => dayOf(Date.parse(each.start)) === date)
  const weekend = week.days.slice(5).filter(isUsed)
  const columns = [...week.days.slice(0, 5), ...weekend].filter(({ date }) => day === null || date === day)
  const wanted = moving?.service.id ?? serviceId
  const slots: WeekSlot[] = [
    ...week.items
      .filter(
        line => line.state !== 'cancelled' && (serviceId === null || line.service.id === serviceId || line.id === moving?.id),
      )
      .map(line => ({ key: lineKey(line), start: line.start, calendarId: line.calendarId, line })),
    ...week.free
      .filter(free => wanted === null || free.services.includes(wanted))
      .map(free => ({ key: freeKey(free), start: free.start, calendarId: free.calendarId, free })),
  ]
    .filter(slot => calendarId === null || slot.calendarId === calendarId)
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))
  const rowOf = (slot: WeekSlot) => (calendarId === null ? slot.calendarId : clockOf(Date.parse(slot.start)))
  const byRow = Map.groupBy(slots, rowOf)
  const cellsOf = (key: string) => {
    const byDay = Map.groupBy(byRow.get(key) ?? [], slot => dayOf(Date.parse(slot.start)))
    return columns.map(({ date }) => byDay.get(date) ?? [])
  }
  const rows =
    calendarId === null
      ? week.calendars.map(({ id, name, room }) => ({ key: id, name, room, cells: cellsOf(id) }))
      : [...byRow.keys()].toSorted().map(time => ({ key: time, name: time, room: '', cells: cellsOf(time) }))
  return { columns, rows }
}

/** A place in the table: a slot of a cell, or the cell itself where it is empty. */
export interface Place {
  row: number
  column: number
  slot: number
}

export type Direction = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'first' | 'last'

/** Where a key leads: sideways to the slot of that day which is nearest in time, up and down through a cell and on to the next row. */
export function goFrom({ rows }: WeekTable, from: Place, direction: Direction): Place {
  const cellOf = (row: number, column: number) => rows[row]?.cells[column] ?? []
  const columns = rows[0]?.cells.length ?? 0
  const { row, column, slot } = from
  const sideways = (to: number): Place => {
    const start = cellOf(row, column)[slot]?.start
    return { row, column: to, slot: start === undefined ? 0 : nearest(cellOf(row, to), start) }
  }
  switch (direction) {
    case 'left':
      return column > 0 ? sideways(column - 1) : from
    case 'right':
      return column < columns - 1 ? sideways(column + 1) : from
    case 'home':
      return sideways(0)
    case 'end':
      return sideways(columns - 1)
    case 'first':
      return { row: 0, column: 0, slot: 0 }
    case 'last':
      return { row: rows.length - 1, column: columns - 1, slot: Math.max(0, cellOf(rows.length - 1, columns - 1).length - 1) }
    case 'up':
      if (slot > 0) return { row, column, slot: slot - 1 }
      return row === 0 ? from : { row: row - 1, column, slot: Math.max(0, cellOf(row - 1, column).length - 1) }
    case 'down':
      if (slot < cellOf(row, column).length - 1) return { row, column, slot: slot + 1 }
      return row === rows.length - 1 ? from : { row: row + 1, column, slot: 0 }
  }
}

/** The slot whose time of the day is nearest. Instants of different days are compared by their time, as far as the clocks allow. */
function nearest(slots: readonly WeekSlot[], start: string): number {
  const dayMs = 24 * 60 * 60_000
  const time = (text: string) => Date.parse(text) % dayMs
  const far = (slot: WeekSlot) => Math.abs(time(slot.start) - time(start))
  return slots.reduce((best, slot, index) => (far(slot) < far(slots[best] ?? slot) ? index : best), 0)
}

/** Where a slot is; undefined when it is there no more. */
export function placeOf({ rows }: WeekTable, key: string): Place | undefined {
  for (const [row, { cells }] of rows.entries())
    for (const [column, slots] of cells.entries()) {
      const slot = slots.findIndex(each => each.key === key)
      if (slot !== -1) return { row, column, slot }
    }
  return undefined
}

/** The place itself, or the nearest that there still is. */
export function clamp({ rows }: WeekTable, { row, column, slot }: Place): Place {
  const r = Math.max(0, Math.min(row, rows.length - 1))
  const c = Math.max(0, Math.min(column, (rows[r]?.cells.length ?? 1) - 1))
  return { row: r, column: c, slot: Math.max(0, Math.min(slot, (rows[r]?.cells[c]?.length ?? 1) - 1)) }
}

/** Whether somebody can be moved from where they are. */
export const isMovable = ({ state }: WeekLine): boolean => state === 'booked' || state === 'no-show' || state === 'left'
