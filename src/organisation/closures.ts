/**
 * When a unit works: its week, the holidays of its place, and the days on which it is closed beside them.
 *
 * A closure holds for its unit and for those below it. One that is taken back stays in the list, with who did it.
 */
import { addDays, type Day, type Db, must, nameOfActor, notFound, Refused, unitsIn, useCase } from '../platform/index.ts'
import { holidaysOf, type NamedHoliday } from './calendar.ts'
import { cancelClosure, closuresOf, insertClosure, lockClosure, overlappingClosure } from './closure-store.ts'
import { unitClosureCancelled, unitClosureDecided } from './events.ts'
import type { NewUnitClosure, Unit, UnitClosure } from './model.ts'
import type { OfficeHours } from './opening.ts'
import { maySetHours } from './policy.ts'
import { lockUnit, openingHoursOf } from './store.ts'

/** Why a unit does not work on a day on which its week would have it work. */
export type ClosedDay = { because: 'holiday'; holiday: NamedHoliday } | { because: 'closure'; reason: string }

/** When a unit works. Days are ISO 8601. */
export interface WorkCalendar extends Pick<OfficeHours, 'spans' | 'timeZone'> {
  closedOn(day: Day): ClosedDay | undefined
}

/** The week of a unit for which nobody has set hours, nor for one above it: Monday to Friday, 8 to 17. */
const officeWeek = [1, 2, 3, 4, 5].map(weekday => ({ weekday, opens: '08:00', closes: '17:00' }))

/** Returns when a unit works. Its hours and closures are read once, each year's holidays computed once. */
export async function workCalendarOf(
  db: Db,
  unit: Pick<Unit, 'path' | 'timeZone' | 'provinceCode' | 'municipalityCode'>,
): Promise<WorkCalendar> {
  const [{ spans }, closures] = await Promise.all([openingHoursOf(db, unit), closuresOf(db, unitsIn(unit.path))])
  return {
    timeZone: unit.timeZone,
    spans: spans.length > 0 ? spans : officeWeek,
    closedOn: closedDays(unit, closures),
  }
}

/** Tells on which days a place does not work, and why: a closure, or else a holiday. */
export function closedDays(
  place: Pick<Unit, 'provinceCode' | 'municipalityCode'>,
  closures: readonly Pick<UnitClosure, 'firstDay' | 'lastDay' | 'reason'>[],
): (day: Day) => ClosedDay | undefined {
  const calendar = { provinceCode: place.provinceCode ?? undefined, municipalityCode: place.municipalityCode ?? undefined }
  const years = new Map<number, ReadonlyMap<Day, NamedHoliday>>()
  return day => {
    const year = Number(day.slice(0, 4))
    const known = years.get(year) ?? new Map(holidaysOf(year, calendar).map(holiday => [holiday.day, holiday]))
    years.set(year, known)
    const closure = closures.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay)
    if (closure) return { because: 'closure', reason: closure.reason }
    const holiday = known.get(day)
    return holiday && { because: 'holiday', holiday }
  }
}

/**
 * Closes a unit, and those below it, on some days.
 * @throws Refused 403 for who does not manage it, 404 for a unit that is not there, 409 where it is closed already, 422 for days that are not in order or
 * are more than a year
 */
export const decideClosure = useCase(
  async (work, { unitId, firstDay, lastDay, reason }: { unitId: string } & NewUnitClosure): Promise<{ closureId: string }> => {
    const unit = await lockUnit(work.tx, unitId)
    if (!unit) throw notFound('unit')
    must(maySetHours(work.actor, unit))
    checkClosureDays({ firstDay, lastDay })
    const other = await overlappingClosure(work.tx, { unitId, firstDay, lastDay })
    if (other) throw new Refused('organisation.closedAlready', { reason: other.reason }, 409)
    const closureId = work.ids()
    await insertClosure(work.tx, {
      ...{ id: closureId, unit_id: unitId, first_day: firstDay, last_day: lastDay, reason },
      ...{ decided_at: work.now, decided_by_name: nameOfActor(work.actor) },
    })
    await work.journal(unitClosureDecided, { unitId, closureId, firstDay, lastDay, reason }, { units: unitsIn(unit.path) })
    return { closureId }
  },
)

const maxClosureDays = 366

/** @throws Refused 422 for days that are not in order, or are more than a year */
export function checkClosureDays({ firstDay, lastDay }: { firstDay: Day; lastDay: Day }): void {
  if (lastDay < firstDay || lastDay >= addDays(firstDay, maxClosureDays))
    throw new Refused('organisation.closureDays', { field: 'lastDay', most: maxClosureDays }, 422)
}

/** Takes a closure back. @throws Refused 403 for who does not manage the unit, 404 when there is none, 409 when it was taken back already */
export const withdrawClosure = useCase(
  async (work, { unitId, closureId }: { unitId: string; closureId: string }): Promise<{ closureId: string }> => {
    const unit = await lockUnit(work.tx, unitId)
    const closure = await lockClosure(work.tx, closureId)
    if (!unit || closure?.unit_id !== unitId) throw notFound('closure')
    must(maySetHours(work.actor, unit))
    if (closure.cancelled_at !== null) throw new Refused('organisation.closureWithdrawn', {}, 409)
    await cancelClosure(work.tx, closureId, { at: work.now, by: nameOfActor(work.actor) })
    const { first_day: firstDay, last_day: lastDay, reason } = closure
    await work.journal(unitClosureCancelled, { unitId, closureId, firstDay, lastDay, reason }, { units: unitsIn(unit.path) })
    return { closureId }
  },
)
