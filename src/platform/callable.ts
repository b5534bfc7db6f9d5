/** Which numbers we call. Pure. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

const ordinary: ReadonlySet<string> = new Set(['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'PERSONAL_NUMBER'])

/**
 * Returns the number in E.164 if we would call it: an Italian one that belongs to a person or an office. Nobody is made to pay for a call abroad or to a
 * premium number by keying one in.
 * @param given as it was shown or keyed: `0612345678`, `+39…`, `0039…`
 */
export function callable(given: string | null): string | null {
  if (given === null) return null
  const number = parsePhoneNumberFromString(given.replace(/^00/, '+'), 'IT')
  if (!number?.isValid() || number.country !== 'IT') return null
  const type = number.getType()
  return type !== undefined && ordinary.has(type) ? number.number : null
}
