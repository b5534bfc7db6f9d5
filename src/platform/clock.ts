/**
 * Time is passed in. Production uses `systemClock`; tests and the simulation use a clock that they move by hand.
 *
 * Everything that waits does so through `after`, so that a room can run under virtual time.
 */

/** A source of time and of timers. Times are milliseconds since the epoch, UTC. */
export interface Clock {
  now(): number
  /** Calls `work` once after `ms` milliseconds; the answer cancels it. */
  after(ms: number, work: () => void): () => void
  /**
   * Begins to ask another clock what time it is; the answer takes in what that said, in milliseconds since the epoch. Only a clock that goes
   * by another has it: see `guidedClock`.
   */
  asking?(): (theirs: number) => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * A clock that goes by another, the database's: so all nodes agree on the time, however wrong their own clocks are. Everybody who reads the
 * journal asks (`readJournal`). Between two questions it goes on by the machine's time since its start, which nobody sets.
 *
 * The other clock was read at some instant between question and answer. That leaves room, and the clock moves no more than it must to be
 * within it: a slow answer does not disturb it.
 */
export function guidedClock(reading: () => number = () => performance.timeOrigin + performance.now()): Required<Clock> {
  let offset = 0
  return {
    now: () => Math.floor(reading() + offset),
    after: systemClock.after,
    asking() {
      const asked = reading()
      return theirs => {
        offset = Math.min(theirs - asked, Math.max(theirs - reading(), offset))
      }
    },
  }
}

/** A clock that stands still until it is moved. `advance` runs what is due, in order, each at its own instant. */
export interface VirtualClock extends Clock {
  advance(ms: number): void
}

export function virtualClock(start = Date.UTC(2026, 0, 5, 8)): VirtualClock {
  let now = start
  let made = 0
  const waiting = new Map<number, { at: number; work: () => void }>()
  const nextDue = (until: number) => {
    let next: { id: number; at: number } | undefined
    for (const [id, { at }] of waiting)
      if (at <= until && (!next || at < next.at || (at === next.at && id < next.id))) next = { id, at }
    return next
  }
  return {
    now: () => now,
    after(ms, work) {
      const id = made++
      waiting.set(id, { at: now + ms, work })
      return () => waiting.delete(id)
    },
    advance(ms) {
      const until = now + ms
      for (let due = nextDue(until); due; due = nextDue(until)) {
        now = due.at
        const work = waiting.get(due.id)?.work
        waiting.delete(due.id)
        work?.()
      }
      now = until
    },
  }
}
