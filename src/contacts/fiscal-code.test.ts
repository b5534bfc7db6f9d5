import { belfioreConnector } from '@marketto/belfiore-connector-embedded'
import { CheckDigitizer, CodiceFiscaleUtils } from '@marketto/codice-fiscale-utils'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCharacter, normaliseFiscalCode, numericCheckDigit, type PersonalCode, readFiscalCode } from './fiscal-code.ts'

const today = '2026-11-24'
const oracle = new CodiceFiscaleUtils(belfioreConnector)

/** Codes of people who could exist: any day of the last hundred years, any sex, a place, letters for a name. */
const code = fc
  .record({
    name: fc.stringMatching(/^[A-Z]{6}$/),
    birth: fc.date({ min: new Date('1927-01-01'), max: new Date('2026-11-01'), noInvalidDate: true }),
    sex: fc.constantFrom('F' as const, 'M' as const),
    place: fc.constantFrom('H501', 'F205', 'L219', 'A944', 'Z404', 'G273'),
    omocodia: fc.integer({ min: 0, max: 127 }),
  })
  .map(({ name, birth, sex, place, omocodia }) => {
    const day = birth.getUTCDate() + (sex === 'F' ? 40 : 0)
    const year = String(birth.getUTCFullYear()).slice(2)
    const plain = `${name}${year}${'ABCDEHLMPRST'.charAt(birth.getUTCMonth())}${String(day).padStart(2, '0')}${place}`
    const characters = [...plain]
    for (const [bit, position] of [6, 7, 9, 10, 12, 13, 14].entries()) {
      const digit = Number(characters[position])
      if (omocodia & (1 << bit)) characters[position] = 'LMNPQRSTUV'.charAt(digit)
    }
    const written = characters.join('')
    return {
      written: written + checkCharacter(written),
      plain,
      birthDate: birth.toISOString().slice(0, 10),
      sex,
      place,
      omocodia,
    }
  })

function person(text: string): PersonalCode {
  const reading = readFiscalCode(text, today)
  if (!reading.ok || reading.value.kind !== 'person') throw new Error(`not read: ${JSON.stringify(reading)}`)
  return reading.value
}

describe('a code of 16 characters', () => {
  test('says when, where and as what somebody was registered, with or without omocodia', () => {
    fc.assert(
      fc.property(code, made => {
        const read = person(made.written)
        expect(read).toMatchObject({ code: made.written, birthDate: made.birthDate, sex: made.sex, birthplace: made.place })
        expect(read.original.slice(0, 15)).toBe(made.plain)
      }),
    )
  })
  test('its check character is the one that another implementation computes', () => {
    fc.assert(
      fc.property(code, made => {
        expect(made.written.charAt(15)).toBe(CheckDigitizer.checkDigit(made.written))
      }),
    )
  })
  test('another implementation reads the same out of it', () => {
    fc.assert(
      fc.property(code, made => {
        const { parser } = oracle
        const read = person(made.written)
        expect(parser.cfDeomocode(made.written)).toBe(read.original)
        expect(parser.cfToGender(made.written)).toBe(read.sex)
        const date = parser.cfToBirthDate(made.written)
        expect(date?.toISOString().slice(0, 10)).toBe(read.birthDate)
      }),
    )
  })
  test('one wrong character never passes', () => {
    fc.assert(
      fc.property(code, fc.integer({ min: 0, max: 15 }), fc.stringMatching(/^[0-9A-Z]$/), (made, position, other) => {
        fc.pre(made.written.charAt(position) !== other)
        const wrong = made.written.slice(0, position) + other + made.written.slice(position + 1)
        expect(readFiscalCode(wrong, today).ok).toBe(false)
      }),
    )
  })
  test('typed with spaces, dots, small letters: the same', () => {
    expect(person('rssmra 85t10 a562s')).toMatchObject({ birthDate: '1985-12-10', sex: 'M', birthplace: 'A562' })
    expect(normaliseFiscalCode('RSS.MRA-85T10/A562_S')).toBe('RSSMRA85T10A562S')
  })
  test('the century is the latest that is not in the future', () => {
    const bornIn = (year: string) => {
      const start = `RSSMRA${year}A01H501`
      return person(start + checkCharacter(start)).birthDate
    }
    expect(bornIn('26')).toBe('2026-01-01')
    expect(bornIn('27')).toBe('1927-01-01')
  })
})

describe('a wrong code says what to mend', () => {
  test.each([
    ['RSSMRA85T10A562', { problem: 'length', length: 15 }],
    ['RSSMRA85T10A562SS', { problem: 'length', length: 17 }],
    ['', { problem: 'length', length: 0 }],
    ['RS5MRA85T10A562S', { problem: 'character', position: 3, found: '5', expected: 'letter' }],
    ['RSSMRA85T1OA562S', { problem: 'character', position: 11, found: 'O', expected: 'digit' }],
    ['RSSMRA85F10A562S', { problem: 'month', found: 'F' }],
    ['RSSMRA85B30A562S', { problem: 'day', found: '30' }],
    ['RSSMRA85T00A562S', { problem: 'day', found: '00' }],
    ['RSSMRA85T40A562S', { problem: 'day', found: '40' }],
    ['RSSMRA85T10A562T', { problem: 'check', found: 'T' }],
    ['1234567890', { problem: 'length', length: 10 }],
    ['12345678901', { problem: 'check', found: '1' }],
    ['00000000000', { problem: 'check', found: '0' }],
  ])('%s', (typed, expected) => expect(readFiscalCode(typed, today)).toEqual({ ok: false, ...expected }))

  test('any text at all is read or refused, never more', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => typeof readFiscalCode(text, today).ok === 'boolean'))
  })
})

describe('a code of 11 digits', () => {
  test.each(['00488410010', '80078750587', '02121151001'])('%s, of a body that exists', known => {
    expect(readFiscalCode(known, today)).toEqual({ ok: true, value: { kind: 'numeric', code: known } })
  })
  test('a wrong digit, or two neighbours changed over (but 0 and 9), is noticed', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[1-9]\d{9}$/),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (start, at, add) => {
          const right = start + numericCheckDigit(start)
          expect(readFiscalCode(right, today).ok).toBe(true)
          const other = (Number(right[at]) + add) % 10
          expect(readFiscalCode(right.slice(0, at) + other + right.slice(at + 1), today).ok).toBe(false)
          const [a = '', b = ''] = [right[at], right[at + 1]]
          if (a !== b && a + b !== '09' && a + b !== '90')
            expect(readFiscalCode(right.slice(0, at) + b + a + right.slice(at + 2), today).ok).toBe(false)
        },
      ),
    )
  })
})
