/** How a hall stands now, and what somebody who comes is told to expect. */
import { bookedBetween } from '../agenda/index.ts'
import { stretches, unitOf, workCalendarOf } from '../organisation/index.ts'
import { boundsOf, type Db, dayAt, type House, wallClock } from '../platform/index.ts'
import { expectedWait, type Measured, measuredAt } from './expected.ts'
import type { ExpectedWait } from './model.ts'
import { callByOf } from './policy.ts'
import { desksOfHalls, servicesOfHalls, sittingsAt } from './setup-store.ts'
import { handledTimes, openVisits } from './store.ts'
import type { CounterServiceRow, DeskRow, HallRow, SittingRow, VisitRow } from './tables.ts'

const minute = 60_000

/** When the office of a hall receives today: the end of the stretch in which an instant lies; undefined when it does not. */
export async function openUntil(db: Db, unitId: string, now: number): Promise<number | undefined> {
  const unit = await unitOf(db, unitId)
  if (!unit) return undefined
  const { spans, timeZone, closedOn } = await workCalendarOf(db, unit)
  const today = stretches({ spans, timeZone, isHoliday: day => closedOn(day) !== undefined }, dayAt(timeZone, now))
  return today.find(({ from, until }) => from <= now && now < until)?.until
}

/** Everything about some halls of one office at an instant, read in six queries however many. */
export interface Standings {
  now: number
  halls: readonly HallRow[]
  services: readonly CounterServiceRow[]
  desks: readonly DeskRow[]
  sittings: readonly SittingRow[]
  open: readonly VisitRow[]
  /** Appointments of today that have not arrived: their instants, by service of the agenda. */
  expected: readonly { serviceId: string; start: number }[]
  measured: ReadonlyMap<string, Measured | undefined>
}

/** The open visits of some halls that arrived today: what an earlier day has left is neither called nor counted. */
export async function openToday(house: Pick<House, 'config' | 'clock'>, db: Db, hallIds: readonly string[]): Promise<VisitRow[]> {
  const zone = house.config.TIME_ZONE
  const today = dayAt(zone, house.clock.now())
  return (await openVisits(db, hallIds)).filter(visit => dayAt(zone, visit.arrived_at.getTime()) === today)
}

export async function hallStandingsOf(house: House, db: Db, halls: readonly HallRow[]): Promise<Standings> {
  const now = house.clock.now()
  const zone = house.config.TIME_ZONE
  const ids = halls.map(({ id }) => id)
  const [services, desks, open] = [await servicesOfHalls(db, ids), await desksOfHalls(db, ids), await openToday(house, db, ids)]
  const sittings = await sittingsAt(
    db,
    desks.map(({ id }) => id),
  )
  const today = dayAt(zone, now)
  const [, midnight] = boundsOf(zone, today)
  const booked = halls[0] ? await bookedBetween(db, halls[0].unit_id, new Date(now), new Date(midnight)) : []
  const hour = hourAt(zone, now)
  const times = Map.groupBy(
    await handledTimes(
      db,
      services.map(({ id }) => id),
    ),
    row => row.service_id,
  )
  const measured = new Map(
    services.map(({ id }) => [
      id,
      measuredAt(
        (times.get(id) ?? []).map(row => ({ hour: hourAt(zone, row.ended_at.getTime()), ms: row.handling_seconds * 1000 })),
        hour,
      ),
    ]),
  )
  return {
    ...{ now, halls, services, desks, sittings, measured, open },
    expected: booked
      .filter(({ state }) => state === 'booked')
      .map(each => ({ serviceId: each.service_id, start: each.starts_at.getTime() })),
  }
}

const hourAt = (zone: string, at: number): number => Math.floor(wallClock(zone, at).minutes / 60)

/** How many of those who wait are to be called before a visit, or at the same instant. */
export const waitingBefore = ({ open }: Standings, visit: VisitRow): number =>
  open.filter(
    each => each.state === 'waiting' && each.hall_id === visit.hall_id && each.id !== visit.id && each.call_by <= visit.call_by,
  ).length

/** What somebody is told who comes now for a service; null when it is not known. */
export function expectedFor(standings: Standings, hall: HallRow, service: CounterServiceRow): ExpectedWait {
  const arrival = { visitClass: service.visit_class, priority: null, arrivedAt: standings.now, dueAt: null }
  return rangeFor(standings, hall, service.id, callByOf(arrival, hall.rules))
}

/** Until when a desk can call somebody who waits for it alone. */
export function rangeAtDesk(standings: Standings, deskId: string, visitId: string): ExpectedWait {
  const { now, measured, open } = standings
  const at = open.filter(({ desk_id }) => desk_id === deskId)
  return inMinutes(
    expectedWait({
      ...{ now, callBy: Number.POSITIVE_INFINITY, desks: 1 },
      queue: open
        .filter(each => each.state === 'waiting' && each.only_desk_id === deskId && each.id !== visitId)
        .map(each => ({ callBy: each.call_by.getTime(), from: now, measured: measured.get(each.service_id) })),
      atDesks: at.map(each => ({ measured: measured.get(each.service_id), since: each.called_at?.getTime() ?? now })),
    }),
  )
}

const inMinutes = (range: { minMs: number; maxMs: number } | undefined): ExpectedWait =>
  range ? { minMinutes: Math.floor(range.minMs / minute), maxMinutes: Math.ceil(range.maxMs / minute) } : null

/** What is told to somebody who waits, by the instant by which to be called. */
export function rangeFor(standings: Standings, hall: HallRow, serviceId: string, callBy: number, visitId?: string): ExpectedWait {
  const { now, measured } = standings
  const serves = (desk: DeskRow) => desk.services.length === 0 || desk.services.includes(serviceId)
  const desks = standings.desks.filter(
    desk => desk.hall_id === hall.id && serves(desk) && standings.sittings.some(({ desk_id }) => desk_id === desk.id),
  )
  const isServed = (id: string) => desks.some(desk => desk.services.length === 0 || desk.services.includes(id))
  const waiting = standings.open
    .filter(each => each.hall_id === hall.id && each.state === 'waiting' && each.id !== visitId && isServed(each.service_id))
    .map(each => ({
      callBy: each.call_by.getTime(),
      from: (each.due_at?.getTime() ?? now) - hall.rules.dueWindowMinutes * minute,
      measured: measured.get(each.service_id),
    }))
  const appointments = standings.expected.flatMap(({ serviceId: booked, start }) => {
    const received = standings.services.find(each => each.hall_id === hall.id && each.agenda_services.includes(booked))
    return received && isServed(received.id)
      ? [
          {
            ...{ callBy: start + hall.rules.appointmentMinutes * minute, measured: measured.get(received.id) },
            from: start - hall.rules.dueWindowMinutes * minute,
          },
        ]
      : []
  })
  const atDesks = standings.open
    .filter(each => desks.some(({ id }) => id === each.desk_id))
    .map(each => ({ measured: measured.get(each.service_id), since: each.called_at?.getTime() ?? now }))
  return inMinutes(expectedWait({ now, callBy, queue: [...waiting, ...appointments], atDesks, desks: desks.length }))
}
