/** Use cases of who comes in: a ticket of the kiosk, somebody at the reception desk, an appointment by its code; and what is corrected afterwards. */
import { appointmentByCode, arriveForAppointment, giveDayCode, takeDayCode, type VisitAppointment } from '../agenda/index.ts'
import { boundsOf, must, nameOfActor, notFound, Refused, useCase, type Work } from '../platform/index.ts'
import { visitStandingOf } from './effects.ts'
import { hallStandingsOf, rangeFor } from './loads.ts'
import type { AppointmentArrival, NewVisit, PriorityReason, VisitChange, VisitClass } from './model.ts'
import { addEntry, lockHall, lockVisit, noteEntry, officeDayOf } from './places.ts'
import { callByAfterReturn, callByOf, mayReceive, maySeeCounters } from './policy.ts'
import { desksOfHalls, hallsOfUnit, servicesOfHalls } from './setup-store.ts'
import { columnsOf, countKioskTicket, insertEntry, insertVisit, updateVisit, visitOfAppointment } from './store.ts'
import type { CounterServiceRow, HallRow, VisitRow } from './tables.ts'

export interface OneVisit {
  visitId: string
}

interface Arriving {
  hall: HallRow
  service: CounterServiceRow
  origin: VisitRow['origin']
  persons?: number
  priority?: PriorityReason | null
  remark?: string
  appointment?: VisitAppointment
}

/**
 * Somebody has come in; the hall is locked. The number is the database's.
 * @throws Refused 409 when the kiosk has given all its tickets of the day
 */
export async function arrive(work: Work, arriving: Arriving): Promise<OneVisit> {
  const { hall, service, origin, persons = 1, priority = null, remark = '', appointment } = arriving
  const day = officeDayOf(work)
  // Who has an appointment has a right to a number, whatever the kiosk has given.
  const kiosk = origin === 'kiosk' && appointment === undefined
  if (kiosk && !(await countKioskTicket(work.tx, { hallId: hall.id, day, contingent: hall.daily_contingent })))
    throw new Refused('counters.contingentUsed', { hall: hall.name }, 409)
  const given = appointment && (await giveDayCode(work, appointment))
  const code = given ?? (await takeDayCode(work, { unitId: hall.unit_id, letter: hall.letter, day }))
  const visitClass: VisitClass = appointment ? 'appointment' : service.visit_class
  const at = work.now.getTime()
  const facts = { visitClass, priority, dueAt: appointment?.starts_at.getTime() ?? null }
  const callBy = callByOf({ ...facts, arrivedAt: at }, hall.rules)
  const told = rangeFor(await hallStandingsOf(work.house, work.tx, [hall]), hall, service.id, callBy)
  const entry = {
    ...{ kind: 'arrived' as const, at, deskId: null },
    detail: { ...facts, hallId: hall.id, serviceId: service.id, callBy },
  }
  const row = {
    ...{ id: work.ids(), unit_id: hall.unit_id, unit_path: hall.unit_path, day, code, origin, persons, remark },
    appointment_id: appointment?.id ?? null,
    contact_id: appointment?.contact_id ?? null,
    case_id: appointment?.case_id ?? null,
    interaction_id: null,
    hall_id: hall.id,
  }
  await insertVisit(work.tx, {
    ...row,
    ...columnsOf(visitStandingOf([entry])),
    ...{ delivered: '[]', not_delivered: null, call_enough: null, came_because: null, handling_seconds: null },
    ...{ told_min: told?.minMinutes ?? null, told_max: told?.maxMinutes ?? null },
  })
  const entryId = work.ids()
  await insertEntry(work.tx, row.id, { ...entry, id: entryId, byName: nameOfActor(work.actor) })
  await noteEntry(work, row, { id: entryId, kind: 'arrived', deskId: null })
  if (appointment) await arriveForAppointment(work, appointment)
  return { visitId: row.id }
}

/** A service of a hall. @throws Refused 422 for one of another hall */
export async function serviceIn(work: Work, hall: HallRow, serviceId: string): Promise<CounterServiceRow> {
  const service = (await servicesOfHalls(work.tx, [hall.id])).find(each => each.id === serviceId)
  if (!service) throw new Refused('counters.serviceNotHere', { hall: hall.name, field: 'serviceId' }, 422)
  return service
}

/** The reception desk writes somebody in. @throws Refused 404 for a hall that is not the actor's */
export const addVisit = useCase(async (work, { hallId, serviceId, persons, priority, remark }: NewVisit): Promise<OneVisit> => {
  const hall = await lockHall(work, hallId)
  const service = await serviceIn(work, hall, serviceId)
  return arrive(work, { hall, service, origin: 'reception', persons, priority, remark })
})

/** The reception desk writes in who has an appointment. @throws Refused as `arriveWithAppointment` */
export const addAppointment = useCase(async (work, { unitId, code }: AppointmentArrival): Promise<OneVisit> => {
  const [hall] = await hallsOfUnit(work.tx, unitId)
  if (!hall || !maySeeCounters(work.actor, hall.unit_path)) throw notFound('unit')
  must(mayReceive(work.actor, hall.unit_path))
  return arriveWithAppointment(work, { unitId, code, origin: 'reception' })
})

/**
 * Somebody with an appointment of today has come, and says its code. Whoever says it twice has the same ticket.
 * @throws Refused 404 when no appointment of this office today has the code; 409 when no hall receives its service
 */
export async function arriveWithAppointment(
  work: Work,
  { unitId, code, origin, hallIds }: { unitId: string; code: string; origin: VisitRow['origin']; hallIds?: readonly string[] },
): Promise<OneVisit> {
  const [from, to] = boundsOf(work.house.config.TIME_ZONE, officeDayOf(work))
  const appointment = await appointmentByCode(work, { unitId, code, from: new Date(from), to: new Date(to) })
  if (!appointment) throw new Refused('counters.appointmentUnknown', {}, 404)
  return arriveFor(work, appointment, { origin, hallIds })
}

/**
 * Somebody comes for an appointment of today, which is locked: two at once take turns at it. Whoever was called in vain, and says so again, is back.
 * @throws Refused 409 when no hall receives its service
 */
export async function arriveFor(
  work: Work,
  appointment: VisitAppointment,
  { origin, hallIds }: { origin: VisitRow['origin']; hallIds?: readonly string[] | undefined },
): Promise<OneVisit> {
  const known = await visitOfAppointment(work.tx, appointment.id)
  if (known) {
    const { visit, hall } = await lockVisit(work, known.id)
    if (visit.state === 'missed')
      await addEntry(work, visit, 'returned', { callBy: callByAfterReturn(work.now.getTime(), hall.rules) })
    return { visitId: known.id }
  }
  const halls = (await hallsOfUnit(work.tx, appointment.unit_id)).filter(({ id }) => hallIds?.includes(id) ?? true)
  const services = await servicesOfHalls(
    work.tx,
    halls.map(({ id }) => id),
  )
  const service = services.find(each => each.agenda_services.includes(appointment.service_id))
  const hall = halls.find(({ id }) => id === service?.hall_id)
  if (!service || !hall) throw new Refused('counters.appointmentElsewhere', { service: appointment.service_name }, 409)
  return arrive(work, { hall: await lockHall(work, hall.id), service, origin, appointment })
}

/** Corrects what was written at the arrival. The place follows from it, counted from the arrival as before. @throws Refused 404, 403, 409 */
export const changeVisit = useCase(async (work, { visitId, ...change }: OneVisit & VisitChange): Promise<OneVisit> => {
  const { visit, hall } = await lockVisit(work, visitId)
  if (change.persons !== undefined || change.remark !== undefined)
    await updateVisit(work.tx, visitId, {
      ...(change.persons === undefined ? {} : { persons: change.persons }),
      ...(change.remark === undefined ? {} : { remark: change.remark }),
    })
  const service = change.serviceId === undefined ? undefined : await serviceIn(work, hall, change.serviceId)
  const visitClass: VisitClass = visit.visit_class === 'appointment' ? 'appointment' : (service?.visit_class ?? visit.visit_class)
  const priority = change.priority === undefined ? visit.priority : change.priority
  const arrival = {
    ...{ visitClass, priority, arrivedAt: visit.arrived_at.getTime(), dueAt: visit.due_at?.getTime() ?? null },
  }
  if (change.deskId) {
    const isHere = (await desksOfHalls(work.tx, [hall.id])).some(({ id }) => id === change.deskId)
    if (!isHere) throw new Refused('counters.deskElsewhere', { field: 'deskId' }, 422)
  }
  const samePlace = visitClass === visit.visit_class && priority === visit.priority
  await addEntry(work, visit, 'changed', {
    ...{ serviceId: service?.id ?? visit.service_id, visitClass, priority },
    ...(samePlace ? {} : { callBy: callByOf(arrival, hall.rules) }),
    ...(change.deskId === undefined ? {} : { onlyDeskId: change.deskId }),
  })
  return { visitId }
})
