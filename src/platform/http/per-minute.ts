/** Counts how often each of many has asked in the present minute. */
import type { Clock } from '../clock.ts'

const minuteMs = 60_000

/**
 * Returns a function that counts a request of somebody and says in how many seconds they may ask again: 0 for now.
 * Everybody's minute begins at the same moment, so that no more is remembered than who has asked in it.
 */
export function perMinute(clock: Pick<Clock, 'now'>, most: number): (who: string) => number {
  const counts = new Map<string, number>()
  let until = 0
  return who => {
    const now = clock.now()
    if (now >= until) {
      counts.clear()
      until = now + minuteMs
    }
    const count = (counts.get(who) ?? 0) + 1
    counts.set(who, count)
    return count > most ? Math.ceil((until - now) / 1_000) : 0
  }
}
