/** SQL of contacts whose keys were made by an older rule. */
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { keysVersion } from './names.ts'
import type { ContactRow } from './store.ts'

type Named = Pick<ContactRow, 'id' | 'given_name' | 'family_name' | 'business_name' | 'fiscal_code' | 'birth_date'>

/** A card that somebody is writing is left alone: it has new keys when it is saved. Index: contact_with_old_keys. */
export async function lockOldKeyed(db: Db, limit: number): Promise<Named[]> {
  const { rows } = await sql<Named>`
    select id, given_name, family_name, business_name, fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth_date
    from   contact
    where  keys_version < 2
    order  by id
    limit  ${limit}
    for    update skip locked`.execute(db)
  return rows
}

/** Says that the keys of contacts are made by the rule of now. Index: contact_pkey. */
export async function markKeysRenewed(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('contact')
    .set({ keys_version: keysVersion })
    .where('id', 'in', [...ids])
    .execute()
}
