/** Which calls a display chimes for and says. Pure. */

interface Call {
  id: string
  /** ISO 8601. */
  at: string
}

/** What was called longer ago, while nobody heard it, is not told any more, but for the newest. */
const freshMs = 10_000

/**
 * The calls that are new, in the order in which they were made. Two desks that call within one look at the server are both told.
 * @param known the calls of the last look; undefined for the first, which tells nothing
 * @param at the instant of this look, by the clock that wrote the calls
 */
export function newCalls(known: ReadonlySet<string> | undefined, calls: readonly Call[], at: string): string[] {
  if (known === undefined) return []
  const [newest] = calls
  return calls
    .filter(call => !known.has(call.id) && (call.id === newest?.id || Date.parse(at) - Date.parse(call.at) <= freshMs))
    .map(({ id }) => id)
    .reverse()
}
