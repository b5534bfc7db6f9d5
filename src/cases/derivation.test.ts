import { describe, expect, test } from 'vitest'
import { languages, sentence } from '../platform/index.ts'
import { derive, keepWhy, readWhy } from './derivation.ts'

const residence = { regionCode: '12', municipality: 'Viterbo' }
const officeCalled = { regionCode: '03', name: 'Agenzia di Lodi' }
const pension = { label: 'Pensione di vecchiaia', cricSection: 'pensions', itMatter: false }

describe('a Linea ticket', () => {
  test('goes to the region where the citizen lives, whatever office was called', () => {
    expect(derive({ residence, officeCalled, typology: pension })).toMatchObject({
      regionCode: '12',
      cricSection: 'pensions',
      reason: 'residence',
    })
  })
  test('goes to the region of the office called when the residence is not known', () => {
    expect(derive({ residence: undefined, officeCalled, typology: pension })).toMatchObject({
      regionCode: '03',
      reason: 'office-called',
    })
  })
  test('has no region when neither is known', () => {
    expect(derive({ residence: undefined, officeCalled: undefined, typology: pension })).toBeUndefined()
  })
  test('goes to the IT group, which has no sections, when it is an IT matter', () => {
    const typology = { label: 'PIN bloccato', cricSection: 'pensions', itMatter: true }
    expect(derive({ residence, officeCalled, typology })).toMatchObject({ regionCode: '12', cricSection: null })
  })
  test.each(languages)('says why in %s, and the reason can be kept', language => {
    for (const derived of [
      derive({ residence, officeCalled, typology: pension }),
      derive({ residence: undefined, officeCalled, typology: pension }),
    ]) {
      const why = readWhy(keepWhy(derived?.why ?? { code: '', values: {} }))
      const text = sentence(language, why.code, why.values)
      expect(text).toContain('Pensione di vecchiaia')
      expect(text).not.toContain('{{')
    }
  })
})
