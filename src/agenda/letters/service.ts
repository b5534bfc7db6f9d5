/** An office prints the letters of its appointments, and says that they were sent. */

import { z } from 'zod'
import { contactsOf, postalAddressesOf } from '../../contacts/index.ts'
import {
  type Actor,
  type Db,
  decodeCursor,
  type House,
  Instant,
  nameOfActor,
  notFound,
  pageOf,
  Uuid,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { subjectsOfAppointment } from '../appointments.ts'
import { appointmentLetterSent } from '../events.ts'
import { type Office, officeOf } from '../places.ts'
import { postMs, sendsLetters } from '../policy.ts'
import { readAppointment } from '../store.ts'
import type { ChosenLetters, Letters, LettersQuery, MarkedLetters } from './model.ts'
import { countToPrint, type LetterRow, lettersSent, lettersToPrint, markSent, readLetters, takeSentBack } from './store.ts'

interface OfUnit {
  unitId: string
}

/** The office, for whoever sends its letters. @throws Refused 404 */
export async function officeOfLetters(db: Db, actor: Actor, unitId: string): Promise<Office> {
  const office = await officeOf(db, unitId)
  if (!office || !sendsLetters(actor, office.path)) throw notFound('unit')
  return office
}

const Cursor = z.tuple([Instant, Uuid])

/** One page of the letters of an office. @throws Refused 404 */
export async function lettersView(
  house: House,
  actor: Actor,
  { unitId, state, cursor, limit }: OfUnit & LettersQuery,
): Promise<Letters> {
  const db = house.database.kysely
  await officeOfLetters(db, actor, unitId)
  const now = new Date(house.clock.now())
  const [at, id] = decodeCursor(Cursor, cursor) ?? []
  const from = at !== undefined && id !== undefined ? { at: new Date(at), id } : undefined
  const rows =
    state === 'open'
      ? await lettersToPrint(db, { unitId, now }, from && { startsAt: from.at, id: from.id }, limit + 1)
      : await lettersSent(db, unitId, from && { sentAt: from.at, id: from.id }, limit + 1)
  const page = pageOf(rows, limit, row => [((state === 'open' ? row.starts_at : row.sent_at) ?? now).toISOString(), row.id])
  const ids = page.items.map(row => row.contact_id)
  const [contacts, addresses] = [await contactsOf(db, ids), await postalAddressesOf(db, ids)]
  return {
    count: await countToPrint(db, { unitId, now }),
    items: page.items.map(row => ({
      id: row.id,
      appointmentId: row.appointment_id,
      kind: row.kind,
      contactName: contacts.get(row.contact_id)?.name ?? '',
      hasAddress: addresses.has(row.contact_id),
      serviceName: row.said.service,
      start: row.starts_at.toISOString(),
      writtenAt: row.written_at.toISOString(),
      isLate: row.starts_at.getTime() - now.getTime() < postMs,
      sentAt: row.sent_at?.toISOString() ?? null,
      sentBy: row.sent_by_name,
    })),
    next: page.next,
  }
}

/** Says that letters were given to the post or handed over. Those that were overtaken or marked meanwhile are left as they are. @throws Refused 404 */
export const sendLetters = useCase(async (work, { unitId, letterIds }: OfUnit & ChosenLetters): Promise<MarkedLetters> => {
  await officeOfLetters(work.tx, work.actor, unitId)
  const letters = (await readLetters(work.tx, unitId, letterIds, true)).filter(({ state }) => state === 'open')
  const ids = letters.map(row => row.contact_id)
  const [contacts, addresses] = [await contactsOf(work.tx, ids), await postalAddressesOf(work.tx, ids)]
  for (const letter of letters) {
    const to = [contacts.get(letter.contact_id)?.name ?? '', ...(addresses.get(letter.contact_id)?.lines ?? [])]
    await markSent(work.tx, letter.id, { at: work.now, by: nameOfActor(work.actor), to })
    await note(work, letter, true)
  }
  return outcomeOf(letterIds, letters)
})

/** Letters were not sent after all, and are to be printed again, unless something newer was written. @throws Refused 404 */
export const takeLettersBack = useCase(async (work, { unitId, letterIds }: OfUnit & ChosenLetters): Promise<MarkedLetters> => {
  await officeOfLetters(work.tx, work.actor, unitId)
  // Whoever moves an appointment locks it before its letters; here, too.
  const concerned = (await readLetters(work.tx, unitId, letterIds)).map(row => row.appointment_id)
  for (const id of concerned.toSorted()) await readAppointment(work.tx, id, true)
  const back: LetterRow[] = []
  for (const letter of await readLetters(work.tx, unitId, letterIds, true)) {
    if (letter.state !== 'sent' || !(await takeSentBack(work.tx, letter))) continue
    await note(work, letter, false)
    back.push(letter)
  }
  return outcomeOf(letterIds, back)
})

const outcomeOf = (asked: readonly string[], marked: readonly LetterRow[]): MarkedLetters => {
  const done = new Set(marked.map(({ id }) => id))
  return { marked: [...done], left: [...new Set(asked)].filter(id => !done.has(id)) }
}

async function note(work: Work, { id, appointment_id, kind, unit_id }: LetterRow, sent: boolean): Promise<void> {
  const row = await readAppointment(work.tx, appointment_id)
  if (!row) return
  const payload = { appointmentId: row.id, unitId: unit_id, letterId: id, kind, sent }
  await work.journal(appointmentLetterSent, payload, subjectsOfAppointment(row))
}
