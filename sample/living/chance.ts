/** Chance of one seed, as the makers of the living sample draw it: the same seed tells the same story. */
import { type Random, randomOf } from '../../src/simulation/index.ts'

export interface Chance {
  /** From 0 (included) to 1 (excluded). */
  readonly next: Random
  /** Whether something of this share happens. */
  happens(share: number): boolean
  /** A whole number, both ends included. */
  whole(from: number, to: number): number
  /** One of a list. @throws when there is none */
  one<T>(all: readonly T[]): T
  /** One of a list by weight. @throws when there is none */
  weighted<T>(all: readonly T[], weightOf: (each: T) => number): T
}

/** Returns one of the seed's streams of chance. */
export function chanceOf(seed: number, stream: number): Chance {
  const next = randomOf(seed, stream)
  const one = <T>(all: readonly T[]): T => {
    const found = all[Math.floor(next() * all.length)]
    if (found === undefined) throw new Error('There is nothing to choose from.')
    return found
  }
  return {
    next,
    happens: share => next() < share,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    one,
    weighted(all, weightOf) {
      let left = next() * all.reduce((sum, each) => sum + weightOf(each), 0)
      for (const each of all) {
        left -= weightOf(each)
        if (left < 0) return each
      }
      return one(all)
    },
  }
}
