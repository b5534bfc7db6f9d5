/**
 * The tail of the journal: one reader for each process, which hands new entries to everybody inside it who follows.
 *
 * Something wakes it: a commit of this process at once, a NOTIFY of another node, and in any case a look every second. Losing every
 * NOTIFY costs latency and nothing else. NOTIFY takes a global lock when it commits, so it is sent on its own, outside the
 * transactions that do the work, and at most once in `notifyEveryMs`.
 *
 * Looks follow each other at a distance: what comes in between is read together. While nobody follows, nothing is read at all.
 */
import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import type { Log } from '../log.ts'
import type { Entry, Position } from './event.ts'
import { journalEnd, readJournal } from './journal.ts'

const channel = 'journal'
const lookEveryMs = 1_000
const entriesOfLook = 500
const notifyEveryMs = 20
/** The least between two looks. */
const restMs = 3
/** Entries hidden by a running transaction are looked for again after these pauses, in turn. */
const hiddenAgainMs = [restMs, 4, 8, 16, 32, 64] as const

/** Called with new entries in order; the next call waits for this one. An error is logged and the same entries are not repeated. */
export type Follower = (entries: readonly Entry[]) => void | Promise<void>

export interface JournalTail {
  /** Hands on every entry after `from` (default: what is to come). Answers how to stop. */
  follow(follower: Follower, from?: Position): Promise<() => void>
  /** Calls `written` whenever somebody, here or elsewhere, may have written something: for a reader of its own. Answers how to stop. */
  watch(written: () => void): () => void
  /** Says that this process has committed entries. */
  committed(): void
  close(): Promise<void>
}

// Real time, not the house's clock: this is about a database, which knows nothing of a virtual clock.
const wires = systemClock

export async function openTail(database: Database, clock: Clock, log: Log, notify = true): Promise<JournalTail> {
  const followers = new Set<{ hand: Follower; position: Position }>()
  const watchers = new Set<() => void>()
  /** Its own NOTIFY tells a process nothing new. */
  const name = randomUUID()
  let position = await journalEnd(database, clock)
  let closed = false
  let looking: Promise<void> | undefined
  let again = false
  let hiddenTries = 0
  let cancelLook = () => {}
  let owesNotify = false
  let cancelNotify: (() => void) | undefined
  const stopListening = notify
    ? await database.listen(channel, from => {
        if (from !== name) written()
      })
    : async () => {}

  function written(): void {
    for (const tell of watchers) tell()
    look()
  }

  function look(): void {
    if (closed || followers.size === 0) return
    if (looking) {
      again = true
      return
    }
    cancelLook()
    looking = lookOnce()
      .catch((error: unknown) => log.warn({ error: String(error) }, 'the journal could not be read; trying again'))
      .then(rest)
  }

  /** Until the next look. */
  async function rest(): Promise<void> {
    await new Promise<void>(resolve => wires.after(restMs, resolve))
    looking = undefined
    if (closed) return
    if (again) {
      again = false
      look()
      return
    }
    const pause = hiddenTries > 0 ? (hiddenAgainMs[Math.min(hiddenTries, hiddenAgainMs.length) - 1] ?? lookEveryMs) : lookEveryMs
    cancelLook = wires.after(pause, look)
  }

  async function lookOnce(): Promise<void> {
    for (;;) {
      const { entries, more } = await readJournal(database, position, clock, entriesOfLook)
      const last = entries.at(-1)
      hiddenTries = !more ? 0 : last ? 1 : hiddenTries + 1
      position = last ?? position
      for (const follower of followers) await handOver(follower, entries)
      if (closed || entries.length < entriesOfLook) return
    }
  }

  /** Tells other nodes at once, unless they have just been told: then soon. */
  function tellOthers(): void {
    owesNotify = cancelNotify !== undefined
    if (owesNotify) return
    cancelNotify = wires.after(notifyEveryMs, () => {
      cancelNotify = undefined
      if (owesNotify) tellOthers()
    })
    database.query(`select pg_notify('${channel}', $1)`, [name]).catch(() => {})
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
      if (followers.size === 0) {
        const end = await journalEnd(database, clock)
        if (followers.size === 0 && isAfter(end, position)) position = end
      }
      const follower = { hand, position: from ?? position }
      // What lies between `from` and the tail is read first; the tail then takes over where this ended.
      while (isAfter(position, follower.position)) {
        const { entries } = await readJournal(database, follower.position, clock)
        if (entries.length === 0) break
        await handOver(follower, entries)
      }
      followers.add(follower)
      look()
      return () => followers.delete(follower)
    },
    watch(written) {
      watchers.add(written)
      return () => watchers.delete(written)
    },
    committed() {
      written()
      if (notify && database.kind !== 'embedded' && !closed) tellOthers()
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
