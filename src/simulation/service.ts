/** What directors ask: a day as it was and as it would have been, who is needed when, what channelling a region would bring. */
import { sectionSettings } from '../distribution/index.ts'
import {
  type ContactCentreSection,
  contactCentreSections,
  type NumberInForce,
  type Unit,
  unitOf,
  unitsOf,
} from '../organisation/index.ts'
import { addDays, type House, instantOf, notFound, type PersonActor, Refused, weekdayOf } from '../platform/index.ts'
import { asItWas } from './as-it-was.ts'
import type { Added } from './channelling.ts'
import type { Task } from './comparison.ts'
import { readDay } from './day-store.ts'
import type { ServiceTarget } from './erlang.ts'
import { backtest, type CalendarDay, forecast } from './forecast.ts'
import { calendarDayOf, halvesOf, type RealDay, scenarioOf, wallHoursOf } from './history.ts'
import { halfHourMs, type Scenario } from './model.ts'
import { nationalDay } from './national-day.ts'
import { type PastContext, type PlannedPast, readPast, readPlannedPast, todayOf } from './past.ts'
import { agentsNeeded, coverWithShifts, type ShiftKind } from './planner.ts'
import { openRuns, type Run, type Runs } from './runs.ts'
import type { ChannellingQuery, ForecastQuery, NewRun } from './schema.ts'
import { type Change, withChanges } from './what-if.ts'

/** Six and four hours, from 7:00 on, over by 21:00. */
const shiftKinds: readonly ShiftKind[] = [
  { halfHours: 12, firstStart: 14, lastStart: 30 },
  { halfHours: 8, firstStart: 14, lastStart: 34 },
]

/** By so many weeks a day is measured, and what channelling brings. */
const usualWeeks = 8

declare module '../platform/index.ts' {
  interface HouseParts {
    simulationRuns: Runs
  }
}

const runsOf = (house: House): Runs => (house.parts.simulationRuns ??= openRuns(house))

/** Ends the runs of a program that stops. */
export async function closeRuns(house: House): Promise<void> {
  await house.parts.simulationRuns?.close()
}

// --- a past day -----------------------------------------------------------------------------------------------------

/**
 * A past day, as it was and as a scenario that can be run again.
 * @throws Refused 422 for a day that has not come yet
 */
export async function readRealDay(ground: PastContext, day: string, seed = 1) {
  const db = ground.database.kysely
  if (day > todayOf(ground)) throw new Refused('simulation.dayToCome', { day }, 422)
  const real: RealDay = await readDay(db, day, ground.config.TIME_ZONE, await sectionSettings(db))
  // Today's own calls are measured with the day itself.
  const { measures } = await readPast(ground, addDays(day, 1), usualWeeks)
  return { real, ...scenarioOf(real, seed, measures) }
}

/** A past day, in the figures of the simulator. @throws Refused 422 for a day that has not come yet */
export async function pastDayView(house: PastContext, day: string) {
  const { real, assumptions } = await readRealDay(house, day)
  const sections = await contactCentreSections(house.database.kysely)
  return {
    day,
    sections: sections.map(({ id, name }) => ({ id, name })),
    calls: real.calls.length,
    halfHours: halvesOf(house.config.TIME_ZONE, day).map(clockOf),
    asItWas: asItWas(real),
    assumptions,
  }
}

const clockOf = (half: number): string => `${String(half >> 1).padStart(2, '0')}:${half % 2 === 1 ? '30' : '00'}`

// --- who is needed when ---------------------------------------------------------------------------------------------

type Aim = Omit<ForecastQuery, 'day' | 'sectionId'>

const targetOf = ({ answered, withinSeconds, abandonedBelow }: Aim): ServiceTarget =>
  abandonedBelow === undefined ? { answered, withinSeconds } : { abandonedBelow }

/** Calls to expect of a section, or of all, on a day; half hours that the clock skips have none. */
function expected(past: PlannedPast, day: CalendarDay, weeks: number, timeZone: string, sectionId?: string) {
  const history = past.history(sectionId)
  const error = backtest(history, weeks)
  const found = forecast(history, day, weeks, error?.better === 'withLevel')
  const times = wallHoursOf(timeZone, day.day)
  return {
    ...found,
    perHalfHour: found.perHalfHour.map((calls, half) => (times[half] === 0 ? 0 : calls)),
    error: error?.[error.better],
    history,
  }
}

/** Agents needed in each half hour for the calls of a section. */
function neededFor(past: PlannedPast, sectionId: string, perHalfHour: readonly number[], aim: Aim): number[] {
  const { measures } = past.past
  return perHalfHour.map((calls, half) => {
    const handlingMs = measures.handling(sectionId, half).meanMs
    return agentsNeeded(
      { calls, handlingMs, patienceMs: measures.patience(sectionId, half).meanMs },
      targetOf(aim),
      aim.shrinkage,
    )
  })
}

/** The forecast of a day, the agents needed in each half hour, and shifts that cover them. */
export async function forecastView(house: PastContext, query: ForecastQuery) {
  const { TIME_ZONE: timeZone } = house.config
  const calendar = calendarDayOf(query.day)
  const past = await readPlannedPast(house, query.day, query.weeks)
  const { measures, since, latest } = past.past
  const all = await contactCentreSections(house.database.kysely)
  const sections = all.filter(({ id }) => query.sectionId === undefined || id === query.sectionId)
  const planned = sections.map(({ id, name }) => {
    const { perHalfHour } = expected(past, calendar, query.weeks, timeZone, id)
    const needed = neededFor(past, id, perHalfHour, query)
    return { id, name, perHalfHour, needed, handling: measures.handling(id), patience: measures.patience(id) }
  })
  const whole = expected(past, calendar, query.weeks, timeZone, query.sectionId)
  const halfHours = whole.perHalfHour.map((calls, half) => ({ at: clockOf(half), calls, needed: sum(planned, half) }))
  const cover = coverWithShifts(
    halfHours.map(half => half.needed),
    shiftKinds,
  )
  const known = whole.history.filter(past => latest.some(({ day }) => day === past.day))
  const workingDays = latest.filter(({ day }) => weekdayOf(day) <= 5 && calendarDayOf(day).kind !== 'holiday').length
  const knownWorkingDays = known.filter(past => past.weekday <= 5 && past.kind !== 'holiday').length
  const added = past.added(past.plan.filter(({ number }) => past.channelled.has(number)))
  return {
    day: query.day,
    kind: calendar.kind,
    basis: whole.basis,
    basedOn: whole.basedOn,
    level: whole.level,
    history: { since: since ?? null, days: known.length, missing: workingDays - knownWorkingDays },
    error: whole.error ?? null,
    plan: { channelled: past.channelled.size, back: past.back.size, callsADay: added.callsADay },
    handling: measures.handling(query.sectionId),
    patience: measures.patience(query.sectionId),
    sections: planned.map(({ id, name, perHalfHour, needed, handling, patience }) => ({
      id,
      name,
      calls: perHalfHour.reduce((total, calls) => total + calls, 0),
      needed: Math.max(0, ...needed),
      handling,
      patience,
    })),
    halfHours: halfHours.map((half, i) => ({ ...half, onDuty: cover.onDuty[i] ?? 0 })),
    shifts: cover.shifts.map(({ start, halfHours, agents }) => ({
      from: clockOf(start),
      to: clockOf(start + halfHours),
      agents,
    })),
    over: cover.over,
    under: cover.under,
  }
}

const sum = (planned: readonly { needed: readonly number[] }[], half: number): number =>
  planned.reduce((total, { needed }) => total + (needed[half] ?? 0), 0)

// --- channelling ----------------------------------------------------------------------------------------------------

const placeKinds = { 'regional-directorate': 'region', 'provincial-directorate': 'province', agency: 'office' } as const
type PlaceUnit = Unit & { kind: keyof typeof placeKinds }

/** Regions, provinces and offices with numbers that still ring their office on a day. */
export async function placesView(house: House, day: string) {
  const db = house.database.kysely
  const { plan } = await readPlan(house, day)
  const direct = plan.filter(({ mode }) => mode === 'direct')
  const units = await unitsOf(db, {})
  const places = units.filter((unit): unit is PlaceUnit => unit.kind in placeKinds)
  return {
    places: places.flatMap(({ id, name, kind, path }) => {
      const numbers = direct.filter(({ unitPath }) => unitPath.startsWith(path)).length
      return numbers === 0 ? [] : [{ unitId: id, name, kind: placeKinds[kind], numbers }]
    }),
  }
}

const readPlan = (ground: PastContext, day: string): Promise<PlannedPast> => readPlannedPast(ground, day, usualWeeks)

/** The numbers of a territory that ring their office on a day, and what they would bring in a day's half hours. */
async function channelled(ground: PastContext, { unitId, from }: { unitId: string; from: string }, weeks: number) {
  const unit = await unitOf(ground.database.kysely, unitId)
  if (!unit) throw new Refused('simulation.placeUnknown', { unitId }, 422)
  const past = await readPlannedPast(ground, from, weeks, true)
  const below = past.plan.filter(({ unitPath }) => unitPath.startsWith(unit.path))
  const direct = below.filter(({ mode }) => mode === 'direct')
  const added = past.added(direct)
  return { unit, past, below, direct, added, share: past.shareOfWeekday(weekdayOf(from)) }
}

/** What channelling a territory from a day on would bring: calls, sections, and the staff for the same target before and after. */
export async function channellingView(house: PastContext, query: ChannellingQuery) {
  const { TIME_ZONE: timeZone } = house.config
  const { unit, past, below, direct, added, share } = await channelled(house, query, query.weeks)
  const calendar = calendarDayOf(query.from)
  const sections = await contactCentreSections(house.database.kysely)
  return {
    unitId: unit.id,
    name: unit.name,
    from: query.from,
    numbers: direct.length,
    planned: plannedNumbers(past, below),
    arrivalsADay: added.arrivalsADay,
    callsADay: added.callsADay,
    sources: added.sources,
    proportionsFrom: added.proportionsFrom,
    courseFrom: added.courseFrom,
    sections: sections.map(({ id, name }) => {
      const before = expected(past, calendar, query.weeks, timeZone, id).perHalfHour
      const more = added.sections.find(section => section.sectionId === id)
      const halves = Math.max(before.length, more?.perHalfHour.length ?? 0)
      const after = Array.from({ length: halves }, (_, half) => (before[half] ?? 0) + (more?.perHalfHour[half] ?? 0) * share)
      return {
        id,
        name,
        callsADay: more?.callsADay ?? 0,
        before: staffOf(before, neededFor(past, id, before, query)),
        after: staffOf(after, neededFor(past, id, after, query)),
      }
    }),
  }
}

/** Numbers of the territory that were not channelled all the time, but are by then. */
const plannedNumbers = (past: PlannedPast, below: readonly NumberInForce[]): number =>
  below.filter(({ number, mode }) => mode === 'channelled' && past.channelled.has(number)).length

const staffOf = (perHalfHour: readonly number[], needed: readonly number[]) => ({
  calls: perHalfHour.reduce((total, calls) => total + calls, 0),
  hours: needed.reduce((total, agents) => total + agents, 0) / 2,
  peak: Math.max(0, ...needed),
})

// --- runs -----------------------------------------------------------------------------------------------------------

/** A day, and the changes of a question, as what is run. */
async function taskOf(ground: PastContext, input: NewRun): Promise<Task> {
  const { TIME_ZONE: timeZone } = ground.config
  const sections = await contactCentreSections(ground.database.kysely)
  const before =
    input.basis === 'day' && input.day !== undefined
      ? (await readRealDay(ground, input.day, input.seed)).scenario
      : nationalDay(input.seed, { calls: 20_000, agents: 400, sections: sections.map(section => section.id) })
  // The half hours of a scenario are counted from midnight; those of a question are the clock's, and on two days of a year differ.
  const wall =
    input.basis === 'day' && input.day !== undefined ? halvesOf(timeZone, input.day) : Array.from({ length: 48 }, (_, i) => i)
  const indexOf = (half: number) =>
    input.basis === 'day' && input.day !== undefined
      ? Math.round((instantOf(timeZone, input.day, half * 30) - before.from) / halfHourMs)
      : half
  const changes: Change[] = []
  for (const change of input.changes) {
    if (change.kind === 'agents')
      changes.push({ ...change, fromHalfHour: indexOf(change.fromHalfHour), toHalfHour: indexOf(change.toHalfHour) })
    else if (change.kind === 'channelling') {
      const { added, share } = await channelled(ground, change, usualWeeks)
      changes.push(...asChanges(added, share, wall, sections))
    } else changes.push(change)
  }
  return { before, after: changes.length === 0 ? null : withChanges(before, changes), seeds: input.seeds }
}

const asChanges = (
  added: Added,
  share: number,
  wall: readonly number[],
  sections: readonly ContactCentreSection[],
): Extract<Change, { kind: 'added' }>[] =>
  added.sections
    .filter(({ sectionId }) => sections.some(section => section.id === sectionId))
    .map(({ sectionId, perHalfHour }) => ({
      kind: 'added',
      section: sectionId,
      perHalfHour: wall.map(half => (perHalfHour[half] ?? 0) * share),
    }))

/**
 * Starts a run: the day as it was simulated, and with the changes.
 * @throws Refused 422 for a section or place that is not there, 429 while too many run
 */
export async function startRun(house: House, actor: PersonActor, input: NewRun): Promise<Run> {
  if (input.basis === 'day' && input.day === undefined) throw new Refused('simulation.dayNeeded', { field: 'day' }, 422)
  try {
    const run = runsOf(house).start(actor.personId, await taskOf(house, input))
    if (!run) throw new Refused('simulation.tooMany', {}, 429)
    return run
  } catch (error) {
    if (error instanceof RangeError) throw new Refused('simulation.sectionUnknown', { why: error.message }, 422)
    throw error
  }
}

/**
 * A real day, and with changes, for whoever runs it elsewhere (`npm run simulate -- --day`).
 * @throws Refused, RangeError as `startRun`
 */
export const taskOfDay = (
  ground: PastContext,
  day: string,
  { seed, seeds, changes }: Pick<NewRun, 'seed' | 'seeds' | 'changes'>,
): Promise<Task & { before: Scenario }> => taskOf(ground, { basis: 'day', day, seed, seeds, changes })

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

export const runView = ({ id, state, progress, outcome }: Run) => ({
  id,
  state,
  progress,
  before: outcome?.before ?? null,
  after: outcome?.after ?? null,
  comparison: outcome?.comparison ?? null,
})
