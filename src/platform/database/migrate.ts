/**
 * Migrations: the files of `migrations/`, in the order of their names, each once, each in a transaction of its own.
 * They only go forward and are never edited after they have landed; one that was is refused.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Database, DatabaseUnavailable } from './database.ts'

const folder = join(import.meta.dirname, '../../../migrations')

/** Any number will do, as long as every process takes the same one. */
const migrationLock = 4_010_2011

/**
 * Brings the database to the newest shape. Many processes may start at once: one migrates, the others wait for it.
 * Answers the names of the migrations that were applied now.
 * @throws DatabaseUnavailable when an applied migration has changed since, or the database is newer than the program.
 */
export async function migrate(database: Database): Promise<string[]> {
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .sort()
    .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    .map(file => ({ ...file, sha256: createHash('sha256').update(file.text).digest('hex') }))
  await database.script(
    'create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
  )
  const applied: string[] = []
  for (const file of files) {
    if (await applyOnce(database, file)) applied.push(file.name)
  }
  const { rows } = await database.query('select name from migration', [])
  const unknown = rows.map(row => String(row.name)).filter(name => !files.some(file => file.name === name))
  if (unknown.length > 0)
    throw new DatabaseUnavailable(
      `The database is newer than this program: it has ${unknown.join(', ')}. Start the newer program.`,
    )
  return applied
}

function applyOnce(database: Database, file: { name: string; text: string; sha256: string }): Promise<boolean> {
  return database.kysely.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(tx)
    const { rows } = await sql<{ sha256: string }>`select sha256 from migration where name = ${file.name}`.execute(tx)
    const before = rows[0]
    if (before) {
      if (before.sha256 === file.sha256) return false
      throw new DatabaseUnavailable(
        `The migration ${file.name} was changed after it had been applied. Put the file back as it was and add a new one.`,
      )
    }
    for (const statement of statements(file.text)) await sql.raw(statement).execute(tx)
    await sql`insert into migration (name, sha256) values (${file.name}, ${file.sha256})`.execute(tx)
    return true
  })
}

/** Cuts a script at the semicolons that end a line, but not inside `$$ … $$`. One statement at a time is what both drivers take. */
export function statements(script: string): string[] {
  const found: string[] = []
  let current = ''
  let insideBody = false
  for (const line of script.split('\n')) {
    current += `${line}\n`
    if ((line.split('$$').length - 1) % 2 === 1) insideBody = !insideBody
    const code = line.replace(/--.*$/, '').trimEnd()
    if (code.endsWith(';') && !insideBody) {
      found.push(current)
      current = ''
    }
  }
  if (current.replace(/--.*$/gm, '').trim() !== '') found.push(current)
  return found
}
