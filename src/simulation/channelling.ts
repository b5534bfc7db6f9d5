/**
 * What it brings to channel offices: their calls, in whose section and when. Pure.
 *
 * How many calls an office gets is taken, the first that is known:
 *
 *   journal               its own calls, which the program has seen on their way to the office or in the contact centre
 *   same-kind-in-region   the mean of the channelled offices of the same kind (internal, complex, territorial) in its region
 *   same-kind             of the same kind in the country
 *   all                   of all channelled offices
 *
 * A call that reaches the contact centre does not always reach a section, and not every section alike: both, and the course of the day,
 * are those of the region's channelled offices where enough is known of them, else of all.
 */
import type { DayCounts } from './store.ts'

/** A number of the plan, as far as its calls are concerned. */
export interface ChannellingNumber {
  number: string
  officeKind: string
  regionCode: string | null
}

export type Mode = 'channelled' | 'direct'

/** A day with an ordinary course, and how each number was treated on it. */
export interface CountedDay {
  counts: DayCounts
  modes: ReadonlyMap<string, Mode>
}

export type CallsFrom = 'journal' | 'same-kind-in-region' | 'same-kind' | 'all' | 'nothing'
export type ShapeFrom = 'own' | 'region' | 'all' | 'nothing'

export interface Added {
  numbers: number
  /** Calls to these numbers on a working day. */
  arrivalsADay: number
  /** Of those that reach a section. */
  callsADay: number
  /** Where the number of calls was taken from, with the numbers for which it was, and the offices that were compared with. */
  sources: { from: CallsFrom; numbers: number; arrivalsADay: number; comparedWith: number }[]
  proportionsFrom: ShapeFrom
  courseFrom: ShapeFrom
  /** Calls on a working day by half hour of the clock on the wall. */
  sections: { sectionId: string; callsADay: number; perHalfHour: number[] }[]
}

/** Fewer days of a number say too little; fewer numbers are no comparison; fewer calls have no shape. */
const leastDays = 5
const leastNumbers = 3
const leastCalls = 200
const halfHours = 48

interface Seen {
  days: number
  calls: number
  perHalfHour: number[]
  bySection: Map<string, number>
}

const nothingSeen = (): Seen => ({ days: 0, calls: 0, perHalfHour: new Array<number>(halfHours).fill(0), bySection: new Map() })

/** What was seen of each number while it was channelled, and while it rang its office. */
function seenOf(days: readonly CountedDay[]): { channelled: Map<string, Seen>; direct: Map<string, Seen> } {
  const seen = { channelled: new Map<string, Seen>(), direct: new Map<string, Seen>() }
  const inOrder = days.toSorted((a, b) => a.counts.day.localeCompare(b.counts.day))
  for (const { counts, modes } of inOrder) {
    for (const { number, mode, calls, perHalfHour, bySection } of counts.numbers) {
      const place = seen[mode].get(number) ?? nothingSeen()
      seen[mode].set(number, place)
      place.calls += calls
      for (const [half, each] of perHalfHour.entries()) place.perHalfHour[half] = (place.perHalfHour[half] ?? 0) + each
      for (const [section, each] of bySection) place.bySection.set(section, (place.bySection.get(section) ?? 0) + each)
    }
    // A day without a call counts from the first call on: before, the journal did not see the number's calls at all.
    for (const [number, mode] of modes) {
      const place = seen[mode].get(number)
      if (place) place.days++
    }
  }
  return seen
}

const aDay = (seen: Seen): number => seen.calls / Math.max(1, seen.days)

/**
 * What the numbers `chosen` would bring.
 * @param offices the whole plan, with which they are compared
 * @param days the last weeks' ordinary working days
 */
export function addedCalls(
  chosen: readonly ChannellingNumber[],
  offices: readonly ChannellingNumber[],
  days: readonly CountedDay[],
): Added {
  const { channelled, direct } = seenOf(days)
  const comparable = offices.flatMap(office => {
    const seen = channelled.get(office.number)
    return seen && seen.days >= leastDays ? [{ ...office, seen }] : []
  })
  const groups = new Map<string, Added['sources'][number]>()
  let arrivalsADay = 0
  for (const office of chosen) {
    const { from, calls, comparedWith } = callsOf(office)
    const group = groups.get(from) ?? { from, numbers: 0, arrivalsADay: 0, comparedWith: 0 }
    groups.set(from, group)
    group.numbers++
    group.arrivalsADay += calls
    group.comparedWith = Math.max(group.comparedWith, comparedWith)
    arrivalsADay += calls
  }

  const regions = new Set(chosen.map(office => office.regionCode))
  const ofRegion = offices.filter(office => regions.has(office.regionCode))
  const own = shapeOf(chosen, direct)
  const region = shapeOf(ofRegion, channelled)
  const all = shapeOf(offices, channelled)
  const proportionsFrom: ShapeFrom = region.queued >= leastCalls ? 'region' : all.queued > 0 ? 'all' : 'nothing'
  const proportions = proportionsFrom === 'region' ? region : all
  const courseFrom: ShapeFrom =
    own.calls >= leastCalls ? 'own' : region.calls >= leastCalls ? 'region' : all.calls > 0 ? 'all' : 'nothing'
  const course = courseFrom === 'own' ? own : courseFrom === 'region' ? region : all
  const reaching = proportions.calls === 0 ? 0 : proportions.queued / proportions.calls
  return {
    numbers: chosen.length,
    arrivalsADay,
    callsADay: arrivalsADay * reaching,
    sources: [...groups.values()],
    proportionsFrom,
    courseFrom,
    sections: [...proportions.bySection]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([sectionId, calls]) => {
        const callsADay = (arrivalsADay * calls) / proportions.calls
        return {
          sectionId,
          callsADay,
          perHalfHour: course.perHalfHour.map(each => (course.calls === 0 ? 0 : (callsADay * each) / course.calls)),
        }
      }),
  }

  function callsOf(office: ChannellingNumber): { from: CallsFrom; calls: number; comparedWith: number } {
    for (const seen of [channelled.get(office.number), direct.get(office.number)])
      if (seen && seen.days >= leastDays) return { from: 'journal', calls: aDay(seen), comparedWith: 0 }
    const sameKind = comparable.filter(each => each.officeKind === office.officeKind)
    const tries: [CallsFrom, typeof comparable][] = [
      ['same-kind-in-region', sameKind.filter(each => each.regionCode === office.regionCode)],
      ['same-kind', sameKind],
      ['all', comparable],
    ]
    for (const [from, group] of tries)
      if (group.length >= leastNumbers)
        return { from, calls: group.reduce((sum, { seen }) => sum + aDay(seen), 0) / group.length, comparedWith: group.length }
    return { from: 'nothing', calls: 0, comparedWith: 0 }
  }
}

interface Shape {
  calls: number
  queued: number
  perHalfHour: number[]
  bySection: Map<string, number>
}

function shapeOf(offices: readonly ChannellingNumber[], seen: ReadonlyMap<string, Seen>): Shape {
  const shape: Shape = { calls: 0, queued: 0, perHalfHour: new Array<number>(halfHours).fill(0), bySection: new Map() }
  for (const { number } of offices) {
    const place = seen.get(number)
    if (!place) continue
    shape.calls += place.calls
    for (const [half, each] of place.perHalfHour.entries()) shape.perHalfHour[half] = (shape.perHalfHour[half] ?? 0) + each
    for (const [section, each] of place.bySection) {
      shape.queued += each
      shape.bySection.set(section, (shape.bySection.get(section) ?? 0) + each)
    }
  }
  return shape
}

/**
 * The calls of a past day as they would have been had the number plan been that of another day: with those of the numbers that were
 * channelled since, and without those of the numbers that were put back.
 * @param added of the numbers channelled since, on a working day; scaled to the calls of this day
 * @param back numbers that were put back to their office
 */
export function underPlan(
  counts: DayCounts,
  sectionId: string | undefined,
  { added, back, share }: { added: Added | undefined; back: ReadonlySet<string>; share: number },
): number[] {
  const halves = new Array<number>(halfHours).fill(0)
  for (const row of counts.sections)
    if (sectionId === undefined || row.sectionId === sectionId) halves[row.half] = (halves[row.half] ?? 0) + row.calls
  for (const section of added?.sections ?? [])
    if (sectionId === undefined || section.sectionId === sectionId)
      for (const [half, calls] of section.perHalfHour.entries()) halves[half] = (halves[half] ?? 0) + calls * share
  for (const each of counts.numbers) {
    if (each.mode !== 'channelled' || !back.has(each.number) || each.calls === 0) continue
    let queued = 0
    for (const [section, calls] of each.bySection) if (sectionId === undefined || section === sectionId) queued += calls
    for (const [half, calls] of each.perHalfHour.entries())
      halves[half] = Math.max(0, (halves[half] ?? 0) - (queued * calls) / each.calls)
  }
  return halves
}
