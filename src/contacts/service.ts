/** Use cases of contacts: one transaction each. */

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { provinceOf } from '../organisation/index.ts'
import {
  type Actor,
  changedMeanwhile,
  changesOf,
  type Db,
  decodeCursor,
  encodeCursor,
  type House,
  lastEntry,
  must,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { conversationOf } from './conversation.ts'
import { contactChanged, contactCreated, contactIdentified } from './events.ts'
import { type FiscalCodeReading, longestLifeYears, readFiscalCode } from './fiscal-code.ts'
import type {
  Contact,
  ContactChange,
  ContactLanguage,
  ContactSummary,
  IdentificationState,
  NewContact,
  NewIdentification,
  SavedContact,
} from './model.ts'
import { foldEmail, readQuery, saysMoreThanNumber, toE164 } from './names.ts'
import { contactScope, levelOf, mayAttest, mayHear, mayWriteContact, talksIn } from './policy.ts'
import {
  addUnit,
  type ContactRow,
  contactKeysOf,
  emailsOf,
  findByKey,
  findByPhone,
  identificationsOf,
  insertContact,
  insertIdentification,
  otherWithCode,
  phonesOf,
  possibleDuplicates,
  readContact,
  replaceContactKeys,
  replaceEmails,
  replacePhones,
  type SummaryRow,
  summariesOf,
  updateContact,
} from './store.ts'

// --- reading --------------------------------------------------------------------------------------------------------

/** The contact. @throws Refused 404 when it is not there, or not the actor's to see. */
export async function contactView(house: House, actor: Actor, id: string): Promise<Contact> {
  return view(house.database.kysely, await need(house.database.kysely, actor, id), today(house.clock.now()))
}

/** One page of the contacts that a text or a telephone number finds. */
export async function searchContacts(
  house: House,
  actor: Actor,
  query: { q?: string | undefined; phone?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: ContactSummary[]; next: string | null }> {
  const scope = contactScope(actor)
  const db = house.database.kysely
  if (!scope) return { items: [], next: null }
  if (query.phone !== undefined) {
    const after = decodeCursor(z.tuple([z.uuid()]), query.cursor)
    const rows = await findByPhone(db, phoneOrRefuse(query.phone), scope, after?.[0], query.limit + 1)
    const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
    return { items: rows.slice(0, query.limit).map(summaryOf), next: last ? encodeCursor([last.id]) : null }
  }
  // A text may be the beginning of keys of several kinds and spellings; they come one after the other.
  const wanted = readQuery(query.q ?? '')
  const after = decodeCursor(z.tuple([z.number().int().min(0).max(8), z.string(), z.uuid()]), query.cursor)
  const found: { kind: number; row: SummaryRow & { key: string } }[] = []
  for (const [kind, range] of wanted.entries()) {
    if (found.length > query.limit || (after && kind < after[0])) continue
    const from = after && kind === after[0] ? { key: after[1], id: after[2] } : undefined
    const rows = await findByKey(db, range, scope, from, query.limit + 1 - found.length, wanted.slice(0, kind))
    found.push(...rows.map(row => ({ kind, row })))
  }
  const last = found.length > query.limit ? found[query.limit - 1] : undefined
  return {
    items: found.slice(0, query.limit).map(each => summaryOf(each.row)),
    next: last ? encodeCursor([last.kind, last.row.key, last.row.id]) : null,
  }
}

/** How sure we are of somebody in one conversation. */
export async function identificationView(
  house: House,
  actor: Actor,
  id: string,
  callId: string | null,
): Promise<Omit<IdentificationState, 'sentence'>> {
  await need(house.database.kysely, actor, id)
  return identificationState(house.database.kysely, id, callId, house.clock.now())
}

async function identificationState(
  db: Db,
  id: string,
  callId: string | null,
  now: number,
): Promise<Omit<IdentificationState, 'sentence'>> {
  const rows = await identificationsOf(db, id)
  const level = levelOf(
    rows.map(row => ({ method: row.method, callId: row.call_id, at: row.at.getTime() })),
    { callId, now },
  )
  return {
    level,
    mayHear: [...mayHear(level)],
    identifications: rows.map(row => ({
      id: row.id,
      method: row.method,
      evidence: row.evidence,
      callId: row.call_id,
      byName: row.by_name,
      at: row.at.toISOString(),
    })),
  }
}

async function need(db: Db, actor: Actor, id: string, lock = false): Promise<ContactRow> {
  const scope = contactScope(actor)
  const row = scope && (await readContact(db, id, scope, lock))
  if (!row) throw notFound('contact')
  return row
}

// --- writing --------------------------------------------------------------------------------------------------------

/** Writes down a new contact. @throws Refused 422 with what to mend, 409 when the fiscal code is another contact's. */
export const createContact = useCase(async (work, input: NewContact): Promise<SavedContact> => {
  must(mayWriteContact(work.actor))
  const row: ContactRow = {
    ...columnsOf(input, today(work.now.getTime())),
    id: work.ids(),
    kind: input.kind,
    version: 1,
  }
  needName(row)
  await refuseTakenCode(work, row)
  const { version: _version, ...columns } = row
  await insertContact(work.tx, columns, work.now)
  if (work.actor.kind === 'person') await addUnit(work.tx, row.id, work.actor.unitPath)
  await work.journal(contactCreated, {}, { contact: row.id, units: unitsOf(work.actor) })
  return save(work, row, phonesOrRefuse(input.phones), emailsOrRefuse(input.emails), input.birthDate)
})

/** Changes a contact. @throws Refused 412 when somebody else changed it since `version`, with the card as it is now */
export const changeContact = useCase(
  async (work, { id, version, change }: { id: string; version: number; change: ContactChange }): Promise<SavedContact> => {
    must(mayWriteContact(work.actor))
    const before = await need(work.tx, work.actor, id, true)
    const known = await view(work.tx, before, today(work.now.getTime()))
    if (before.version !== version)
      throw changedMeanwhile(known, await lastEntry(work.tx, [contactChanged], { contact: id }, work.now))
    const phones = change.phones ?? known.phones.map(phone => phone.number)
    const emails = change.emails ?? known.emails.map(email => email.address)
    const merged: NewContact = {
      kind: before.kind,
      givenName: or(change.givenName, known.givenName),
      familyName: or(change.familyName, known.familyName),
      businessName: or(change.businessName, known.businessName),
      fiscalCode: or(change.fiscalCode, known.fiscalCode),
      birthDate: or(change.birthDate, known.birthDate),
      municipalityCode: or(change.municipalityCode, known.municipalityCode),
      language: or(change.language, known.language),
      notes: or(change.notes, known.notes),
      phones,
      emails,
    }
    const row: ContactRow = { ...columnsOf(merged, today(work.now.getTime())), id, kind: before.kind, version }
    const [numbers, addresses] = [phonesOrRefuse(phones), emailsOrRefuse(emails)]
    const asItWas =
      isDeepStrictEqual(row, before) &&
      isDeepStrictEqual(
        numbers,
        known.phones.map(phone => phone.number),
      ) &&
      isDeepStrictEqual(
        addresses,
        known.emails.map(email => email.address),
      )
    if (asItWas) return { ...known, possibleDuplicates: [], warnings: [] }
    needName(row)
    await refuseTakenCode(work, row)
    await updateContact(work.tx, row, work.now)
    const fields = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    const saved = await save(work, { ...row, version: version + 1 }, numbers, addresses, merged.birthDate)
    const changes = changesOf(writtenOf(known), writtenOf(saved))
    await work.journal(contactChanged, { fields, changes }, { contact: id, units: unitsOf(work.actor) })
    return saved
  },
)

/**
 * Notes how somebody made known who they are, by whoever can vouch for it.
 * @throws Refused 404 for a call in which somebody else talks, or nobody · 403 for a method that the actor cannot vouch for
 */
export const identify = useCase(
  async (work, { id, input }: { id: string; input: NewIdentification }): Promise<Omit<IdentificationState, 'sentence'>> => {
    must(mayWriteContact(work.actor))
    await need(work.tx, work.actor, id)
    const call = input.callId === null ? null : await conversationOf(work.tx, input.callId)
    if (call === undefined || (call !== null && !talksIn(work.actor, call))) throw notFound('call')
    const phones = (await phonesOf(work.tx, id)).map(phone => phone.number)
    must(mayAttest(work.actor, { method: input.method, call, phones, now: work.now.getTime() }))
    await insertIdentification(work.tx, {
      id: work.ids(),
      contact_id: id,
      method: input.method,
      evidence: input.evidence,
      call_id: input.callId,
      by_person: work.actor.kind === 'person' ? work.actor.personId : null,
      by_name: nameOfActor(work.actor),
      at: work.now,
    })
    const state = await identificationState(work.tx, id, input.callId, work.now.getTime())
    await work.journal(
      contactIdentified,
      { method: input.method, level: state.level },
      { contact: id, call: input.callId ?? undefined, units: unitsOf(work.actor) },
    )
    return state
  },
)

/** Lets a unit see the contact from now on, because a matter was passed to it. */
export const involve = (work: Pick<Work, 'tx'>, contactId: string, unitPath: string): Promise<void> =>
  addUnit(work.tx, contactId, unitPath)

async function save(
  work: Work,
  row: ContactRow,
  phones: readonly string[],
  emails: readonly string[],
  givenBirthDate: string | null,
): Promise<SavedContact> {
  await replacePhones(work.tx, row.id, phones)
  await replaceEmails(work.tx, row.id, emails)
  const keys = contactKeysOf(row, phones, emails)
  await replaceContactKeys(work.tx, row.id, keys)
  const scope = contactScope(work.actor)
  const others = scope ? await possibleDuplicates(work.tx, row, keys, scope) : []
  const read = row.fiscal_code ? readFiscalCode(row.fiscal_code, today(work.now.getTime())) : undefined
  const code = read?.ok ? read.value : undefined
  return {
    ...(await view(work.tx, row, today(work.now.getTime()))),
    possibleDuplicates: others.map(other => ({ ...summaryOf(other), reason: other.reason })),
    warnings: [
      ...(code?.kind === 'person' ? birthWarnings(code, givenBirthDate) : []),
      ...(code?.kind === 'numeric' && row.kind === 'person' ? (['numeric-code-of-a-person'] as const) : []),
    ],
  }
}

/** Both centuries fit when somebody may have been born in either; without a date it has to be asked. */
function birthWarnings(
  code: { birthDate: string; otherBirthDate: string | null },
  given: string | null,
): ('birth-date-differs' | 'birth-century-unclear')[] {
  if (given === null) return code.otherBirthDate === null ? [] : ['birth-century-unclear']
  return given === code.birthDate || given === code.otherBirthDate ? [] : ['birth-date-differs']
}

/** What is written down, in its one form. @throws Refused 422 that says what to mend. */
function columnsOf(input: NewContact, day: string): Omit<ContactRow, 'id' | 'kind' | 'version'> {
  const place = input.municipalityCode === null ? undefined : provinceOf(input.municipalityCode)
  if (input.municipalityCode !== null && !place)
    throw new Refused('contacts.municipalityUnknown', { code: input.municipalityCode }, 422)
  const code = input.fiscalCode ? codeOrRefuse(readFiscalCode(input.fiscalCode, day)) : undefined
  return {
    given_name: emptyToNull(input.givenName),
    family_name: emptyToNull(input.familyName),
    business_name: emptyToNull(input.businessName),
    fiscal_code: code?.code ?? null,
    birth_date:
      birthDateOrRefuse(input.birthDate, day) ??
      (code?.kind === 'person' && code.otherBirthDate === null ? code.birthDate : null),
    municipality_code: input.municipalityCode,
    province_code: place?.provinceCode ?? null,
    region_code: place?.regionCode ?? null,
    language: input.language,
    notes: input.notes,
  }
}

function birthDateOrRefuse(date: string | null, day: string): string | null {
  const years = date === null ? 0 : Number(day.slice(0, 4)) - Number(date.slice(0, 4))
  if (date !== null && (date > day || years > longestLifeYears))
    throw new Refused('contacts.birthDateImpossible', { field: 'birthDate', date: date.split('-').reverse().join('/') }, 422)
  return date
}

function codeOrRefuse(reading: FiscalCodeReading) {
  if (reading.ok) return reading.value
  const { ok: _ok, problem, ...values } = reading
  const code = 'expected' in reading ? `contacts.fiscalCode.${reading.expected}Expected` : `contacts.fiscalCode.${problem}`
  throw new Refused(code, { field: 'fiscalCode', ...values }, 422)
}

async function refuseTakenCode(work: Work, row: ContactRow): Promise<void> {
  if (!row.fiscal_code) return
  const other = await otherWithCode(work.tx, row.fiscal_code, row.id)
  if (!other) return
  const scope = contactScope(work.actor)
  const seen = scope && (await readContact(work.tx, other.id, scope))
  if (!seen) throw new Refused('contacts.fiscalCodeTaken', {}, 409)
  throw new Refused('contacts.fiscalCodeTakenBy', { contactId: seen.id, name: displayName(seen) }, 409)
}

function needName(row: ContactRow): void {
  if (row.kind === 'person' && !row.family_name) throw new Refused('contacts.familyNameNeeded', { field: 'familyName' }, 422)
  if (row.kind === 'business' && !row.business_name)
    throw new Refused('contacts.businessNameNeeded', { field: 'businessName' }, 422)
}

function phoneOrRefuse(typed: string): string {
  if (saysMoreThanNumber(typed)) throw new Refused('contacts.phoneSaysMore', { field: 'phones', typed }, 422)
  const number = toE164(typed)
  if (number === undefined) throw new Refused('contacts.phoneUnknown', { field: 'phones', typed }, 422)
  return number
}

const phonesOrRefuse = (typed: readonly string[]): string[] => [...new Set(typed.map(phoneOrRefuse))]

function emailsOrRefuse(typed: readonly string[]): string[] {
  const address = z.email()
  for (const each of typed)
    if (!address.safeParse(each).success) throw new Refused('contacts.emailUnknown', { field: 'emails', typed: each }, 422)
  return [...new Set(typed.map(foldEmail))]
}

/** What somebody writes on a card, as it is kept. */
const writtenOf = (card: Contact): Record<keyof ContactChange, unknown> => ({
  phones: card.phones.map(phone => phone.number),
  emails: card.emails.map(email => email.address),
  givenName: card.givenName,
  familyName: card.familyName,
  businessName: card.businessName,
  fiscalCode: card.fiscalCode,
  birthDate: card.birthDate,
  municipalityCode: card.municipalityCode,
  language: card.language,
  notes: card.notes,
})

// --- forms ----------------------------------------------------------------------------------------------------------

async function view(db: Db, row: ContactRow, day: string): Promise<Contact> {
  const [phones, emails] = await Promise.all([phonesOf(db, row.id), emailsOf(db, row.id)])
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
    phones: phones.map(phone => ({ number: phone.number, verifiedAt: phone.verified_at?.toISOString() ?? null })),
    emails: emails.map(email => ({ address: email.address, verifiedAt: email.verified_at?.toISOString() ?? null })),
    notes: row.notes,
    version: row.version,
  }
}

/** Given and family name, or the name of the business. */
export const displayName = (row: Pick<ContactRow, 'kind' | 'given_name' | 'family_name' | 'business_name'>): string =>
  row.kind === 'business' ? (row.business_name ?? '') : [row.given_name, row.family_name].filter(Boolean).join(' ')

export const summaryOf = (row: SummaryRow): ContactSummary => ({
  id: row.id,
  kind: row.kind,
  name: displayName(row),
  fiscalCode: row.fiscal_code,
  birthDate: row.birth_date,
  municipality: municipalityName(row.municipality_code),
  provinceCode: row.province_code,
  phone: row.phone,
  email: row.email,
})

const municipalityName = (code: string | null): string | null => (code === null ? null : (provinceOf(code)?.name ?? null))

const emptyToNull = (text: string | null): string | null => (text === '' ? null : text)

/** What was changed, or what was there before; null is a change. */
const or = <T>(changed: T | undefined, before: T): T => (changed === undefined ? before : changed)

/** The unit of the actor and those above it. */
const unitsOf = (actor: Actor): string[] => (actor.kind === 'person' ? unitsIn(actor.unitPath) : [])

const today = (now: number): string => new Date(now).toISOString().slice(0, 10)

// --- for other rooms ------------------------------------------------------------------------------------------------

/** Who has a number, for the caller's card: nobody is identified by it. */
export async function contactsByPhone(db: Db, e164: string, limit = 5): Promise<{ id: string; name: string }[]> {
  const rows = await findByPhone(db, e164, { all: true }, undefined, limit)
  return rows.map(row => ({ id: row.id, name: displayName(row) }))
}

/** Whether a number stands on a card. Index: contact_phone_pkey. */
export async function hasNumber(db: Db, contactId: string, e164: string): Promise<boolean> {
  return (await phonesOf(db, contactId)).some(phone => phone.number === e164)
}

export type ContactFacts = ContactSummary & { regionCode: string | null; language: ContactLanguage }

/** What other rooms show and need of contacts, by identifier. Rights have been looked at by who asks. */
export async function contactsOf(db: Db, ids: readonly string[]): Promise<Map<string, ContactFacts>> {
  const rows = await summariesOf(db, [...new Set(ids)])
  return new Map(rows.map(row => [row.id, { ...summaryOf(row), regionCode: row.region_code, language: row.language }]))
}
