/**
 * One mailbox for each call: works of the same key run one after the other, in the order in which they were given; works of
 * different keys run side by side.
 *
 * Requests about one call must reach Asterisk in order (stop the music, then play), and Asterisk answers requests on different
 * connections in any order.
 */

/** Runs `work` after all earlier works of the same key have ended, well or badly. Returns what the work returns. */
export type Serial = <T>(key: string, work: () => Promise<T>) => Promise<T>

export interface SerialQueues {
  readonly serial: Serial
  /** Keys with a work that has not ended. */
  size(): number
  /** Resolves when every work given so far has ended. */
  drained(): Promise<void>
}

/** Makes a set of queues. A key that has no more works leaves no trace. */
export function serialQueues(): SerialQueues {
  const last = new Map<string, Promise<void>>()
  return {
    serial(key, work) {
      const before = last.get(key)
      const running = before ? before.then(work) : work()
      const ended = running.then(
        () => {},
        // The error belongs to whoever gave this work; the next one starts all the same.
        () => {},
      )
      last.set(key, ended)
      ended.then(() => {
        if (last.get(key) === ended) last.delete(key)
      })
      return running
    },
    size: () => last.size,
    async drained() {
      await Promise.all(last.values())
    },
  }
}
