/**
 * How a contact is found: every name, code, number and address is kept in one plain form, and what somebody types is brought into the
 * same form. Pure.
 */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'

export type KeyKind = 'name' | 'fiscal-code' | 'phone' | 'email' | 'double'

/** Lower case, without accents, apostrophes and signs, words parted by one space: "D'Àngelo-Rossi" becomes "dangelo rossi". */
export function foldName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/đ/g, 'd')
    .replace(/['’ʼ`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Each word of a name as the first, the others after it in order: "maria rossi", "rossi maria". At most eight. */
export function nameKeys(names: readonly (string | null)[]): string[] {
  const words = names
    .flatMap(name => foldName(name ?? '').split(' '))
    .filter(word => word !== '')
    .slice(0, 8)
  return [...new Set(words.map((_, start) => [...words.slice(start), ...words.slice(0, start)].join(' ').slice(0, 200)))]
}

export interface DoubleFacts {
  names: readonly (string | null)[]
  fiscalCode: string | null
  /** ISO day. */
  birthDate: string | null
}

/**
 * Name, whether there is a fiscal code, day of birth: "giuseppe rossi|-1950-03-04". Of the words of the name the order that comes first, so that the
 * same person written down the other way round has the same key. Undefined without a name.
 */
export function doubleKey({ names, fiscalCode, birthDate }: DoubleFacts): string | undefined {
  const name = firstOrder(names)
  return name === undefined ? undefined : `${name}|${fiscalCode ? '+' : '-'}${birthDate ?? ''}`
}

/**
 * The keys of those who may be the same person: the name is the same, the day of birth is the same or not known of one of the two, and not both have
 * a fiscal code, because a code is one person's. Each is a key, or the beginning of keys.
 */
export function keysOfDoubles({ names, fiscalCode, birthDate }: DoubleFacts): { key: string; isBeginning: boolean }[] {
  const name = firstOrder(names)
  if (name === undefined) return []
  return (fiscalCode ? ['-'] : ['-', '+']).flatMap((code): { key: string; isBeginning: boolean }[] =>
    birthDate === null
      ? [{ key: `${name}|${code}`, isBeginning: true }]
      : [`${name}|${code}${birthDate}`, `${name}|${code}`].map(key => ({ key, isBeginning: false })),
  )
}

const firstOrder = (names: readonly (string | null)[]): string | undefined => nameKeys(names).sort(byBytes)[0]

/** As the collation "C" orders. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/**
 * A telephone number as E.164, e.g. +390659594321. Without a country code it is Italian, and keeps its leading zero.
 * Undefined when no such number can exist.
 */
export function toE164(typed: string, country: CountryCode = 'IT'): string | undefined {
  const parsed = parsePhoneNumberFromString(typed, country)
  return parsed?.isPossible() ? parsed.number : undefined
}

/** A number as people write it: Italian ones without country code, others with it. */
export function phoneForPeople(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164)
  if (!parsed) return e164
  return parsed.countryCallingCode === '39' ? parsed.formatNational() : parsed.formatInternational()
}

/** The part before the @ may be case-sensitive by the letter of RFC 5321 §2.4; nobody's mailbox is, so one form is kept. */
export const foldEmail = (address: string): string => address.trim().toLowerCase()

/** What a person typed into the search field, as the keys that it may be the beginning of. */
export function readQuery(typed: string): { kind: KeyKind; prefix: string }[] {
  const text = typed.trim()
  if (text.includes('@')) return [{ kind: 'email', prefix: foldEmail(text) }]
  const compact = text.toLowerCase().replace(/[\s.\-_/()]/g, '')
  if (/^\+?\d{4,}$/.test(compact)) return numberKeys(compact)
  // Six letters and a digit: the beginning of a codice fiscale; no name looks like that.
  if (/^[a-z]{6}[0-9lmnpqrstuv][0-9a-z]{0,9}$/.test(compact) && /\d/.test(compact))
    return [{ kind: 'fiscal-code', prefix: compact }]
  const name = foldName(text)
  return name.length >= 2 ? [{ kind: 'name', prefix: name }] : []
}

/** Digits may begin a telephone number, with or without country code, or a fiscal code of 11 digits. */
function numberKeys(digits: string): { kind: KeyKind; prefix: string }[] {
  if (digits.startsWith('+')) return [{ kind: 'phone', prefix: digits }]
  if (digits.startsWith('00')) return [{ kind: 'phone', prefix: `+${digits.slice(2)}` }]
  const phone = { kind: 'phone' as const, prefix: `+39${digits}` }
  return digits.length <= 11 ? [phone, { kind: 'fiscal-code', prefix: digits }] : [phone]
}
