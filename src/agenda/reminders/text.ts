/**
 * Reminders as text messages: where the service says so, to citizens who wish to be written to by them, as far as the installation has a gateway. What cannot
 * be handed over goes by e-mail instead.
 */
import { leaves, queueMail, type Settler } from '../../channels/index.ts'
import { type ContactFacts, type ContactLanguage, textNumberOf } from '../../contacts/index.ts'
import { filled, unitsIn, type Work } from '../../platform/index.ts'
import { citizenWords, toldIn, toldService } from '../citizen-words.ts'
import { readAppointment, serviceOfUnit } from '../store.ts'
import type { AppointmentRow } from '../tables.ts'

export const textReminderPurpose = 'agenda.text-reminder'

export interface TextReminder {
  /** The citizen's. */
  language: ContactLanguage
  start: Date
  timeZone: string
  service: string
  unit: string
  link: string | null
}

/** What the citizen reads: short, and nothing of why they come beyond the service. Pure. */
export function textReminder({ language, start, timeZone, service, unit, link }: TextReminder): string {
  const words = citizenWords[language].text
  const told = toldIn(language, timeZone)
  const values = {
    service,
    unit,
    day: told(start, { weekday: 'short', day: 'numeric', month: 'short' }),
    time: told(start, { timeStyle: 'short' }),
  }
  const text = filled(words.reminder, values)
  return link === null ? text : `${text} ${filled(words.link, { link })}`
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
  const { language } = contact
  const text = textReminder({
    ...{ language, link, start: row.starts_at, timeZone: config.TIME_ZONE, unit: row.unit_name },
    service: toldService(service.words[language], row).service,
  })
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
