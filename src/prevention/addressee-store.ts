/** SQL of the register of those whom activities are for. */
import './tables.ts'
import { type Insertable, sql, type Updateable } from 'kysely'
import type { Db, Tables } from '../platform/index.ts'
import type { AddresseeRow } from './tables.ts'

/** One page by name; with words, those that have each of them. Index: addressee_by_name. */
export async function addresseePage(
  db: Db,
  { words, after, limit }: { words: readonly string[]; after: readonly [string, string] | undefined; limit: number },
): Promise<AddresseeRow[]> {
  const patterns = words.map(word => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const { rows } = await sql<AddresseeRow>`
    select   * from addressee
    where    name ilike all (${patterns}::text[])
             ${after === undefined ? sql`` : sql`and (lower(name), coalesce(region_code, '')) > (${after[0]}, ${after[1]})`}
    order by lower(name), coalesce(region_code, '')
    limit    ${limit}`.execute(db)
  return rows
}

/** Those that are there, by name. Index: addressee_pkey. */
export const addresseesByIds = (db: Db, ids: readonly string[]): Promise<AddresseeRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('addressee')
        .selectAll()
        .where('id', 'in', [...new Set(ids)])
        .orderBy('name')
        .execute()

/** Index: addressee_pkey. */
export const lockAddressee = (db: Db, id: string): Promise<AddresseeRow | undefined> =>
  db.selectFrom('addressee').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Whether another one has the same name in the same region. Index: addressee_by_name. */
export async function isNameTaken(
  db: Db,
  { id, name, regionCode }: { id: string; name: string; regionCode: string | null },
): Promise<boolean> {
  const { rows } = await sql`
    select from addressee
    where  lower(name) = lower(${name}) and coalesce(region_code, '') = ${regionCode ?? ''} and id <> ${id}`.execute(db)
  return rows.length > 0
}

export const insertAddressee = (db: Db, row: Insertable<Tables['addressee']>): Promise<unknown> =>
  db.insertInto('addressee').values(row).execute()

export const updateAddressee = (db: Db, id: string, change: Updateable<Tables['addressee']>): Promise<unknown> =>
  db
    .updateTable('addressee')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
