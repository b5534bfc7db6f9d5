/** Counts how often each of many has asked in the present minute: the one limiter of the house, for requests and for calls from pages. */
import type { Clock } from '../clock.ts'

const minuteMs = 60_000
/** More than that many in one minute are an attack: whoever has been quiet for longest is forgotten. */
const maxRemembered = 100_000

export interface Count {
  limit: number
  /** How many are left in this minute. */
  remaining: number
  /** When all of them are there again. */
  resetSeconds: number
  /** In how many seconds they may ask again: 0 for now. */
  retryAfterSeconds: number
}

/**
 * Returns a function that counts a request of somebody.
 * Everybody's minute begins at the same moment, so that no more is remembered than who has asked in it.
 */
export function perMinute(clock: Pick<Clock, 'now'>, limit: number, most = maxRemembered): (who: string) => Count {
  const counts = new Map<string, number>()
  let until = 0
  return who => {
    const now = clock.now()
    if (now >= until) {
      counts.clear()
      until = now + minuteMs
    }
    const count = (counts.get(who) ?? 0) + 1
    counts.delete(who)
    counts.set(who, count)
    const [quietest] = counts.keys()
    if (counts.size > most && quietest !== undefined) counts.delete(quietest)
    const resetSeconds = Math.ceil((until - now) / 1_000)
    return { limit, remaining: Math.max(0, limit - count), resetSeconds, retryAfterSeconds: count > limit ? resetSeconds : 0 }
  }
}
