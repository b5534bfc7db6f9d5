/** What is read of contacts: a card, a line of a list, and what other rooms ask. Rights are looked at here, masks are put on in `masking.ts`. */
import { provinceOf } from '../organisation/index.ts'
import { type Actor, callable, type Db, dayAt, type House, notFound, unitsIn, type Work } from '../platform/index.ts'
import { findByEmail, findByPhone, type SummaryRow, summariesOf } from './finding-store.ts'
import { readFiscalCode } from './fiscal-code.ts'
import type { Contact, ContactLanguage, ContactSummary } from './model.ts'
import { contactScope } from './policy.ts'
import {
  addressRowsOf,
  type ContactRow,
  type EmailRow,
  emailsOf,
  formerCodesOf,
  type PhoneRow,
  phoneRowsOf,
  phonesOf,
  readContact,
} from './store.ts'

/** The contact. @throws Refused 404 when it is not there, or not the actor's to see. */
export async function contactView(house: House, actor: Actor, id: string): Promise<Contact> {
  return view(house.database.kysely, await need(house.database.kysely, actor, id), momentOf(house).today)
}

/** The contact, if it is there and the actor's to see; `lock` keeps it for the transaction. @throws Refused 404 */
export async function need(db: Db, actor: Actor, id: string, lock = false): Promise<ContactRow> {
  const scope = contactScope(actor)
  const row = scope && (await readContact(db, id, scope, lock))
  if (!row) throw notFound('contact')
  return row
}

/** Whether a contact is there and the actor's to see. */
export async function isSeenContact(db: Db, actor: Actor, id: string): Promise<boolean> {
  const scope = contactScope(actor)
  return scope !== undefined && (await readContact(db, id, scope)) !== undefined
}

// --- forms ------------------------------------------------------------------------------------------------------------

/** The whole card of a row. */
export async function view(db: Db, row: ContactRow, day: string): Promise<Contact> {
  const [phones, emails, formerCodes] = await Promise.all([phonesOf(db, row.id), emailsOf(db, row.id), formerCodesOf(db, row.id)])
  const code = row.fiscal_code ? readFiscalCode(row.fiscal_code, day) : undefined
  return {
    id: row.id,
    kind: row.kind,
    name: displayName(row),
    givenName: row.given_name,
    familyName: row.family_name,
    businessName: row.business_name,
    fiscalCode: row.fiscal_code,
    birthDate: row.birth_date,
    sex: code?.ok && code.value.kind === 'person' ? code.value.sex : null,
    municipalityCode: row.municipality_code,
    municipality: municipalityName(row.municipality_code),
    provinceCode: row.province_code,
    regionCode: row.region_code,
    language: row.language,
    phones: phones.map(phone => ({ ...phoneRow(phone), verifiedAt: phone.verified_at?.toISOString() ?? null })),
    emails: emails.map(email => ({
      ...{ address: email.address, kind: email.kind ?? 'email' },
      verifiedAt: email.verified_at?.toISOString() ?? null,
    })),
    notes: row.notes,
    intermediaryKind: row.intermediary_kind,
    address: row.address,
    postalCode: row.postal_code,
    preferredChannel: row.preferred_channel,
    needs: row.needs,
    doNotCall: row.do_not_call,
    formerCodes: formerCodes.map(code => ({
      ...{ fiscalCode: code.fiscal_code, replacedBy: code.replaced_by },
      replacedAt: code.replaced_at.toISOString(),
    })),
    birthYear: yearOf(row.birth_date),
    masked: [],
    version: row.version,
  }
}

/** Of a number or an address, what is written down. */
export const phoneRow = ({ number, kind }: PhoneRow): PhoneRow => ({ number, kind })
export const emailRow = ({ address, kind }: EmailRow): EmailRow => ({ address, kind })

/** Given and family name, or the name of the business. */
export const displayName = (row: Pick<ContactRow, 'kind' | 'given_name' | 'family_name' | 'business_name'>): string =>
  row.kind !== 'person' ? (row.business_name ?? '') : [row.given_name, row.family_name].filter(Boolean).join(' ')

export const summaryOf = (row: SummaryRow): ContactSummary => ({
  id: row.id,
  kind: row.kind,
  name: displayName(row),
  fiscalCode: row.fiscal_code,
  birthDate: row.birth_date,
  birthYear: yearOf(row.birth_date),
  municipality: municipalityName(row.municipality_code),
  provinceCode: row.province_code,
  phone: row.phone,
  email: row.email,
})

const municipalityName = (code: string | null): string | null => (code === null ? null : (provinceOf(code)?.name ?? null))

const yearOf = (day: string | null): number | null => (day === null ? null : Number(day.slice(0, 4)))

/** The unit of the actor and those above it. */
export const unitsAround = (actor: Actor): string[] => (actor.kind === 'person' ? unitsIn(actor.unitPath) : [])

/** An instant in milliseconds since the epoch, and the institute's day then. */
export interface Moment {
  readonly now: number
  readonly today: string
}

/** @param at the present, when nothing else is said */
export function momentOf({ config, clock }: House, at?: Date): Moment {
  const now = at?.getTime() ?? clock.now()
  return { now, today: dayAt(config.TIME_ZONE, now) }
}

/** The institute's day of a piece of work. */
export const dayOfWork = ({ house, now }: Work): string => momentOf(house, now).today

// --- for other rooms ------------------------------------------------------------------------------------------------

/** Who has a number, for the caller's card: nobody is identified by it. */
export async function contactsByPhone(db: Db, e164: string, limit = 5): Promise<{ id: string; name: string }[]> {
  const rows = await findByPhone(db, e164, { all: true }, undefined, limit)
  return rows.map(row => ({ id: row.id, name: displayName(row) }))
}

/** Who has an address of e-mail: a mail is easily sent in the name of another, and nobody is identified by it. */
export async function contactsByEmail(db: Db, address: string, limit = 5): Promise<{ id: string; name: string }[]> {
  const rows = await findByEmail(db, address, limit)
  return rows.map(row => ({ id: row.id, name: displayName(row) }))
}

/** Whether a number stands on a card. Index: contact_phone_pkey. */
export async function hasNumber(db: Db, contactId: string, e164: string): Promise<boolean> {
  return (await phonesOf(db, contactId)).some(phone => phone.number === e164)
}

/** The number to which a contact wishes to be written text messages; null for who does not, or is not to be called. Index: contact_phone_pkey. */
export async function textNumberOf(db: Db, contactId: string): Promise<string | null> {
  const row = await readContact(db, contactId, { all: true })
  if (row?.preferred_channel !== 'text-message' || row.do_not_call !== null) return null
  return (await phonesOf(db, contactId)).find(({ kind }) => kind === 'mobile')?.number ?? null
}

/** At which number contacts are called, and whether they wish to be; who is not to be called, or has no number that we call, is left out. */
export async function numbersToCall(db: Db, ids: readonly string[]): Promise<Map<string, { number: string; isWished: boolean }>> {
  const found = new Map<string, { number: string; isWished: boolean }>()
  for (const row of await phoneRowsOf(db, [...new Set(ids)])) {
    const number = callable(row.number)
    if (number !== null && !found.has(row.id)) found.set(row.id, { number, isWished: row.preferred_channel === 'telephone' })
  }
  return found
}

/** Where somebody is written to by post. */
export interface PostalAddress {
  /** Lines of the envelope below the name. */
  lines: string[]
  /** Whether they wish to be written to so. */
  isWished: boolean
}

/** Postal addresses of contacts, of those whose card has a whole one. Index: contact_pkey. */
export async function postalAddressesOf(db: Db, ids: readonly string[]): Promise<Map<string, PostalAddress>> {
  const rows = await addressRowsOf(db, [...new Set(ids)])
  return new Map(
    rows.flatMap((row): [string, PostalAddress][] => {
      const town = municipalityName(row.municipality_code)
      if (!row.address || !row.postal_code || town === null) return []
      const place = [row.postal_code, town, row.province_code].filter(Boolean).join(' ')
      return [[row.id, { lines: [row.address, place], isWished: row.preferred_channel === 'post' }]]
    }),
  )
}

export type ContactFacts = ContactSummary & { regionCode: string | null; language: ContactLanguage }

/** What other rooms show and need of contacts, by identifier. Rights have been looked at by who asks. */
export async function contactsOf(db: Db, ids: readonly string[]): Promise<Map<string, ContactFacts>> {
  const rows = await summariesOf(db, [...new Set(ids)])
  return new Map(rows.map(row => [row.id, { ...summaryOf(row), regionCode: row.region_code, language: row.language }]))
}
