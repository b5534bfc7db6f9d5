/**
 * "I am here", by the own telephone: the hall shows a QR code, and who has an appointment says its code there, or comes by the link of the mail. It is for
 * appointments of today at the opening hours of the office, from an hour before their time; it writes in who has come, and opens nothing else. The page
 * then shows the number, how long it may take, and the call.
 */
import { appointmentByCode, appointmentByLink, type VisitAppointment } from '../agenda/index.ts'
import {
  boundsOf,
  type Db,
  dayAt,
  type House,
  houseSecret,
  notFound,
  Refused,
  readTokenFor,
  tokenFor,
  useCase,
  type Work,
  wallClock,
} from '../platform/index.ts'
import { arriveFor, type OneVisit } from './arrivals.ts'
import { hallStandingsOf, openUntil, rangeFor, waitingBefore } from './loads.ts'
import type { HereOffice, HereVisit } from './machine-model.ts'
import { officeDayOf } from './places.ts'
import { desksOfHalls, hallsByIds } from './setup-store.ts'
import { readVisit } from './store.ts'
import type { HallRow } from './tables.ts'

/** So long before the appointment. */
const earlyMs = 60 * 60_000

const purposes = { hall: 'qr of hall', visit: 'link of visit' } as const

const tokenOf = async (house: House, what: keyof typeof purposes, id: string): Promise<string> =>
  tokenFor(await houseSecret(house.config, house.database.kysely), purposes[what], id)

async function idOf({ config }: House, db: Db, what: keyof typeof purposes, token: string): Promise<string> {
  const id = readTokenFor(await houseSecret(config, db), purposes[what], token)
  if (id === undefined) throw notFound(what)
  return id
}

/** Where somebody in a hall says that they are here: absolute where the program knows its own address. */
export async function hereAddress(house: House, hallId: string): Promise<string> {
  const path = `/here/${await tokenOf(house, 'hall', hallId)}`
  return house.config.PUBLIC_URL === undefined ? path : new URL(path, house.config.PUBLIC_URL).href
}

/** The token of a visit, by which its page is asked. */
export const visitToken = (house: House, visitId: string): Promise<string> => tokenOf(house, 'visit', visitId)

async function hallOf(house: House, db: Db, token: string): Promise<HallRow> {
  const [hall] = await hallsByIds(db, [await idOf(house, db, 'hall', token)])
  if (!hall) throw notFound('hall')
  return hall
}

/** The hall of a QR code. @throws Refused 404 for a token that is none of ours, or of a hall that is not there any more */
export async function hereOffice(house: House, token: string): Promise<HereOffice> {
  const db = house.database.kysely
  const hall = await hallOf(house, db, token)
  const until = await openUntil(db, hall.unit_id, house.clock.now())
  return { unit: hall.unit_name, hall: hall.name, open: until !== undefined }
}

/** Who has scanned the QR code says the code of an appointment. @throws Refused 404, 409 as `arriveNow` */
export const arriveByCode = useCase(async (work, { token, code }: { token: string; code: string }): Promise<OneVisit> => {
  const hall = await hallOf(work.house, work.tx, token)
  const [from, to] = boundsOf(work.house.config.TIME_ZONE, officeDayOf(work))
  const appointment = await appointmentByCode(work, { unitId: hall.unit_id, code, from: new Date(from), to: new Date(to) })
  if (!appointment) throw new Refused('counters.appointmentUnknown', { field: 'code' }, 404)
  return arriveNow(work, appointment)
})

/** Who comes by the link of the mail. @throws Refused 404, 409 as `arriveNow` */
export const arriveByLink = useCase(async (work, { token }: { token: string }): Promise<OneVisit> => {
  return arriveNow(work, await appointmentByLink(work, token))
})

/** @throws Refused 409 on another day, when the office is closed, too early, and for what is cancelled, over, or nowhere received */
async function arriveNow(work: Work, appointment: VisitAppointment): Promise<OneVisit> {
  const { house, now } = work
  const zone = house.config.TIME_ZONE
  const start = appointment.starts_at.getTime()
  if (dayAt(zone, start) !== officeDayOf(work)) throw new Refused('counters.here.otherDay', {}, 409)
  if (appointment.mode !== 'counter' || !['booked', 'checked-in', 'in-progress'].includes(appointment.state))
    throw new Refused('counters.here.over', {}, 409)
  if ((await openUntil(work.tx, appointment.unit_id, now.getTime())) === undefined)
    throw new Refused('counters.here.closed', {}, 409)
  if (now.getTime() < start - earlyMs) throw new Refused('counters.here.early', { time: timeAt(zone, start - earlyMs) }, 409)
  return arriveFor(work, appointment, { origin: 'telephone' })
}

const timeAt = (zone: string, at: number): string => {
  const { minutes } = wallClock(zone, at)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** How a visit stands, to whoever has its link. @throws Refused 404 for a token that is none of ours, and from the next day on */
export async function hereVisit(house: House, token: string): Promise<HereVisit> {
  const db = house.database.kysely
  const zone = house.config.TIME_ZONE
  const visit = await readVisit(db, await idOf(house, db, 'visit', token))
  const [hall] = visit ? await hallsByIds(db, [visit.hall_id]) : []
  if (!visit || !hall || dayAt(zone, visit.arrived_at.getTime()) !== dayAt(zone, house.clock.now())) throw notFound('visit')
  const isWaiting = visit.state === 'waiting'
  const standings = isWaiting ? await hallStandingsOf(house, db, [hall]) : undefined
  const desk = (await desksOfHalls(db, [hall.id])).find(({ id }) => id === visit.desk_id)
  return {
    ...{ unit: hall.unit_name, hall: hall.name, timeZone: zone, code: visit.code, state: visit.state },
    ...{
      desk: desk?.label ?? null,
      dueAt: visit.due_at?.toISOString() ?? null,
      ahead: standings ? waitingBefore(standings, visit) : 0,
    },
    expected: standings ? rangeFor(standings, hall, visit.service_id, visit.call_by.getTime(), visit.id) : null,
  }
}
