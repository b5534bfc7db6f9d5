/** Patience with the database: no caller must lose anything because it was away for a moment. */
import type { House } from '../../platform/index.ts'

/** A database that does not answer is asked again after these pauses, in turn; the last one until it does. */
const retryMs = [50, 200, 1_000, 3_000] as const

export interface Retrier {
  /** Does a step of a call, trying again if need be. Returns nothing when it cannot be done, or after `close`. */
  persistently<T>(work: () => Promise<T>, callId: string): Promise<T | undefined>
  /** Nothing is tried again from now on. */
  close(): void
}

export function openPatience({ clock, log }: Pick<House, 'clock' | 'log'>): Retrier {
  const pauses = new Set<() => void>()
  let closed = false

  const pause = (ms: number) =>
    new Promise<void>(resolve => {
      const end = () => {
        cancel()
        pauses.delete(end)
        resolve()
      }
      const cancel = clock.after(ms, end)
      pauses.add(end)
    })

  return {
    async persistently(work, callId) {
      for (let attempt = 0; !closed; attempt++) {
        try {
          return await work()
        } catch (error) {
          log.error({ call: callId, err: error, attempt }, 'telephony: a step of a call failed; trying again')
          // What fails five times in a row is given up; the next input may fare better.
          if (attempt === retryMs.length && !isOutage(error)) return undefined
          await pause(retryMs[Math.min(attempt, retryMs.length - 1)] ?? 0)
        }
      }
      return undefined
    },
    close() {
      closed = true
      for (const end of pauses) end()
    },
  }
}

/** The database was away, not the step wrong: PostgreSQL's classes 08, 53, 57, and what the driver says of a broken connection. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return /^(08|53|57)/.test(code) || /^E[A-Z]+$/.test(code) || /connection|terminat/i.test(error.message)
}
