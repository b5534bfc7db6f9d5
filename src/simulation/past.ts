/**
 * The past as the planner takes it: finished days, counted, with the number plan that each had, and what follows from them: histories of
 * sections under the plan of another day, measures, what channelling brings.
 */

import { type NumberInForce, numberChangesBetween, numbersInForce } from '../organisation/index.ts'
import { addDays, dayAt, type House, instantOf } from '../platform/index.ts'
import { type Added, addedCalls, type CountedDay, type Mode, underPlan } from './channelling.ts'
import type { PastDay } from './forecast.ts'
import { calendarDayOf, historyOf } from './history.ts'
import { type Measures, measuresOf } from './measures.ts'
import { type DayCounts, dayCountsOf, firstDay, withNumbers } from './store.ts'

/** What of a house is needed to look back. */
export type PastContext = Pick<House, 'database' | 'config' | 'clock'>

const lastWorkingDay = 5
const noon = 12 * 60
/** Holidays and the days after them are rare: they are looked for so far back. */
const yearDays = 400

export interface Past {
  /** The day of the first call that is known; undefined before there is any. */
  since: string | undefined
  /** Of the last weeks, and the holidays of a year, in order. */
  days: readonly DayCounts[]
  /** Of the last weeks only. */
  latest: readonly DayCounts[]
  measures: Measures
}

export const todayOf = ({ config, clock }: PastContext): string => dayAt(config.TIME_ZONE, clock.now())

/**
 * The weeks before a day, as far as they are over.
 * @param before the day that is planned, or looked at
 */
export async function readPast(ground: PastContext, before: string, weeks: number): Promise<Past> {
  const since = await firstDay(ground.database.kysely, ground.config.TIME_ZONE)
  const today = todayOf(ground)
  const end = before < today ? before : today
  const begin = addDays(end, -7 * weeks)
  if (since === undefined) return { since, days: [], latest: [], measures: measuresOf([]) }
  const wanted: string[] = []
  for (let day = addDays(end, -yearDays); day < end; day = addDays(day, 1))
    if (day >= since && (day >= begin || calendarDayOf(day).kind !== 'ordinary')) wanted.push(day)
  const days = await dayCountsOf(ground.database.kysely, wanted, ground.config.TIME_ZONE)
  const latest = days.filter(({ day }) => day >= begin)
  return { since, days, latest, measures: measuresOf(latest.flatMap(day => day.sections)) }
}

/** The number plan at noon of days; read once between any two changes of it. */
export async function plansOf(
  ground: Pick<PastContext, 'database' | 'config'>,
  days: readonly string[],
): Promise<Map<string, readonly NumberInForce[]>> {
  const { kysely } = ground.database
  const at = (day: string) => instantOf(ground.config.TIME_ZONE, day, noon)
  const inOrder = days.toSorted()
  const [first, last] = [inOrder[0], inOrder.at(-1)]
  const plans = new Map<string, readonly NumberInForce[]>()
  if (first === undefined || last === undefined) return plans
  const changes = (await numberChangesBetween(kysely, new Date(at(first)), new Date(at(last)))).map(Number)
  let plan: readonly NumberInForce[] | undefined
  let readAt = 0
  for (const day of inOrder) {
    const now = at(day)
    if (!plan || changes.some(change => readAt < change && change <= now)) plan = await numbersInForce(kysely, new Date(now))
    readAt = now
    plans.set(day, plan)
  }
  return plans
}

const modesOf = (plan: readonly NumberInForce[]): Map<string, Mode> => new Map(plan.map(({ number, mode }) => [number, mode]))

/** The past, and the number plan of each of its days and of the day that is asked about. */
export class PlannedPast {
  readonly past: Past
  /** The plan of the day that is asked about. */
  readonly plan: readonly NumberInForce[]
  /** Numbers that are channelled on the day and were not on some past day; numbers that were, and will not be. */
  readonly channelled: ReadonlySet<string>
  readonly back: ReadonlySet<string>
  private readonly timeZone: string
  private readonly plans: ReadonlyMap<string, readonly NumberInForce[]>
  private readonly modes: ReadonlyMap<string, Mode>
  private readonly ordinary: readonly CountedDay[]
  /** By the numbers that a past day lacked: few plans, many days. */
  private readonly addedFor = new Map<string, Added>()

  constructor(timeZone: string, day: string, past: Past, plans: ReadonlyMap<string, readonly NumberInForce[]>) {
    this.timeZone = timeZone
    this.past = past
    this.plans = plans
    this.plan = plans.get(day) ?? []
    this.modes = modesOf(this.plan)
    const known = new Map<readonly NumberInForce[], Map<string, Mode>>()
    this.ordinary = past.latest.flatMap(counts => {
      const { kind, weekday } = calendarDayOf(counts.day)
      if (kind !== 'ordinary' || weekday > lastWorkingDay || callsOf(counts) === 0) return []
      const plan = plans.get(counts.day) ?? []
      const modes = known.get(plan) ?? modesOf(plan)
      known.set(plan, modes)
      return [{ counts, modes }]
    })
    const differing = (was: Mode, is: Mode) =>
      new Set(
        [...new Set(past.latest.map(({ day }) => plans.get(day) ?? []))].flatMap(plan =>
          plan.filter(({ number, mode }) => mode === was && this.modes.get(number) === is).map(({ number }) => number),
        ),
      )
    this.channelled = differing('direct', 'channelled')
    this.back = differing('channelled', 'direct')
  }

  /** What numbers would bring on a working day (see `channelling.ts`). */
  added(numbers: readonly NumberInForce[]): Added {
    return addedCalls(numbers, this.plan, this.ordinary)
  }

  /** How many calls a weekday has, as a share of what a working day has; 1 where that is not known. */
  shareOfWeekday(weekday: number): number {
    const mean = (counted: readonly DayCounts[]) => counted.reduce((sum, each) => sum + callsOf(each), 0) / counted.length
    const working = this.ordinary.map(each => each.counts)
    const same = this.past.latest.filter(({ day }) => {
      const calendar = calendarDayOf(day)
      return calendar.weekday === weekday && calendar.kind === 'ordinary'
    })
    return working.length === 0 || same.length === 0 ? 1 : mean(same) / mean(working)
  }

  /** The history of a section, or of all, as it would have been under the number plan of the day. */
  history(sectionId?: string): PastDay[] {
    return historyOf(this.past.days, this.timeZone, counts => this.callsUnderPlan(counts, sectionId))
  }

  private callsUnderPlan(counts: DayCounts, sectionId: string | undefined): number[] {
    const then = this.plans.get(counts.day) ?? []
    const lacking = then.filter(({ number, mode }) => mode === 'direct' && this.modes.get(number) === 'channelled')
    return underPlan(counts, sectionId, {
      added: lacking.length === 0 ? undefined : this.addedOf(lacking),
      back: this.back,
      share: this.shareOfDay(counts),
    })
  }

  private addedOf(lacking: readonly NumberInForce[]): Added {
    const key = lacking.map(({ number }) => number).join()
    const known = this.addedFor.get(key) ?? this.added(lacking)
    this.addedFor.set(key, known)
    return known
  }

  /** What a day had, as a share of what a working day under the same plan has. */
  private shareOfDay(counts: DayCounts): number {
    const plan = this.plans.get(counts.day)
    const same = this.ordinary.filter(each => this.plans.get(each.counts.day) === plan)
    const days = same.length > 0 ? same : this.ordinary
    if (days.length === 0) return 0
    const mean = days.reduce((sum, each) => sum + callsOf(each.counts), 0) / days.length
    return mean === 0 ? 0 : callsOf(counts) / mean
  }
}

const callsOf = (counts: DayCounts): number => counts.sections.reduce((sum, section) => sum + section.calls, 0)

/**
 * The past of a day that is asked about, with the number plans. Calls to single numbers are read where the plan of the day differs from that of
 * a past day, and where `ofNumbers` asks for them.
 */
export async function readPlannedPast(ground: PastContext, day: string, weeks: number, ofNumbers = false): Promise<PlannedPast> {
  const { TIME_ZONE: timeZone } = ground.config
  const past = await readPast(ground, day, weeks)
  const plans = await plansOf(ground, [...past.days.map(counts => counts.day), day])
  const planned = new PlannedPast(timeZone, day, past, plans)
  if (!ofNumbers && planned.channelled.size === 0 && planned.back.size === 0) return planned
  // What numbers bring is measured on the last weeks; days further back only lose the calls of numbers that were put back.
  const counted = await withNumbers(ground.database.kysely, planned.back.size > 0 ? past.days : past.latest, timeZone)
  const known = new Map(counted.map(counts => [counts.day, counts]))
  const filled = (days: readonly DayCounts[]) => days.map(counts => known.get(counts.day) ?? counts)
  return new PlannedPast(timeZone, day, { ...past, days: filled(past.days), latest: filled(past.latest) }, plans)
}
