import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeyRange, nameKeys, phoneForPeople, readQuery, saysMoreThanNumber, toE164 } from './names.ts'

/** Whether what is typed finds what is kept under these keys. */
const finds = (ranges: readonly KeyRange[], kind: KeyRange['kind'], keys: readonly string[]): boolean =>
  ranges.some(range => range.kind === kind && keys.some(key => range.from <= key && key < range.to))

describe('names are found from any of their words', () => {
  test('each word comes first once', () => {
    expect(nameKeys(['De Luca', 'Anna Maria'])).toEqual([
      'de luca anna maria',
      'luca anna maria de',
      'anna maria de luca',
      'maria de luca anna',
      'deluca anna maria',
      'anna maria deluca',
      'maria deluca anna',
    ])
  })
  test('given and family name in either order, the last word begun, find the name', () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/)
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 9 }), (given, family, letters) => {
        const keys = nameKeys([family, given])
        for (const typed of [`${given} ${family.slice(0, letters)}`, `${family} ${given.slice(0, letters)}`]) {
          const ranges = readQuery(typed)
          if (ranges.some(range => range.kind === 'name')) expect(finds(ranges, 'name', keys)).toBe(true)
        }
      }),
    )
  })
  test('no name, no keys; a name of forty words has eight', () => {
    expect(nameKeys([null, ''])).toEqual([])
    expect(nameKeys([Array.from({ length: 40 }, (_, i) => `w${i}`).join(' ')])).toHaveLength(8)
  })
  test.each([
    ["D'Angelò", 'Luca', ['d´angelo', 'D‘Angelo', 'd angelo', 'angelo', 'dangelo', 'luca d ang', 'dange']],
    ['Lo Presti', 'Anna', ['lopresti', 'lo presti', 'presti', 'anna lopre']],
    ['Lopresti', 'Anna', ['lo presti', 'lopresti', 'anna lo pre']],
    ['Müller', 'Eva', ['Mueller', 'muller', 'Müller', 'muel']],
    ['Mueller', 'Eva', ['Müller', 'mueller']],
    ['Đorđević', 'Ana', ['Djordjevic', 'đorđević', 'dordevic', 'Ana Djor']],
    ['王伟', null, ['王', '王伟']],
    ['O', 'Min', ['o', 'O', 'min o', 'o min']],
    ['Re', 'Ugo', ['re', 'ugo r']],
  ])('%s %s is found by each of %j', (family, given, typed) => {
    const keys = nameKeys([family, given])
    expect(typed.filter(text => !finds(readQuery(text), 'name', keys))).toEqual([])
  })
  test('a single letter is a whole word, not the beginning of almost every name', () => {
    expect(finds(readQuery('o'), 'name', nameKeys(['Olivieri', 'Ugo']))).toBe(false)
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
  const kinds = (typed: string) => readQuery(typed).map(range => `${range.kind} ${range.from}`)
  test.each([
    ['Ferri giu', ['name ferri giu']],
    ['rssmra85t', ['fiscal-code rssmra85t']],
    ['RSS MRA 85T10 A562 S', ['fiscal-code rssmra85t10a562s']],
    ['Rossini', ['name rossini']],
    ['giulia@exa', ['email giulia@exa']],
    ['+39 06 5959', ['phone +39065959']],
    ['0039 06 5959', ['phone +39065959']],
    ['06 5959 4321', ['phone +390659594321', 'fiscal-code 0659594321']],
    // 39 may be the country.
    ['390659594321', ['phone +39390659594321', 'phone +390659594321']],
    ['39 333 1234567', ['phone +39393331234567', 'phone +393331234567']],
    // All seven digits turned into letters: a code, or a name.
    ['RSSMRAURTMLARSNS', ['fiscal-code rssmraurtmlarsns', 'name rssmraurtmlarsns']],
    ['RSSMRA85T\u200b10A562S', ['fiscal-code rssmra85t10a562s']],
    ['a', ['name a']],
    ['%', []],
    ['', []],
    ['\u200b', []],
  ])('"%s"', (typed, expected) => expect(kinds(typed)).toEqual(expected))

  test('whatever may be kept as a number is found by the same text', () => {
    const sign = fc.constantFrom('', ' ', '-', '/', '.')
    const digits = fc.array(fc.tuple(fc.constantFrom(...'0123456789'), sign), { minLength: 4, maxLength: 15 })
    fc.assert(
      fc.property(fc.constantFrom('', '+', '00', '39', '+39 ', '0'), digits, (start, rest) => {
        const typed = start + rest.map(([digit, between]) => digit + between).join('')
        const kept = toE164(typed)
        if (kept !== undefined && !saysMoreThanNumber(typed)) expect(finds(readQuery(typed), 'phone', [kept])).toBe(true)
      }),
    )
  })

  test.each(['06 5959 4321 int. 12', '06 5959 4321 ext 12', '3331234567 casa', '06 5959 4321#3'])(
    '"%s" is more than a number',
    typed => expect(saysMoreThanNumber(typed)).toBe(true),
  )
})
