/** The fields of the form of a contact, and what is sent of them. Pure. */
import { readFiscalCode } from '../../src/contacts/fiscal-code.ts'
import type { Contact, ContactChange, NewContact } from '../../src/contacts/model.ts'

export interface ContactFields {
  kind: 'person' | 'business'
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
}

/** A new card from what was searched for in vain: a code, a number, an address, or a name with the family name last. */
export function newFields(text: string, phone: string | null): ContactFields {
  const fields: ContactFields = { ...empty, phones: phone ?? '' }
  const typed = text.trim()
  if (typed === '') return fields
  if (typed.includes('@')) return { ...fields, emails: typed }
  if (/^\+?[\d\s./-]{5,}$/.test(typed)) return { ...fields, phones: typed }
  if (/^[A-Za-z]{6}\d/.test(typed)) return { ...fields, fiscalCode: typed.toUpperCase() }
  const words = typed.split(/\s+/).map(word => word.charAt(0).toUpperCase() + word.slice(1))
  return { ...fields, givenName: words.slice(0, -1).join(' '), familyName: words.at(-1) ?? '' }
}

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
    emails: contact.emails.map(email => email.address).join(', '),
    notes: contact.notes,
  }
}

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
    phones: listOf(fields.phones),
    emails: listOf(fields.emails),
    notes: fields.notes.trim(),
  }
}

/** What is sent of a card that is there already: only the fields that were changed. */
export function changeOf(kind: ContactFields['kind'], changed: Partial<ContactFields>): ContactChange {
  const { kind: _, ...body } = bodyOf({ ...empty, ...changed, kind })
  const sent = new Set(Object.keys(changed).map(field => (field === 'place' ? 'municipalityCode' : field)))
  return Object.fromEntries(Object.entries(body).filter(([field]) => sent.has(field)))
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
const listOf = (text: string): string[] =>
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
