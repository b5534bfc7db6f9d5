/** What templates leave open is filled where it is known, and refused where nobody knows what it is. */
import { expect, test } from 'vitest'
import { fillTemplate, letterDay, unknownVariables, variableNames } from './variables.ts'

test('variables are known by their Italian and English names, however they are spaced and written', () => {
  const text = 'Gentile {{cittadino}}, la pratica {{ Codice }} è di {{unit}}. {{oggi}}'
  expect(fillTemplate(text, { citizen: 'Giulia Ferri', unit: 'CRIC Lazio' })).toBe(
    'Gentile Giulia Ferri, la pratica {{ Codice }} è di CRIC Lazio. {{oggi}}',
  )
  expect(unknownVariables(text)).toEqual([])
  expect(variableNames('it')).toContain('cittadino')
  expect(letterDay(new Date('2026-11-29T23:30:00Z'), 'it', 'Europe/Rome')).toBe('30 novembre 2026')
})

test('what is none is told as it was written, once each; what a citizen is called fills nothing else', () => {
  expect(unknownVariables('{{nome}} {{ nome }} {{}} {{codice}} {single} {{a\nb}} {{constructor}}')).toEqual([
    'nome',
    '',
    'constructor',
  ])
  expect(fillTemplate('{{citizen}}', { citizen: '{{code}} $& $1', code: '1' })).toBe('{{code}} $& $1')
  const begun = performance.now()
  unknownVariables('{{'.repeat(200_000))
  expect(performance.now() - begun).toBeLessThan(10_000)
})
