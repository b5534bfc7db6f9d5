/**
 * How a contact is found: every name, code, number and address is kept in one plain form, and what somebody types is brought into the
 * same form. Pure.
 */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'
import { endOfPrefix, endOfWord, phoneText, spellings, turned } from '../platform/index.ts'

export type KeyKind = 'name' | 'fiscal-code' | 'phone' | 'email' | 'double'

/** The rules by which keys are made now. The migration that raises it sets the default of `contact.keys_version` to the same number. */
export const keysVersion = 2

/** So many keys of one contact's name at most. */
const maxNameKeys = 40

/** The names, one after the other, in every spelling that means the same; the plainest first. At most eight words each. */
function wholeNames(names: readonly (string | null)[]): string[][] {
  const forms = names.filter(name => name !== null).map(name => spellings(name))
  const most = Math.max(0, ...forms.map(each => each.length))
  return Array.from({ length: most }, (_, n) => forms.flatMap(each => each[Math.min(n, each.length - 1)] ?? []).slice(0, 8))
}

/**
 * What a name is found by: each of its words as the first, the others after it in order ("maria rossi", "rossi maria"), in every spelling
 * that means the same. At most forty.
 */
export const nameKeys = (names: readonly (string | null)[]): string[] =>
  [...new Set(wholeNames(names).flatMap(turned))].slice(0, maxNameKeys)

export interface DoubleFacts {
  names: readonly (string | null)[]
  fiscalCode: string | null
  /** ISO day. */
  birthDate: string | null
}

/**
 * Name, whether there is a fiscal code, day of birth: "giuseppe rossi|-1950-03-04". Of the words of the name the order that comes first, so that the
 * same person written down the other way round has the same key; one for each spelling. None without a name.
 */
export const doubleKeys = ({ names, fiscalCode, birthDate }: DoubleFacts): string[] =>
  firstOrders(names).map(name => `${name}|${fiscalCode ? '+' : '-'}${birthDate ?? ''}`)

/**
 * The keys of those who may be the same person: the name is the same, the day of birth is the same or not known of one of the two, and not both have
 * a fiscal code, because a code is one person's. Each is a key, or the beginning of keys.
 */
export const keysOfDoubles = ({ names, fiscalCode, birthDate }: DoubleFacts): { key: string; isBeginning: boolean }[] =>
  firstOrders(names).flatMap(name =>
    (fiscalCode ? ['-'] : ['-', '+']).flatMap((code): { key: string; isBeginning: boolean }[] =>
      birthDate === null
        ? [{ key: `${name}|${code}`, isBeginning: true }]
        : [`${name}|${code}${birthDate}`, `${name}|${code}`].map(key => ({ key, isBeginning: false })),
    ),
  )

/** Of each spelling, its words turned so that they come first in order. */
const firstOrders = (names: readonly (string | null)[]): string[] => [
  ...new Set(wholeNames(names).flatMap(words => turned(words).sort(byBytes).slice(0, 1))),
]

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

/** Whether there is more than a number in what was typed: an extension, or whose it is ("int. 12", "casa"). It would be lost in E.164. */
export const saysMoreThanNumber = (typed: string): boolean =>
  /[\p{L}#*,;]/u.test(typed) || parsePhoneNumberFromString(typed, 'IT')?.ext !== undefined

/** A number as people write it: Italian ones without country code, others with it. */
export const phoneForPeople = (e164: string): string => phoneText(e164)

/** The part before the @ may be case-sensitive by the letter of RFC 5321 §2.4; nobody's mailbox is, so one form is kept. */
export const foldEmail = (address: string): string => address.trim().toLowerCase()

/** A stretch of keys, in the order of bytes: from `from` up to, but without, `to`. */
export interface KeyRange {
  kind: KeyKind
  from: string
  to: string
}

/** All keys that begin so. */
export const keysBeginning = (kind: KeyKind, prefix: string): KeyRange => ({ kind, from: prefix, to: endOfPrefix(prefix) })

/** What is pasted with a number or an address: "tel. 06 …", "mailto:…", "Giulia Ferri <giulia@example.org>". */
const withoutLabel = (text: string): string =>
  (/<([^<>\s]+@[^<>\s]+)>/.exec(text)?.[1] ?? text)
    .replace(/^(?:mailto:|tel:|(?:tel|cell|telefono|cellulare)[.:]*\s*(?=[+\d(]))/i, '')
    .trim()

/** What a person typed into the search field, as the stretches of keys in which it may be found; at most eight. */
export function readQuery(typed: string): KeyRange[] {
  const text = withoutLabel(typed.replace(/\p{Cf}/gu, '').trim())
  if (text.includes('@')) return [keysBeginning('email', foldEmail(text))]
  const compact = text.toLowerCase().replace(/[\s.\-_/()]/g, '')
  const phone = /\p{L}/u.test(text) ? undefined : toE164(text)
  if (phone !== undefined || /^\+?\d{4,}$/.test(compact)) return numberRanges(compact, phone)
  const ranges = nameRanges(text)
  if (!mayBeginFiscalCode(compact)) return ranges
  const code = keysBeginning('fiscal-code', compact)
  // With a digit in it no name looks like that; all digits may have become letters, though.
  return /\d/.test(compact) ? [code] : [code, ...ranges]
}

/** Six letters and the beginning of a date: digits, or the letters that omocodia puts in their place. */
const mayBeginFiscalCode = (compact: string): boolean =>
  /^[a-z]{6}(?:[0-9lmnp-v]{1,2}|[0-9lmnp-v]{2}[a-ehlmprst][0-9lmnp-v]{0,2}|[0-9lmnp-v]{2}[a-ehlmprst][0-9lmnp-v]{2}[a-z][0-9lmnp-v]{0,3}[a-z]?)$/.test(
    compact,
  )

/** The last word may be only begun; a single letter is meant as a whole word, because almost every name begins with it. */
function nameRanges(text: string): KeyRange[] {
  const names = new Set(spellings(text).map(words => words.join(' ')))
  return [...names].map(name =>
    /^[\p{Script=Latin}\p{N}]$/u.test(name) ? { kind: 'name', from: name, to: endOfWord(name) } : keysBeginning('name', name),
  )
}

/** Digits may begin a telephone number, with or without country code, or a fiscal code of 11 digits. */
function numberRanges(digits: string, phone: string | undefined): KeyRange[] {
  const international = digits.startsWith('00') ? `+${digits.slice(2)}` : digits.startsWith('+') ? digits : `+39${digits}`
  // As a number is kept when it is whole: "39" at its beginning may be the country, digits may be those of another script.
  const phones = new Set([international, phone ?? international])
  return [
    ...[...phones].map(prefix => keysBeginning('phone', prefix)),
    ...(/^\d{1,11}$/.test(digits) && !digits.startsWith('00') ? [keysBeginning('fiscal-code', digits)] : []),
  ]
}
