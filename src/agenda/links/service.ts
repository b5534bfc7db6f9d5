/**
 * What a citizen does by the link of a mail. Looking changes nothing: programs that examine mails open links, too. A citizen is shown the
 * appointment's time and place, and nothing that says who they are or why they come.
 */
import { type ContactLanguage, contactsOf } from '../../contacts/index.ts'
import { type Actor, dayAt, type House, houseSecret, inTransaction, notFound, Refused, type Work } from '../../platform/index.ts'
import { cancel, subjectsOfAppointment } from '../appointments.ts'
import { toldService } from '../citizen-words.ts'
import { appointmentConfirmed } from '../events.ts'
import { officeOf } from '../places.ts'
import { isAhead } from '../policy.ts'
import { readAppointment, readService, updateAppointment } from '../store.ts'
import type { AppointmentRow } from '../tables.ts'
import type { AnswerOffer } from '../waiting/model.ts'
import { acceptTimeOffer, declineTimeOffer, joinList, takeOffList } from '../waiting/service.ts'
import { listingOf } from '../waiting/views.ts'
import type { LinkedAppointment } from './model.ts'
import { readLinkToken } from './token.ts'

const citizen: Actor = { kind: 'citizen', channel: 'web' }

/** The appointment of a link, as its citizen sees it. @throws Refused 404 for a token that is none of ours */
export async function linkedAppointment(house: House, token: string, wanted?: ContactLanguage): Promise<LinkedAppointment> {
  const db = house.database.kysely
  const id = readLinkToken(await houseSecret(house.config, db), token)
  const row = id === undefined ? undefined : await readAppointment(db, id)
  if (!row) throw notFound('appointment')
  const language = wanted ?? (await contactsOf(db, [row.contact_id])).get(row.contact_id)?.language ?? 'it'
  const now = house.clock.now()
  const zone = house.config.TIME_ZONE
  const canArrive = row.mode === 'counter' && row.state === 'booked' && dayAt(zone, row.starts_at.getTime()) === dayAt(zone, now)
  if (row.state !== 'cancelled' && !isAhead(row, now, zone))
    return { language, state: 'over', canArrive, waiting: null, appointment: null }
  const [office, service] = [await officeOf(db, row.unit_id), await readService(db, row.service_id)]
  return {
    canArrive,
    language,
    state: row.state === 'cancelled' ? 'cancelled' : row.confirmed_at ? 'confirmed' : 'booked',
    waiting: await listingOf(db, row),
    appointment: {
      start: row.starts_at.toISOString(),
      end: row.ends_at.toISOString(),
      timeZone: zone,
      mode: row.mode,
      unit: { name: row.unit_name, address: office?.address ?? '' },
      ...toldService(service?.words[language], row),
      dayCode: row.day_code,
    },
  }
}

/** The citizen will come. Saying it twice is the same. @throws Refused 404, 409 when it is over or was cancelled */
export const confirmByLink = (house: House, token: string): Promise<void> =>
  byLink(house, token, async (work, row) => {
    if (row.confirmed_at) return
    await updateAppointment(work.tx, row.id, { confirmed_at: work.now })
    await work.journal(appointmentConfirmed, { appointmentId: row.id, unitId: row.unit_id }, subjectsOfAppointment(row))
  })

/** The citizen will not come: the time can be booked again at once. @throws Refused 404, 409 when it is over or was cancelled */
export const cancelByLink = (house: House, token: string): Promise<void> =>
  byLink(house, token, (work, row) => cancel(work, row, { by: 'citizen', reason: '' }))

/** The citizen would rather come earlier. Saying it twice is the same. @throws Refused 404, 409 when it is over or was cancelled */
export const joinByLink = (house: House, token: string): Promise<void> => byLink(house, token, joinList)

/** The citizen no longer waits for an earlier time. @throws Refused 404, 409 when it is over or was cancelled */
export const leaveByLink = (house: House, token: string): Promise<void> => byLink(house, token, takeOffList)

/** The citizen takes the time that is offered. @throws Refused 404, and as `acceptTimeOffer` */
export const acceptByLink = (house: House, token: string, answer: AnswerOffer): Promise<void> =>
  answerByLink(house, token, answer, acceptTimeOffer)

/** The citizen keeps the booked time. @throws Refused 404, and as `declineTimeOffer` */
export const declineByLink = (house: House, token: string, answer: AnswerOffer): Promise<void> =>
  answerByLink(house, token, answer, declineTimeOffer)

/** An answer locks the time before the appointment: the link is read, and no more. */
const answerByLink = (house: House, token: string, { offerId }: AnswerOffer, act: typeof acceptTimeOffer): Promise<void> =>
  inTransaction(house, citizen, async work => {
    const appointmentId = readLinkToken(await houseSecret(house.config, work.tx), token)
    if (appointmentId === undefined) throw notFound('appointment')
    await act(work, { appointmentId, offerId })
  })

/** The appointment of a link, locked. @throws Refused 404 for a token that is none of ours */
export async function appointmentByLink(work: Work, token: string): Promise<AppointmentRow> {
  const id = readLinkToken(await houseSecret(work.house.config, work.tx), token)
  const row = id === undefined ? undefined : await readAppointment(work.tx, id, true)
  if (!row) throw notFound('appointment')
  return row
}

async function byLink(house: House, token: string, act: (work: Work, row: AppointmentRow) => Promise<void>): Promise<void> {
  await inTransaction(house, citizen, async work => {
    const row = await appointmentByLink(work, token)
    if (!isAhead(row, work.now.getTime(), house.config.TIME_ZONE)) throw new Refused('agenda.linkOver', {}, 409)
    await act(work, row)
  })
}
