import { describe, expect, test } from 'vitest'
import { isCaught } from './canaries.ts'
import { canaries } from './database.ts'
import { keptSeeds } from './kept.ts'
import { night } from './night.ts'

const minutes = 60_000

describe('the night of seeds', () => {
  test(
    'twenty nights: whatever fails, nothing is lost, nothing is done twice, and in the end everybody is served',
    async () => {
      const kinds = new Set<string>()
      const ends = { answered: 0, abandoned: 0, refused: 0 }
      for (let seed = 1_000; seed < 1_020; seed++) {
        const { violation, faults, outcomes } = await night(seed)
        expect(violation, `npm run seeds -- --seed ${seed}`).toBeNull()
        for (const kind of faults.keys()) kinds.add(kind)
        ends.answered += outcomes.answered
        ends.abandoned += outcomes.abandoned
        ends.refused += outcomes.refused
      }
      // A night in which nothing happens would be quiet too.
      expect(kinds.size).toBeGreaterThan(18)
      expect(Math.min(ends.answered, ends.abandoned, ends.refused)).toBeGreaterThan(200)
    },
    10 * minutes,
  )

  test.each(keptSeeds())(
    'the night of seed %i, which once went wrong',
    async seed => {
      expect((await night(seed)).violation).toBeNull()
    },
    minutes,
  )

  test(
    'a seed is a night: the same journal each time',
    async () => {
      const [one, again, other] = [await night(5), await night(5), await night(6)]
      expect(again).toEqual(one)
      expect(other.digest).not.toBe(one.digest)
    },
    minutes,
  )

  test.each(canaries)(
    'the canary %s is caught',
    async canary => {
      expect(await isCaught(canary)).toBe(true)
    },
    2 * minutes,
  )
})
