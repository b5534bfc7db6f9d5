/** Services and free times, as they are shown to who books. */
import { type Actor, addDays, type Db, dayAt, type House, type Language, notFound, Refused, sentence } from '../platform/index.ts'
import { askedOf, firstFreeAt, holdOwnerOf, slotView } from './first-free.ts'
import type { Service, Slot, Slots, SlotsQuery } from './model.ts'
import { type Office, officeOf } from './places.ts'
import { mayLookForTimes } from './policy.ts'
import { type DayOfSlots, slotsOfDay } from './slots.ts'
import { calendarsOf, serviceOfUnit, servicesOfUnit } from './store.ts'
import type { OfferedRow } from './tables.ts'

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
