/**
 * How long somebody who comes now will wait, as a range. Pure.
 *
 * The queue is played ahead with the measured mean of each service: those who wait, those who are expected with an appointment, and the desks that
 * call, by the order in which desks call. Where the newcomer is called, there is the expectation. Its spread is that of the sum of all times before it
 * (they are independent), shared by the desks. Where too little was measured or nobody calls there is no range: not known is better than wrong.
 */

/** Measured time at a desk, from the call to the end, of one service. */
export interface Measured {
  samples: number
  meanMs: number
  deviationMs: number
}

/** Fewer tell nothing. */
export const minSamples = 20
/** So many standard deviations to each side: nine in ten of a normal distribution. */
const spread = 1.65

export interface QueuedAhead {
  /** By when to be called; the newcomer is overtaken by whoever has an earlier one. */
  callBy: number
  /** Not called before: the time of an appointment, or now. */
  from: number
  measured: Measured | undefined
}

export interface WaitFacts {
  now: number
  callBy: number
  queue: readonly QueuedAhead[]
  /** Of those at desks now, since when. */
  atDesks: readonly { measured: Measured | undefined; since: number }[]
  /** At which somebody sits. */
  desks: number
}

interface Played {
  callBy: number
  from: number
  meanMs: number
  deviationMs: number
}

const isKnown = (measured: Measured | undefined): measured is Measured => (measured?.samples ?? 0) >= minSamples

/** Returns the range in milliseconds; undefined when it is not known. */
export function expectedWait({ now, callBy, queue, atDesks, desks }: WaitFacts): { minMs: number; maxMs: number } | undefined {
  if (desks === 0) return undefined
  const before: Played[] = []
  for (const { callBy: by, from, measured } of queue) {
    if (by > callBy) continue
    if (!isKnown(measured)) return undefined
    before.push({ callBy: by, from, ...measured })
  }
  // The instants at which desks become free.
  const free = Array.from({ length: Math.max(0, desks - atDesks.length) }, () => now)
  let variance = 0
  let lastMeanMs = 0
  for (const { measured, since } of atDesks) {
    if (!isKnown(measured)) return undefined
    const rest = restOf(measured, now - since)
    free.push(now + rest.meanMs)
    variance += rest.deviationMs ** 2
    lastMeanMs = measured.meanMs
  }
  before.sort((a, b) => a.callBy - b.callBy)
  for (;;) {
    free.sort((a, b) => a - b)
    const at = free[0] ?? now
    const index = before.findIndex(({ from }) => from <= at)
    const [called] = index < 0 ? [] : before.splice(index, 1)
    if (called === undefined) {
      // Which desk is free first is chance, too: about one time at one of the desks.
      const half = at === now ? 0 : (spread * Math.sqrt(variance + lastMeanMs ** 2)) / desks
      return { minMs: Math.max(0, at - now - half), maxMs: at - now + half }
    }
    free[0] = at + called.meanMs
    lastMeanMs = called.meanMs
    variance += called.deviationMs ** 2
  }
}

/** What is left of a time that has run for so long: at least half a deviation, since nobody knows when a long one ends. */
const restOf = ({ meanMs, deviationMs }: Measured, sinceMs: number) => ({
  meanMs: Math.max(meanMs - sinceMs, deviationMs / 2),
  deviationMs,
})

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** Mean and deviation of measured times; undefined where there are none. Milliseconds. */
export function measuredOf(times: readonly number[]): Measured | undefined {
  if (times.length === 0) return undefined
  const meanMs = sum(times) / times.length
  return { samples: times.length, meanMs, deviationMs: Math.sqrt(sum(times.map(time => (time - meanMs) ** 2)) / times.length) }
}

/** The times of a service at about an hour of the day, or of the whole day where that hour has too few. */
export function measuredAt(times: readonly { hour: number; ms: number }[], hour: number): Measured | undefined {
  const near = times.filter(each => Math.abs(each.hour - hour) <= 1)
  return measuredOf((near.length >= minSamples ? near : times).map(({ ms }) => ms))
}
