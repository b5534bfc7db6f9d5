/**
 * Numbers as a list of Asterisk's recordings: `23` in Italian is "venti" and "tre".
 *
 * Asterisk could read numbers by itself (`number:23`), but a playback of that kind cannot be stopped ("Could not stop playback"), and the
 * position of a caller must be cut off at once when an agent answers. A list of recordings can be.
 */

/** Languages whose recordings of numbers are installed with Asterisk. */
export const languagesOfNumbers = ['it', 'en'] as const
type LanguageOfNumbers = (typeof languagesOfNumbers)[number]

export const hasRecordedNumbers = (language: string): language is LanguageOfNumbers =>
  languagesOfNumbers.some(each => each === language)

const largest = 999_999
const digit = (name: string | number) => `sound:digits/${name}`

/** Media of a whole number between 0 and 999,999. @throws RangeError */
export function numberMedia(number: number, language: LanguageOfNumbers): string[] {
  if (!Number.isInteger(number) || number < 0 || number > largest)
    throw new RangeError(`${number} cannot be read: whole numbers from 0 to ${largest} can`)
  if (number === 0) return [digit(0)]
  return language === 'it' ? italian(number) : english(number)
}

/** Media of digits, read one by one. @throws RangeError */
export function digitsMedia(digits: string): string[] {
  if (!/^[0-9]{1,40}$/.test(digits)) throw new RangeError(`"${digits}" cannot be read as digits`)
  return [...digits].map(digit)
}

function italian(number: number): string[] {
  const thousands = Math.floor(number / 1_000)
  const rest = number % 1_000
  // "mille", but "duemila".
  const before = thousands === 0 ? [] : thousands === 1 ? [digit('thousand')] : [...italian(thousands), digit('thousands')]
  if (thousands > 0) return [...before, ...(rest > 0 ? italian(rest) : [])]
  const hundreds = Math.floor(number / 100)
  if (hundreds > 0) {
    const below = number % 100
    return [...(hundreds > 1 ? [digit(hundreds)] : []), digit('hundred'), ...(below > 0 ? italian(below) : [])]
  }
  const units = number % 10
  // "ventuno", "ventotto": the vowel of the tens falls, so these are recordings of their own.
  if (number <= 20 || units === 0 || units === 1 || units === 8) return [digit(number)]
  return [digit(number - units), digit(units)]
}

function english(number: number): string[] {
  const thousands = Math.floor(number / 1_000)
  if (thousands > 0) return [...english(thousands), digit('thousand'), ...(number % 1_000 > 0 ? english(number % 1_000) : [])]
  const hundreds = Math.floor(number / 100)
  if (hundreds > 0) return [digit(hundreds), digit('hundred'), ...(number % 100 > 0 ? english(number % 100) : [])]
  const units = number % 10
  return number <= 20 || units === 0 ? [digit(number)] : [digit(number - units), digit(units)]
}
