/** What the citizen is written about an appointment, with an entry for the own calendar. Pure. */
import type { ContactLanguage } from '../contacts/index.ts'
import { filled } from '../platform/index.ts'
import { citizenWords, grouped, toldIn } from './citizen-words.ts'
import { invitation } from './invitation.ts'
import type { AppointmentMode } from './model.ts'

export type MailKind = 'confirmation' | 'move' | 'change' | 'reminder' | 'cancellation'

export interface AppointmentMail {
  kind: MailKind
  /** The citizen's. */
  language: ContactLanguage
  appointmentId: string
  sequence: number
  now: Date
  start: Date
  end: Date
  timeZone: string
  service: string
  bring: string
  unit: { name: string; address: string }
  officer: string | null
  mode: AppointmentMode
  code: string
  /** The number on its day; null where the office gives none. */
  dayCode: string | null
  /** Where the citizen confirms or cancels by a press; null where the program has no address of its own. */
  link: string | null
  contact: { name: string; address: string }
  /** Address that our mail comes from. */
  from: string
}

export interface WrittenMail {
  subject: string
  body: string
  calendar: { method: 'REQUEST' | 'CANCEL'; text: string }
}

export function appointmentMail(mail: AppointmentMail): WrittenMail {
  const words = citizenWords[mail.language]
  const told = toldIn(mail.language, mail.timeZone)
  const values = {
    name: mail.contact.name,
    service: mail.service,
    day: told(mail.start, { dateStyle: 'full' }),
    time: told(mail.start, { timeStyle: 'short' }),
    unit: mail.unit.name,
    address: mail.unit.address,
    officer: mail.officer ?? '',
    bring: mail.bring,
    link: mail.link ?? '',
    dayCode: mail.dayCode ?? '',
    code: grouped(mail.code),
  }
  const text = (sentence: string) => filled(sentence, values)
  const cancelled = mail.kind === 'cancellation'
  const details = cancelled
    ? []
    : [
        [text(words.when), text(words.where[mail.mode]), ...(mail.officer === null ? [] : [text(words.with)])].join('\n'),
        ...(mail.bring === '' ? [] : [text(words.bring)]),
      ]
  const codes = [...(cancelled || mail.dayCode === null ? [] : [text(words.dayCode)]), text(words.code)]
  const body = [
    text(words.greeting),
    text(words[mail.kind].opening),
    ...details,
    ...codes,
    ...(cancelled ? [text(words.bookAgain)] : [...(mail.link === null ? [] : [text(words.link)]), text(words.cannotCome)]),
    text(words.closing),
  ].join('\n\n')
  const method = cancelled ? ('CANCEL' as const) : ('REQUEST' as const)
  return {
    subject: text(words[mail.kind].subject),
    body,
    calendar: {
      method,
      text: invitation({
        method,
        uid: `${mail.appointmentId}@${mail.from.slice(mail.from.lastIndexOf('@') + 1)}`,
        sequence: mail.sequence,
        stamp: mail.now.getTime(),
        start: mail.start.getTime(),
        end: mail.end.getTime(),
        timeZone: mail.timeZone,
        summary: `${mail.service} – ${mail.unit.name}`,
        description: [...details.slice(1), ...codes].join('\n\n'),
        location:
          mail.mode === 'counter' ? [mail.unit.name, mail.unit.address].filter(Boolean).join(', ') : text(words.where[mail.mode]),
        organizer: { name: mail.unit.name, address: mail.from },
        attendee: mail.contact,
      }),
    },
  }
}
