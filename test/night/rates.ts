/** How much goes wrong in a night, drawn from its seed: in some nights nearly everything, in some a single kind of fault. */
import type { World } from './world.ts'

const minute = 60_000
const hour = 60 * minute

export interface Rates {
  /** Share of the calls to the database that go wrong, and how slow a slow one may be. */
  call: number
  readonly slowMs: number
  /** A message is under way for so long at most: in many nights less than a millisecond. */
  readonly wireMs: number
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
  ...['crash', 'orderly restart', 'pause', 'cut wire', 'lock lost', 'clock jump', 'clock jump of the database', 'database away'],
  ...['page vanishes', 'telephony deaf', 'settings change', 'written work by hand'],
  ...['transaction of a stranger', 'long transaction of our own', 'entry of a newer release', 'damaged entry'],
  ...['entry of before', 'fact that breaks the engine', 'snapshot damaged', 'snapshot says otherwise', 'place damaged'],
] as const satisfies readonly string[]
export type Accident = (typeof accidents)[number]

/** Kinds of faults without which a long run of nights has not tried what it should. */
export const everyKind: readonly string[] = [
  ...accidents,
  ...['not-sent', 'answer-lost', 'unanswered', 'slow', 'stuck'].map(kind => `call ${kind}`),
  ...['answer to COMMIT lost', 'slow transaction', 'wake-up lost', 'event repeated', 'event delayed'],
  ...['agent ignores the ringing', 'agent refuses or cannot be rung', 'conversation broken off', 'callback not reached'],
  ...['caller hangs up at an instant', 'written work let go by', 'two believe to lead', 'hour missing', 'hour twice', 'upgrade'],
  ...['entry set aside', 'room made in vain', 'rebuilt from damaged rows'],
]

export function drawRates(world: World): Rates {
  const share = (most: number) => (world.chance(0.3) ? 0 : world.anySize(most / 1000, most))
  const everyMs: Partial<Record<Accident, number>> = {}
  for (const accident of accidents)
    everyMs[accident] = world.chance(0.3) ? Number.POSITIVE_INFINITY : world.anySize(2 * minute, 8 * hour)
  return {
    call: share(0.01),
    slowMs: world.anySize(200, 9_000),
    wireMs: world.chance(0.5) ? 0 : Math.round(world.anySize(1, 30)),
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

/** Nothing goes wrong by chance. */
export function noFaults(): Rates {
  const shares = {
    call: 0,
    deaf: 0,
    slowTransaction: 0,
    repeated: 0,
    delayed: 0,
    ignores: 0,
    refuses: 0,
    hangsUpAtEach: 0,
    breaksOff: 0,
  }
  return { ...shares, slowMs: 2_000, wireMs: 2, everyMs: () => Number.POSITIVE_INFINITY, worsen() {}, heal() {} }
}
