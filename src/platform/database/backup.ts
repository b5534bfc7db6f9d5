/**
 * Backups of the embedded database: one file, `.tar.gz`, written while the program runs or while it is stopped, and opened once before it
 * gets its name. A PostgreSQL has means of its own (docs/operations.md).
 */
import { createWriteStream, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import { type Database, DatabaseUnavailable, openEmbedded } from './database.ts'
import { lockFolder } from './folder-lock.ts'
import { appliedMigrations, readMigrations } from './migrate.ts'
import { pendingMigrations } from './migration-plan.ts'
import { decideRestore, emptyRestoring, finishRestore, readBackup } from './restore.ts'
import { writeWhole } from './whole-file.ts'

/** The last backup that somebody has told the program of, kept among the settings. */
export const BackupNote = z.object({ at: z.iso.datetime(), by: z.string().min(1).max(200) })
export type BackupNote = z.infer<typeof BackupNote>

const noteName = 'backup'

/** Notes that a backup was made, for whoever asks how old the last one is. */
export async function noteBackup(database: Pick<Database, 'query'>, note: BackupNote): Promise<void> {
  await database.query(
    'insert into setting (name, value) values ($1, $2::jsonb) on conflict (name) do update set value = excluded.value',
    [noteName, JSON.stringify(note)],
  )
}

/** Returns the note of the last backup; undefined when there is none. */
export async function lastBackup(database: Pick<Database, 'query'>): Promise<BackupNote | undefined> {
  const { rows } = await database.query('select value from setting where name = $1', [noteName])
  return BackupNote.safeParse(rows[0]?.value).data
}

/** What was found in a backup when it was opened. */
export interface Opened {
  migrations: number
  entries: number
}

/**
 * Writes a backup, whole or not at all, after it was opened and read.
 * @throws DatabaseUnavailable when the file is there already, or when what was written cannot be opened
 */
export async function writeBackup(file: string, dump: AsyncIterable<Uint8Array>): Promise<Opened> {
  if (existsSync(file)) throw new DatabaseUnavailable(`${resolve(file)} is there already. Choose another name.`)
  return writeWhole(file, async part => {
    // Readable by nobody else: everything that citizens have told is in it.
    await pipeline(dump, createGzip({ level: 6 }), createWriteStream(part, { mode: 0o600 }))
    return openBackup(await readBackup(part, 'gzip'))
  })
}

/** Opens a backup in memory and reads it. @throws DatabaseUnavailable when it cannot be opened */
async function openBackup(archive: Blob): Promise<Opened> {
  const database = await openEmbedded(undefined, archive).catch((error: unknown) => {
    throw new DatabaseUnavailable('The backup cannot be opened. Nothing was kept of it: make another one.', { cause: error })
  })
  try {
    return await contentOf(database)
  } finally {
    await database.close()
  }
}

async function contentOf(database: Database): Promise<Opened> {
  const migrations = (await appliedMigrations(database)).size
  if (migrations === 0) throw new DatabaseUnavailable('There are no tables of Filo Diretto in it.')
  const { rows } = await database.query('select count(*) as entries from event', [])
  return { migrations, entries: Number(rows[0]?.entries) }
}

/** The parts of a dump, for a stream. */
export async function* chunksOf(dump: Blob): AsyncGenerator<Uint8Array> {
  const reader = dump.stream().getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
}

/**
 * Puts a backup in the place of the embedded database of a folder. The old one is kept beside it.
 * @throws FolderInUse while the program runs; DatabaseUnavailable when the backup cannot be opened or is newer than this program. Nothing has changed then.
 */
export async function restoreBackup(dataDir: string, file: string, at = new Date()): Promise<Opened & { aside: string }> {
  if (!existsSync(file)) throw new DatabaseUnavailable(`There is no file ${resolve(file)}.`)
  const unlock = await lockFolder(join(dataDir, 'database'))
  try {
    await finishRestore(dataDir)
    const restoring = await emptyRestoring(dataDir)
    const archive = await readBackup(file, file.endsWith('.gz') ? 'gzip' : 'none')
    const database = await openEmbedded(restoring, archive).catch((error: unknown) => {
      throw new DatabaseUnavailable(`${resolve(file)} is not a backup that can be opened. Nothing was changed.`, { cause: error })
    })
    let found: Opened
    try {
      found = await contentOf(database)
      pendingMigrations(readMigrations(), await appliedMigrations(database))
    } finally {
      await database.close()
    }
    return { ...found, aside: await decideRestore(dataDir, at) }
  } finally {
    await unlock()
  }
}

/** The name of a backup that nobody has named: in the data folder, by the time. */
export const usualBackup = (dataDir: string, at: Date): string =>
  join(dataDir, 'backups', `${at.toISOString().slice(0, 19).replace(/[:]/g, '')}.tar.gz`)
