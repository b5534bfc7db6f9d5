/** What citizens are written about their appointments, by e-mail or text message, and what is done about a message that did not leave. */
import { lastMailAbout, type MailRow, queueMail, readdressMail, withdrawMail } from '../channels/index.ts'
import { contactsOf } from '../contacts/index.ts'
import { type Db, type House, houseSecret, must, notFound, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import { toldService } from './citizen-words.ts'
import { giveDayCode } from './codes.ts'
import { writeLetter } from './letters/write.ts'
import { linkToken } from './links/token.ts'
import { appointmentMail, type MailKind } from './mail.ts'
import type { OneAppointment, ReaddressMail } from './model.ts'
import { officeOf } from './places.ts'
import { appointmentStandingOf, isAhead, mayMendMail, mendable } from './policy.ts'
import { remindByText, settleTextReminder } from './reminders/text.ts'
import { readAppointment, readService } from './store.ts'
import type { AppointmentRow } from './tables.ts'

/** Reminds the citizen, by text message where they wish it and the service allows it, else by e-mail. Returns false where there is no address. */
export async function remindCitizen(work: Work, row: AppointmentRow): Promise<boolean> {
  const contact = (await contactsOf(work.tx, [row.contact_id])).get(row.contact_id)
  if (contact && (await remindByText(work, row, contact, await linkOf(work, row.id)))) return true
  return writeToCitizen(work, row, 'reminder')
}

/** What becomes of a text message about an appointment that could not be handed over. */
export const settleReminder = settleTextReminder((work, row) => writeToCitizen(work, row, 'reminder'))

/** Writes to the citizen, with the number of the day. Returns false where there is no address. */
export async function writeToCitizen(work: Work, row: AppointmentRow, kind: MailKind): Promise<boolean> {
  return tellCitizen(work, row, kind, kind === 'cancellation' ? null : await giveDayCode(work, row))
}

/** Writes to the citizen, by post or by e-mail. A reminder is no letter: it would come too late. Returns false where there is no address. */
export async function tellCitizen(work: Work, row: AppointmentRow, kind: MailKind, dayCode: string | null): Promise<boolean> {
  if (kind !== 'reminder' && (await writeLetter(work, row, kind, dayCode))) return true
  return queueAppointmentMail(work, row, kind, { dayCode })
}

/** Puts a mail about an appointment into the outbox. @param given `email` takes the place of the citizen's address */
export async function queueAppointmentMail(
  work: Work,
  row: AppointmentRow,
  kind: MailKind,
  { dayCode, email }: { dayCode: string | null; email?: string },
): Promise<boolean> {
  const contact = (await contactsOf(work.tx, [row.contact_id])).get(row.contact_id)
  const address = email ?? contact?.email
  if (!contact || !address) return false
  const [office, service] = [await officeOf(work.tx, row.unit_id), await readService(work.tx, row.service_id)]
  const { config } = work.house
  const to = { name: contact.name, address }
  const written = appointmentMail({
    kind,
    language: contact.language,
    appointmentId: row.id,
    sequence: row.sequence,
    now: work.now,
    start: row.starts_at,
    end: row.ends_at,
    timeZone: config.TIME_ZONE,
    ...toldService(service?.words[contact.language], row),
    unit: { name: row.unit_name, address: office?.address ?? '' },
    officer: row.officer_name,
    mode: row.mode,
    code: row.code,
    dayCode,
    link: await linkOf(work, row.id),
    contact: to,
    from: config.MAIL_FROM,
  })
  await queueMail(work, {
    purpose: `agenda.${kind}`,
    subjectId: row.id,
    caseId: row.case_id,
    contactId: row.contact_id,
    to,
    fromName: row.unit_name,
    subject: written.subject,
    body: written.body,
    language: contact.language,
    automatic: true,
    units: unitsIn(row.unit_path, row.booked_by_path),
    calendar: written.calendar,
  })
  return true
}

/** Where the citizen of an appointment confirms or cancels it; null where the program has no address of its own. */
export async function linkOf({ house, tx }: { house: House; tx: Db }, appointmentId: string): Promise<string | null> {
  const { PUBLIC_URL } = house.config
  if (PUBLIC_URL === undefined) return null
  return new URL(`/appointment/${linkToken(await houseSecret(house.config, tx), appointmentId)}`, PUBLIC_URL).href
}

// --- messages that did not leave ---------------------------------------------------------------------------------------

/**
 * Gives the last message about an appointment another address, when it waits or was not delivered: it is tried there at once. In place of a text message the
 * citizen is reminded by e-mail.
 * @throws Refused 409 when it has left, or is leaving; `agenda.linkOver` for a text message about what is over
 */
export const readdressAppointmentMail = useCase(
  async (work, { appointmentId, email }: OneAppointment & ReaddressMail): Promise<OneAppointment> => {
    const { row, mail } = await troubledMailOf(work, appointmentId)
    if (mail.channel === 'sms') {
      if (!isAhead(row, work.now.getTime(), work.house.config.TIME_ZONE)) throw new Refused('agenda.linkOver', {}, 409)
      await withdrawMail(work, mail.id, mendable)
      await queueAppointmentMail(work, row, 'reminder', { dayCode: await giveDayCode(work, row), email })
    } else await readdressMail(work, mail.id, email, mendable)
    return { appointmentId }
  },
)

/** Takes the last message about an appointment back: the citizen is told in another way. @throws Refused 409 when it has left, or is leaving */
export const withdrawAppointmentMail = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  const { mail } = await troubledMailOf(work, appointmentId)
  await withdrawMail(work, mail.id, mendable)
  return { appointmentId }
})

/** The last message about an appointment, which is locked, for who may mend it. @throws Refused 404 for what is not theirs, 403 for the rights, 409 without a mail */
async function troubledMailOf(work: Work, id: string): Promise<{ row: AppointmentRow; mail: MailRow }> {
  const row = await readAppointment(work.tx, id, true)
  const standing = row && appointmentStandingOf(work.actor, row)
  if (!row || standing === undefined) throw notFound('appointment')
  must(mayMendMail(standing))
  const mail = await lastMailAbout(work.tx, row.case_id, row.id)
  if (!mail) throw new Refused('channels.notWaiting', {}, 409)
  return { row, mail }
}
