/** What a citizen who waits is written: that an earlier time is kept for them, until when, and that the booked one stands. */
import { queueMail } from '../../channels/index.ts'
import { type ContactLanguage, contactsOf } from '../../contacts/index.ts'
import { filled, unitsIn, type Work } from '../../platform/index.ts'
import { citizenWords, grouped, toldIn, toldService } from '../citizen-words.ts'
import { readService } from '../store.ts'
import type { AppointmentRow } from '../tables.ts'
import { linkOf } from '../writing.ts'

/** Writes to the citizen, where there is still an address. */
export async function writeOffer(work: Work, row: AppointmentRow, { start, until }: { start: Date; until: Date }): Promise<void> {
  const contact = (await contactsOf(work.tx, [row.contact_id])).get(row.contact_id)
  if (!contact?.email) return
  const service = await readService(work.tx, row.service_id)
  const { language } = contact
  const link = await linkOf(work, row.id)
  const text = offerText({
    language,
    name: contact.name,
    service: toldService(service?.words[language], row).service,
    unit: row.unit_name,
    timeZone: work.house.config.TIME_ZONE,
    ...{ start, until, booked: row.starts_at, link, code: row.code },
  })
  await queueMail(work, {
    ...{ purpose: 'agenda.offer', subjectId: row.id, caseId: row.case_id, contactId: row.contact_id, fromName: row.unit_name },
    to: { name: contact.name, address: contact.email },
    ...{ subject: text.subject, body: text.body, language, automatic: true, units: unitsIn(row.unit_path, row.booked_by_path) },
  })
}

interface OfferWords {
  language: ContactLanguage
  name: string
  service: string
  unit: string
  timeZone: string
  start: Date
  until: Date
  /** When the citizen is booked. */
  booked: Date
  /** Where the citizen answers; null where the program has no address of its own: then by telephone. */
  link: string | null
  code: string
}

/** Subject and body of the mail. Pure. */
export function offerText(words: OfferWords): { subject: string; body: string } {
  const { language, timeZone } = words
  const { greeting, offer, code, closing } = citizenWords[language]
  const told = toldIn(language, timeZone)
  const values = {
    ...{ name: words.name, service: words.service, unit: words.unit, link: words.link ?? '' },
    ...{ day: told(words.start, { dateStyle: 'full' }), time: told(words.start, { timeStyle: 'short' }) },
    ...{ bookedDay: told(words.booked, { dateStyle: 'full' }), bookedTime: told(words.booked, { timeStyle: 'short' }) },
    until: told(words.until, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }),
    code: grouped(words.code),
  }
  const answer = words.link === null ? offer.call : offer.link
  const parts = [greeting, offer.opening, offer.stands, answer, code, closing]
  return { subject: filled(offer.subject, values), body: parts.map(part => filled(part, values)).join('\n\n') }
}
