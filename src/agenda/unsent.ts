/** Messages about appointments that did not leave: whoever speaks with the citizen mends them, also when they were given up. */
import { type MailOwner, mayChange, type UnsentRights } from '../channels/index.ts'
import { refused } from '../platform/index.ts'
import { appointmentStandingOf, mayMendMail, mendable } from './policy.ts'
import { appointmentsOfMails } from './store.ts'
import { readdressAppointmentMail, withdrawAppointmentMail } from './writing.ts'

export const appointmentMailOwner: MailOwner = {
  about: 'appointment',
  async may(db, actor, mails) {
    const appointments = await appointmentsOfMails(
      db,
      mails.map(mail => mail.id),
    )
    return new Map(
      mails.flatMap((mail): [string, UnsentRights][] => {
        const row = appointments.get(mail.id)
        const standing = row && appointmentStandingOf(actor, row)
        if (!row || standing === undefined) return []
        const right = mayMendMail(standing)
        const verdict = !right.allowed ? right : row.is_last ? mayChange(mail, mendable) : refused('channels.notWaiting')
        return [[mail.id, { sendAgain: verdict, withdraw: verdict }]]
      }),
    )
  },
  sendAgain: (house, actor, mail, email) =>
    readdressAppointmentMail(house, actor, { appointmentId: mail.subject_id ?? '', email }),
  withdraw: (house, actor, mail) => withdrawAppointmentMail(house, actor, { appointmentId: mail.subject_id ?? '' }),
}
