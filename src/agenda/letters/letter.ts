/** The text of a letter about an appointment. Pure. */

import type { ContactLanguage } from '../../contacts/index.ts'
import type { PaperLetter } from '../../letters/index.ts'
import { filled } from '../../platform/index.ts'
import { grouped, toldIn } from '../citizen-words.ts'
import type { LetterContent, LetterKind } from './model.ts'
import { letterWords } from './words.ts'

export interface AppointmentLetter {
  kind: LetterKind
  language: ContactLanguage
  said: LetterContent
  institute: string
  recipient: { name: string; lines: readonly string[] }
  /** Of the letter. */
  day: Date
  timeZone: string
  /** The number to call, for people; null where the office has none. */
  phone: string | null
  /** Where the citizen confirms or cancels; null where the program has no address of its own. */
  link: string | null
}

export function appointmentLetter(letter: AppointmentLetter): PaperLetter {
  const { kind, language, said, recipient } = letter
  const words = letterWords[language]
  const told = toldIn(language, letter.timeZone)
  const start = new Date(said.start)
  const values = {
    ...{ name: recipient.name, service: said.service, unit: said.unit, phone: letter.phone ?? '', officer: said.officer ?? '' },
    ...{ day: told(start, { dateStyle: 'full' }), time: told(start, { timeStyle: 'short' }) },
    code: grouped(said.code),
  }
  const text = (sentence: string) => filled(sentence, values)
  const isCancelled = kind === 'cancellation'
  const where = said.mode === 'counter' ? [said.unit, said.address].filter(Boolean).join(', ') : text(words.where[said.mode])
  const columns: [header: string, value: string | null][] = [
    [words.columns.day, values.day],
    [words.columns.time, text(words.time)],
    [words.columns.number, said.dayCode],
    [words.columns.where, said.officer === null ? where : `${where} – ${text(words.with)}`],
  ]
  const shown = columns.filter((column): column is [string, string] => column[1] !== null)
  const calling = letter.phone === null ? words.call.without : text(words.call.number)
  return {
    language,
    sender: [letter.institute, said.unit, said.address].filter(line => line !== ''),
    recipient: [recipient.name, ...recipient.lines],
    day: told(letter.day, { dateStyle: 'long' }),
    reference: text(words.reference),
    title: text(words.kinds[kind].title),
    greeting: text(words.greeting),
    opening: text(words.kinds[kind].opening),
    table: isCancelled ? null : { header: shown.map(([header]) => header), rows: [shown.map(([, value]) => value)] },
    sections: isCancelled
      ? [{ heading: words.again.title, text: `${words.again.text} ${calling}` }]
      : [
          ...(said.dayCode === null ? [] : [{ heading: words.number.title, text: words.number.text }]),
          ...(said.bring === '' ? [] : [{ heading: words.bring, text: said.bring }]),
          { heading: words.cannotCome.title, text: `${words.cannotCome.text} ${calling}` },
        ],
    link: isCancelled || letter.link === null ? null : { url: letter.link, heading: words.link.title, text: words.link.text },
    closing: [words.closing, said.unit],
  }
}
