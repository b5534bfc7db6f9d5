/** SQL of the operators' telephones. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../platform/index.ts'
import './tables.ts'

type Db = Kysely<Tables>

export interface TelephoneRow {
  name: string
  password: string
}

/** Writes the telephone of a session, in place of the one that it had. Returns the name of that one. */
export async function replaceTelephone(
  db: Db,
  row: TelephoneRow & { sessionId: string; personId: string; madeAt: Date },
): Promise<string | undefined> {
  return db.transaction().execute(async tx => {
    const earlier = await tx.deleteFrom('telephone').where('session_id', '=', row.sessionId).returning('name').executeTakeFirst()
    await tx
      .insertInto('telephone')
      .values({
        name: row.name,
        session_id: row.sessionId,
        person_id: row.personId,
        password: row.password,
        made_at: row.madeAt,
        asterisk_started_at: null,
      })
      .execute()
    return earlier?.name
  })
}

/** Says which Asterisk, by its start, has the telephone. */
export const markMade = (db: Db, name: string, startedAt: Date): Promise<unknown> =>
  db.updateTable('telephone').set({ asterisk_started_at: startedAt }).where('name', '=', name).execute()

/** The telephones that the Asterisk of this start does not have. */
export const telephonesToMake = (db: Db, startedAt: Date): Promise<TelephoneRow[]> =>
  db
    .selectFrom('telephone')
    .select(['name', 'password'])
    .where(eb => eb.or([eb('asterisk_started_at', 'is', null), eb('asterisk_started_at', '<>', startedAt)]))
    .orderBy('made_at')
    .execute()

/** The person's newest telephone. Index: telephone_by_person. */
export async function newestTelephone(db: Db, personId: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    /* telephony.newest-telephone */
    select name from telephone where person_id = ${personId} order by made_at desc limit 1`.execute(db)
  return rows[0]?.name
}

export async function ownerOf(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('telephone').select('person_id').where('name', '=', name).executeTakeFirst()
  return row?.person_id
}

export const telephoneOfSession = (db: Db, sessionId: string): Promise<{ name: string } | undefined> =>
  db.selectFrom('telephone').select('name').where('session_id', '=', sessionId).executeTakeFirst()

export const removeTelephone = (db: Db, name: string): Promise<unknown> =>
  db.deleteFrom('telephone').where('name', '=', name).execute()

/** Takes away telephones that are older than any session can be. Returns their names. */
export async function removeOldTelephones(db: Db, madeBefore: Date): Promise<string[]> {
  const rows = await db.deleteFrom('telephone').where('made_at', '<', madeBefore).returning('name').execute()
  return rows.map(({ name }) => name)
}
