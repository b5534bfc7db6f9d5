/**
 * Where SQL stands: in the `store.ts` of a room, so that whoever looks for a query of a table looks in one file. What else may ask the database,
 * and why, is named here. Pure.
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

/**
 * Files that ask the database beside their room's store. It only grows shorter: a file that does not ask any more is taken from the list, and
 * a new one is not put on it.
 */
export const besideTheStore: readonly string[] = [
  'src/cases/follow-appointments.ts',
  'src/channels/waiting.ts',
  'src/contacts/conversation.ts',
  'src/distribution/leader/connection.ts',
  'src/identity/assignments.ts',
  'src/identity/conversations.ts',
  'src/identity/notices.ts',
  'src/identity/requests.ts',
  'src/identity/service.ts',
  'src/identity/sessions.ts',
  'src/monitoring/own-count.ts',
  'src/simulation/history.ts',
  'src/telephony/transfers.ts',
]

const query = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\bsql(?:<[^`]*?>)?`/

/** Returns what is wrong, a sentence for each. */
export function sqlFound(sources: readonly Source[], beside: readonly string[] = besideTheStore): string[] {
  const asks = sources.filter(({ path, text }) => !isStore(path) && !isAtHome(path) && query.test(text)).map(({ path }) => path)
  return [
    ...asks
      .filter(path => !beside.includes(path))
      .map(path => `${path} asks the database: queries stand in the room's store.ts.`),
    ...beside
      .filter(path => !asks.includes(path))
      .map(path => `${path} does not ask the database (any more): take it from the list in scripts/rules/sql.ts.`),
  ]
}

const isStore = (path: string): boolean => /(^|[/-])store\.ts$/.test(path)
const isAtHome = (path: string): boolean => /\.test\.ts$/.test(path) || atHome.some(({ under }) => path.startsWith(under))
