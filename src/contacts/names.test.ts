import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldName, nameKeys, phoneForPeople, readQuery, toE164 } from './names.ts'

describe('a name in its plain form', () => {
  test.each([
    ["D'Àngelo-Rossi", 'dangelo rossi'],
    ['  NICOLÒ   D’Errico ', 'nicolo derrico'],
    ['Müller & Söhne S.r.l.', 'muller sohne s r l'],
    ['Żak Łukasz', 'zak lukasz'],
    ['Großmann', 'grossmann'],
    ['Ǆenan', 'dzenan'],
  ])('%s → %s', (typed, plain) => expect(foldName(typed)).toBe(plain))
  test('folding twice is folding once', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => foldName(foldName(text)) === foldName(text)))
  })
})

describe('names are found from any of their words', () => {
  test('each word comes first once', () => {
    expect(nameKeys(['De Luca', 'Anna Maria'])).toEqual([
      'de luca anna maria',
      'luca anna maria de',
      'anna maria de luca',
      'maria de luca anna',
    ])
  })
  test('given and family name in either order, the last word begun, find the name', () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/)
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 9 }), (given, family, letters) => {
        const keys = nameKeys([family, given])
        for (const typed of [`${given} ${family.slice(0, letters)}`, `${family} ${given.slice(0, letters)}`]) {
          const [query] = readQuery(typed)
          if (query?.kind === 'name') expect(keys.some(key => key.startsWith(query.prefix))).toBe(true)
        }
      }),
    )
  })
  test('no name, no keys; a name of forty words has eight', () => {
    expect(nameKeys([null, ''])).toEqual([])
    expect(nameKeys([Array.from({ length: 40 }, (_, i) => `w${i}`).join(' ')])).toHaveLength(8)
  })
})

describe('telephone numbers', () => {
  test.each([
    ['06 5959 4321', '+390659594321'],
    ['065959 4321', '+390659594321'],
    ['0039 06 59594321', '+390659594321'],
    ['+39 06 5959-4321', '+390659594321'],
    ['347 1234567', '+393471234567'],
    ['800 164 164', '+39800164164'],
    ['+49 30 1234567', '+49301234567'],
  ])('%s is %s', (typed, e164) => expect(toE164(typed)).toBe(e164))
  test.each(['', '12', 'not a number', '+39 0', '9'.repeat(40)])('"%s" is none', typed => expect(toE164(typed)).toBeUndefined())
  test('Italian ones are written without the country code, others with it', () => {
    expect(phoneForPeople('+390659594321')).toBe('06 5959 4321')
    expect(phoneForPeople('+49301234567')).toMatch(/^\+49/)
    expect(phoneForPeople('anonymous')).toBe('anonymous')
  })
})

describe('what is typed into the search field', () => {
  test.each([
    ['Ferri giu', [{ kind: 'name', prefix: 'ferri giu' }]],
    ['rssmra85t', [{ kind: 'fiscal-code', prefix: 'rssmra85t' }]],
    ['RSS MRA 85T10 A562 S', [{ kind: 'fiscal-code', prefix: 'rssmra85t10a562s' }]],
    ['Rossini', [{ kind: 'name', prefix: 'rossini' }]],
    ['giulia@exa', [{ kind: 'email', prefix: 'giulia@exa' }]],
    ['+39 06 5959', [{ kind: 'phone', prefix: '+39065959' }]],
    ['0039 06 5959', [{ kind: 'phone', prefix: '+39065959' }]],
    [
      '06 5959 4321',
      [
        { kind: 'phone', prefix: '+390659594321' },
        { kind: 'fiscal-code', prefix: '0659594321' },
      ],
    ],
    ['a', []],
    ['%', []],
    ['', []],
  ])('"%s"', (typed, expected) => expect(readQuery(typed)).toEqual(expected))
})
