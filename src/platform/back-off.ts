/** Pauses between attempts at something that may be away for long: soon at first, then less and less often. Pure. */

export interface BackOff {
  minRetryMs: number
  /** No pause is longer. */
  maxRetryMs: number
}

/**
 * Returns the pause before attempt number `attempt`, counted from 0: it doubles up to the longest.
 * @param random from 0 to 1: so much of the second half of the pause, that many who lost the same thing do not all come back at once; 1 for the
 *   whole pause, where only one tries
 */
export function backOffMs({ minRetryMs, maxRetryMs }: BackOff, attempt: number, random = 1): number {
  const whole = Math.min(maxRetryMs, minRetryMs * 2 ** Math.min(attempt, 30))
  return Math.round(whole / 2 + (whole / 2) * random)
}
