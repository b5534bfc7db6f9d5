/** Arrivals of a day against what was expected of it, half hour by half hour. Pure. */

export interface HalfHour {
  /** What the clock on the wall shows when it begins. */
  at: string
  arrived: number
  /** Null where nothing is known to expect. */
  expected: number | null
  /** How much of it is over, from 0 to 1. */
  over: number
}

const halfHourMs = 30 * 60_000

/**
 * The half hours of a day with what was expected of each.
 * @param expected calls by what the clock shows, as the forecast has them
 */
export function against(
  slots: readonly { start: string; arrivals: number }[],
  expected: ReadonlyMap<string, number> | undefined,
  clockOf: (ms: number) => string,
  now: number,
): HalfHour[] {
  return slots.map(({ start, arrivals }) => {
    const begins = Date.parse(start)
    const at = clockOf(begins)
    const over = Math.min(1, Math.max(0, (now - begins) / halfHourMs))
    return { at, arrived: arrivals, expected: expected?.get(at) ?? null, over }
  })
}

/** The half hours worth drawing: the usual working day, and whatever lies outside it and has, or should have, calls. */
export function worthDrawing(halves: readonly HalfHour[]): readonly HalfHour[] {
  const counts = ({ at, arrived, expected }: HalfHour) => arrived > 0 || (expected ?? 0) >= 0.5 || (at >= '08:00' && at < '20:00')
  const first = halves.findIndex(counts)
  return first === -1 ? [] : halves.slice(first, halves.findLastIndex(counts) + 1)
}

/** How many calls came, and how many were expected by now; null where nothing was. */
export function soFar(halves: readonly HalfHour[]): { arrived: number; expected: number | null } {
  const known = halves.filter(half => half.expected !== null)
  return {
    arrived: halves.reduce((sum, half) => sum + half.arrived, 0),
    expected: known.length === 0 ? null : Math.round(known.reduce((sum, half) => sum + (half.expected ?? 0) * half.over, 0)),
  }
}
