/**
 * The expected wait.
 *
 * Stated estimator: (works ahead + 1) × the pace of the lane, where the pace is the time between two conversations that begin
 * while somebody waits. It is measured as a running mean that gives a new value one eighth of the weight (as TCP smooths its
 * round trips, RFC 6298 §2), because staff and handling times change over a day. Before the first measurement it is reckoned as
 * handling time ÷ agents signed in. Callers who hang up while others wait make the truth shorter than the estimate, never longer.
 * The simulator reports the error.
 */
import type { InstantMs } from './model.ts'

/** The measured pace of one lane. */
export interface Pace {
  /** Running mean in milliseconds; null until measured. */
  meanMs: number | null
  /** The last beginning after which the line was not empty; null when it has been empty since. */
  lastStart: InstantMs | null
}

export function newPace(): Pace {
  return { meanMs: null, lastStart: null }
}

/** A conversation begins; `waiting` others stay in line. */
export function noteStart(pace: Pace, now: InstantMs, waiting: number): void {
  if (pace.lastStart !== null) {
    const gap = Math.max(1, now - pace.lastStart)
    pace.meanMs = pace.meanMs === null ? gap : Math.max(1, pace.meanMs + Math.trunc((gap - pace.meanMs) / 8))
  }
  pace.lastStart = waiting > 0 ? now : null
}

/** The line has become empty: the time until the next beginning says nothing about the pace. */
export function noteEmpty(pace: Pace): void {
  pace.lastStart = null
}

/** The wait to expect behind `ahead` others; null when nobody is signed in. */
export function expectedWaitMs(pace: Pace, ahead: number, signedIn: number, handlingMs: number): number | null {
  if (signedIn === 0) return null
  return Math.trunc((ahead + 1) * (pace.meanMs ?? handlingMs / signedIn))
}
