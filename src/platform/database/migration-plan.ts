/**
 * Which migrations a database still needs, decided from their names alone. Pure.
 *
 * Migrations stand in one row, by the time in their name: `202611281710-what-it-does.sql`. They only go forward: one that was applied is
 * never edited, and none is slipped in before one that was applied. A database to which that happened would differ from a fresh one.
 */
import { DatabaseUnavailable } from './database.ts'
import { statements } from './statements.ts'

export interface MigrationFile {
  readonly name: string
  readonly sha256: string
  readonly text: string
}

/** The first ones, numbered by theme before names were times. They landed in another order than they sort in, so they are known by name. */
export const landedByTheme: readonly string[] = [
  '0001-platform.sql',
  '0100-organisation.sql',
  '0105-classification.sql',
  '0110-identity.sql',
  '0200-contacts.sql',
  '0210-cases.sql',
  '0220-mail.sql',
  '0300-distribution.sql',
  '0310-telephony.sql',
  '0311-telephones.sql',
  '0320-agenda.sql',
  '0321-mail-calendar.sql',
  '0330-callbacks.sql',
  '0340-recordings.sql',
  '0345-written-work.sql',
  '0350-why.sql',
  '0355-line-version.sql',
]

/**
 * Returns the files that are still to be applied, in their order.
 * @param applied name of each applied migration, and the SHA-256 that it had
 * @throws DatabaseUnavailable when the database is newer than the program, when an applied file has changed, or when a file comes too late
 */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: ReadonlyMap<string, string>,
): readonly MigrationFile[] {
  const known = new Set(files.map(file => file.name))
  const unknown = [...applied.keys()].filter(name => !known.has(name))
  if (unknown.length > 0)
    throw new DatabaseUnavailable(
      `The database is newer than this program: it has ${unknown.join(', ')}. Start the newer program.`,
    )
  for (const { name, sha256 } of files)
    if (applied.has(name) && applied.get(name) !== sha256)
      throw new DatabaseUnavailable(
        `The migration ${name} was changed after it had been applied. Put the file back as it was and add a new one.`,
      )
  const pending = files.filter(file => !applied.has(file.name))
  const last = [...applied.keys()].sort().at(-1) ?? ''
  const late = pending.find(file => file.name < last && !landedByTheme.includes(file.name))
  if (late)
    throw new DatabaseUnavailable(
      `The migration ${late.name} sorts before ${last}, which has already been applied. Give it a later time in its name: migrations only go forward.`,
    )
  return pending
}

/** Returns a sentence for each file whose name or form breaks the rules of the folder; the tests keep it empty. */
export function complaintsAbout(files: readonly Pick<MigrationFile, 'name' | 'text'>[]): string[] {
  const times = new Map<string, string>()
  return files.flatMap(({ name, text }) => {
    if (landedByTheme.includes(name)) return []
    const time = /^(\d{12})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/.exec(name)?.[1]
    if (time === undefined || !isTime(time)) return [`${name}: a migration is named YYYYMMDDHHMM-what-it-does.sql.`]
    const other = times.get(time)
    times.set(time, name)
    if (other !== undefined) return [`${name}: ${other} has the same time; one of the two comes later.`]
    return complaintsAboutForm(name, text)
  })
}

function complaintsAboutForm(name: string, text: string): string[] {
  const all = statements(text)
  if (all.length === 0) return [`${name}: there is no statement in it.`]
  if (!runsOutside(text))
    return all
      .filter(statement => isConcurrent(statement))
      .map(
        () => `${name}: an index is built concurrently outside a transaction; say so in the first lines with "-- concurrently".`,
      )
  return all
    .filter(statement => builtIndex(statement) === undefined && droppedIndex(statement) === undefined)
    .map(
      statement =>
        `${name}: under "-- concurrently" stand only "create index concurrently if not exists" and "drop index concurrently if exists", which may be repeated after a kill; not "${withoutComments(statement).slice(0, 60)}".`,
    )
}

function isTime(text: string): boolean {
  const [year, month, day, hour, minute] = [text.slice(0, 4), ...(text.slice(4).match(/\d\d/g) ?? [])]
  const iso = `${year}-${month}-${day}T${hour}:${minute}:00.000Z`
  const at = Date.parse(iso)
  return !Number.isNaN(at) && new Date(at).toISOString() === iso
}

/** Whether the comment at the head of a file says that its statements run outside a transaction, one by one. */
export function runsOutside(text: string): boolean {
  const head = /^(?:--[^\n]*\n)*/.exec(text)?.[0] ?? ''
  return head.split('\n').includes('-- concurrently')
}

const isConcurrent = (statement: string): boolean =>
  /^(create|drop)[^(]*\bindex\s+concurrently\b/i.test(withoutComments(statement))

/** The name of the index that a statement builds concurrently; undefined for every other statement. */
export const builtIndex = (statement: string): string | undefined =>
  /^create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+([a-z_][a-z0-9_]*)\s+on\s/i.exec(
    withoutComments(statement),
  )?.[1]

const droppedIndex = (statement: string): string | undefined =>
  /^drop\s+index\s+concurrently\s+if\s+exists\s+([a-z_][a-z0-9_]*)\s*;?$/i.exec(withoutComments(statement))?.[1]

/** A statement without the comments before it. */
export const withoutComments = (statement: string): string => statement.replace(/^(?:\s+|--[^\n]*(?:\n|$))+/, '').trim()
