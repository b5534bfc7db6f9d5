/** SQL of contacts. Lists are read by keyset, each along the index named beside it. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Db, typeNames } from '../platform/index.ts'
import { contactCreated, contactUnmasked } from './events.ts'
import { withoutOmocodia } from './fiscal-code.ts'
import type {
  ContactKind,
  ContactLanguage,
  DuplicateReason,
  EmailKind,
  IdentificationMethod,
  IntermediaryKind,
  PhoneKind,
  PreferredChannel,
  SpecialNeed,
} from './model.ts'
import {
  doubleKeys,
  foldEmail,
  type KeyKind,
  type KeyRange,
  keysBeginning,
  keysOfDoubles,
  keysVersion,
  nameKeys,
} from './names.ts'
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

export interface SummaryRow
  extends Omit<
    ContactRow,
    'notes' | 'version' | 'intermediary_kind' | 'address' | 'postal_code' | 'preferred_channel' | 'needs' | 'do_not_call'
  > {
  phone: string | null
  email: string | null
}

/** Condition that the contact `id` may be seen. */
export function visible(scope: NonNullable<ContactScope>, id: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.all) return sql`true`
  // Index: contact_unit_pkey (contact_id, unit_path).
  return sql`exists (select 1 from contact_unit seen where seen.contact_id = ${id} and starts_with(seen.unit_path, ${scope.under}))`
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

export const summaryColumns = sql`
  contact.id, contact.kind, given_name, family_name, business_name, fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth_date,
  municipality_code, province_code, region_code, language,
  (select number from contact_phone where contact_id = contact.id order by position limit 1) as phone,
  (select address from contact_email where contact_id = contact.id order by position limit 1) as email`

/** Keys of one kind, after a place where an earlier page ended. */
type KeysAfter = KeyRange & { after?: { key: string; id: string } | undefined }

/** One key, of all who have it. */
export const keysExactly = (kind: KeyKind, key: string): KeyRange => ({ kind, from: key, to: `${key}\u0001` })

/** The units under a path that have seen a contact: one step into the index for each. Index: contact_unit_key_pkey. */
const placesUnder = (under: string): RawBuilder<unknown> => sql`
  place (unit_path) as (
    (select unit_path from contact_unit_key where unit_path >= ${under} order by unit_path limit 1)
    union all
    select (select later.unit_path from contact_unit_key later where later.unit_path > place.unit_path order by later.unit_path limit 1)
    from   place
    where  starts_with(place.unit_path, ${under})
  )`

/**
 * The first keys of a range that the reader may find, with their contacts: `key, contact_id`, in this order, each once. Whoever sees a territory reads
 * the keys of its units, a few of each, and merges them: no more is read than is shown, however large the country is.
 * @param holds a further condition on `own.key` and `own.contact_id`
 * Indexes: contact_key_pkey (kind, key, contact_id); contact_unit_key_pkey (unit_path, kind, key, contact_id), also for the units that there are.
 */
export function keysSeen(
  { kind, from, to, after }: KeysAfter,
  scope: NonNullable<ContactScope>,
  limit: number,
  holds: RawBuilder<boolean> = sql`true`,
): RawBuilder<unknown> {
  const few = sql`
    own.kind = ${kind} and own.key >= ${from} and own.key < ${to}
    ${after ? sql`and (own.key, own.contact_id) > (${after.key}, ${after.id}::uuid)` : sql``}
    and ${holds}
    order by own.key, own.contact_id
    limit ${limit}`
  if (scope.all) return sql`select own.key, own.contact_id from contact_key own where ${few}`
  return sql`
    with recursive ${placesUnder(scope.under)}
    select distinct seen.key, seen.contact_id
    from   place cross join lateral (
             select own.key, own.contact_id from contact_unit_key own where own.unit_path = place.unit_path and ${few}
           ) seen
    where  starts_with(place.unit_path, ${scope.under})
    order  by key, contact_id
    limit  ${limit}`
}

/**
 * Contacts with a key in the range, by key. A contact found by two words of the name comes once, at the first; one with a key in one of the
 * `earlier` ranges does not come at all.
 */
export async function findByKey(
  db: Db,
  range: KeyRange,
  scope: NonNullable<ContactScope>,
  after: { key: string; id: string } | undefined,
  limit: number,
  earlier: readonly KeyRange[] = [],
): Promise<(SummaryRow & { key: string })[]> {
  // Index: contact_key_of_contact (contact_id, kind, key).
  const without = (kind: KeyKind, from: string, to: RawBuilder<unknown>) => sql<boolean>`not exists (
    select 1 from contact_key other
    where  other.contact_id = found.contact_id and other.kind = ${kind} and other.key >= ${from} and other.key < ${to})`
  const isFirst = sql<boolean>`${sql.join(
    [without(range.kind, range.from, sql`found.key`), ...earlier.map(each => without(each.kind, each.from, sql`${each.to}`))],
    sql` and `,
  )}`
  const found: (SummaryRow & { key: string })[] = []
  let from = after
  for (;;) {
    // Whether it is the first is asked of what can be on the page, not of every candidate of every unit.
    const { rows } = await sql<SummaryRow & { key: string; first: boolean }>`
      select found.key, ${summaryColumns}, ${isFirst} as first
      from   (${keysSeen({ ...range, after: from }, scope, limit)}) found
      join   contact on contact.id = found.contact_id
      order  by found.key, found.contact_id`.execute(db)
    for (const { first, ...row } of rows) if (first && found.length < limit) found.push(row)
    const last = rows.at(-1)
    if (found.length === limit || rows.length < limit || last === undefined) return found
    from = { key: last.key, id: last.id }
  }
}

/** Contacts that have a number. */
export async function findByPhone(
  db: Db,
  number: string,
  scope: NonNullable<ContactScope>,
  after: string | undefined,
  limit: number,
): Promise<SummaryRow[]> {
  const range = { ...keysExactly('phone', number), after: after === undefined ? undefined : { key: number, id: after } }
  const { rows } = await sql<SummaryRow>`
    select ${summaryColumns}
    from   (${keysSeen(range, scope, limit)}) known join contact on contact.id = known.contact_id
    order  by known.contact_id`.execute(db)
  return rows
}

/** Contacts that have an address of e-mail. */
export async function findByEmail(db: Db, address: string, limit: number): Promise<SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select ${summaryColumns}
    from   (${keysSeen(keysExactly('email', foldEmail(address)), { all: true }, limit)}) known join contact on contact.id = known.contact_id
    order  by known.contact_id`.execute(db)
  return rows
}

/**
 * Contacts with a key in one of several ranges of names, those of earlier ranges first, each once: a few of each range, so that a range with half the
 * country in it costs no more than one with nobody. Indexes: contact_key_pkey; contact_unit_key_pkey.
 */
export async function findInRanges(
  db: Db,
  ranges: readonly KeyRange[],
  scope: NonNullable<ContactScope>,
  limit: number,
): Promise<SummaryRow[]> {
  const asked = sql`
    unnest(${ranges.map(range => range.from)}::text[], ${ranges.map(range => range.to)}::text[])
    with ordinality wanted (first, beyond, place)`
  const few = sql`
    own.kind = 'name' and own.key >= wanted.first collate "C" and own.key < wanted.beyond collate "C"
    order by own.key, own.contact_id
    limit ${limit}`
  const seen = scope.all
    ? sql`select wanted.place, own.key, own.contact_id
          from   ${asked} cross join lateral (select own.key, own.contact_id from contact_key own where ${few}) own`
    : sql`select wanted.place, own.key, own.contact_id
          from   place cross join ${asked} cross join lateral (
                   select own.key, own.contact_id from contact_unit_key own where own.unit_path = place.unit_path and ${few}) own
          where  starts_with(place.unit_path, ${scope.under})`
  const { rows } = await sql<SummaryRow>`
    ${scope.all ? sql`` : sql`with recursive ${placesUnder(scope.under)}`}
    select ${summaryColumns}
    from   (select contact_id, min(place) as place, min(key) as key from (${seen}) each group by contact_id order by 2, 3, 1 limit ${limit}) found
    join   contact on contact.id = found.contact_id
    order  by found.place, found.key, found.contact_id`.execute(db)
  return rows
}

/** Words of names that share a rest. Index: name_near_pkey. */
export async function wordsNear(db: Db, rests: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select distinct word from name_near where near = any(${rests}::text[]) limit 500`.execute(db)
  return rows.map(row => row.word)
}

/** The contact of the request with a code. Index: case_code_key. */
export async function contactOfCode(db: Db, code: string, scope: NonNullable<ContactScope>): Promise<SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select ${summaryColumns}
    from   "case" matter join contact on contact.id = matter.contact_id
    where  matter.code = ${code} and ${visible(scope, sql`contact.id`)}`.execute(db)
  return rows
}

export async function summariesOf(db: Db, ids: readonly string[]): Promise<SummaryRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<SummaryRow>`select ${summaryColumns} from contact where id = any(${ids}::uuid[])`.execute(db)
  return rows
}

/** So many doubles are proposed, and so many are looked at of those who share a number or an address: a whole firm may. */
const maxDoubles = 5
const maxLookedAt = 50

/** Others who may be the same contact. Two who both have a fiscal code are two (the code is unique), whatever else they share. */
export async function possibleDuplicates(
  db: Db,
  contact: Pick<ContactRow, 'id' | 'fiscal_code' | 'birth_date' | 'given_name' | 'family_name' | 'business_name'>,
  keys: readonly ContactKey[],
  scope: NonNullable<ContactScope>,
): Promise<(SummaryRow & { reason: DuplicateReason })[]> {
  const sameName = keysOfDoubles(doubleFactsOf(contact)).map(({ key, isBeginning }) => ({
    range: isBeginning ? keysBeginning('double', key) : keysExactly('double', key),
    reason: 'same-name-and-birth' as const,
    limit: maxDoubles,
  }))
  const sameLine = keys.flatMap(({ kind, key }) =>
    kind === 'phone' || kind === 'email'
      ? [
          {
            range: keysExactly(kind, key),
            reason: kind === 'phone' ? ('same-phone' as const) : ('same-email' as const),
            limit: maxLookedAt,
          },
        ]
      : [],
  )
  const found: (SummaryRow & { reason: DuplicateReason })[] = []
  for (const { range, reason, limit } of [...sameName, ...sameLine]) {
    if (found.length >= maxDoubles) break
    const { rows } = await sql<SummaryRow>`
      select ${summaryColumns}
      from   (${keysSeen(range, scope, limit, sql<boolean>`own.contact_id <> ${contact.id}`)}) other
      join   contact on contact.id = other.contact_id
      where  fiscal_code is null or ${contact.fiscal_code}::text is null
      order  by other.key, other.contact_id
      limit  ${maxDoubles}`.execute(db)
    for (const row of rows) if (!found.some(each => each.id === row.id)) found.push({ ...row, reason })
  }
  return found.slice(0, maxDoubles)
}

type Named = Pick<ContactRow, 'given_name' | 'family_name' | 'business_name' | 'fiscal_code' | 'birth_date'>

const doubleFactsOf = (contact: Named) => ({
  names: [contact.family_name, contact.given_name, contact.business_name],
  fiscalCode: contact.fiscal_code,
  birthDate: contact.birth_date,
})

export interface ContactKey {
  kind: KeyKind
  key: string
}

/** The digits that letters of omocodia stand for, of a code of a person. */
const plainCode = (code: string): string => (code.length === 16 ? withoutOmocodia(code) : code)

/**
 * Everything that the contact can be found by. A fiscal code with letters of omocodia is found by the digits that they stand for, too, and a code that
 * the contact had before is found as the one of now.
 */
export function contactKeysOf(
  contact: Named,
  phones: readonly string[],
  emails: readonly string[],
  formerCodes: readonly string[] = [],
): ContactKey[] {
  const codes = [...(contact.fiscal_code === null ? [] : [contact.fiscal_code]), ...formerCodes]
  const facts = doubleFactsOf(contact)
  return [
    ...nameKeys(facts.names).map(key => ({ kind: 'name' as const, key })),
    ...doubleKeys(facts).map(key => ({ kind: 'double' as const, key })),
    ...[...new Set(codes.flatMap(code => [code, plainCode(code)]))].map(each => ({
      kind: 'fiscal-code' as const,
      key: each.toLowerCase(),
    })),
    ...phones.map(key => ({ kind: 'phone' as const, key })),
    ...emails.map(address => ({ kind: 'email' as const, key: foldEmail(address) })),
  ]
}

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

export async function replaceContactKeys(db: Db, contactId: string, keys: readonly ContactKey[]): Promise<void> {
  await db.deleteFrom('contact_key').where('contact_id', '=', contactId).execute()
  if (keys.length === 0) return
  await db
    .insertInto('contact_key')
    .values(keys.map(({ kind, key }) => ({ kind, key, contact_id: contactId })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
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

// --- codes that are taken, keys that are old ------------------------------------------------------------------------

/**
 * Returns whether another contact has a fiscal code. Two who write the same code at once take turns, so that the second finds the first's card
 * and not a broken constraint.
 */
export async function otherWithCode(tx: Db, fiscalCode: string, id: string): Promise<{ id: string } | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('contact.fiscal_code'), hashtext(${fiscalCode}))`.execute(tx)
  return tx.selectFrom('contact').select('id').where('fiscal_code', '=', fiscalCode).where('id', '<>', id).executeTakeFirst()
}

type NamedRow = Pick<ContactRow, 'id' | 'given_name' | 'family_name' | 'business_name' | 'fiscal_code' | 'birth_date'>

/** Contacts whose keys are made by old rules. Who has the card open for writing keeps it; it has new keys when saved. Index: contact_with_old_keys. */
export async function lockOldKeyed(db: Db, limit: number): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    select id, given_name, family_name, business_name, fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth_date
    from   contact
    where  keys_version < 2
    order  by id
    limit  ${limit}
    for    update skip locked`.execute(db)
  return rows
}

/** The keys of these contacts are made by the rules of now. */
export async function noteKeysRenewed(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.updateTable('contact').set({ keys_version: keysVersion }).where('id', 'in', ids).execute()
}
