/** A letter says in each language when, where, what to bring, and how to cancel. */
import { describe, expect, test } from 'vitest'
import type { PaperLetter } from '../../letters/index.ts'
import { type AppointmentLetter, appointmentLetter } from './letter.ts'
import { letterWords } from './words.ts'

const given: AppointmentLetter = {
  kind: 'confirmation',
  language: 'it',
  said: {
    service: 'Consulenza pensioni',
    bring: 'Documento di identità',
    mode: 'counter',
    start: '2026-11-30T08:00:00.000Z',
    unit: 'Agenzia di Roma EUR',
    address: 'Viale Europa 12',
    officer: 'Lia Moro',
    code: '1234567890',
    dayCode: 'B012',
  },
  institute: 'Istituto',
  recipient: { name: 'Giulia Ferri', lines: ['Via dei Serpenti 35', '00184 Roma RM'] },
  day: new Date('2026-11-24T09:00:00.000Z'),
  timeZone: 'Europe/Rome',
  phone: '06 5959 4321',
  link: 'https://filo.example/appointment/abc',
}
const textOf = (letter: PaperLetter) => JSON.stringify(letter)

describe.each(['it', 'en', 'de', 'fr', 'sl'] as const)('in %s', language => {
  test.each(['confirmation', 'move', 'change', 'cancellation'] as const)('a %s leaves no place open', kind => {
    for (const mode of ['counter', 'telephone', 'video'] as const) {
      const text = textOf(appointmentLetter({ ...given, kind, language, said: { ...given.said, mode } }))
      expect(text).not.toMatch(/\{\{|undefined|null,null/)
      for (const value of ['Giulia Ferri', 'Consulenza pensioni', '123 456 7890', '06 5959 4321']) expect(text).toContain(value)
    }
  })

  test('every value that a sentence asks for is one that there is', () => {
    const names = [...JSON.stringify(letterWords[language]).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name)
    expect(new Set(names)).toEqual(new Set(['code', 'name', 'service', 'day', 'time', 'unit', 'officer', 'phone']))
  })
})

test('a confirmation says when, where, with whom, under which number, what to bring, and how to cancel', () => {
  const letter = appointmentLetter(given)
  expect(letter).toMatchObject({
    sender: ['Istituto', 'Agenzia di Roma EUR', 'Viale Europa 12'],
    recipient: ['Giulia Ferri', 'Via dei Serpenti 35', '00184 Roma RM'],
    day: '24 novembre 2026',
    table: {
      header: ['Giorno', 'Ora', 'Numero', 'Dove'],
      rows: [['lunedì 30 novembre 2026', '09:00', 'B012', 'Agenzia di Roma EUR, Viale Europa 12 – con Lia Moro']],
    },
    link: { url: given.link },
  })
  expect(letter.sections.map(({ heading }) => heading)).toEqual(['Il suo numero', 'Che cosa portare', 'Se non può venire'])
})

test('what there is not is not spoken of', () => {
  const bare = { ...given.said, bring: '', officer: null, dayCode: null }
  const letter = appointmentLetter({ ...given, said: bare, phone: null, link: null })
  expect(letter.table?.header).toEqual(['Giorno', 'Ora', 'Dove'])
  expect(letter.sections.map(({ heading }) => heading)).toEqual(['Se non può venire'])
  expect(letter.link).toBeNull()
  expect(textOf(letter)).toContain('Ci telefoni e dica il codice')
})

test('a cancellation has no time to come, and no link', () => {
  const letter = appointmentLetter({ ...given, kind: 'cancellation' })
  expect([letter.table, letter.link]).toEqual([null, null])
  expect(letter.opening).toContain('lunedì 30 novembre 2026, ore 09:00')
})
