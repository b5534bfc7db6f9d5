/** Every message about an appointment in every language in which citizens are answered: whole, of its own, and with what it has to say. */
import { describe, expect, test } from 'vitest'
import { contactLanguages } from '../contacts/index.ts'
import { filled } from '../platform/index.ts'
import { citizenWords, toldService } from './citizen-words.ts'
import { type AppointmentMail, appointmentMail } from './mail.ts'
import { textReminder } from './reminders/text.ts'
import { offerText } from './waiting/mail.ts'

type Language = (typeof contactLanguages)[number]

/** The sentences of a language by their keys. */
function sentencesOf(words: object, above = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[above + key, value]] : [...sentencesOf(value, `${above}${key}.`)],
    ),
  )
}
const sentences = new Map(contactLanguages.map(language => [language, sentencesOf(citizenWords[language])]))
const sentenceIn = (language: Language, key: string): string => sentences.get(language)?.get(key) ?? ''
const keys = [...new Set([...sentences.values()].flatMap(each => [...each.keys()]))]
const placesOf = (sentence: string): string[] => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort()

test.each(keys)('%s is said in each language, in words of its own, with the same values', key => {
  const said = contactLanguages.map(language => sentenceIn(language, key))
  expect(said).not.toContain('')
  expect(new Set(said).size).toBe(contactLanguages.length)
  for (const each of said) expect(placesOf(each)).toEqual(placesOf(said[0] ?? ''))
})

const link = 'https://filo.example/appointment/abc'
const booked: Omit<AppointmentMail, 'kind' | 'language' | 'mode'> = {
  ...{ appointmentId: '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d', sequence: 0, now: new Date('2026-11-24T09:40:12Z') },
  ...{ start: new Date('2026-11-27T09:30:00Z'), end: new Date('2026-11-27T10:00:00Z'), timeZone: 'Europe/Rome' },
  ...{ service: 'Pensioni', bring: 'Documento', unit: { name: 'Agenzia di Gorizia', address: 'Corso Italia 1' } },
  ...{ officer: 'Lia Moro', code: '4827193056', dayCode: 'B012', link },
  ...{ contact: { name: 'Ana Kos', address: 'ana.kos@example.org' }, from: 'risposte@inps.example' },
}
const offer = {
  ...{ name: 'Ana Kos', service: 'Pensioni', unit: 'Agenzia di Gorizia', timeZone: 'Europe/Rome', code: booked.code },
  ...{ start: booked.start, until: new Date('2026-11-25T11:00:00Z'), booked: new Date('2026-12-04T14:15:00Z') },
}
const about = { ...{ start: booked.start, timeZone: 'Europe/Rome', service: 'Pensioni' }, unit: 'Agenzia di Gorizia' }

const mailOf = (language: Language, mail: Pick<AppointmentMail, 'kind' | 'mode'> & Partial<AppointmentMail>): string => {
  const { subject, body, calendar } = appointmentMail({ ...booked, language, ...mail })
  return [subject, body, calendar.text.replaceAll('\r\n ', '').match(/^(?:DESCRIPTION|LOCATION):.*$/gm)].flat().join('\n')
}
const kinds = ['confirmation', 'move', 'change', 'reminder', 'cancellation'] as const
const modes = ['counter', 'telephone', 'video'] as const
const messages: [name: string, write: (language: Language) => string][] = [
  ...kinds.flatMap(kind =>
    modes.map((mode): [string, (language: Language) => string] => [
      `${kind}, ${mode}`,
      language => mailOf(language, { kind, mode }),
    ]),
  ),
  ['confirmation without a link', language => mailOf(language, { kind: 'confirmation', mode: 'counter', link: null })],
  ['offer', language => Object.values(offerText({ ...offer, language, link })).join('\n')],
  ['offer by telephone', language => Object.values(offerText({ ...offer, language, link: null })).join('\n')],
  ['text message', language => textReminder({ ...about, language, link })],
  ['text message without a link', language => textReminder({ ...about, language, link: null })],
]

const written: Record<Language, { day: string; shortDay: string; time: string; zone: string }> = {
  it: { day: 'venerdì 27 novembre 2026', shortDay: 'ven 27 nov', time: ' ore 10:30', zone: '(ora italiana)' },
  en: { day: 'Friday, 27 November 2026', shortDay: 'Fri 27 Nov', time: ' 10:30', zone: '(Italian time)' },
  de: { day: 'Freitag, 27. November 2026', shortDay: 'Fr., 27. Nov.', time: ' 10:30 Uhr', zone: '(italienische Zeit)' },
  fr: { day: 'vendredi 27 novembre 2026', shortDay: 'ven. 27 nov.', time: ' à 10:30', zone: '(heure italienne)' },
  sl: { day: 'petek, 27. november 2026', shortDay: 'pet., 27. nov.', time: ' ob 10:30', zone: '(italijanski čas)' },
}

describe.each(messages)('%s', (_name, write) => {
  test.each(contactLanguages)('says what, when and where in %s, as that language writes it', language => {
    const { day, shortDay, time, zone } = written[language]
    const text = write(language)
    expect(text).not.toMatch(/\{\{|\b(?:undefined|null)\b/)
    expect(text.includes(day) || text.includes(shortDay)).toBe(true)
    for (const part of [time, zone, 'Pensioni']) expect(text).toContain(part)
  })

  test('has no line of another language', () => {
    const lines = contactLanguages.map(
      language =>
        new Set(
          write(language)
            .split('\n')
            .filter(line => line !== ''),
        ),
    )
    // The place in the calendar is a name and an address.
    const names = /^LOCATION:Agenzia/
    for (const [i, own] of lines.entries())
      for (const other of lines.slice(i + 1)) expect([...own].filter(line => other.has(line) && !names.test(line))).toEqual([])
  })
})

test('a place without a value is seen', () => {
  expect(filled('{{name}}, {{day}}', { name: 'Ana' })).toBe('Ana, {{day}}')
})

test('a service is told in the words that it has in a language, and as it was booked for the rest', () => {
  const row = { service_name: 'Pensioni', bring: 'Documento' }
  expect(toldService({ name: 'Renten', bring: 'Ausweis' }, row)).toEqual({ service: 'Renten', bring: 'Ausweis' })
  expect(toldService({ name: 'Renten', bring: '' }, row)).toEqual({ service: 'Renten', bring: 'Documento' })
  expect(toldService(undefined, row)).toEqual({ service: 'Pensioni', bring: 'Documento' })
})
