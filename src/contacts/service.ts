/** Use cases of contacts: one transaction each. */

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { provinceOf } from '../organisation/index.ts'
import { changedMeanwhile, changesOf, lastEntry, must, nameOfActor, Refused, useCase, type Work } from '../platform/index.ts'
import { contactChanged, contactCreated } from './events.ts'
import { possibleDuplicates } from './finding-store.ts'
import { type FiscalCodeReading, maxLifeYears, readFiscalCode } from './fiscal-code.ts'
import { contactKeysOf, replaceContactKeys } from './keys-store.ts'
import { maskOf, refuseUnseen, withMask, withMaskInList } from './masking.ts'
import {
  type Contact,
  type ContactChange,
  type GivenEmail,
  type GivenPhone,
  type NewContact,
  type SavedContact,
  SpecialNeed,
} from './model.ts'
import { foldEmail, saysMoreThanNumber, toE164 } from './names.ts'
import { contactScope, mayWriteContact } from './policy.ts'
import { dayOfWork, displayName, emailRow, momentOf, need, phoneRow, summaryOf, unitsAround, view } from './reading.ts'
import {
  addUnit,
  type ContactRow,
  type EmailRow,
  formerCodesOf,
  insertContact,
  keepFormerCode,
  otherWithCode,
  type PhoneRow,
  readContact,
  replaceEmails,
  replacePhones,
  updateContact,
} from './store.ts'

// --- writing --------------------------------------------------------------------------------------------------------

/** Writes down a new contact. @throws Refused 422 with what to mend, 409 when the fiscal code is another contact's. */
export const createContact = useCase(async (work, input: NewContact): Promise<SavedContact> => {
  must(mayWriteContact(work.actor))
  const row: ContactRow = {
    ...columnsOf(input, dayOfWork(work)),
    id: work.ids(),
    kind: input.kind,
    version: 1,
  }
  needName(row)
  await refuseTakenCode(work, row)
  const { version: _version, ...columns } = row
  await insertContact(work.tx, columns, work.now)
  if (work.actor.kind === 'person') await addUnit(work.tx, row.id, work.actor.unitPath)
  await work.journal(contactCreated, {}, { contact: row.id, units: unitsAround(work.actor) })
  return save(work, row, phonesOrRefuse(input.phones), emailsOrRefuse(input.emails), input.birthDate)
})

/** Changes a contact. @throws Refused 412 when somebody else changed it since `version`, with the card as it is now */
export const changeContact = useCase(
  async (work, { id, version, change }: { id: string; version: number; change: ContactChange }): Promise<SavedContact> => {
    must(mayWriteContact(work.actor))
    const before = await need(work.tx, work.actor, id, true)
    const known = await view(work.tx, before, dayOfWork(work))
    const masked = await maskOf(work.tx, work.actor, id, momentOf(work.house, work.now))
    if (before.version !== version)
      throw changedMeanwhile(withMask(known, masked), await lastEntry(work.tx, [contactChanged], { contact: id }, work.now))
    refuseUnseen(change, masked)
    const phones = change.phones ?? known.phones
    const emails = change.emails ?? known.emails
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
      intermediaryKind: or(change.intermediaryKind, known.intermediaryKind),
      address: or(change.address, known.address),
      postalCode: or(change.postalCode, known.postalCode),
      preferredChannel: or(change.preferredChannel, known.preferredChannel),
      needs: or(change.needs, known.needs),
      doNotCall: or(change.doNotCall, known.doNotCall),
      phones: [],
      emails: [],
    }
    const row: ContactRow = { ...columnsOf(merged, dayOfWork(work)), id, kind: before.kind, version }
    const [numbers, addresses] = [phonesOrRefuse(phones, known.phones), emailsOrRefuse(emails, known.emails)]
    const asItWas =
      isDeepStrictEqual(row, before) &&
      isDeepStrictEqual(numbers, known.phones.map(phoneRow)) &&
      isDeepStrictEqual(addresses, known.emails.map(emailRow))
    if (asItWas) return { ...withMask(known, masked), possibleDuplicates: [], warnings: [] }
    needName(row)
    await refuseTakenCode(work, row)
    await updateContact(work.tx, row, work.now)
    if (before.fiscal_code !== null && before.fiscal_code !== row.fiscal_code)
      await keepFormerCode(work.tx, {
        ...{ contactId: id, before: before.fiscal_code, after: row.fiscal_code },
        ...{ by: nameOfActor(work.actor), at: work.now },
      })
    const fields = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    const saved = await save(work, { ...row, version: version + 1 }, numbers, addresses, merged.birthDate)
    const changes = changesOf(writtenOf(known), writtenOf(saved))
    await work.journal(contactChanged, { fields, changes }, { contact: id, units: unitsAround(work.actor) })
    return withMask(saved, masked)
  },
)

/** Lets a unit see the contact from now on, because a matter was passed to it. */
export const involve = (work: Pick<Work, 'tx'>, contactId: string, unitPath: string): Promise<void> =>
  addUnit(work.tx, contactId, unitPath)

async function save(
  work: Work,
  row: ContactRow,
  phones: readonly PhoneRow[],
  emails: readonly EmailRow[],
  givenBirthDate: string | null,
): Promise<SavedContact> {
  await replacePhones(work.tx, row.id, phones)
  await replaceEmails(work.tx, row.id, emails)
  const keys = contactKeysOf(
    row,
    phones.map(phone => phone.number),
    emails.map(email => email.address),
    (await formerCodesOf(work.tx, row.id)).map(code => code.fiscal_code),
  )
  await replaceContactKeys(work.tx, row.id, keys)
  const scope = contactScope(work.actor)
  const others = scope ? await possibleDuplicates(work.tx, row, keys, scope) : []
  const read = row.fiscal_code ? readFiscalCode(row.fiscal_code, dayOfWork(work)) : undefined
  const code = read?.ok ? read.value : undefined
  return {
    ...(await view(work.tx, row, dayOfWork(work))),
    possibleDuplicates: others.map(other => ({ ...withMaskInList(summaryOf(other), work.actor), reason: other.reason })),
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
    intermediary_kind: input.intermediaryKind ?? null,
    address: emptyToNull(input.address ?? null),
    postal_code: input.postalCode ?? null,
    preferred_channel: input.preferredChannel ?? null,
    needs: SpecialNeed.options.filter(need => input.needs?.includes(need)),
    do_not_call: emptyToNull(input.doNotCall ?? null),
  }
}

function birthDateOrRefuse(date: string | null, day: string): string | null {
  const years = date === null ? 0 : Number(day.slice(0, 4)) - Number(date.slice(0, 4))
  if (date !== null && (date > day || years > maxLifeYears))
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
  if (row.kind !== 'person' && !row.business_name)
    throw new Refused('contacts.businessNameNeeded', { field: 'businessName' }, 422)
}

/** The number in its one form. @throws Refused 422 that says what to mend */
export function phoneOrRefuse(typed: string): string {
  if (saysMoreThanNumber(typed)) throw new Refused('contacts.phoneSaysMore', { field: 'phones', typed }, 422)
  const number = toE164(typed)
  if (number === undefined) throw new Refused('contacts.phoneUnknown', { field: 'phones', typed }, 422)
  return number
}

/** The numbers, each once. One given alone keeps the kind that it had on the card. */
function phonesOrRefuse(given: readonly GivenPhone[], known: readonly PhoneRow[] = []): PhoneRow[] {
  const rows = new Map<string, PhoneRow>()
  for (const each of given) {
    const number = phoneOrRefuse(typeof each === 'string' ? each : each.number)
    const kind = typeof each === 'string' ? (known.find(phone => phone.number === number)?.kind ?? null) : each.kind
    if (!rows.has(number)) rows.set(number, { number, kind })
  }
  return [...rows.values()]
}

/** The addresses, each once, in the same way. */
function emailsOrRefuse(given: readonly GivenEmail[], known: readonly EmailRow[] = []): EmailRow[] {
  const rows = new Map<string, EmailRow>()
  for (const each of given) {
    const typed = typeof each === 'string' ? each : each.address
    if (!z.email().safeParse(typed).success) throw new Refused('contacts.emailUnknown', { field: 'emails', typed }, 422)
    const address = foldEmail(typed)
    const kind = (typeof each === 'string' ? known.find(email => email.address === address)?.kind : each.kind) ?? 'email'
    if (!rows.has(address)) rows.set(address, { address, kind })
  }
  return [...rows.values()]
}

/** What somebody writes on a card, as it is kept. */
const writtenOf = (card: Contact): Record<keyof ContactChange, unknown> => ({
  phones: card.phones.map(phone => marked(phone.number, phone.kind)),
  emails: card.emails.map(email => marked(email.address, email.kind === 'pec' ? 'pec' : null)),
  givenName: card.givenName,
  familyName: card.familyName,
  businessName: card.businessName,
  fiscalCode: card.fiscalCode,
  birthDate: card.birthDate,
  municipalityCode: card.municipalityCode,
  language: card.language,
  notes: card.notes,
  intermediaryKind: card.intermediaryKind,
  address: card.address,
  postalCode: card.postalCode,
  preferredChannel: card.preferredChannel,
  needs: card.needs,
  doNotCall: card.doNotCall,
})

/** A number or an address, with its kind where it has one. */
const marked = (text: string, kind: string | null): string => (kind === null ? text : `${text} (${kind})`)

const emptyToNull = (text: string | null): string | null => (text === '' ? null : text)

/** What was changed, or what was there before; null is a change. */
const or = <T>(changed: T | undefined, before: T): T => (changed === undefined ? before : changed)
