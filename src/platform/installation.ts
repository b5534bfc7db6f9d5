/** What kind of installation this is. */
import type { Kysely } from 'kysely'
import type { Tables } from './database/tables.ts'

/** The setting that says that the sample institute was loaded. */
export const sampleMark = 'sample'

/** Whether the sample institute is loaded: then everything here is for trying. */
export async function isSampleLoaded(db: Kysely<Tables>): Promise<boolean> {
  const row = await db.selectFrom('setting').select('name').where('name', '=', sampleMark).executeTakeFirst()
  return row !== undefined
}
