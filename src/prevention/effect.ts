/**
 * Whether fewer questions come after an activity than before it. Pure.
 *
 *   ──── n weeks before ────┤ activity ├──── n weeks after ────
 *
 * Both sides have the same length and the same days of the week. A holiday on one of them takes the same day of the week away from the other too. What is
 * counted are matters that became a ticket, by the day on which they began. `interval.ts` says which test is made of it.
 *
 * An effect is said only where the whole interval lies below 1 (or above it), and, for a territory, also below (or above) what happened elsewhere in the same
 * weeks: what became rarer everywhere did not become so by this.
 */
import { addDays, type Day, weekdayOf } from '../platform/index.ts'
import { effectWeeks } from './choices.ts'
import { type CountedWeek, dispersionOf, rateRatio } from './interval.ts'
import type { ActivityEffect } from './model.ts'

export const effectConfidence = 0.95

/** Tickets of a day, in the territory and elsewhere. */
export interface DayCount {
  day: Day
  here: number
  elsewhere: number
}

/** The days of both sides: `until` is the day after the last one. */
export interface ComparedSpans {
  weeks: number
  before: { from: Day; until: Day }
  after: { from: Day; until: Day }
}

/**
 * Returns what is compared for an activity; undefined as long as too few weeks have passed.
 * @param today the day that is not over
 * @param weeks how many are wished; without, as many as have passed
 */
export function comparedSpans(
  { firstDay, lastDay }: { firstDay: Day; lastDay: Day },
  today: Day,
  weeks: number = Math.max(...effectWeeks),
): ComparedSpans | undefined {
  const from = addDays(lastDay, 1)
  const fitting = effectWeeks.filter(each => each <= weeks && addDays(from, 7 * each) <= today).at(-1)
  if (fitting === undefined) return undefined
  return {
    weeks: fitting,
    before: { from: addDays(firstDay, -7 * fitting), until: firstDay },
    after: { from, until: addDays(from, 7 * fitting) },
  }
}

/**
 * Returns the effect.
 * @param counts of days that have tickets, in any order
 * @param isHoliday whether hardly anybody calls on a day
 * @param hasElsewhere whether the activity was for a part of the country
 */
export function effectOf(
  spans: ComparedSpans,
  counts: readonly DayCount[],
  { isHoliday, hasElsewhere }: { isHoliday: (day: Day) => boolean; hasElsewhere: boolean },
): ActivityEffect {
  const ofDay = new Map(counts.map(count => [count.day, count]))
  const pairs = pairsOf(spans)
  const kept = pairs.filter(({ before, after }) => !isHoliday(before) && !isHoliday(after))
  const side = (name: 'before' | 'after') => {
    const weeks: CountedWeek[] = Array.from({ length: spans.weeks }, () => ({ tickets: 0, days: 0 }))
    let [here, elsewhere] = [0, 0]
    for (const pair of kept) {
      const count = ofDay.get(pair[name])
      const week = weeks[pair.week]
      if (week) {
        week.days++
        week.tickets += count?.here ?? 0
      }
      here += count?.here ?? 0
      elsewhere += count?.elsewhere ?? 0
    }
    return { weeks, here, elsewhere }
  }
  const [before, after] = [side('before'), side('after')]
  const dispersion = dispersionOf([before.weeks, after.weeks])
  const { ratio, low, high } = rateRatio({ before: before.here, after: after.here }, { confidence: effectConfidence, dispersion })
  const elsewhere = hasElsewhere && before.elsewhere > 0 ? after.elsewhere / before.elsewhere : null
  const bounds = elsewhere === null ? [1] : [1, elsewhere]
  return {
    verdict: high < Math.min(...bounds) ? 'fewer' : low > Math.max(...bounds) ? 'more' : 'not-proved',
    weeks: spans.weeks,
    before: { from: spans.before.from, until: addDays(spans.before.until, -1), tickets: before.here },
    after: { from: spans.after.from, until: addDays(spans.after.until, -1), tickets: after.here },
    daysLeftOut: pairs.length - kept.length,
    ratio,
    low,
    high: Number.isFinite(high) ? high : null,
    confidence: effectConfidence,
    dispersion,
    elsewhere,
  }
}

/** Each day after with the one before that is of the same day of the week, the n-th with the n-th. */
function pairsOf({ weeks, before, after }: ComparedSpans): { week: number; before: Day; after: Day }[] {
  const shift = (weekdayOf(after.from) - weekdayOf(before.from) + 7) % 7
  return Array.from({ length: 7 * weeks }, (_, n) => {
    // In each week of either side every day of the week stands once; where the sides begin on another one, it stands at another place.
    const week = Math.floor(n / 7)
    return { week, after: addDays(after.from, n), before: addDays(before.from, 7 * week + ((n + shift) % 7)) }
  })
}

/** The answer where nothing is compared. */
export const noEffect = (verdict: 'too-early' | 'no-typologies' | 'not-held'): ActivityEffect => ({
  ...{ verdict, weeks: 0, before: null, after: null, daysLeftOut: 0, ratio: null, low: null, high: null },
  ...{ confidence: effectConfidence, dispersion: 1, elsewhere: null },
})
