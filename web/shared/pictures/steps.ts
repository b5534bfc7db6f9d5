/** Counts put into four steps, so that a map is not dark in one place and pale in all others. Pure. */

export interface Step {
  from: number
  to: number
}

const most = 4

/** As many steps as there are different counts, four at most, each with about as many of them. */
export function classesOf(counts: readonly number[]): Step[] {
  const different = [...new Set(counts.filter(count => count > 0))].sort((a, b) => a - b)
  const steps = Math.min(most, different.length)
  return Array.from({ length: steps }, (_, n) => {
    const own = different.slice(Math.round((n * different.length) / steps), Math.round(((n + 1) * different.length) / steps))
    return { from: own[0] ?? 0, to: own.at(-1) ?? 0 }
  })
}

/** The step that a count falls into, counted from 0; -1 for nothing. */
export const classOf = (count: number, steps: readonly Step[]): number =>
  count <= 0 ? -1 : steps.findLastIndex(({ from }) => count >= from)
