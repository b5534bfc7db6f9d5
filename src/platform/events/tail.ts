/**
 * The tail of the journal: one reader for each process, which hands new entries to everybody inside it who follows.
 *
 * Something wakes it: a commit of this process at once, a NOTIFY of another node, and in any case a look every second. Losing every
 * NOTIFY costs latency and nothing else. NOTIFY takes a global lock when it commits, so it is sent on its own, outside the
 * transactions that do the work, and at most once in `notifyEveryMs`.
 */
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import type { Log } from '../log.ts'
import type { Entry, Position } from './event.ts'
import { journalEnd, readJournal } from './journal.ts'

const channel = 'journal'
const lookEveryMs = 1_000
const notifyEveryMs = 20
/** Entries hidden by a running transaction are looked for again after these pauses, in turn. */
const hiddenAgainMs = [1, 2, 4, 8, 16, 32, 64] as const

/** Called with new entries in order; the next call waits for this one. An error is logged and the same entries are not repeated. */
export type Follower = (entries: readonly Entry[]) => void | Promise<void>

export interface JournalTail {
  /** Hands on every entry after `from` (default: what is to come). Answers how to stop. */
  follow(follower: Follower, from?: Position): Promise<() => void>
  /** Says that this process has committed entries. */
  committed(): void
  close(): Promise<void>
}

export async function openTail(database: Database, clock: Clock, log: Log, notify = true): Promise<JournalTail> {
  const followers = new Set<{ hand: Follower; position: Position }>()
  let position = await journalEnd(database)
  let closed = false
  let looking: Promise<void> | undefined
  let again = false
  let hiddenTries = 0
  let cancelNotify: (() => void) | undefined
  let cancelLook = clock.after(lookEveryMs, look)
  const stopListening = notify ? await database.listen(channel, look) : async () => {}

  function look(): void {
    if (closed) return
    if (looking) {
      again = true
      return
    }
    looking = lookOnce()
      .catch((error: unknown) => log.warn({ error: String(error) }, 'the journal could not be read; trying again'))
      .finally(() => {
        looking = undefined
        if (closed) return
        cancelLook()
        if (again) {
          again = false
          look()
        } else {
          const pause =
            hiddenTries > 0 ? (hiddenAgainMs[Math.min(hiddenTries, hiddenAgainMs.length) - 1] ?? lookEveryMs) : lookEveryMs
          cancelLook = clock.after(pause, look)
        }
      })
  }

  async function lookOnce(): Promise<void> {
    for (;;) {
      const { entries, more } = await readJournal(database, position)
      const last = entries.at(-1)
      hiddenTries = more && !last ? hiddenTries + 1 : 0
      if (!last) return
      position = last
      for (const follower of followers) await handOver(follower, entries)
      if (closed) return
    }
  }

  async function handOver(follower: { hand: Follower; position: Position }, entries: readonly Entry[]): Promise<void> {
    const fresh = entries.filter(entry => isAfter(entry, follower.position))
    const last = fresh.at(-1)
    if (!last) return
    follower.position = last
    try {
      await follower.hand(fresh)
    } catch (error) {
      log.error({ err: error, from: fresh[0]?.id, to: last.id }, 'a follower of the journal failed')
    }
  }

  return {
    async follow(hand, from) {
      const follower = { hand, position: from ?? position }
      // What lies between `from` and the tail is read first; the tail then takes over where this ended.
      while (isAfter(position, follower.position)) {
        const { entries } = await readJournal(database, follower.position)
        if (entries.length === 0) break
        await handOver(follower, entries)
      }
      followers.add(follower)
      look()
      return () => followers.delete(follower)
    },
    committed() {
      look()
      if (!notify || database.kind === 'embedded') return
      cancelNotify ??= clock.after(notifyEveryMs, () => {
        cancelNotify = undefined
        database.query(`select pg_notify('${channel}', '')`, []).catch(() => {})
      })
    },
    async close() {
      closed = true
      cancelLook()
      cancelNotify?.()
      await stopListening()
      await looking
    },
  }
}

/** Whether `a` comes after `b` in the journal. */
export function isAfter(a: Position, b: Position): boolean {
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)]
  return x > y || (x === y && a.id > b.id)
}
