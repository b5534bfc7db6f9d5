/** Which night belongs to a seed: one in five is the night of an upgrade, in which nodes of two releases take turns. */
import type { Engines } from '../../src/distribution/leader/memory.ts'
import { otherRelease } from './mutants.ts'
import { type Night, night } from './night.ts'

let other: Promise<Engines> | null = null

export const isOfUpgrade = (seed: number): boolean => seed % 5 === 0

/** Runs the night of a seed. */
export async function nightOfSeed(seed: number): Promise<Night> {
  if (!isOfUpgrade(seed)) return night(seed)
  other ??= otherRelease()
  return night(seed, { other: await other })
}
