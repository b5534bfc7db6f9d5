/** The figures of a day at an office, each from the entries of its visits by the table of definitions. */
import { minutesOfDay } from '../agenda/index.ts'
import { type Actor, dayAt, type House, wallClock } from '../platform/index.ts'
import { type DurationName, durationsOf } from './durations.ts'
import type { CounterFigures } from './figures-model.ts'
import { CameBecause } from './model.ts'
import { hallsOfUnit } from './setup-store.ts'
import { entriesOf, returnsOfDay, visitsOfDay } from './store.ts'
import type { VisitRow } from './tables.ts'
import { officeSeen } from './views.ts'

/** Who comes again within so many days has come in vain before, or for something that could have been done at once. */
const returnDays = 30

/** @throws Refused 404 for an office that is not the actor's to see */
export async function figuresView(
  house: House,
  actor: Actor,
  query: { unitId?: string | undefined; date?: string | undefined },
): Promise<CounterFigures> {
  const db = house.database.kysely
  const unit = await officeSeen(db, actor, query.unitId)
  const zone = house.config.TIME_ZONE
  const now = house.clock.now()
  const date = query.date ?? dayAt(zone, now)
  const visits = await visitsOfDay(db, unit.id, date)
  const entries = await entriesOf(
    db,
    visits.map(({ id }) => id),
  )
  const rules = new Map((await hallsOfUnit(db, unit.id)).map(hall => [hall.id, hall.rules]))
  const measured = visits.map(visit => ({ visit, durations: durationsOf(entries.get(visit.id) ?? [], now) }))
  const called = measured.filter(({ visit }) => visit.first_called_at !== null)
  const seconds = (of: typeof measured, name: DurationName) =>
    of.flatMap(({ durations }) => durations[name] ?? []).map(ms => Math.round(ms / 1000))
  const count = (isMeant: (each: (typeof measured)[number]) => boolean) => measured.filter(isMeant).length
  const fast = called.filter(({ visit }) => visit.visit_class === 'fast')
  const closed = measured.filter(({ visit }) => visit.state === 'closed')
  const waits = seconds(called, 'wait')
  const hourOf = (at: Date) => Math.floor(wallClock(zone, at.getTime()).minutes / 60)
  const { known, returned } = await returnsOfDay(db, { unitId: unit.id, day: date, days: returnDays })
  const { planned, booked } = await minutesOfDay(house, db, unit.id, date)
  const byHour = Map.groupBy(called, ({ visit }) => hourOf(visit.arrived_at))
  return {
    ...{ unit, date, visits: visits.length, persons: visits.reduce((sum, visit) => sum + visit.persons, 0) },
    withAppointment: count(({ visit }) => visit.visit_class === 'appointment'),
    served: closed.length,
    missed: count(({ visit }) => visit.state === 'missed'),
    left: count(({ visit }) => visit.state === 'left'),
    unserved: count(({ visit }) => visit.state === 'unserved'),
    transferred: count(({ durations }) => durations.between !== null),
    fast: fast.length,
    fastWithin: fast.filter(
      ({ visit, durations }) => (durations.wait ?? 0) <= (rules.get(visit.hall_id)?.fastMinutes ?? 0) * 60_000,
    ).length,
    averageWaitSeconds: average(waits),
    longestWaitSeconds: waits.length === 0 ? null : Math.max(...waits),
    averageWaySeconds: average(seconds(called, 'way')),
    averageServiceSeconds: average(seconds(closed, 'service')),
    callEnough: closed.filter(({ visit }) => visit.call_enough === true).length,
    callAnswered: closed.filter(({ visit }) => visit.call_enough !== null).length,
    notDelivered: closed.filter(({ visit }) => visit.not_delivered !== null).length,
    notRecorded: closed.filter(({ visit }) => visit.not_delivered === null && visit.delivered.length === 0).length,
    byHour: [...byHour]
      .map(([hour, of]) => ({ hour, visits: of.length, averageWaitSeconds: average(seconds(of, 'wait')) }))
      .sort((a, b) => a.hour - b.hour),
    cameBecause: CameBecause.options.flatMap(reason => {
      const said = closed.filter(({ visit }) => visit.came_because === reason).length
      return said === 0 ? [] : [{ reason, visits: said }]
    }),
    ...{ known, returned, returnDays, plannedMinutes: planned, bookedMinutes: booked },
    ...toldWaitsOf(visits),
  }
}

/** How what was told of the wait, from the arrival on, compares with how it was. */
export function toldWaitsOf(visits: readonly Pick<VisitRow, 'told_min' | 'told_max' | 'arrived_at' | 'first_called_at'>[]) {
  const told = visits.flatMap(({ told_min: min, told_max: max, arrived_at, first_called_at }) => {
    if (min === null || max === null || first_called_at === null) return []
    const minutes = (first_called_at.getTime() - arrived_at.getTime()) / 60_000
    // A minute that has begun is within.
    return [{ isWithin: min <= minutes && minutes < max + 1, error: Math.abs(minutes - (min + max) / 2) }]
  })
  const error = told.reduce((sum, each) => sum + each.error, 0)
  return {
    told: told.length,
    toldWithin: told.filter(({ isWithin }) => isWithin).length,
    toldErrorMinutes: told.length === 0 ? null : Math.round((10 * error) / told.length) / 10,
  }
}

const average = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : Math.round(numbers.reduce((sum, each) => sum + each, 0) / numbers.length)
