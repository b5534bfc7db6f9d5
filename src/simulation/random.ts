/**
 * Chance from a seed: the same seed gives the same day on every machine.
 *
 * Each call draws from a stream of its own, made from the seed and the call's number. So two runs that differ in staff still have the same
 * callers with the same patience and the same questions, and their difference is the difference of the staff.
 */

/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number

/**
 * Small fast counter generator, 32 bit (Chris Doty-Humphrey, PractRand).
 * @param seed any integer
 * @param stream which of the seed's independent streams
 */
export function randomOf(seed: number, stream = 0): Random {
  // Neighbouring streams must not begin with shifted copies of each other: seed and stream are mixed one after the other.
  let a = mix(seed)
  let b = mix(a ^ mix(stream ^ 0x5bd1e995))
  let c = mix(b + 0x9e3779b9)
  let counter = 1
  const draw = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 8; i++) draw()
  return draw
}

/** Spreads every bit over all others (the finalizer of MurmurHash3, Austin Appleby). */
function mix(value: number): number {
  let z = (value + 0x9e3779b9) | 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return z ^ (z >>> 16)
}

/** A time that varies. All in milliseconds. */
export type Duration =
  | { kind: 'fixed'; ms: number }
  | { kind: 'exponential'; meanMs: number }
  /** `variation` is the standard deviation as a share of the mean; handling times have about 1. */
  | { kind: 'log-normal'; meanMs: number; variation: number }
  /** A mixture of exponentials: many who give up at once, some who stay. The shares add up to 1. */
  | { kind: 'hyper-exponential'; parts: readonly { share: number; meanMs: number }[] }
  /** Times as they were measured, each as likely as the other. */
  | { kind: 'measured'; ms: readonly number[] }

/** Draws a time in milliseconds: an integer, at least 1 (a fixed 0 stays 0). */
export function drawMs(duration: Duration, random: Random): number {
  switch (duration.kind) {
    case 'fixed':
      return duration.ms
    case 'exponential':
      return whole(exponential(duration.meanMs, random))
    case 'log-normal': {
      const sigma2 = Math.log(1 + duration.variation ** 2)
      return whole(Math.exp(Math.log(duration.meanMs) - sigma2 / 2 + Math.sqrt(sigma2) * normal(random)))
    }
    case 'hyper-exponential': {
      let left = random()
      for (const part of duration.parts) {
        left -= part.share
        if (left < 0) return whole(exponential(part.meanMs, random))
      }
      return whole(exponential(duration.parts.at(-1)?.meanMs ?? 1, random))
    }
    case 'measured':
      return whole(duration.ms[Math.floor(random() * duration.ms.length)] ?? 1)
  }
}

/** The mean of a varying time, in milliseconds. */
export function meanMsOf(duration: Duration): number {
  switch (duration.kind) {
    case 'fixed':
      return duration.ms
    case 'exponential':
    case 'log-normal':
      return duration.meanMs
    case 'hyper-exponential':
      return duration.parts.reduce((sum, part) => sum + part.share * part.meanMs, 0)
    case 'measured':
      return duration.ms.length === 0 ? 0 : duration.ms.reduce((sum, ms) => sum + ms, 0) / duration.ms.length
  }
}

const whole = (ms: number): number => Math.max(1, Math.round(ms))

/** Exponential, by the inverse of its law. */
export const exponential = (mean: number, random: Random): number => -mean * Math.log1p(-random())

/** Standard normal, by the Box-Muller transform. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log1p(-random()))
  return radius * Math.cos(2 * Math.PI * random())
}
