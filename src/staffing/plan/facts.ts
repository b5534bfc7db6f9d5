/** What a section has before it, read for a simulation: its calendar, its people with their shares and absences, and what was measured of its weeks. */
import { generalTarget } from '../../cases/index.ts'
import { absencesOf } from '../../distribution/index.ts'
import { stretches, type Unit, type WorkCalendar, workCalendarOf } from '../../organisation/index.ts'
import { addDays, boundsOf, type Db, dayAt, type House, Refused, weekdayOf } from '../../platform/index.ts'
import { type StaffOf, staffedUnits, staffOfUnits } from '../members/service.ts'
import type { StaffingPlan } from '../model.ts'
import { isOn } from '../policy.ts'
import { openSince, type WeekSums, weeksOf } from '../workload/store.ts'
import type { PlannedMember, StaffingScenario } from './simulate.ts'
import type { WorkingDay } from './working-time.ts'

/** So many whole weeks before this one are measured. */
const measuredWeeks = 8
/** Days after the weeks ahead within which what comes in them is due. */
const slackDays = 45
/** More is open nowhere, and would not be worked off in a quarter of a year. */
const maxBacklog = 20_000
/** Fewer steps say nothing about how long one takes. */
const minClosed = 20
/** What a question takes where nothing is measured, in milliseconds. */
const usualHandlingMs = 45 * 60_000
const usualVariation = 1

/** A scenario, and what it assumes. */
export interface SectionAhead {
  readonly scenario: StaffingScenario
  readonly assumptions: StaffingPlan['assumptions']
}

/** Reads a section of a region. @throws Refused 422 where nobody has said within which time tickets are solved, or too much is open */
export async function readSection(
  house: Pick<House, 'database' | 'config' | 'clock'>,
  { unit, region, weeks }: { unit: Unit; region: string; weeks: number },
): Promise<SectionAhead> {
  const db = house.database.kysely
  const target = await generalTarget(db)
  if (!target) throw new Refused('staffing.noTarget', {}, 422)
  const { timeZone } = unit
  const today = dayAt(timeZone, house.clock.now())
  const open = await openSince(db, unit.id, maxBacklog + 1)
  if (open.length > maxBacklog) throw new Refused('staffing.tooMuchOpen', { count: maxBacklog }, 422)
  const first = dayAt(timeZone, Math.min(open[0] ?? house.clock.now(), house.clock.now()))
  const [begin, end] = [addDays(today, 1), addDays(today, 1 + weeks * 7)]
  const calendar = await workCalendarOf(db, unit)
  const days = daysBetween(calendar, first, addDays(end, slackDays))
  const staff = (await staffOfUnits(db, region, [unit], today))[0]?.members ?? []
  const absences = await absencesOf(
    db,
    staff.flatMap(({ personId }) => personId ?? []),
    begin,
  )
  const isAway = (personId: string | null, day: string) =>
    absences.some(each => each.person_id === personId && each.from_day <= day && day <= each.until_day)
  const ahead = days.flatMap(({ day }, n) => (day >= begin && day < end ? [{ day, n }] : []))
  const members = staff.map(
    ({ row, personId }, n): PlannedMember => ({
      id: `member-${n + 1}`,
      days: ahead
        .filter(({ day }) => (row === undefined || isOn(row, day)) && !isAway(personId, day))
        .map(each => ({ day: each.n, share: row?.share ?? 100 })),
    }),
  )
  const measured = await measure(db, { unit, region, calendar, today, share: meanShare(staff, today) })
  const [from] = boundsOf(timeZone, begin)
  const [to] = boundsOf(timeZone, end)
  const spans = days.map(({ day, open }): WorkingDay => ({ from: boundsOf(timeZone, day)[0], open }))
  return {
    scenario: {
      ...{ seed: 1, days: spans, from, to, target: { amount: target.amount, measure: target.measure } },
      ...{ backlog: open, arrivalsADay: measured.arrivalsADay, members },
      handling: { kind: 'log-normal', meanMs: measured.handlingMs, variation: measured.variation },
    },
    assumptions: {
      ...{ arrivalsAWeek: measured.arrivalsAWeek, weeks: measured.arrivalsADay.length, backlog: open.length },
      ...{ handlingMinutes: measured.handlingMs / 60_000, handlingFrom: measured.from },
      fullTime: fullTimeOf(staff, today),
      closedDays: ahead.filter(({ day }) => calendar.closedOn(day) !== undefined && wouldWork(calendar, day)).length,
      absentDays: ahead.reduce(
        (sum, { day, n }) =>
          sum + (days[n]?.open.length === 0 ? 0 : staff.filter(({ personId }) => isAway(personId, day)).length),
        0,
      ),
    },
  }
}

/** The people of a section on a day as full-time people: the sum of their shares. */
export const fullTimeOf = (members: StaffOf['members'], day: string): number =>
  members.reduce((sum, { row }) => sum + (row === undefined ? 100 : isOn(row, day) ? row.share : 0), 0) / 100

function meanShare(members: StaffOf['members'], day: string): number {
  const there = members.filter(({ row }) => row === undefined || isOn(row, day))
  return there.length === 0 ? 1 : fullTimeOf(there, day) / there.length
}

const wouldWork = ({ spans }: WorkCalendar, day: string): boolean =>
  spans.some(({ weekday, opens, closes }) => weekday === weekdayOf(day) && opens < closes)

function daysBetween(calendar: WorkCalendar, first: string, last: string): (WorkingDay & { day: string })[] {
  const days: (WorkingDay & { day: string })[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) {
    const open = stretches({ ...calendar, isHoliday: each => calendar.closedOn(each) !== undefined }, day)
    days.push({ day, from: boundsOf(calendar.timeZone, day)[0], open })
  }
  return days
}

interface Measured {
  arrivalsADay: number[]
  arrivalsAWeek: number
  handlingMs: number
  variation: number
  from: StaffingPlan['assumptions']['handlingFrom']
}

/**
 * What the last whole weeks tell: questions on a working day, week by week, and what a solved question took its section. The time in which something
 * was in hand is that of the office; who works half of it took half as long.
 */
async function measure(
  db: Db,
  { unit, region, calendar, today, share }: { unit: Unit; region: string; calendar: WorkCalendar; today: string; share: number },
): Promise<Measured> {
  const thisWeek = addDays(today, 1 - weekdayOf(today))
  const first = addDays(thisWeek, -7 * measuredWeeks)
  const units = await staffedUnits(db, region)
  const rows = (
    await weeksOf(
      db,
      units.map(({ id }) => id),
    )
  ).filter(({ week }) => week >= first && week < thisWeek)
  const own = rows.filter(({ section_id }) => section_id === unit.id)
  const since = own[0]?.week ?? thisWeek
  const arrivalsADay: number[] = []
  let arrived = 0
  for (let week = since; week < thisWeek; week = addDays(week, 7)) {
    const worked = [0, 1, 2, 3, 4, 5, 6]
      .map(n => addDays(week, n))
      .filter(day => wouldWork(calendar, day) && !calendar.closedOn(day))
    const count = own.find(row => row.week === week)?.arrived ?? 0
    arrived += count
    if (worked.length > 0) arrivalsADay.push(count / worked.length)
  }
  const weeks = Math.max(1, arrivalsADay.length)
  const bySection = handlingOf(own)
  const handling = bySection ?? handlingOf(rows)
  return {
    ...{ arrivalsADay, arrivalsAWeek: arrived / weeks },
    handlingMs: (handling?.meanMs ?? usualHandlingMs) * (handling ? share : 1),
    variation: handling?.variation ?? usualVariation,
    from: bySection ? 'section' : handling ? 'region' : 'usual',
  }
}

/** What a solved ticket took, and how much the steps vary (standard deviation ÷ mean); undefined where too few were solved. */
export function handlingOf(rows: readonly WeekSums[]): { meanMs: number; variation: number } | undefined {
  const sum = (figure: 'closed' | 'steps' | 'worked_ms' | 'worked_squares') => rows.reduce((total, row) => total + row[figure], 0)
  const [closed, steps, workedMs] = [sum('closed'), sum('steps'), sum('worked_ms')]
  if (closed < minClosed || steps < minClosed || workedMs <= 0) return undefined
  const mean = workedMs / steps / 60_000
  const variance = Math.max(0, sum('worked_squares') / steps - mean ** 2)
  return { meanMs: workedMs / closed, variation: Math.min(maxVariation, Math.max(minVariation, Math.sqrt(variance) / mean)) }
}

const minVariation = 0.2
const maxVariation = 3
