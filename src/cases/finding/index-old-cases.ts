/**
 * Putting cases of before the index into it, and those that were written many at once: in the background, some at a time, each batch a transaction with a rest
 * after it. Until a case's turn comes it is in no list, unless somebody works on it, which puts it there. When all are there, a look costs one step into an
 * empty table.
 */
import type { House } from '../../platform/index.ts'
import { indexNextCases } from './store.ts'

const batchSize = 100
/** One run takes so long at most; the next goes on. */
const runMs = 20_000
/** A program that has started is left to those who wait for its first page. */
const soonMs = 1_000
/** After each batch as long as it took: the embedded database does one thing at a time. */
const restFactor = 1

/** Begins soon after the start, and looks again every minute (the role `worker`). */
export function startIndexing(house: House): { close(): Promise<void> } {
  const { clock, config, jobs, log } = house
  const ended = new AbortController()
  let running = Promise.resolve()
  const run = async () => {
    const until = clock.now() + runMs
    while (!ended.signal.aborted && clock.now() < until) {
      const begun = performance.now()
      if ((await indexOldCases(house)) < batchSize) return
      await rest((performance.now() - begun) * restFactor)
    }
  }
  const rest = async (ms: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = clock.after(ms, resolve)
    const wake = () => resolve()
    ended.signal.addEventListener('abort', wake)
    await promise
    cancel()
    ended.signal.removeEventListener('abort', wake)
  }
  const inTurn = () => {
    // One run that failed does not keep back the next.
    running = running.catch(() => {}).then(run)
    return running
  }
  jobs.schedule('cases.index', '* * * * *', inTurn)
  const cancel = config.ROLES.includes('worker')
    ? clock.after(
        soonMs,
        () => void inTurn().catch((error: unknown) => log.warn({ err: error }, 'cases could not be indexed yet')),
      )
    : () => {}
  return {
    async close() {
      cancel()
      ended.abort()
      await running.catch(() => {})
    },
  }
}

/** Puts up to `limit` cases into the index. Returns how many. */
export const indexOldCases = (house: House, limit = batchSize): Promise<number> =>
  house.database.kysely.transaction().execute(tx => indexNextCases(tx, limit))
