/**
 * A door for costly work: so much at once, so much waiting, and whoever comes on top of that is sent away with a word, at once, rather than
 * kept with the rest until nobody is served in time.
 */
import { Refused } from './errors.ts'

export interface TurnstileBounds {
  readonly atOnce: number
  /** How many may wait for their turn. */
  readonly waiting: number
}

/**
 * Does a piece of work in its turn; first come, first served.
 * @param signal whoever asked is gone: the work is not begun any more
 * @throws Refused 503 when too many wait already, or nobody waits for the work any more; and what the work throws
 */
export type Turnstile = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>

const retryAfterSeconds = 2
const busy = () => new Refused('platform.busy', { retryAfterSeconds }, 503)

export function openTurnstile({ atOnce, waiting: maxWaiting }: TurnstileBounds): Turnstile {
  let working = 0
  /** Each is called when its turn has come: whoever leaves hands the place over. */
  const waiting = new Set<() => void>()

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw busy()
    if (working < atOnce) {
      working++
      return
    }
    if (waiting.size >= maxWaiting) throw busy()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const goAway = () => {
      if (waiting.delete(resolve)) reject(busy())
    }
    waiting.add(resolve)
    signal?.addEventListener('abort', goAway, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', goAway)
    }
  }

  function leave(): void {
    const [next] = waiting
    if (next === undefined) working--
    else {
      waiting.delete(next)
      next()
    }
  }

  return async (work, signal) => {
    await enter(signal)
    try {
      // Who leaves between the turn and the work has left before it.
      if (signal?.aborted) throw busy()
      return await work()
    } finally {
      leave()
    }
  }
}
