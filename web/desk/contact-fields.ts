/** The fields of the form of a contact, and what is sent of them. Pure. */
import { readFiscalCode } from '../../src/contacts/fiscal-code.ts'
import type {
  Contact,
  ContactChange,
  ContactKind,
  ContactSummary,
  GivenPhone,
  IdentificationMethod,
  IntermediaryKind,
  NewContact,
  PhoneKind,
  PreferredChannel,
  SpecialNeed,
} from '../../src/contacts/model.ts'
import { givenNames } from './given-names.ts'

export interface ContactFields {
  kind: ContactKind
  givenName: string
  familyName: string
  businessName: string
  fiscalCode: string
  birthDate: string
  /** The municipality, and as it is shown. */
  place: { code: string; name: string }
  language: NewContact['language']
  /** Several, parted by commas. */
  phones: string
  emails: string
  notes: string
  intermediaryKind: IntermediaryKind | ''
  pecs: string
  /** Of a number, as it stands in `phones`. */
  phoneKinds: Readonly<Record<string, PhoneKind>>
  address: string
  postalCode: string
  preferredChannel: PreferredChannel | ''
  needs: readonly SpecialNeed[]
  doNotCall: string
}

const empty: ContactFields = {
  kind: 'person',
  givenName: '',
  familyName: '',
  businessName: '',
  fiscalCode: '',
  birthDate: '',
  place: { code: '', name: '' },
  language: 'it',
  phones: '',
  emails: '',
  notes: '',
  intermediaryKind: '',
  pecs: '',
  phoneKinds: {},
  address: '',
  postalCode: '',
  preferredChannel: '',
  needs: [],
  doNotCall: '',
}

/** A new card from what was searched for in vain: a code, a number, an address, or a name, whichever part of it comes first. */
export function newFields(text: string, phone: string | null): ContactFields {
  const fields: ContactFields = { ...empty, phones: phone ?? '' }
  const typed = text.trim()
  if (typed === '') return fields
  if (typed.includes('@')) return { ...fields, emails: typed }
  if (/^\+?[\d\s./-]{5,}$/.test(typed)) return { ...fields, phones: typed }
  if (/^[A-Za-z]{6}\d/.test(typed)) return { ...fields, fiscalCode: typed.toUpperCase() }
  const { givenName, familyName } = nameParts(typed)
  return { ...fields, givenName, familyName }
}

const foldWord = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
/** What stands before a family name and makes one of what follows: De Luca, Lo Presti, Della Rosa. */
const particles = new Set('da dal dalla de degli dei del della dello di el la lo li van von'.split(' '))

const isGivenName = (word: string, at: number, words: readonly string[]): boolean =>
  givenNames.has(foldWord(word)) && !particles.has(foldWord(words[at - 1] ?? ''))

/**
 * Which part of a name is the given one: "Ferri Giulia" and "Giulia Ferri" are the same. `sure` is false where both parts, or none, could be
 * it: then the last word is taken for the family name, and the operator asks.
 */
export function nameParts(typed: string): { givenName: string; familyName: string; sure: boolean } {
  const words = typed
    .trim()
    .split(/\s+/)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
  const parted = (at: number, givenFirst: boolean) => {
    const [first, second] = [words.slice(0, at).join(' '), words.slice(at).join(' ')]
    return givenFirst ? { givenName: first, familyName: second } : { givenName: second, familyName: first }
  }
  if (words.length < 2) return { givenName: '', familyName: words[0] ?? '', sure: true }
  const firstFamily = words.findIndex((word, at) => !isGivenName(word, at, words))
  const lastFamily = words.findLastIndex((word, at) => !isGivenName(word, at, words))
  if (firstFamily > 0 && lastFamily === words.length - 1) return { ...parted(firstFamily, true), sure: true }
  if (firstFamily === 0 && lastFamily < words.length - 1) return { ...parted(lastFamily + 1, false), sure: true }
  return { ...parted(words.length - 1, true), sure: false }
}

/** The birth date that a fiscal code says for certain; null when it may be of two centuries, or the code is none. */
export function birthDateOf(fiscalCode: string, today: string): string | null {
  const reading = readFiscalCode(fiscalCode, today)
  if (!reading.ok || reading.value.kind !== 'person' || reading.value.otherBirthDate !== null) return null
  return reading.value.birthDate
}

/** The cadastral code of the place of birth in a fiscal code; null when the code is none. */
export function birthplaceOf(fiscalCode: string, today: string): string | null {
  const reading = readFiscalCode(fiscalCode, today)
  return reading.ok && reading.value.kind === 'person' ? reading.value.birthplace : null
}

/** What somebody has told of a person by whom the card was found: the words that were searched for, as far as they fit it. */
export function saidBy(typed: string, contact: Pick<ContactSummary, 'name' | 'fiscalCode'>): IdentificationMethod[] {
  const words = typed.split(/[^\p{L}\p{N}]+/u).map(foldWord)
  const of = contact.name.split(/[^\p{L}\p{N}]+/u).map(foldWord)
  const isCode = contact.fiscalCode !== null && words.includes(contact.fiscalCode.toLowerCase())
  const isName = of.every(word => words.includes(word))
  return [...(isName ? (['name'] as const) : []), ...(isCode ? (['fiscal-code'] as const) : [])]
}

/** What a new card says that the caller has told: it was written down from the telephone. */
export const saidOnCard = (contact: Pick<Contact, 'kind' | 'birthDate' | 'fiscalCode'>): IdentificationMethod[] => [
  'name',
  ...(contact.kind === 'person' && contact.birthDate !== null ? (['birth-date'] as const) : []),
  ...(contact.fiscalCode === null ? [] : (['fiscal-code'] as const)),
]

export function fieldsOf(contact: Contact, phoneText: (number: string) => string): ContactFields {
  return {
    kind: contact.kind,
    givenName: contact.givenName ?? '',
    familyName: contact.familyName ?? '',
    businessName: contact.businessName ?? '',
    fiscalCode: contact.fiscalCode ?? '',
    birthDate: contact.birthDate ?? '',
    place: {
      code: contact.municipalityCode ?? '',
      name: contact.municipality ? `${contact.municipality}${contact.provinceCode ? ` (${contact.provinceCode})` : ''}` : '',
    },
    language: contact.language,
    phones: contact.phones.map(phone => phoneText(phone.number)).join(', '),
    emails: addressesOf(contact, 'email'),
    notes: contact.notes,
    intermediaryKind: contact.intermediaryKind ?? '',
    pecs: addressesOf(contact, 'pec'),
    phoneKinds: Object.fromEntries(
      contact.phones.flatMap(({ number, kind }) => (kind === null ? [] : [[phoneText(number), kind] as const])),
    ),
    address: contact.address ?? '',
    postalCode: contact.postalCode ?? '',
    preferredChannel: contact.preferredChannel ?? '',
    needs: contact.needs,
    doNotCall: contact.doNotCall ?? '',
  }
}

const addressesOf = (contact: Contact, kind: 'email' | 'pec'): string =>
  contact.emails
    .filter(email => email.kind === kind)
    .map(email => email.address)
    .join(', ')

export function bodyOf(fields: ContactFields): NewContact {
  const isPerson = fields.kind === 'person'
  return {
    kind: fields.kind,
    givenName: isPerson ? orNull(fields.givenName) : null,
    familyName: isPerson ? orNull(fields.familyName) : null,
    businessName: isPerson ? null : orNull(fields.businessName),
    fiscalCode: orNull(fields.fiscalCode),
    birthDate: isPerson ? orNull(fields.birthDate) : null,
    municipalityCode: orNull(fields.place.code),
    language: fields.language,
    phones: listOf(fields.phones).map((number): GivenPhone => ({ number, kind: fields.phoneKinds[number] ?? null })),
    emails: [
      ...listOf(fields.emails).map(address => ({ address, kind: 'email' as const })),
      ...listOf(fields.pecs).map(address => ({ address, kind: 'pec' as const })),
    ],
    notes: fields.notes.trim(),
    intermediaryKind: fields.kind !== 'intermediary' || fields.intermediaryKind === '' ? null : fields.intermediaryKind,
    address: orNull(fields.address),
    postalCode: orNull(fields.postalCode),
    preferredChannel: fields.preferredChannel === '' ? null : fields.preferredChannel,
    needs: [...fields.needs],
    doNotCall: orNull(fields.doNotCall),
  }
}

/** Which field of a card a field of the form is a part of, where the names differ. */
const partOf: Readonly<Partial<Record<keyof ContactFields, keyof ContactChange>>> = {
  place: 'municipalityCode',
  phoneKinds: 'phones',
  pecs: 'emails',
}

/** What is sent of a card that is there already: only the fields that were changed. */
export function changeOf(fields: ContactFields, changed: Partial<ContactFields>): ContactChange {
  const { kind: _, ...body } = bodyOf({ ...fields, ...changed })
  const names = Object.keys(changed) as (keyof ContactFields)[]
  const sent = new Set<string>(names.map(name => partOf[name] ?? name))
  return Object.fromEntries(Object.entries(body).filter(([field]) => sent.has(field)))
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
export const listOf = (text: string): string[] =>
  text
    .split(/[,;]/)
    .map(each => each.trim())
    .filter(each => each !== '')

/** 1962-09-04 as 04/09/1962. */
export const dayText = (iso: string): string => iso.split('-').reverse().join('/')

type Hint =
  | { ok: true; what: 'person' | 'eitherCentury' | 'numeric'; values: Record<string, string> }
  | {
      ok: false
      problem: 'letterExpected' | 'digitExpected' | 'month' | 'day' | 'check' | 'tooLong'
      values: Record<string, string | number>
    }

/** What a code says while it is being typed. A code that is only not finished yet is not wrong: then there is no hint. */
export function fiscalCodeHint(typed: string, today: string): Hint | undefined {
  if (typed.trim() === '') return undefined
  const reading = readFiscalCode(typed, today)
  if (reading.ok) {
    if (reading.value.kind === 'numeric') return { ok: true, what: 'numeric', values: {} }
    const { birthDate, otherBirthDate } = reading.value
    return otherBirthDate === null
      ? { ok: true, what: 'person', values: { birthDate: dayText(birthDate) } }
      : { ok: true, what: 'eitherCentury', values: { birthDate: dayText(otherBirthDate), otherBirthDate: dayText(birthDate) } }
  }
  switch (reading.problem) {
    case 'length':
      return reading.length > 16 ? { ok: false, problem: 'tooLong', values: { length: reading.length } } : undefined
    case 'character':
      return {
        ok: false,
        problem: reading.expected === 'digit' ? 'digitExpected' : 'letterExpected',
        values: { position: reading.position, found: reading.found },
      }
    default:
      return { ok: false, problem: reading.problem, values: { found: reading.found } }
  }
}
