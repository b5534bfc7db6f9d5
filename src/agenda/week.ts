/**
 * The week of an office, as its table shows it: who receives, the appointments, and the times that are free for each service. What is free is what the
 * office can give away with its own hand; a citizen who books is bound by notice, horizon and shares besides.
 */
import { troubledMails } from '../channels/index.ts'
import { contactsOf } from '../contacts/index.ts'
import { type Actor, addDays, boundsOf, dayAt, type House, type Language, notFound, weekdayOf } from '../platform/index.ts'
import { askedOf } from './first-free.ts'
import { unbound } from './free-times.ts'
import type { AgendaOutcomes, AgendaWeek, AppointmentEnding, OutcomesQuery, WeekFree, WeekQuery } from './model.ts'
import { type Office, officeOf } from './places.ts'
import { dayScope, endingOf, mayPlace } from './policy.ts'
import { slotsOfDay } from './slots.ts'
import { calendarsOf, servicesOfUnit } from './store.ts'
import type { CalendarRow } from './tables.ts'
import { appointmentLine, closedBecause } from './views.ts'
import { appointmentsOfWeek, calendarsOfWeek, countEnded } from './week-store.ts'

const maxCalendars = 40
const maxAppointments = 1_500
const days = 7

/** @throws Refused 404 when the office is not there, or not the actor's to see */
export async function weekView(house: House, actor: Actor, query: WeekQuery, language: Language): Promise<AgendaWeek> {
  const db = house.database.kysely
  const office = await officeToSee(house, actor, query.unitId)
  const timeZone = house.config.TIME_ZONE
  const day = query.day ?? dayAt(timeZone, house.clock.now())
  const monday = addDays(day, 1 - weekdayOf(day))
  const dates = Array.from({ length: days }, (_, i) => addDays(monday, i))
  const lastDay = addDays(monday, days - 1)
  const [[from], [, to]] = [boundsOf(timeZone, monday), boundsOf(timeZone, lastDay)]
  const span = { unitId: office.id, from: new Date(from), to: new Date(to) }

  const all = await calendarsOfWeek(db, span)
  const wanted = query.calendarId === undefined ? all : all.filter(({ id }) => id === query.calendarId)
  const shown = wanted.slice(0, maxCalendars)
  const ids = shown.map(({ id }) => id)
  const rows = await appointmentsOfWeek(db, span, ids, maxAppointments)
  const contacts = await contactsOf(db, [...new Set(rows.map(row => row.contact_id))])
  const troubled = await troubledMails(
    db,
    rows.map(row => row.case_id),
    rows.map(row => row.id),
  )
  const services = await servicesOfUnit(db, office.id)
  const now = house.clock.now()
  const open = await calendarsOf(db, { unitIds: [office.id], firstDay: monday, lastDay, timeZone, now: new Date(now) })
  const calendars = open.filter(({ id }) => ids.includes(id))
  const offered = new Map(all.map(calendar => [calendar.id, new Set(calendar.services)]))

  const free = new Map<string, WeekFree>()
  for (const service of services) {
    const asked = { ...askedOf(house, actor, office, service), ...unbound, now }
    const own = calendars.filter(({ id }) => offered.get(id)?.has(service.id))
    for (const date of dates)
      for (const { start, places } of slotsOfDay(date, own, asked).slots)
        for (const [calendarId, there] of Map.groupBy(places, place => place.calendar.id)) {
          const key = `${calendarId} ${start}`
          const found = free.get(key) ?? {
            ...{ calendarId, date, start: new Date(start).toISOString(), places: 0, services: [] },
          }
          found.places = Math.max(found.places, there.length)
          found.services.push(service.id)
          free.set(key, found)
        }
  }
  const items = rows.map(row => ({
    ...appointmentLine(row, contacts.get(row.contact_id), troubled.get(row.id) ?? null),
    calendarId: row.calendar_id,
  }))
  return {
    unit: { id: office.id, name: office.name },
    timeZone,
    days: dates.map(date => ({ date, closed: closedBecause({ office, date, calendars: open, timeZone, now }, language) })),
    services: services.map(row => ({
      ...{ id: row.id, name: row.words[language]?.name ?? row.name, durationMinutes: row.duration_minutes, modes: row.modes },
    })),
    calendars: shown.map(calendarView),
    items,
    free: [...free.values()].toSorted((a, b) => (a.start < b.start ? -1 : 1)),
    others: all.filter(({ id }) => !ids.includes(id)).map(({ id, ...row }) => ({ id, name: nameOf(row) })),
    changes: mayPlace(actor, office.path).allowed,
  }
}

const nameOf = ({ officer_name, label }: Pick<CalendarRow, 'officer_name' | 'label'>): string => officer_name ?? label

const calendarView = (row: CalendarRow): AgendaWeek['calendars'][number] => ({
  ...{ id: row.id, name: nameOf(row), room: row.room, active: row.active },
  officer: row.officer_id === null ? null : { id: row.officer_id, name: row.officer_name ?? '' },
})

/** How the appointments of some weeks went, by service, those with most first. @throws Refused 404 when the office is not there, or not the actor's to see */
export async function outcomesView(house: House, actor: Actor, { unitId, day, weeks }: OutcomesQuery): Promise<AgendaOutcomes> {
  const office = await officeToSee(house, actor, unitId)
  const timeZone = house.config.TIME_ZONE
  const to = day ?? dayAt(timeZone, house.clock.now())
  const from = addDays(to, 1 - weeks * days)
  const [[start], [, end]] = [boundsOf(timeZone, from), boundsOf(timeZone, to)]
  const rows = await countEnded(house.database.kysely, { unitId: office.id, from: new Date(start), to: new Date(end) })
  const items = [...Map.groupBy(rows, row => row.serviceId)].map(([id, own]) => {
    const ended = own.map(row => ({ ending: endingOf(row), count: row.count }))
    return {
      service: { id, name: own[0]?.serviceName ?? '' },
      endings: counted(ended.flatMap(({ ending, count }) => (ending ? [{ ending, count }] : []))),
      open: sum(ended.flatMap(({ ending, count }) => (ending ? [] : [count]))),
    }
  })
  const all = (item: (typeof items)[number]) => item.open + sum(Object.values(item.endings))
  return { from, to, items: items.toSorted((a, b) => all(b) - all(a)) }
}

/** @throws Refused 404 when it is not there, or not the actor's to see */
async function officeToSee(house: House, actor: Actor, wanted: string | undefined): Promise<Office> {
  const scope = dayScope(actor)
  const unitId = wanted ?? (actor.kind === 'person' ? actor.unitId : undefined)
  if (!scope || unitId === undefined) throw notFound('unit')
  const office = await officeOf(house.database.kysely, unitId)
  if (!office || !(scope.all || office.path.startsWith(scope.under))) throw notFound('unit')
  return office
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

function counted(ended: readonly { ending: AppointmentEnding; count: number }[]): AgendaOutcomes['items'][number]['endings'] {
  const of = (ending: AppointmentEnding) => sum(ended.flatMap(each => (each.ending === ending ? [each.count] : [])))
  return {
    ...{ served: of('served'), 'no-show': of('no-show'), left: of('left'), 'office-fault': of('office-fault') },
    ...{ 'cancelled-in-time': of('cancelled-in-time'), 'cancelled-late': of('cancelled-late') },
  }
}
