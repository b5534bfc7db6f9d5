/** What is already a letter gets neither a second greeting nor a second end. */
import { expect, test } from 'vitest'
import { greets, takesLeave } from './letter.ts'

test('a greeting is known in both languages, and a sentence that only begins alike is none', () => {
  for (const text of [
    'Gentile Giulia Ferri,\n\nsì.',
    '\n  Egregio dottore,',
    'Buongiorno, la domanda è accolta.',
    'Dear Ms Ferri,',
    'Cara Giulia,',
  ])
    expect([text, greets(text)]).toEqual([text, true])
  for (const text of [
    'La domanda è accolta.',
    'Caro affitti: la domanda va rifatta.',
    'Salvezza',
    'Gli auguri, gentile signora',
    '',
  ])
    expect([text, greets(text)]).toEqual([text, false])
})

test('an end is a line of its own near the end', () => {
  for (const text of [
    'Sì.\n\nCordiali saluti\nCRIC Lazio',
    'Sì.\nDistinti saluti,',
    'Yes.\n\nKind regards,\nA\nB\nC',
    'Sì.\n\nCordialmente',
  ])
    expect([text, takesLeave(text)]).toEqual([text, true])
  for (const text of ['Le mando i cordiali saluti del collega.', 'Saluti\n1\n2\n3\n4\n5\n6', 'Salutiamo', ''])
    expect([text, takesLeave(text)]).toEqual([text, false])
  const begun = performance.now()
  takesLeave('saluti '.repeat(3_000).repeat(10))
  greets(`caro ${'a'.repeat(200_000)}`)
  expect(performance.now() - begun).toBeLessThan(10_000)
})
