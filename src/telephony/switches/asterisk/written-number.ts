/**
 * Numbers as carriers write them, read as E.164. What stands in a SIP request may be any of these, and means the same:
 *
 *   +390659594321 · 00390659594321 · 390659594321 · 0659594321            with the country's code or without
 *   +39-06-5959-4321 · (06) 5959.4321 · %2B390659594321                   separators (RFC 3966 §5.1.1), percent-encoding (RFC 3986 §2.1)
 *   +390659594321;npdi;rn=+39068 · 59594321;phone-context=+3906           parameters (RFC 4694 §3, RFC 3966 §5.1.5)
 *
 * A stranger writes it: what is no number is none, and nothing but a plus and digits leaves here. Pure.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

const country = '39'
/** Digits, perhaps a plus and separators, and parameters of the number behind a semicolon. */
const written = /^(\+?[\d().\-/ ]{1,40})((?:;[\w.;=+\-()[\]/:&$!~*'%]{0,300})?)$/
/** A context that is the beginning of a number; one that is a domain says nothing about digits. */
const context = /;phone-context=(\+[\d().-]{1,20})(?:;|$)/i
/** E.164 has fifteen digits at most; what a switchboard gives to its extensions is shorter. */
export const plainNumber = /^\+?\d{2,15}$/
/** An Italian number without the country's code has ten digits at most: what begins with the code and is longer has it in front. */
const maxNationalDigits = 10

/** Returns plus and digits, or digits alone for a number without the country's code; null for what is no number. */
function digitsOf(text: string): string | null {
  const [, number = '', parameters = ''] = written.exec(decoded(text).trim()) ?? []
  const digits = number.replace(/[^\d+]/g, '')
  if (!/^\+?\d+$/.test(digits)) return null
  if (digits.startsWith('+')) return digits
  if (digits.startsWith('00')) return `+${digits.slice(2)}`
  const before = context.exec(parameters)?.[1]?.replace(/[^\d+]/g, '')
  // Some write the country's code in both places.
  if (before === undefined || (before === `+${country}` && hasCountryCode(digits))) return digits
  return `${before}${digits}`
}

/** Returns the number that was called, in E.164; null for what is no number. */
export function calledNumber(text: string): string | null {
  const digits = digitsOf(text)
  if (digits === null) return null
  const number = digits.startsWith('+') ? digits : hasCountryCode(digits) ? `+${digits}` : `+${country}${digits}`
  return /^\+[1-9]\d{2,14}$/.test(number) ? number : null
}

/** A mobile number may begin with the same digits as the country's code; one of the code and a fixed line goes on with 0. */
const hasCountryCode = (digits: string): boolean =>
  digits.startsWith(country) && (digits[country.length] === '0' || digits.length > maxNationalDigits)

/**
 * Returns the number shown, in E.164 where it can be read as one; null when it is hidden, or is no number. A caller writes it himself.
 * @param presentation as the dialplan passes it (`CALLERID(num-pres)`). A carrier may give the number beside the wish not to show it; a dialplan
 *   from before there was this passes nothing.
 */
export function shownNumber(text: string, presentation = ''): string | null {
  if (/^(prohib|unavailable)/.test(presentation)) return null
  const digits = digitsOf(text)
  if (digits === null) return null
  const number = parsePhoneNumberFromString(digits, 'IT')?.number ?? digits
  return plainNumber.test(number) ? number : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that encodes nothing: no number either.
    return text
  }
}
