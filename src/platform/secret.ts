/** The key of everything that the program signs. */
import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Config } from './config.ts'
import type { Tables } from './database/tables.ts'

/** The key of signed tokens: `SECRET`, or one that the program made and keeps in the database. */
export async function houseSecret(config: Pick<Config, 'SECRET'>, db: Kysely<Tables>): Promise<Buffer> {
  if (config.SECRET !== undefined) return Buffer.from(config.SECRET)
  // Two processes may start at once: the first one's key stays.
  await db
    .insertInto('setting')
    .values({ name: 'secret', value: JSON.stringify(randomBytes(32).toString('base64url')) })
    .onConflict(conflict => conflict.column('name').doNothing())
    .execute()
  const { value } = await db.selectFrom('setting').select('value').where('name', '=', 'secret').executeTakeFirstOrThrow()
  return Buffer.from(String(value))
}
