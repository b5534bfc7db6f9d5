/**
 * Writing the steps of calls: while one statement is under way, the steps of other calls gather for the next one. Under load a step costs
 * only a fraction of a transaction that way, and one that comes alone is written at once.
 *
 *   steps of calls ──▶ gathered ──▶ one statement, one transaction ──▶ each hears whether its own was written
 *
 * A step is written with its entries in the journal, or neither is; steps of different calls do not depend on each other.
 */
import { type House, systemClock } from '../../platform/index.ts'
import { type CallChange, saveCalls } from '../store.ts'

export interface Saving {
  /**
   * Writes a step. False when the call is no longer as it was before, so that nothing was written.
   * @throws what the database says; whether the step was written is then not known.
   */
  save(change: CallChange): Promise<boolean>
}

/** How many steps go into one statement at most. */
const maxBatchSize = 100
/** After a statement, steps gather before the next: the more it had, the longer. A step that comes alone is written at once. */
const restMs = 6
const maxRestMs = 15

interface Waiting {
  readonly change: CallChange
  written(yes: boolean): void
  failed(error: unknown): void
}

/** @param house whose clock and database; the journal's followers are woken after each write */
export function openSaving({ database, tail }: Pick<House, 'database' | 'tail'>): Saving {
  // Real time, not the house's clock: this is about a database, which knows nothing of a virtual clock.
  const rest = (ms: number) => new Promise<void>(resolve => systemClock.after(ms, resolve))
  const waiting: Waiting[] = []
  let busy = false

  async function write(group: readonly Waiting[]): Promise<void> {
    const done = await saveCalls(
      database.kysely,
      group.map(each => each.change),
    )
    if (group.some(({ change }) => change.entries.length > 0)) tail.committed()
    for (const { change, written } of group) written(done.has(change.before.id))
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, maxBatchSize)
      try {
        await write(group)
      } catch (error) {
        const [only] = group
        if (group.length === 1 && only) only.failed(error)
        // A step that cannot be written must not take the others with it. One that was written after all is not written twice: its call has
        // another version.
        else for (const each of group) await write([each]).catch(each.failed)
      }
      await rest(Math.min(maxRestMs, restMs + group.length))
    }
    busy = false
  }

  return {
    save(change) {
      const { promise, resolve, reject } = Promise.withResolvers<boolean>()
      waiting.push({ change, written: resolve, failed: reject })
      if (!busy) {
        busy = true
        // What belongs to the same moment, such as a batch of the journal, goes together.
        setImmediate(() => void writeAll())
      }
      return promise
    },
  }
}
