/** SQL of cards that are, or may be, the same person. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { keysExactly, keysSeen, type SummaryRow, summaryColumns } from './finding-store.ts'
import { withoutOmocodia } from './fiscal-code.ts'
import { keysBeginning } from './names.ts'
import type { ContactScope } from './policy.ts'
import { visible } from './store.ts'

export interface LinkRow {
  id: string
  contact_id: string
  main_id: string
  reason: string
  joined_at: Date
  joined_by_name: string
}

/** So many cards may be one person. */
export const maxGroup = 20

/** The cards that are joined with one, and it. Indexes: contact_link_of_contact, contact_link_of_main. */
export async function groupOf(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive joined (id) as (
      select ${id}::uuid
      union
      select case when link.contact_id = joined.id then link.main_id else link.contact_id end
      from   joined join contact_link link on (link.contact_id = joined.id or link.main_id = joined.id) and link.parted_at is null
    )
    select id from joined limit ${maxGroup}`.execute(db)
  return rows.map(row => row.id)
}

/** Those of some contacts that may be seen. */
export async function seenOf(db: Db, ids: readonly string[], scope: NonNullable<ContactScope>): Promise<SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select ${summaryColumns} from contact where id = any(${ids}::uuid[]) and ${visible(scope, sql`contact.id`)} order by id`.execute(
    db,
  )
  return rows
}

/** The links within a group. */
export const linksOf = (db: Db, ids: readonly string[]): Promise<LinkRow[]> =>
  db
    .selectFrom('contact_link')
    .select(['id', 'contact_id', 'main_id', 'reason', 'joined_at', 'joined_by_name'])
    .where('contact_id', 'in', [...ids])
    .where('parted_at', 'is', null)
    .orderBy('joined_at')
    .orderBy('id')
    .execute()

/** Holds joining and parting until the transaction ends, so that two who join at once never make a circle. */
export const lockLinks = (tx: Db) => sql`select pg_advisory_xact_lock(hashtext('contact.link'))`.execute(tx)

export const insertLink = (tx: Db, row: LinkRow & { joined_by: string | null }) =>
  tx
    .insertInto('contact_link')
    .values({ ...row, parted_at: null, parted_by_name: null })
    .execute()

export const readLink = (tx: Db, id: string): Promise<LinkRow | undefined> =>
  tx
    .selectFrom('contact_link')
    .select(['id', 'contact_id', 'main_id', 'reason', 'joined_at', 'joined_by_name'])
    .where('id', '=', id)
    .where('parted_at', 'is', null)
    .executeTakeFirst()

export const partLink = (tx: Db, id: string, by: string, at: Date) =>
  tx.updateTable('contact_link').set({ parted_at: at, parted_by_name: by }).where('id', '=', id).execute()

/** So many of those who share a number are looked at: a whole firm may. */
const maxLookedAt = 50

/** Others with one of some numbers, whatever their names and codes. Index: contact_key_pkey. */
export async function othersWithNumbers(
  db: Db,
  id: string,
  numbers: readonly string[],
  scope: NonNullable<ContactScope>,
): Promise<SummaryRow[]> {
  const found: SummaryRow[] = []
  for (const number of numbers) found.push(...(await others(db, id, keysExactly('phone', number), scope)))
  return found
}

/** Others whose code is the same but for the letters of omocodia, and the check character that follows from them. */
export const othersWithCodeAlike = (db: Db, id: string, code: string, scope: NonNullable<ContactScope>): Promise<SummaryRow[]> =>
  others(db, id, keysBeginning('fiscal-code', withoutOmocodia(code).slice(0, 15).toLowerCase()), scope)

async function others(
  db: Db,
  id: string,
  range: Parameters<typeof keysSeen>[0],
  scope: NonNullable<ContactScope>,
): Promise<SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select ${summaryColumns}
    from   (${keysSeen(range, scope, maxLookedAt, sql<boolean>`own.contact_id <> ${id}`)}) other
    join   contact on contact.id = other.contact_id
    order  by other.key, other.contact_id`.execute(db)
  return rows
}
