/** How much goes wrong in a night, drawn from its seed: in some nights nearly everything, in some a single kind of fault. */
import type { World } from './world.ts'

const minute = 60_000
const hour = 60 * minute

export interface Rates {
  /** Share of the calls to the database that go wrong, and how slow a slow one may be. */
  call: number
  readonly slowMs: number
  /** Mean time between two faults of a kind; infinite for none. */
  everyMs(kind: Accident): number
  /** Shares. */
  deaf: number
  readonly slowTransaction: number
  readonly repeated: number
  readonly delayed: number
  readonly ignores: number
  readonly refuses: number
  readonly hangsUpAtEach: number
  readonly breaksOff: number
  /** Most calls to the database go wrong. */
  worsen(): void
  /** None does any more. */
  heal(): void
}

export const accidents = [
  ...['crash', 'orderly restart', 'pause', 'cut wire', 'lock lost', 'clock jump', 'database away'],
  ...['page vanishes', 'telephony deaf', 'settings change'],
] as const satisfies readonly string[]
export type Accident = (typeof accidents)[number]

export function drawRates(world: World): Rates {
  const share = (most: number) => (world.chance(0.3) ? 0 : world.anySize(most / 1000, most))
  const everyMs: Partial<Record<Accident, number>> = {}
  for (const accident of accidents)
    everyMs[accident] = world.chance(0.3) ? Number.POSITIVE_INFINITY : world.anySize(2 * minute, 8 * hour)
  return {
    call: share(0.02),
    slowMs: world.anySize(200, 9_000),
    everyMs: accident => everyMs[accident] ?? Number.POSITIVE_INFINITY,
    deaf: share(0.5),
    slowTransaction: share(0.1),
    repeated: share(0.3),
    delayed: share(0.2),
    ignores: share(0.2),
    refuses: share(0.2),
    hangsUpAtEach: share(0.15),
    breaksOff: share(0.15),
    worsen() {
      this.call = 0.7
    },
    heal() {
      this.call = 0
      this.deaf = 0
    },
  }
}
