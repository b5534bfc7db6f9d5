/** SQL of known errors. */
import './tables.ts'
import { type Insertable, sql, type Updateable } from 'kysely'
import type { Db, Tables } from '../platform/index.ts'
import type { KnownErrorRow } from './tables.ts'

/** Rows of a page are looked for among so many, by title. */
const maxSearched = 2_000

/** One page by title; with words, those that have each of them anywhere. Index: known_error_by_title. */
export async function knownErrorPage(
  db: Db,
  { words, after, limit }: { words: readonly string[]; after: readonly [string, string] | undefined; limit: number },
): Promise<KnownErrorRow[]> {
  const patterns = words.map(word => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const { rows } = await sql<KnownErrorRow>`
    select   *
    from     (select * from known_error
              ${after === undefined ? sql`` : sql`where (title, id) > (${after[0]}, ${after[1]}::uuid)`}
              order by title, id limit ${words.length === 0 ? limit : maxSearched}) known
    where    concat_ws(' ', title, symptom, workaround) ilike all (${patterns}::text[])
    order by title, id
    limit    ${limit}`.execute(db)
  return rows
}

/** Those of some typologies, by title. Index: known_error_of_typology. */
export const knownErrorsOf = (db: Db, typologyIds: readonly string[], limit: number): Promise<KnownErrorRow[]> =>
  typologyIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('known_error')
        .selectAll()
        .where('typology_id', 'in', [...typologyIds])
        .orderBy('title')
        .orderBy('id')
        .limit(limit)
        .execute()

/** Index: known_error_pkey. */
export const readKnownError = (db: Db, id: string): Promise<KnownErrorRow | undefined> =>
  db.selectFrom('known_error').selectAll().where('id', '=', id).executeTakeFirst()

/** Index: known_error_pkey. */
export const lockKnownError = (db: Db, id: string): Promise<KnownErrorRow | undefined> =>
  db.selectFrom('known_error').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const insertKnownError = (db: Db, row: Insertable<Tables['known_error']>): Promise<unknown> =>
  db.insertInto('known_error').values(row).execute()

export const updateKnownError = (db: Db, id: string, change: Updateable<Tables['known_error']>): Promise<unknown> =>
  db
    .updateTable('known_error')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()

export const deleteKnownError = (db: Db, id: string): Promise<unknown> =>
  db.deleteFrom('known_error').where('id', '=', id).execute()
