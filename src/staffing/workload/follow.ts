/**
 * Keeps the sums of the workload as the journal grows.
 *
 *   entries after the place ──▶ where their tickets stand now, steps of members ──▶ sums of weeks, place
 *
 * All of it in one transaction, so the sums are those of a moment however the program ends. Many nodes may follow: who reads keeps the place
 * locked, and the others pass by.
 */
import { workedMinutes } from '../../cases/index.ts'
import { unitOf, type WorkCalendar, workCalendarOf } from '../../organisation/index.ts'
import {
  addDays,
  archivedBefore,
  type Day,
  type Db,
  dayAt,
  type Entry,
  type House,
  isOneOf,
  positionOfPlace,
  type ReaderPlace,
  type Rest,
  readEntry,
  readJournal,
  type SetAside,
  setAside,
  startFollower,
  systemClock,
  type Tx,
  weekdayOf,
  wholePositionText,
} from '../../platform/index.ts'
import { type CountedTicket, countEntry, type MemberStep, ofWorkload, ticketOfEntry, type WorkloadCount } from './count.ts'
import { type TimedStep, timeSteps } from './steps.ts'
import {
  addToWeeks,
  countedTickets,
  forgetCounted,
  forgetSteps,
  keepSteps,
  keepTickets,
  lockPlaceIfFree,
  movePlace,
  readPlace,
  stepsAround,
  type WeekFigure,
  type WeekSums,
  weekFigures,
} from './store.ts'

const batchSize = 500
/** The most between two looks, and the least. */
const pollIntervalMs = 10_000
const restMs = 1_000
/** So long after it a step may still get a neighbour from a transaction that commits late. */
const stepsKeptMs = 35 * 86_400_000

type Follows = Pick<House, 'database' | 'config'>

/** The Monday of the week in which an instant lies. */
export function weekOf(timeZone: string, at: number): Day {
  const day = dayAt(timeZone, at)
  return addDays(day, 1 - weekdayOf(day))
}

/** Returns how far the workload has read. */
export async function workloadPlaces(db: Db): Promise<ReaderPlace[]> {
  return [{ reader: 'workload', position: positionOfPlace((await readPlace(db)).position) }]
}

/**
 * Reads the journal to its end, a part in each transaction, unless another node is at it.
 */
export async function followWorkload(house: Follows, rest: Rest = async () => true): Promise<void> {
  for (;;) {
    const begun = performance.now()
    const more = await house.database.kysely.transaction().execute(tx => takeOn(tx, house.config.TIME_ZONE))
    if (!more || !(await rest(performance.now() - begun))) return
  }
}

/** Thrown where the journal does not tell everything any more. */
export class MonthsArchived extends Error {}

/**
 * Counts everything anew from the journal, while the program runs: until it has read to the end, the figures are those up to where it is.
 * @throws MonthsArchived where months of the journal were archived, because what they tell would be lost
 */
export async function countWorkloadAnew(house: Follows): Promise<void> {
  if ((await archivedBefore(house.database)) !== undefined)
    throw new MonthsArchived('Months of the journal are archived: the workload cannot be counted anew without losing them.')
  await house.database.kysely.transaction().execute(forgetCounted)
  await followWorkload(house)
}

/** Takes a part of the journal. Returns whether there is more. */
async function takeOn(tx: Tx, timeZone: string): Promise<boolean> {
  const place = await lockPlaceIfFree(tx)
  if (place === undefined) return false
  const { entries, position, more } = await readJournal({ kysely: tx }, positionOfPlace(place), undefined, batchSize)
  if (entries.length === 0) return false
  const followed = entries.filter(entry => isOneOf(entry, ofWorkload))
  const { tickets, counts, steps } = await countAll(tx, followed)
  const sums = new Sums(timeZone)
  for (const { sectionId, at, figure, value } of counts) sums.add(sectionId, at, figure, value)
  await takeSteps(tx, steps, sums)
  await keepTickets(tx, tickets)
  await addToWeeks(tx, sums.rows())
  await setAside(tx, 'workload', followed.flatMap(unreadable), new Date(systemClock.now()))
  const latest = entries.reduce((most, { at }) => Math.max(most, at.getTime()), 0)
  await forgetSteps(tx, new Date(latest - stepsKeptMs))
  await movePlace(tx, wholePositionText(position), new Date(latest))
  return more
}

/** An entry that cannot be read, with why: it is gone on without. */
function unreadable(entry: Entry): SetAside[] {
  const reading = readEntry(entry)
  return reading.is === 'unreadable' ? [{ entry, why: reading.why, reason: reading.reason }] : []
}

/** Counts entries one after the other, each on where its ticket stood after the one before. */
async function countAll(
  tx: Tx,
  entries: readonly Entry[],
): Promise<{ tickets: CountedTicket[]; counts: WorkloadCount[]; steps: MemberStep[] }> {
  const told = entries.map(entry => ({ entry, ticketId: ticketOfEntry(entry) }))
  const known = await countedTickets(
    tx,
    told.flatMap(({ ticketId }) => ticketId ?? []),
  )
  const changed = new Map<string, CountedTicket>()
  const counts: WorkloadCount[] = []
  const steps: MemberStep[] = []
  for (const { entry, ticketId } of told) {
    if (ticketId === undefined) continue
    const counted = countEntry(changed.get(ticketId) ?? known.get(ticketId), entry)
    if (counted.ticket) changed.set(ticketId, counted.ticket)
    counts.push(...counted.counts)
    if (counted.step) steps.push(counted.step)
  }
  return { tickets: [...changed.values()], counts, steps }
}

async function takeSteps(tx: Tx, steps: readonly MemberStep[], sums: Sums): Promise<void> {
  if (steps.length === 0) return
  const around = await stepsAround(tx, steps)
  const sections = new Set([...steps, ...[...around.values()].flat()].map(({ sectionId }) => sectionId))
  const calendars = new Map<string, WorkCalendar>()
  for (const sectionId of sections) calendars.set(sectionId, await calendarOf(tx, sectionId))
  const working = (sectionId: string, from: number, until: number): number => {
    const calendar = calendars.get(sectionId)
    return calendar === undefined || until <= from ? 0 : workedMinutes({ calendar, from, pauses: [] }, until) * 60_000
  }
  for (const [personId, fresh] of Map.groupBy(steps, each => each.personId)) {
    const known = around.get(personId) ?? []
    const before = new Map(known.map(each => [each.entryId, each]))
    const timed = timeSteps(known, fresh, working)
    for (const each of timed) {
      sums.addStep(each, 1)
      const was = before.get(each.entryId)
      if (was) sums.addStep(was, -1)
    }
    await keepSteps(tx, timed)
  }
}

async function calendarOf(db: Db, unitId: string): Promise<WorkCalendar> {
  const unit = await unitOf(db, unitId)
  return workCalendarOf(db, unit ?? { path: '', timeZone: 'UTC', provinceCode: null, municipalityCode: null })
}

/** What one part of the journal adds to the sums. */
class Sums {
  private readonly timeZone: string
  private readonly byPlace = new Map<string, WeekSums>()

  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  add(section_id: string, at: number, figure: WeekFigure, value: number): void {
    const week = weekOf(this.timeZone, at)
    const key = `${week} ${section_id}`
    const row = this.byPlace.get(key) ?? { section_id, week, ...nothing() }
    row[figure] += value
    this.byPlace.set(key, row)
  }

  addStep({ sectionId, at, workedMs }: TimedStep, sign: 1 | -1): void {
    const minutes = Math.round((workedMs ?? 0) / 60_000)
    this.add(sectionId, at, 'steps', sign)
    this.add(sectionId, at, 'worked_ms', sign * (workedMs ?? 0))
    this.add(sectionId, at, 'worked_squares', sign * minutes ** 2)
  }

  rows(): WeekSums[] {
    return [...this.byPlace.values()].filter(row => weekFigures.some(figure => row[figure] !== 0))
  }
}

const nothing = (): Record<WeekFigure, number> => ({
  ...{ arrived: 0, closed: 0, closed_in_time: 0, closed_after_s: 0, backlog: 0, backlog_since_s: 0 },
  ...{ steps: 0, worked_ms: 0, worked_squares: 0 },
})

/** Follows, where the program has the role `worker`, until it is closed. */
export const startWorkload = (house: House): { close(): Promise<void> } =>
  startFollower(house, { name: 'workload', follow: rest => followWorkload(house, rest), restMs, pollIntervalMs })
