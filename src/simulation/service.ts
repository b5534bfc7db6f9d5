/** What directors ask: a day as it was and as it would have been, who is needed when, what channelling a region would bring. */
import { sectionSettings } from '../distribution/index.ts'
import { contactCentreSections, countNumbers } from '../organisation/index.ts'
import { addDays, dayAt, type House, notFound, type PersonActor, Refused, weekdayOf } from '../platform/index.ts'
import { asItWas } from './as-it-was.ts'
import { isHoliday, meanPatienceMs, type RealDay, readDay, readPastDays, scenarioOf } from './history.ts'
import { nationalDay } from './national-day.ts'
import { agentsNeeded, coverWithShifts, daysLike, forecast, type ShiftKind } from './planner.ts'
import { meanMsOf } from './random.ts'
import { openRuns, type Run, type Runs } from './runs.ts'
import type { ForecastQuery, NewRun } from './schema.ts'
import { withChanges } from './what-if.ts'

/** Six and four hours, from 7:00 on, over by 21:00. */
const shiftKinds: readonly ShiftKind[] = [
  { halfHours: 12, firstStart: 14, lastStart: 30 },
  { halfHours: 8, firstStart: 14, lastStart: 34 },
]

const allRuns = new WeakMap<House, Runs>()

function runsOf(house: House): Runs {
  const known = allRuns.get(house)
  if (known) return known
  const runs = openRuns(house)
  allRuns.set(house, runs)
  return runs
}

/** Ends the runs of a program that stops. */
export async function closeRuns(house: House): Promise<void> {
  await allRuns.get(house)?.close()
}

async function pastDay(house: House, day: string): Promise<RealDay> {
  const db = house.database.kysely
  const today = dayAt(house.config.TIME_ZONE, house.clock.now())
  if (day > today) throw new Refused('simulation.dayToCome', { day }, 422)
  return readDay(db, day, house.config.TIME_ZONE, await sectionSettings(db))
}

/** A past day, in the figures of the simulator. @throws Refused 422 for a day that has not come yet */
export async function pastDayView(house: House, day: string) {
  const real = await pastDay(house, day)
  const sections = await contactCentreSections(house.database.kysely)
  return {
    day,
    sections: sections.map(({ id, name }) => ({ id, name })),
    calls: real.calls.length,
    asItWas: asItWas(real),
  }
}

/** The forecast of a day, the agents needed in each half hour, and shifts that cover them. */
export async function forecastView(house: House, query: ForecastQuery) {
  const db = house.database.kysely
  const { TIME_ZONE: timeZone } = house.config
  const today = dayAt(timeZone, house.clock.now())
  const [before = today] = [query.day, today].sort()
  const history = await readPastDays(db, { before, days: query.weeks * 7, timeZone, sectionId: query.sectionId })
  const day = { weekday: weekdayOf(query.day), holiday: isHoliday(query.day) }
  const perHalfHour = forecast(history, day, query.weeks)
  const settings = await sectionSettings(db)
  const recent = await readDay(db, addDays(before, -1), timeZone, settings)
  const calls = recent.calls.filter(call => query.sectionId === undefined || call.sectionId === query.sectionId)
  const scenario = scenarioOf({ ...recent, calls }, 1)
  const busiest =
    scenario.sections.find(section => section.id === (query.sectionId ?? calls[0]?.sectionId)) ?? scenario.sections[0]
  const handlingMs = busiest ? meanMsOf(busiest.handling) + busiest.settings.wrapUpMs : 300_000
  const patienceMs = meanPatienceMs(calls)
  const needed = agentsNeeded({
    perHalfHour,
    handlingMs,
    patienceMs,
    target:
      query.abandonedBelow === undefined
        ? { answered: query.answered, withinSeconds: query.withinSeconds }
        : { abandonedBelow: query.abandonedBelow },
    shrinkage: query.shrinkage,
  })
  const cover = coverWithShifts(needed, shiftKinds)
  return {
    day: query.day,
    holiday: day.holiday,
    basedOn: daysLike(history, day, query.weeks).map(past => past.day),
    handlingMs,
    patienceMs,
    halfHours: perHalfHour.map((expected, half) => ({
      at: clockOf(half),
      calls: expected,
      needed: needed[half] ?? 0,
      onDuty: cover.onDuty[half] ?? 0,
    })),
    shifts: cover.shifts.map(({ start, halfHours, agents }) => ({
      from: clockOf(start),
      to: clockOf(start + halfHours),
      agents,
    })),
    over: cover.over,
    under: cover.under,
  }
}

const clockOf = (half: number): string => `${String(half >> 1).padStart(2, '0')}:${half % 2 === 1 ? '30' : '00'}`

/**
 * Starts a run: the day as it was simulated, and with the changes.
 * @throws Refused 422 for a section that is not there, 429 while too many run
 */
export async function startRun(house: House, actor: PersonActor, input: NewRun): Promise<Run> {
  if (input.basis === 'day' && input.day === undefined) throw new Refused('simulation.dayNeeded', { field: 'day' }, 422)
  const scenario =
    input.basis === 'day' && input.day !== undefined
      ? scenarioOf(await pastDay(house, input.day), input.seed)
      : nationalDay(input.seed, { calls: 20_000, agents: 400, sections: await sectionIds(house) })
  try {
    const scenarios = input.changes.length === 0 ? [scenario] : [scenario, withChanges(scenario, input.changes)]
    const run = runsOf(house).start(actor.personId, scenarios)
    if (!run) throw new Refused('simulation.tooMany', {}, 429)
    return run
  } catch (error) {
    if (error instanceof RangeError) throw new Refused('simulation.sectionUnknown', { why: error.message }, 422)
    throw error
  }
}

const sectionIds = async (house: House): Promise<string[]> =>
  (await contactCentreSections(house.database.kysely)).map(section => section.id)

/** @throws Refused 404 for a run of somebody else, or one that was forgotten */
export function runOf(house: House, actor: PersonActor, id: string): Run {
  const run = runsOf(house).of(actor.personId, id)
  if (!run) throw notFound('run')
  return run
}

export async function cancelRun(house: House, actor: PersonActor, id: string): Promise<void> {
  runOf(house, actor, id)
  await runsOf(house).cancel(actor.personId, id)
}

export const runView = ({ id, state, progress, results }: Run) => ({
  id,
  state,
  progress,
  before: results[0] ?? null,
  after: results[1] ?? null,
})

const weeksOfChannelling = 4

/**
 * What the numbers of a region that still ring their office would bring, were they channelled: as many calls a working day as the mean of
 * the numbers that are. Index: event_by_type (type, at).
 */
export async function channellingView(house: House, regionCode: string) {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const counts = await countNumbers(db, now)
  const channelled = counts.reduce((sum, region) => sum + region.channelled, 0)
  const direct = counts.find(region => region.regionCode === regionCode)?.direct ?? 0
  const since = new Date(now.getTime() - weeksOfChannelling * 7 * 86_400_000)
  const { calls } = await db
    .selectFrom('event')
    .select(eb => eb.fn.countAll<number>().as('calls'))
    .where('type', '=', 'call.queued')
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  const callsADay = calls / (weeksOfChannelling * 5)
  const more = channelled === 0 ? 0 : (callsADay / channelled) * direct
  // Without a history the calls are taken to be spread evenly over the numbers.
  const factor = channelled === 0 ? 1 : 1 + direct / channelled
  return { regionCode, numbers: direct, callsADay: more, factor }
}
