/**
 * Telephone numbers as people read them. Italian ones stand without the country's code, the area code by itself: "0871 000 0002", "06 5959 4321".
 * The codes are known here, and not guessed from the digits behind them: libraries that judge whether a number can exist part a number of
 * an exchange that they do not know somewhere else ("087 1000 00002"). Pure.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js'

/** Area codes of two and of three digits (national numbering plan); all others that begin with 0 have four. */
const short = new Set(['02', '06'])
const middle = new Set(
  '010 011 015 019 030 031 035 039 040 041 045 049 050 051 055 059 070 071 075 079 080 081 085 089 090 091 095 099'.split(' '),
)

/** A number in the form of the network (E.164), as it is read. What is no number comes back as it is. */
export function phoneText(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164)
  if (!parsed) return e164
  if (parsed.countryCallingCode !== '39') return parsed.formatInternational()
  const { nationalNumber } = parsed
  return nationalNumber.startsWith('0') ? landline(nationalNumber) : parsed.formatNational()
}

function landline(number: string): string {
  const length = short.has(number.slice(0, 2)) ? 2 : middle.has(number.slice(0, 3)) ? 3 : 4
  return [number.slice(0, length), ...groupsOf(number.slice(length))].join(' ')
}

/** The digits behind the area code, in groups that can be said in one breath. */
function groupsOf(digits: string): string[] {
  if (digits.length <= 4) return [digits]
  const first = digits.length >= 8 ? 4 : 3
  return [digits.slice(0, first), digits.slice(first)]
}
