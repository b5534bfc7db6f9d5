import { describe, expect, test } from 'vitest'
import { canaryNames, catchCanary } from './canaries.ts'
import { keptSeeds } from './kept.ts'
import { otherRelease } from './mutants.ts'
import { night } from './night.ts'
import { nightOfSeed } from './of-seed.ts'
import { allOutcomes } from './people.ts'
import { everyKind } from './rates.ts'
import { sweep } from './sweep.ts'

const minutes = 60_000

describe('the night of seeds', () => {
  test(
    'ten nights: whatever fails, nothing is lost, nothing is done twice, and in the end everybody is served',
    async () => {
      const kinds = new Set<string>()
      const ends = Object.fromEntries(allOutcomes.map(outcome => [outcome, 0]))
      for (let seed = 1_000; seed < 1_010; seed++) {
        const { violation, faults, outcomes } = await night(seed, { maxHours: 4 })
        expect(violation, `the night of ${seed}, four hours at most`).toBeNull()
        for (const kind of faults.keys()) kinds.add(kind)
        for (const outcome of allOutcomes) ends[outcome] = (ends[outcome] ?? 0) + outcomes[outcome]
      }
      // A night in which nothing happens would be quiet too. So few may miss a rare fault; `npm run seeds` runs as many as one likes, and insists on all.
      expect(everyKind.filter(kind => kind !== 'upgrade' && !kinds.has(kind)).length).toBeLessThan(4)
      for (const outcome of allOutcomes) expect(ends[outcome], outcome).toBeGreaterThan(20)
    },
    10 * minutes,
  )

  test(
    'twelve nights of an upgrade: nodes of two releases take turns, one of which decides otherwise, and what was decided holds',
    async () => {
      const other = await otherRelease()
      let upgrades = 0
      for (let seed = 2_000; seed < 2_012; seed++) {
        const { violation, faults } = await night(seed, { maxHours: 3, other })
        expect(violation, `the night of ${seed} with an upgrade, three hours at most`).toBeNull()
        upgrades += faults.get('upgrade') ?? 0
      }
      expect(upgrades).toBeGreaterThan(40)
    },
    10 * minutes,
  )

  test.each(keptSeeds())(
    'the night of seed %i, which once went wrong',
    async seed => {
      expect((await nightOfSeed(seed)).violation).toBeNull()
    },
    3 * minutes,
  )

  test(
    'a seed is a night: the same journal each time',
    async () => {
      const [one, again, other] = [await night(5), await night(5), await night(6, { maxHours: 2 })]
      expect(again).toEqual(one)
      expect(other.digest).not.toBe(one.digest)
    },
    3 * minutes,
  )

  test.each(['hang-up', 'crash', 'answer-lost', 'place damaged', 'fact that breaks the engine'] as const)(
    'instant by instant, call by call: %s',
    async what => {
      const { scenes, violations } = await sweep(11, [what])
      expect(violations).toEqual([])
      expect(scenes).toBeGreaterThan(10)
    },
    5 * minutes,
  )

  test.each(canaryNames)(
    'the canary %s is caught',
    async canary => {
      expect((await catchCanary(canary)).what).not.toBeNull()
    },
    3 * minutes,
  )
})
