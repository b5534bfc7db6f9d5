/**
 * Where SQL stands: in the `store.ts` of a room, or a `…-store.ts` beside it, so that whoever looks for a query of a table knows where. What else
 * may ask the database, and why, is named here. Pure.
 */
import type { Source } from './source.ts'

/** Folders whose business is the database itself, or that stand outside the rooms. */
const atHome: readonly { under: string; because: string }[] = [
  {
    under: 'src/platform/',
    because: 'the database itself, its migrations and backups, the journal, what use cases keep of their answers',
  },
  { under: 'sample/', because: 'writes and takes away the sample institute' },
]

const query = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\bsql(?:<[^`]*?>)?`/

/** Returns what is wrong, a sentence for each. */
export function sqlFound(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, text }) => !isStore(path) && !isAtHome(path) && query.test(text))
    .map(({ path }) => `${path} asks the database: queries stand in the room's store.ts.`)
}

const isStore = (path: string): boolean => /(^|[/-])store\.ts$/.test(path)
const isAtHome = (path: string): boolean => /\.test\.ts$/.test(path) || atHome.some(({ under }) => path.startsWith(under))
