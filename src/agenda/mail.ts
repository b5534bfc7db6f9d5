/** What the citizen is written about an appointment, with an entry for the own calendar. Pure. */
import { type Language, languages, sentence } from '../platform/index.ts'
import { invitation } from './invitation.ts'
import type { AppointmentMode } from './model.ts'

export type MailKind = 'confirmation' | 'move' | 'change' | 'reminder' | 'cancellation'

export interface AppointmentMail {
  kind: MailKind
  /** The citizen's; Italian where we do not write it. */
  language: string
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
  language: Language
  subject: string
  body: string
  calendar: { method: 'REQUEST' | 'CANCEL'; text: string }
}

export function appointmentMail(mail: AppointmentMail): WrittenMail {
  const language = languages.find(ours => ours === mail.language) ?? 'it'
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone: mail.timeZone, ...options }).format(mail.start)
  const values = {
    name: mail.contact.name,
    service: mail.service,
    day: format({ dateStyle: 'full' }),
    time: format({ timeStyle: 'short' }),
    unit: mail.unit.name,
    address: mail.unit.address,
    officer: mail.officer ?? '',
    bring: mail.bring,
    link: mail.link ?? '',
    dayCode: mail.dayCode ?? '',
    code: [mail.code.slice(0, 3), mail.code.slice(3, 6), mail.code.slice(6)].join(' '),
  }
  const text = (key: string) => sentence(language, `agenda.mail.${key}`, values)
  const cancelled = mail.kind === 'cancellation'
  const details = cancelled
    ? []
    : [
        [text('when'), text(`where.${mail.mode}`), ...(mail.officer === null ? [] : [text('with')])].join('\n'),
        ...(mail.bring === '' ? [] : [text('bring')]),
      ]
  const codes = [...(cancelled || mail.dayCode === null ? [] : [text('dayCode')]), text('code')]
  const body = [
    text('greeting'),
    text(`${mail.kind}.opening`),
    ...details,
    ...codes,
    ...(cancelled ? [text('bookAgain')] : [...(mail.link === null ? [] : [text('link')]), text('cannotCome')]),
    text('closing'),
  ].join('\n\n')
  const method = cancelled ? ('CANCEL' as const) : ('REQUEST' as const)
  return {
    language,
    subject: text(`${mail.kind}.subject`),
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
        summary: text('summary'),
        description: [...details.slice(1), ...codes].join('\n\n'),
        location:
          mail.mode === 'counter' ? [mail.unit.name, mail.unit.address].filter(Boolean).join(', ') : text(`where.${mail.mode}`),
        organizer: { name: mail.unit.name, address: mail.from },
        attendee: mail.contact,
      }),
    },
  }
}
