/**
 * What is summed of half hours. Each figure is defined in `docs/indicators.md`; its column has the same name.
 *
 * A contribution is what one call, or one wrap-up, puts into the sums: whole numbers by place. Contributions add up and can be taken out
 * again, so the sums are those of the contributions of everything that the journal says, in whatever order it was read.
 */

export const sumPeriodMs = 30 * 60_000
/** Within so long a call should be answered. */
export const targetMs = 20_000

/** By section. */
export const figures = [
  'joined',
  'waited_ms',
  'gave_up',
  'answered',
  'answered_in_target',
  'abandoned',
  'abandoned_early',
  'not_answered',
  'answer_wait_ms',
  'abandon_wait_ms',
  'conversations',
  'talk_ms',
  'talk_logs',
  'talk_log_squares',
  'wrap_ups',
  'wrap_up_ms',
  'callbacks_wished',
  'callbacks_reached',
] as const
export type Figure = (typeof figures)[number]

/** Logarithms are summed in whole billionths. */
export const logUnits = 1e9

/** Bounds of the classes of waits, in seconds; the last takes what is longer than all others. */
export const waitBounds = [5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 3_600, 86_400] as const

/** How the wait of a call ended. */
export type HowEnded = 'answered' | 'abandoned' | 'not-answered'

/** A wait that has ended. */
export interface Ended {
  /** Milliseconds since the epoch. */
  at: number
  sectionId: string
  how: HowEnded
  waitedMs: number
}

/** Where a whole number belongs; half hours are counted from the epoch. */
export type SumKey =
  | readonly ['section', halfHour: number, sectionId: string, figure: Figure]
  | readonly ['wait', halfHour: number, sectionId: string, how: HowEnded, atMostSeconds: number]
  | readonly ['arrival', halfHour: number, ...sectionIds: string[]]
  | readonly ['number', halfHour: number, number: string, mode: 'channelled' | 'direct', sectionId: string]

/** Whole numbers by place; the key is the place as JSON. */
export type Contribution = Record<string, number>

/** Adds to a contribution. */
export function put(contribution: Contribution, place: SumKey, value: number): void {
  if (value === 0) return
  const key = JSON.stringify(place)
  contribution[key] = (contribution[key] ?? 0) + value
}

/** Returns `after` less `before`, without the places at which nothing changes. */
export function difference(before: Contribution, after: Contribution): Contribution {
  const changed: Contribution = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = (after[key] ?? 0) - (before[key] ?? 0)
    if (value !== 0) changed[key] = value
  }
  return changed
}

export const halfHourOf = (at: number): number => Math.floor(at / sumPeriodMs)
