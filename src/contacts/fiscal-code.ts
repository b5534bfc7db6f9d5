/**
 * Italian fiscal codes. A person's has 16 characters (D.M. 23 December 1976), a body's or business's 11 digits (D.M. 29 November 1973).
 *
 *   R S S M R A   8 5 T 1 0   A 5 6 2   S
 *   family given   birth       place     check character
 *                  YY month DD (women: DD + 40)
 *
 * When two persons would get the same code, digits are replaced by letters from the right ("omocodia"): the check character is computed
 * over the code as it stands, everything else over the digits that the letters stand for.
 *
 * A code that is well formed says when, where and as what sex somebody was registered. It does not say that the caller is that person.
 */

/** What is wrong with a code, in a form from which a sentence can be made (`contacts.fiscalCode.<problem>`). */
export type FiscalCodeProblem =
  | { problem: 'length'; length: number }
  | { problem: 'character'; position: number; found: string; expected: 'letter' | 'digit' }
  | { problem: 'month'; found: string }
  | { problem: 'day'; found: string }
  | { problem: 'check'; found: string }

export interface PersonalCode {
  kind: 'person'
  /** Upper case, without spaces; keeps the letters of omocodia. */
  code: string
  /** The same code with the digits that the letters of omocodia stand for, and the check character of that form. */
  original: string
  /** ISO 8601 day. The century is the latest that does not lie in the future. */
  birthDate: string
  /** The same day a hundred years before, when somebody born then may be alive: only the person knows which it is. */
  otherBirthDate: string | null
  sex: 'F' | 'M'
  /** Cadastral code of the place of birth, e.g. H501 for Rome; Z and three digits for a country. */
  birthplace: string
}

export interface NumericCode {
  kind: 'numeric'
  code: string
}

export type FiscalCodeReading = { ok: true; value: PersonalCode | NumericCode } | ({ ok: false } & FiscalCodeProblem)

const months = 'ABCDEHLMPRST'
const omocodiaLetters = 'LMNPQRSTUV'
/** Positions (from 0) that hold digits, which omocodia may turn into letters. */
const digitPositions = [6, 7, 9, 10, 12, 13, 14] as const

/** Values of characters in odd places (1st, 3rd …), for 0–9 and A–Z; a digit is worth the same as the letter of its index. */
const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23] as const

/**
 * Reads a code as somebody typed it: case, spaces, dots and hyphens do not matter.
 * @param today ISO day, to tell the century of birth
 */
export function readFiscalCode(typed: string, today: string): FiscalCodeReading {
  const code = normaliseFiscalCode(typed)
  if (/^\d+$/.test(code)) return readNumeric(code)
  return code.length === 16 ? readPersonal(code, today) : { ok: false, problem: 'length', length: code.length }
}

/** Upper case, without spaces and signs. */
export const normaliseFiscalCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s.\-_/]|\p{Cf}/gu, '')

function readNumeric(code: string): FiscalCodeReading {
  if (code.length !== 11) return { ok: false, problem: 'length', length: code.length }
  // Eleven zeros pass the arithmetic and belong to nobody.
  if (numericCheckDigit(code) !== code.slice(10) || /^0+$/.test(code))
    return { ok: false, problem: 'check', found: code.slice(10) }
  return { ok: true, value: { kind: 'numeric', code } }
}

/** The eleventh digit that the first ten ask for: the formula of Luhn. */
export function numericCheckDigit(code: string): string {
  let sum = 0
  for (let i = 0; i < 10; i++) {
    const digit = Number(code[i])
    const doubled = digit * 2
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

function readPersonal(code: string, today: string): FiscalCodeReading {
  for (let position = 0; position < 16; position++) {
    const found = code.charAt(position)
    const holdsDigit = digitPositions.some(each => each === position)
    if (holdsDigit ? !/[0-9LMNPQRSTUV]/.test(found) : !/[A-Z]/.test(found))
      return { ok: false, problem: 'character', position: position + 1, found, expected: holdsDigit ? 'digit' : 'letter' }
  }
  const plain = withoutOmocodia(code)
  const month = months.indexOf(plain.charAt(8))
  if (month < 0) return { ok: false, problem: 'month', found: plain.charAt(8) }
  const dayNumber = Number(plain.slice(9, 11))
  const day = dayNumber > 40 ? dayNumber - 40 : dayNumber
  const birthDate = birthDateOf(Number(plain.slice(6, 8)), month, day, today)
  if (birthDate === undefined) return { ok: false, problem: 'day', found: plain.slice(9, 11) }
  if (checkCharacter(code) !== code.charAt(15)) return { ok: false, problem: 'check', found: code.charAt(15) }
  return {
    ok: true,
    value: {
      kind: 'person',
      code,
      original: plain.slice(0, 15) + checkCharacter(plain),
      birthDate,
      otherBirthDate: centuryBefore(birthDate, today),
      sex: dayNumber > 40 ? 'F' : 'M',
      birthplace: plain.slice(11, 15),
    },
  }
}

/** The code with the digits that the letters of omocodia stand for; its check character is not computed anew. */
export function withoutOmocodia(code: string): string {
  const characters = [...code]
  for (const position of digitPositions) {
    const digit = omocodiaLetters.indexOf(characters[position] ?? '')
    if (digit >= 0) characters[position] = String(digit)
  }
  return characters.join('')
}

/** The day of birth in the latest century that has that day and does not lie in the future. */
function birthDateOf(yearOfCentury: number, month: number, day: number, today: string): string | undefined {
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100
  for (const year of [century + yearOfCentury, century - 100 + yearOfCentury]) {
    const date = new Date(Date.UTC(year, month, day))
    const iso = date.toISOString().slice(0, 10)
    if (day > 0 && date.getUTCMonth() === month && iso <= today) return iso
  }
  return undefined
}

/** The oldest people of the country have lived so long. */
export const maxLifeYears = 115

function centuryBefore(day: string, today: string): string | null {
  const year = Number(day.slice(0, 4)) - 100
  const date = new Date(`${year}${day.slice(4)}T00:00:00Z`)
  // 29 February 1900 never was.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().slice(4, 10) === day.slice(4)
  return exists && Number(today.slice(0, 4)) - year <= maxLifeYears ? `${year}${day.slice(4)}` : null
}

/** The sixteenth character that the first fifteen ask for. */
export function checkCharacter(code: string): string {
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const character = code.charCodeAt(i)
    const index = character < 65 ? character - 48 : character - 65
    sum += i % 2 === 0 ? (oddValues[index] ?? 0) : index
  }
  return String.fromCharCode(65 + (sum % 26))
}
