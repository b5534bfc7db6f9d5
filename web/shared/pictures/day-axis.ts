/** Where the appointments of a day lie on an axis of time, a row for each officer; those at the same time lie below each other. Pure. */

export interface AxisBlock<T> {
  of: T
  /** Shares of the axis, from 0 to 1. */
  left: number
  width: number
  /** Counted from 0, where several overlap. */
  lane: number
}

export interface AxisRow<T> {
  id: string
  name: string
  lanes: number
  blocks: AxisBlock<T>[]
}

export interface Axis<T> {
  /** Full hours of office time, the first and the last of them the ends of the axis. */
  hours: number[]
  rows: AxisRow<T>[]
  /** Where a moment lies, from 0 to 1; null outside. */
  placeOf(minutes: number): number | null
}

/** The axis is as long as an office is usually open, and longer where somebody comes outside of that. */
const usualFrom = 8
const usualUntil = 14

interface Timed {
  start: string
  end: string
  officer: { id: string; name: string } | null
}

/**
 * @param minutesOf minutes since the midnight of office time
 * @param desk the name of the row of those who come to no certain officer
 */
export function axisOf<T extends Timed>(items: readonly T[], minutesOf: (instant: string) => number, desk: string): Axis<T> {
  const from = Math.min(usualFrom, ...items.map(item => Math.floor(minutesOf(item.start) / 60)))
  const until = Math.max(usualUntil, ...items.map(item => Math.ceil(minutesOf(item.end) / 60)))
  const place = (minutes: number) => (minutes - from * 60) / ((until - from) * 60)
  const rows = [...Map.groupBy(items, item => item.officer?.id ?? '')].map(([id, own]): AxisRow<T> => {
    const ends: number[] = []
    const blocks = own
      .toSorted((a, b) => a.start.localeCompare(b.start))
      .map(item => {
        const [start, end] = [minutesOf(item.start), minutesOf(item.end)]
        const free = ends.findIndex(each => each <= start)
        const lane = free === -1 ? ends.length : free
        ends[lane] = end
        return { of: item, left: place(start), width: place(end) - place(start), lane }
      })
    return { id, name: own[0]?.officer?.name ?? desk, lanes: ends.length, blocks }
  })
  return {
    hours: Array.from({ length: until - from + 1 }, (_, n) => from + n),
    rows: rows.toSorted((a, b) => Number(a.id === '') - Number(b.id === '') || a.name.localeCompare(b.name)),
    placeOf: minutes => (minutes < from * 60 || minutes > until * 60 ? null : place(minutes)),
  }
}
