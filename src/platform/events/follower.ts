/**
 * Follows the journal for sums that are kept: looks soon after something was written, and now and then without a word. What waits is read in parts
 * with rests between them: the embedded database does one thing at a time, and people ask it, too.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import type { House } from '../house.ts'

/** Between two parts it rests so many times as long as the one before took. */
const restFactor = 2

/** Is awaited between two parts, with the milliseconds that the one before took; when it returns false no other part follows. */
export type Rest = (tookMs: number) => Promise<boolean>

export interface Following {
  /** How a failure is told in the log. */
  readonly name: string
  /** Reads the journal to its end, part by part. */
  readonly follow: (rest: Rest) => Promise<void>
  /** The least between two looks, so that what comes together is read together. Milliseconds. */
  readonly restMs: number
  /** The most. Milliseconds. */
  readonly pollIntervalMs: number
}

/** Follows, where the program has the role `worker`, until it is closed. A look that fails is told and made again. */
export function startFollower(house: House, { name, follow, restMs, pollIntervalMs }: Following): { close(): Promise<void> } {
  if (!house.config.ROLES.includes('worker')) return { close: async () => {} }
  let isClosed = false
  let looking: Promise<void> | undefined
  let wasRung = false
  let cancel = () => {}
  // Real time, not the house's clock: this is about how often a database is asked.
  const lookAfter = (ms: number) => {
    cancel()
    cancel = isClosed ? () => {} : systemClock.after(ms, look)
  }
  const othersFirst: Rest = async tookMs => {
    if (!isClosed) await pause(tookMs * restFactor)
    return !isClosed
  }
  function look(): void {
    wasRung = false
    looking = follow(othersFirst)
      .catch((error: unknown) => house.log.warn({ err: error }, `${name}: could not follow the journal; it will be tried again`))
      .then(() => {
        looking = undefined
        lookAfter(wasRung ? restMs : pollIntervalMs)
      })
  }
  const stop = house.tail.watch(() => {
    if (!wasRung && looking === undefined) lookAfter(restMs)
    wasRung = true
  })
  // A program that starts asks the database for much else: after a first start six weeks wait here.
  lookAfter(pollIntervalMs)
  return {
    async close() {
      isClosed = true
      stop()
      cancel()
      await looking
    },
  }
}
