/**
 * The tail of the journal: one reader for each process, which hands new entries to everybody inside it who follows.
 *
 * Something wakes it: a commit of this process at once, a NOTIFY of another node, and in any case a look every second. Losing every
 * NOTIFY costs latency and nothing else. NOTIFY takes a global lock when it commits, so it is sent on its own, outside the
 * transactions that do the work, and at most once in `notifyIntervalMs`.
 *
 * Looks follow each other at a distance: what comes in between is read together. While nobody follows, nothing is read at all.
 */
import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import type { Log } from '../log.ts'
import type { Entry } from './event.ts'
import { journalEnd, readJournal } from './journal.ts'
import { type Position, readAt } from './position.ts'

const channel = 'journal'
const pollIntervalMs = 1_000
const entriesOfLook = 500
const notifyIntervalMs = 5
/** The least between two looks, and the most: the more a look has brought, the more come together in the next. */
const restMs = 4
const maxRestMs = 30
const restMsAfter = (entries: number): number => Math.min(maxRestMs, restMs + entries)

/**
 * Called with new entries in order, and with the positions after and before them; the next call waits for this one. An error is logged and
 * the same entries are not repeated. Where one stands in between, `positionAfter` tells.
 */
export type Follower = (entries: readonly Entry[], after: Position, before: Position) => void | Promise<void>

/** Returns the position after an entry of a look; that before the look for an entry that came late, of which there is no exact one. */
export function positionAfter(entry: Entry, after: Position, before: Position): Position {
  return entry.id > before.id ? { ...after, id: entry.id } : before
}

export interface JournalTail {
  /**
   * Hands on every entry that is unread at `from` (default: what is to come). Returns how to stop.
   * @param signal ends it as well, also while it is still catching up.
   */
  follow(follower: Follower, from?: Position, signal?: AbortSignal): Promise<() => void>
  /** Calls `written` whenever somebody, here or elsewhere, may have written something: for a reader of its own. Returns how to stop. */
  watch(written: () => void): () => void
  /** Says that this process has committed entries. */
  committed(): void
  /** How far those who follow have read; undefined when nobody does. */
  position(): Position | undefined
  close(): Promise<void>
}

// Real time, not the house's clock: this is about a database, which knows nothing of a virtual clock.
const wires = systemClock

interface Following {
  readonly hand: Follower
  /** What it was handed before it joined the others. */
  readonly before: Position
  readonly hasRead: ReturnType<typeof readAt>
}

export async function openTail(database: Database, clock: Clock, log: Log, notify = true): Promise<JournalTail> {
  const followers = new Set<Following>()
  const watchers = new Set<() => void>()
  /** Its own NOTIFY tells a process nothing new. */
  const name = randomUUID()
  let position = await journalEnd(database, clock)
  let closed = false
  let looking: Promise<void> | undefined
  let turn: Promise<void> = Promise.resolve()
  let again = false
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
    looking = inTurn(lookOnce)
      .catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the journal could not be read; trying again')
        return 0
      })
      .then(rest)
  }

  /** Until the next look. */
  async function rest(entries: number): Promise<void> {
    await new Promise<void>(resolve => wires.after(restMsAfter(entries), resolve))
    looking = undefined
    if (closed) return
    if (again) {
      again = false
      look()
      return
    }
    cancelLook = wires.after(pollIntervalMs, look)
  }

  /** Reads to the end. Returns how many entries there were. */
  async function lookOnce(): Promise<number> {
    for (let count = 0; ; ) {
      const from = position
      const { entries, more, position: after } = await readJournal(database, from, clock, entriesOfLook)
      position = after
      for (const follower of followers) await handOver(follower, entries, from)
      count += entries.length
      if (closed || !more) return count
    }
  }

  /** Tells other nodes at once, unless they have just been told: then soon. */
  function tellOthers(): void {
    owesNotify = cancelNotify !== undefined
    if (owesNotify) return
    cancelNotify = wires.after(notifyIntervalMs, () => {
      cancelNotify = undefined
      if (owesNotify) tellOthers()
    })
    database.query(`select pg_notify('${channel}', $1)`, [name]).catch(() => {})
  }

  /** Leaves out what a follower was handed while it was catching up. */
  async function handOver({ hand, before, hasRead }: Following, entries: readonly Entry[], from: Position): Promise<void> {
    const fresh = before.era === position.era ? entries.filter(entry => !hasRead(entry)) : entries
    await give(hand, fresh, position, from)
  }

  async function give(hand: Follower, entries: readonly Entry[], after: Position, before: Position): Promise<void> {
    if (entries.length === 0) return
    try {
      await hand(entries, after, before)
    } catch (error) {
      log.error({ err: error, from: entries[0]?.id, to: entries.at(-1)?.id }, 'a follower of the journal failed')
    }
  }

  /** Hands on what is unread at a position, to the end. Returns the position there. */
  async function catchUp(hand: Follower, from: Position, stopped: () => boolean): Promise<Position> {
    for (let at = from; ; ) {
      const { entries, more, position: after } = await readJournal(database, at, clock, entriesOfLook)
      if (stopped()) return after
      await give(hand, entries, after, at)
      at = after
      if (!more || stopped()) return at
    }
  }

  /** One after the other, in the order in which they were asked for: looks of the tail, and followers that join between them. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)
    turn = done.then(
      () => {},
      () => {},
    )
    return done
  }

  return {
    async follow(hand, from, signal) {
      let following: Following | undefined
      const stopped = () => closed || signal?.aborted === true
      const stop = () => {
        if (following) followers.delete(following)
      }
      signal?.addEventListener('abort', stop, { once: true })
      // Far from the end it reads on its own and delays nobody. The last piece is read between two looks of the tail: then everything that
      // the tail has read has been handed to it as well, and of what the tail reads next it knows which it has had.
      const near = from && (await catchUp(hand, from, stopped))
      await inTurn(async () => {
        if (followers.size === 0) position = await journalEnd(database, clock)
        const before = near ? await catchUp(hand, near, stopped) : position
        if (stopped()) return
        following = { hand, before, hasRead: readAt(before) }
        followers.add(following)
      })
      look()
      return stop
    },
    watch(written) {
      watchers.add(written)
      return () => watchers.delete(written)
    },
    committed() {
      written()
      if (notify && database.kind !== 'embedded' && !closed) tellOthers()
    },
    position: () => (followers.size === 0 ? undefined : position),
    async close() {
      closed = true
      cancelLook()
      cancelNotify?.()
      await stopListening()
      await looking
    },
  }
}
