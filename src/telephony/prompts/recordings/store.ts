/** Recordings in the database. Rows are only added; the newest of a prompt and its text counts. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/index.ts'
import type {} from './tables.ts'

/** What a recording is of. */
export interface Said {
  key: string
  language: string
  text: string
}

export interface RecordingRow extends Said {
  version: number
  /** The name of its sound; null: the text is spoken again. */
  sha256: string | null
  durationMs: number | null
  madeFrom: string | null
  copyOf: number | null
  at: Date
  by: string | null
}

const columns = [
  'key',
  'language',
  'text',
  'version',
  'sha256',
  'duration_ms as durationMs',
  'made_from as madeFrom',
  'copy_of as copyOf',
  'at',
  'person_name as by',
] as const

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The newest row of every text that was ever recorded. Index: the key, read in its order. */
export const newestOfAll = (db: Db): Promise<RecordingRow[]> =>
  db
    .selectFrom('recording')
    .distinctOn(['key', 'language', 'text_hash'])
    .select(columns)
    .orderBy('key')
    .orderBy('language')
    .orderBy('text_hash')
    .orderBy('version', 'desc')
    .execute()

/** The newest row of one text. Index: the key. */
export const newestOf = (db: Db, { key, language, text }: Said): Promise<RecordingRow | undefined> =>
  db
    .selectFrom('recording')
    .select(columns)
    .where('key', '=', key)
    .where('language', '=', language)
    .where('text_hash', '=', hashOf(text))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

/** What happened to a prompt, whatever its text was, the newest first. Index: the key. */
export const promptHistory = (db: Db, key: string, language: string, limit: number): Promise<RecordingRow[]> =>
  db
    .selectFrom('recording')
    .select(columns)
    .where('key', '=', key)
    .where('language', '=', language)
    .orderBy('at', 'desc')
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()

/** The sound of one row. Index: the key. */
export async function soundOf(db: Db, { key, language, text }: Said, version: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('recording')
    .select('sound')
    .where('key', '=', key)
    .where('language', '=', language)
    .where('text_hash', '=', hashOf(text))
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.sound ? Buffer.from(row.sound) : undefined
}

/** A sound by its name. Index: recording_by_sound. */
export async function soundByName(db: Db, sha256: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('recording').select('sound').where('sha256', '=', sha256).limit(1).executeTakeFirst()
  return row?.sound ? Buffer.from(row.sound) : undefined
}

export interface NewRecording extends Said {
  version: number
  sound: Buffer | null
  durationMs: number | null
  madeFrom: string | null
  copyOf: number | null
  at: Date
  person: { id: string; name: string } | null
}

/** Adds a row. Returns false when somebody else has added one of this version meanwhile. */
export async function insertRecording(tx: Tx, row: NewRecording): Promise<boolean> {
  const added = await tx
    .insertInto('recording')
    .values({
      ...{ key: row.key, language: row.language, text_hash: hashOf(row.text), version: row.version, text: row.text },
      ...{ sound: row.sound, sha256: row.sound && createHash('sha256').update(row.sound).digest('hex') },
      ...{ duration_ms: row.durationMs, made_from: row.madeFrom, copy_of: row.copyOf },
      ...{ at: row.at, person_id: row.person?.id ?? null, person_name: row.person?.name ?? null },
    })
    .onConflict(conflict => conflict.doNothing())
    .returning(sql<number>`1`.as('added'))
    .executeTakeFirst()
  return added !== undefined
}
