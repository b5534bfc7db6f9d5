/** Services and free times, as they are shown to who books. */
import { type Actor, addDays, type Db, dayAt, type House, type Language, notFound, Refused, sentence } from '../platform/index.ts'
import { askedOf, firstFreeAt, holdOwnerOf, slotView } from './first-free.ts'
import type { FirstFree, FirstFreeQuery, Service, Slot, Slots, SlotsQuery } from './model.ts'
import { type Office, officeOf, officesNear } from './places.ts'
import { mayLookForTimes } from './policy.ts'
import { type DayOfSlots, slotsOfDay } from './slots.ts'
import { calendarsOf, readService, serviceAtOffices, serviceOfUnit, servicesOfUnit } from './store.ts'
import type { OfferedRow } from './tables.ts'

/** More offices than there are: a service that few offer is looked for in the whole country. */
const lookAt = 2_000

/** Services of an office, in the language of the reader. @throws Refused 404 for who books nothing */
export async function servicesView(house: House, actor: Actor, unitId: string, language: Language): Promise<Service[]> {
  if (!mayLookForTimes(actor)) throw notFound('agenda')
  const db = house.database.kysely
  if (!(await officeOf(db, unitId))) throw notFound('unit')
  return (await servicesOfUnit(db, unitId)).map(row => serviceView(row, language))
}

/** The times of some days at an office, with full and closed days. A time that the reader holds is shown as free. */
export async function slotsView(house: House, actor: Actor, query: SlotsQuery, language: Language): Promise<Slots> {
  if (!mayLookForTimes(actor)) throw notFound('agenda')
  const db = house.database.kysely
  const { office, service } = await needService(db, query.unitId, query.serviceId)
  const timeZone = house.config.TIME_ZONE
  const asked = askedOf(house, actor, office, service)
  const firstDay = query.from ?? dayAt(timeZone, asked.now)
  const lastDay = addDays(firstDay, query.days - 1)
  const calendars = await calendarsOf(db, {
    unitIds: [office.id],
    serviceId: service.id,
    firstDay,
    lastDay,
    timeZone,
    now: new Date(asked.now),
    owner: holdOwnerOf(actor),
  })
  return {
    unit: { id: office.id, name: office.name },
    service: serviceView(service, language),
    timeZone,
    days: Array.from({ length: query.days }, (_, i) => slotsOfDay(addDays(firstDay, i), calendars, asked)).map(day => ({
      date: day.day,
      state: day.state,
      reason: reasonOf(day.because, language),
      slots: day.slots.map(slot => slotView(slot, calendars)),
    })),
  }
}

/** The first free times at the offices nearest to a place, nearest first after the one that is wished first. Offices that do not offer the service are passed over. */
export async function firstFreeView(house: House, actor: Actor, query: FirstFreeQuery): Promise<FirstFree[]> {
  if (!mayLookForTimes(actor)) throw notFound('agenda')
  const db = house.database.kysely
  if (!(await readService(db, query.serviceId))) throw notFound('service')
  const near = await officesNear(db, query.near, lookAt)
  if (near.length === 0) throw new Refused('agenda.placeUnknown', { field: 'near' }, 422)
  const services = await serviceAtOffices(
    db,
    near.map(each => each.office.id),
    query.serviceId,
  )
  const able = near.flatMap(each => {
    const service = services.get(each.office.id)
    return service ? [{ ...each, service }] : []
  })
  const wished = able.filter(each => each.office.id === query.first)
  const offices = [...wished, ...able.filter(each => each.office.id !== query.first)].slice(0, query.offices)
  const found = await firstFreeAt(house, actor, db, offices, { times: query.times, keep: true })
  return offices.map(({ office, distanceKm }) => ({
    unit: { id: office.id, name: office.name, address: office.address },
    distanceKm: Math.round(distanceKm * 10) / 10,
    slots: found.get(office.id) ?? [],
  }))
}

/** The first free time of an office, for who has lost one. */
export async function nextFree(
  house: House,
  actor: Actor,
  db: Db,
  office: Office,
  service: OfferedRow,
): Promise<Slot | undefined> {
  const found = await firstFreeAt(house, actor, db, [{ office, service }], { times: 1, owner: '' })
  return found.get(office.id)?.[0]
}

// --- shared with holds ----------------------------------------------------------------------------------------------

/** @throws Refused 404 when the office is not there, 422 when it does not offer the service */
export async function needService(db: Db, unitId: string, serviceId: string): Promise<{ office: Office; service: OfferedRow }> {
  const office = await officeOf(db, unitId)
  if (!office) throw notFound('unit')
  const service = await serviceOfUnit(db, unitId, serviceId)
  if (!service) throw new Refused('agenda.serviceNotHere', { field: 'serviceId', unit: office.name }, 422)
  return { office, service }
}

/** What an office does with its own hand is bound by its hours and by what is taken, and by nothing else. */
export const unbound = { group: 'office', noticeMinutes: 0, horizonDays: 366 } as const

export function reasonOf(because: DayOfSlots['because'], language: Language): string | null {
  if (because === null) return null
  if (because.kind === 'closure') return because.reason
  if (because.kind === 'holiday') return sentence(language, 'agenda.holiday')
  return sentence(language, 'agenda.notYetBookable', { day: because.bookableFrom.split('-').reverse().join('/') })
}

export function serviceView(row: OfferedRow, language: Language): Service {
  const words = row.words[language]
  return {
    id: row.id,
    name: words?.name ?? row.name,
    description: words?.description ?? row.description,
    bring: words?.bring ?? row.bring,
    durationMinutes: row.duration_minutes,
    modes: row.modes,
    noticeMinutes: row.notice_minutes,
    horizonDays: row.horizon_days,
    sections: row.sections,
  }
}
