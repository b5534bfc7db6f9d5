/** The workload of a region, week by week, from the sums. */
import { generalTarget } from '../../cases/index.ts'
import { type Actor, actingPerson, addDays, boundsOf, dayAt, type House, must } from '../../platform/index.ts'
import { staffedUnits, staffOfUnits } from '../members/service.ts'
import type { RegionWorkload, WorkloadWeek } from '../model.ts'
import { fullTimeOf } from '../plan/facts.ts'
import { isOn, mayStaff } from '../policy.ts'
import { weekOf } from './follow.ts'
import { readPlace, type WeekSums, weeksOf } from './store.ts'

/** The sections of the reader's region with their weeks, the oldest first. @throws Refused 403 */
export async function regionWorkload(house: House, actor: Actor, { weeks }: { weeks: number }): Promise<RegionWorkload> {
  const { unitPath } = actingPerson(actor)
  must(mayStaff(actor, unitPath))
  const db = house.database.kysely
  const { TIME_ZONE: timeZone } = house.config
  const now = house.clock.now()
  const today = dayAt(timeZone, now)
  const units = await staffedUnits(db, unitPath)
  const sums = Map.groupBy(
    await weeksOf(
      db,
      units.map(({ id }) => id),
    ),
    row => row.section_id,
  )
  const staff = await staffOfUnits(db, unitPath, units, today)
  const place = await readPlace(db)
  const target = await generalTarget(db)
  const last = weekOf(timeZone, now)
  const shown = Array.from({ length: weeks }, (_, n) => addDays(last, -7 * (weeks - 1 - n)))
  return {
    readThrough: place.read_through?.toISOString() ?? null,
    target: target ? { amount: target.amount, measure: target.measure } : null,
    sections: staff.map(({ unit, members }) => ({
      ...{ id: unit.id, name: unit.name },
      members: members.filter(({ row }) => row === undefined || isOn(row, today)).length,
      fullTime: fullTimeOf(members, today),
      weeks: weeksShown(sums.get(unit.id) ?? [], shown, monday => Math.min(now, boundsOf(timeZone, addDays(monday, 7))[0])),
    })),
  }
}

/**
 * Some weeks of a section, of the sums of all its weeks: what is open at the end of one is all that came into the backlog up to it, less what left.
 * @param endOf when a week ends, or now
 */
export function weeksShown(
  sums: readonly WeekSums[],
  weeks: readonly string[],
  endOf: (monday: string) => number,
): WorkloadWeek[] {
  const rows = new Map(sums.map(row => [row.week, row]))
  const [first = ''] = weeks
  let backlog = 0
  let since = 0
  for (const row of sums)
    if (row.week < first) {
      backlog += row.backlog
      since += row.backlog_since_s
    }
  return weeks.map(week => {
    const row = rows.get(week)
    backlog += row?.backlog ?? 0
    since += row?.backlog_since_s ?? 0
    return {
      ...{ week, arrived: row?.arrived ?? 0, closed: row?.closed ?? 0, inTime: row?.closed_in_time ?? 0, backlog },
      ageHours: backlog > 0 ? (endOf(week) / 1_000 - since / backlog) / 3_600 : null,
      workedHours: (row?.worked_ms ?? 0) / 3_600_000,
    }
  })
}
