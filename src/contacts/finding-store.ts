/** SQL of finding contacts: by their keys, each along the index named beside it, by keyset. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { type ContactKey, doubleFactsOf } from './keys-store.ts'
import type { DuplicateReason } from './model.ts'
import { foldEmail, type KeyKind, type KeyRange, keysBeginning, keysOfDoubles } from './names.ts'
import type { ContactScope } from './policy.ts'
import { type ContactRow, visible } from './store.ts'

export interface SummaryRow
  extends Omit<
    ContactRow,
    'notes' | 'version' | 'intermediary_kind' | 'address' | 'postal_code' | 'preferred_channel' | 'needs' | 'do_not_call'
  > {
  phone: string | null
  email: string | null
}

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
