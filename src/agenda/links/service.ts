/**
 * What a citizen does by the link of a mail. Looking changes nothing: programs that examine mails open links, too. A citizen is shown the
 * appointment's time and place, and nothing that says who they are or why they come.
 */

import { type ContactLanguage, contactsOf } from '../../contacts/index.ts'
import { type Actor, type House, houseSecret, inTransaction, notFound, Refused, type Work } from '../../platform/index.ts'
import { cancel, subjectsOfAppointment } from '../appointments.ts'
import { appointmentConfirmed } from '../events.ts'
import { officeOf } from '../places.ts'
import { fitsMoment } from '../policy.ts'
import { readAppointment, readService, updateAppointment } from '../store.ts'
import type { AppointmentRow } from '../tables.ts'
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
  if (row.state !== 'cancelled' && !isOpen(row, now, house.config.TIME_ZONE))
    return { language, state: 'over', appointment: null }
  const [office, service] = [await officeOf(db, row.unit_id), await readService(db, row.service_id)]
  const words = service?.words[language]
  return {
    language,
    state: row.state === 'cancelled' ? 'cancelled' : row.confirmed_at ? 'confirmed' : 'booked',
    appointment: {
      start: row.starts_at.toISOString(),
      end: row.ends_at.toISOString(),
      timeZone: house.config.TIME_ZONE,
      mode: row.mode,
      unit: { name: row.unit_name, address: office?.address ?? '' },
      service: words?.name ?? row.service_name,
      bring: words?.bring ?? row.bring,
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

async function byLink(house: House, token: string, act: (work: Work, row: AppointmentRow) => Promise<void>): Promise<void> {
  await inTransaction(house, citizen, async work => {
    const id = readLinkToken(await houseSecret(house.config, work.tx), token)
    const row = id === undefined ? undefined : await readAppointment(work.tx, id, true)
    if (!row) throw notFound('appointment')
    if (!isOpen(row, work.now.getTime(), house.config.TIME_ZONE)) throw new Refused('agenda.linkOver', {}, 409)
    await act(work, row)
  })
}

/** Whether there is still something to say about it: it is booked, and has not begun. */
const isOpen = (row: AppointmentRow, now: number, timeZone: string): boolean =>
  row.state === 'booked' &&
  row.starts_at.getTime() > now &&
  fitsMoment('cancel', { state: row.state, start: row.starts_at.getTime() }, { now, timeZone }).allowed
