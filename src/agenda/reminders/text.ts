/**
 * Reminders as text messages: where the service says so, to citizens who wish to be written to by them, as far as the installation has a gateway. What cannot
 * be handed over goes by e-mail instead.
 */
import { leaves, queueMail, type Settler } from '../../channels/index.ts'
import { type ContactFacts, textNumberOf } from '../../contacts/index.ts'
import { type Language, languages, sentence, unitsIn, type Work } from '../../platform/index.ts'
import { readAppointment, serviceOfUnit } from '../store.ts'
import type { AppointmentRow } from '../tables.ts'

export const textReminderPurpose = 'agenda.text-reminder'

export interface TextReminder {
  /** The citizen's; Italian where we do not write it. */
  language: string
  start: Date
  timeZone: string
  service: string
  unit: string
  link: string | null
}

/** What the citizen reads: short, and nothing of why they come beyond the service. Pure. */
export function textReminder({ language, start, timeZone, service, unit, link }: TextReminder): {
  language: Language
  text: string
} {
  const ours = languages.find(each => each === language) ?? 'it'
  const told = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(ours === 'en' ? 'en-GB' : ours, { timeZone, ...options }).format(start)
  const values = {
    service,
    unit,
    day: told({ weekday: 'short', day: 'numeric', month: 'short' }),
    time: told({ timeStyle: 'short' }),
  }
  const text = sentence(ours, 'agenda.text.reminder', values)
  return { language: ours, text: link === null ? text : `${text} ${sentence(ours, 'agenda.text.link', { link })}` }
}

/** Queues a reminder as a text message. Returns whether the citizen is written to so. */
export async function remindByText(
  work: Work,
  row: AppointmentRow,
  contact: ContactFacts,
  link: string | null,
): Promise<boolean> {
  const { config } = work.house
  if (!leaves('sms', config)) return false
  const service = await serviceOfUnit(work.tx, row.unit_id, row.service_id)
  const number = service?.text_reminders ? await textNumberOf(work.tx, row.contact_id) : null
  if (!service || number === null) return false
  const name = service.words[contact.language]?.name ?? row.service_name
  const about = { start: row.starts_at, timeZone: config.TIME_ZONE, service: name, unit: row.unit_name, link }
  const { language, text } = textReminder({ language: contact.language, ...about })
  await queueMail(work, {
    ...{ channel: 'sms' as const, purpose: textReminderPurpose, caseId: row.case_id, contactId: row.contact_id },
    subjectId: row.id,
    ...{ to: { name: contact.name, address: number }, fromName: row.unit_name, subject: '', body: text, language },
    ...{ automatic: true, units: unitsIn(row.unit_path, row.booked_by_path) },
  })
  return true
}

/** A text message that could not be handed over is sent as an e-mail; without an address it stands among what was not sent. @param write writes the reminder as an e-mail */
export const settleTextReminder =
  (write: (work: Work, row: AppointmentRow) => Promise<unknown>): Settler =>
  async (work, { subjectId, outcome }) => {
    if (outcome === 'sent' || subjectId === null) return
    const row = await readAppointment(work.tx, subjectId, true)
    if (row?.state === 'booked' && row.starts_at > work.now) await write(work, row)
  }
