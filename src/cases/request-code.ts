/**
 * Request codes: ten digits that a citizen can say and key, "482 719 3056". The tenth is the check digit of Damm's quasigroup of order
 * ten (H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004): every single wrong digit and every two neighbours changed over
 * are noticed, which Luhn's formula does not do and ISO 7064 MOD 11-10 does not do for all pairs.
 *
 * Codes are drawn at random, so that nobody finds the next one by counting. A code names a request; it opens nothing to whoever says it.
 */

/** Row: the digit so far; column: the next digit. */
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const

const first = 100_000_000
const count = 900_000_000

/**
 * The code that a random number stands for.
 * @param random a whole number, at least 2^40 of them equally likely, so that no code is noticeably more likely than another
 */
export function requestCode(random: bigint): string {
  const digits = String(first + Number(random % BigInt(count)))
  return digits + checkDigit(digits)
}

/** The random part of an identifier of version 7: its last 60 bits. */
export const randomPartOf = (uuid: string): bigint => BigInt(`0x${uuid.replaceAll('-', '').slice(-15)}`)

function checkDigit(digits: string): string {
  let state = 0
  for (const digit of digits) state = Number(damm[state]?.charAt(Number(digit)))
  return String(state)
}

export const isRequestCode = (code: string): boolean => /^\d{10}$/.test(code) && checkDigit(code.slice(0, 9)) === code.slice(9)

/** The code in what somebody typed or keyed, with spaces or hyphens; undefined when there is none, or it does not check. */
export function readRequestCode(typed: string): string | undefined {
  const digits = typed.replace(/[\s.-]/g, '')
  return isRequestCode(digits) ? digits : undefined
}

/** As people read and say it: "482 719 3056". */
export const spokenCode = (code: string): string => `${code.slice(0, 3)} ${code.slice(3, 6)} ${code.slice(6)}`
