/** SQL of contacts. Lists are read by keyset, each along the index named beside it. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Db, typeNames } from '../platform/index.ts'
import { contactCreated, contactUnmasked } from './events.ts'
import type {
  ContactKind,
  ContactLanguage,
  EmailKind,
  IdentificationMethod,
  IntermediaryKind,
  PhoneKind,
  PreferredChannel,
  SpecialNeed,
} from './model.ts'
import { keysVersion } from './names.ts'
import type { ContactScope } from './policy.ts'

export interface ContactRow {
  id: string
  kind: ContactKind
  given_name: string | null
  family_name: string | null
  business_name: string | null
  fiscal_code: string | null
  birth_date: string | null
  municipality_code: string | null
  province_code: string | null
  region_code: string | null
  language: ContactLanguage
  notes: string
  intermediary_kind: IntermediaryKind | null
  address: string | null
  postal_code: string | null
  preferred_channel: PreferredChannel | null
  needs: SpecialNeed[]
  do_not_call: string | null
  version: number
}

/** Condition that the contact `id` may be seen. */
export function visible(scope: NonNullable<ContactScope>, id: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.all) return sql`true`
  // Index: contact_unit_pkey (contact_id, unit_path).
  return sql`exists (select 1 from contact_unit seen where seen.contact_id = ${id} and starts_with(seen.unit_path, ${scope.under}))`
}

/** Where contacts live, and how they wish to be reached. Index: contact_pkey. */
export async function addressRowsOf(
  db: Db,
  ids: readonly string[],
): Promise<Pick<ContactRow, 'id' | 'address' | 'postal_code' | 'municipality_code' | 'province_code' | 'preferred_channel'>[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('contact')
    .select(['id', 'address', 'postal_code', 'municipality_code', 'province_code', 'preferred_channel'])
    .where('id', 'in', ids)
    .execute()
}

/** Numbers of contacts that may be called, in the order of the card, and whether they wish to be. Indexes: contact_pkey, contact_phone_pkey. */
export async function phoneRowsOf(
  db: Db,
  ids: readonly string[],
): Promise<{ id: string; number: string; preferred_channel: PreferredChannel | null }[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('contact')
    .innerJoin('contact_phone', 'contact_phone.contact_id', 'contact.id')
    .select(['contact.id', 'contact_phone.number', 'contact.preferred_channel'])
    .where('contact.id', 'in', ids)
    .where('contact.do_not_call', 'is', null)
    .orderBy('contact.id')
    .orderBy('contact_phone.position')
    .execute()
}

/** The contact, if it is there and may be seen. `lock` keeps it for the transaction. */
export async function readContact(
  db: Db,
  id: string,
  scope: NonNullable<ContactScope>,
  lock = false,
): Promise<ContactRow | undefined> {
  const { rows } = await sql<ContactRow>`
    select id, kind, given_name, family_name, business_name, fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth_date,
           municipality_code, province_code, region_code, language, notes, version, intermediary_kind, address, postal_code, preferred_channel,
           needs, do_not_call
    from   contact
    where  id = ${id} and ${visible(scope, sql`contact.id`)}
    ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

export const phonesOf = (db: Db, contactId: string) =>
  db
    .selectFrom('contact_phone')
    .select(['number', 'kind', 'verified_at'])
    .where('contact_id', '=', contactId)
    .orderBy('position')
    .execute()

export const emailsOf = (db: Db, contactId: string) =>
  db
    .selectFrom('contact_email')
    .select(['address', 'kind', 'verified_at'])
    .where('contact_id', '=', contactId)
    .orderBy('position')
    .execute()

export async function insertContact(db: Db, row: Omit<ContactRow, 'version'>, now: Date): Promise<void> {
  await db
    .insertInto('contact')
    .values({ ...row, created_at: now, updated_at: now })
    .execute()
}

export async function updateContact(db: Db, row: ContactRow, now: Date): Promise<void> {
  const { id, kind: _kind, version, ...columns } = row
  await db
    .updateTable('contact')
    .set({ ...columns, updated_at: now, version: version + 1, keys_version: keysVersion })
    .where('id', '=', id)
    .execute()
}

export interface PhoneRow {
  number: string
  kind: PhoneKind | null
}

export interface EmailRow {
  address: string
  kind: EmailKind | null
}

/** Puts numbers in the place of those that were there; one that stays keeps its verification. */
export async function replacePhones(db: Db, contactId: string, phones: readonly PhoneRow[]): Promise<void> {
  const numbers = phones.map(phone => phone.number)
  await db
    .deleteFrom('contact_phone')
    .where('contact_id', '=', contactId)
    .$if(numbers.length > 0, query => query.where('number', 'not in', numbers))
    .execute()
  for (const [position, { number, kind }] of phones.entries()) {
    await db
      .insertInto('contact_phone')
      .values({ contact_id: contactId, number, kind, position, verified_at: null })
      .onConflict(conflict => conflict.columns(['contact_id', 'number']).doUpdateSet({ position, kind }))
      .execute()
  }
}

/** Puts addresses in the place of those that were there; one that stays keeps its verification. */
export async function replaceEmails(db: Db, contactId: string, emails: readonly EmailRow[]): Promise<void> {
  const addresses = emails.map(email => email.address)
  await db
    .deleteFrom('contact_email')
    .where('contact_id', '=', contactId)
    .$if(addresses.length > 0, query => query.where('address', 'not in', addresses))
    .execute()
  for (const [position, { address, kind }] of emails.entries()) {
    await db
      .insertInto('contact_email')
      .values({ contact_id: contactId, address, kind, position, verified_at: null })
      .onConflict(conflict => conflict.columns(['contact_id', 'address']).doUpdateSet({ position, kind }))
      .execute()
  }
}

/** Lets the members of a unit see the contact from now on. */
export async function addUnit(db: Db, contactId: string, unitPath: string): Promise<void> {
  await db
    .insertInto('contact_unit')
    .values({ contact_id: contactId, unit_path: unitPath })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

export async function insertIdentification(
  db: Db,
  row: {
    id: string
    contact_id: string
    method: IdentificationMethod
    evidence: string
    call_id: string | null
    by_person: string | null
    by_name: string
    at: Date
  },
): Promise<void> {
  await db.insertInto('identification').values(row).execute()
}

/** The newest identifications. Index: identification_of_contact. */
export const identificationsOf = (db: Db, contactId: string, limit = 50) =>
  db.selectFrom('identification').selectAll().where('contact_id', '=', contactId).orderBy('at', 'desc').limit(limit).execute()

// --- why somebody looks ---------------------------------------------------------------------------------------------

/** Whether a person has unmasked the contact, or written it down, since an instant. Index: event_of_contact. */
export async function hasReasonSince(db: Db, contactId: string, personId: string, since: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1 from event
    where  contact_id = ${contactId} and at >= ${since}
    and    type in ${typeNames(contactUnmasked, contactCreated)}
    and    actor ->> 'personId' = ${personId}
    limit  1`.execute(db)
  return rows.length > 0
}

/** Whether the contact is the one of a conversation that a person has open. Index: interaction_open. */
export async function isInOwnConversation(db: Db, contactId: string, personId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from interaction
    where  contact_id = ${contactId} and operator_id = ${personId} and state = 'open'
    limit  1`.execute(db)
  return rows.length > 0
}

/** How somebody made themselves known to a person since an instant. Index: identification_of_contact. */
export const identificationsTo = (db: Db, contactId: string, personId: string, since: Date) =>
  db
    .selectFrom('identification')
    .select(['method', 'call_id', 'at'])
    .where('contact_id', '=', contactId)
    .where('at', '>=', since)
    .where('by_person', '=', personId)
    .limit(100)
    .execute()

// --- codes that were before -----------------------------------------------------------------------------------------

/** The codes that the contact had before, the newest first. Index: former_fiscal_code_pkey. */
export const formerCodesOf = (db: Db, contactId: string) =>
  db
    .selectFrom('former_fiscal_code')
    .selectAll()
    .where('contact_id', '=', contactId)
    .orderBy('replaced_at', 'desc')
    .limit(20)
    .execute()

/** Keeps a code that is replaced; one that comes back is no former one any more. */
export async function keepFormerCode(
  db: Db,
  { contactId, before, after, by, at }: { contactId: string; before: string; after: string | null; by: string; at: Date },
): Promise<void> {
  if (after !== null)
    await db.deleteFrom('former_fiscal_code').where('contact_id', '=', contactId).where('fiscal_code', '=', after).execute()
  await db
    .insertInto('former_fiscal_code')
    .values({ contact_id: contactId, fiscal_code: before, replaced_at: at, replaced_by: by })
    .onConflict(conflict => conflict.columns(['contact_id', 'fiscal_code']).doUpdateSet({ replaced_at: at, replaced_by: by }))
    .execute()
}

/**
 * Returns whether another contact has a fiscal code. Two who write the same code at once take turns, so that the second finds the first's card
 * and not a broken constraint.
 */
export async function otherWithCode(tx: Db, fiscalCode: string, id: string): Promise<{ id: string } | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('contact.fiscal_code'), hashtext(${fiscalCode}))`.execute(tx)
  return tx.selectFrom('contact').select('id').where('fiscal_code', '=', fiscalCode).where('id', '<>', id).executeTakeFirst()
}
