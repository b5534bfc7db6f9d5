/**
 * Finds names of roles that stand in code: `actor.role === 'supervisor'`. What a role may do is one table (`src/identity/capabilities.ts`), and
 * everybody else asks it for a capability, so that a new role is one row.
 *
 * The room of identity names roles, and so do the sample, tests and benches, which make people.
 */
import { roles } from '../../src/identity/capabilities.ts'
import { lineAt, type Source, withoutComments } from './source.ts'

const names = roles.join('|')
/** Names that are words of the trade too stand for a role where a role is compared, or listed. */
const compared = new RegExp(`\\brole\\s*[!=]==\\s*'(${names})'`, 'g')
const listed = new RegExp(`\\b(?:roles|access): \\[[^\\]]*'(${names})'`, 'g')
const unmistakable = new RegExp(`'(${roles.filter(role => role.includes('_')).join('|')})'`, 'g')

export interface Found {
  readonly line: number
  readonly role: string
}

/** The roles that some code names. Pure. */
export function roleNames(code: string): Found[] {
  const text = withoutComments(code)
  const found = [compared, listed, unmistakable].flatMap(pattern =>
    Array.from(text.matchAll(pattern), ({ 0: whole, 1: role = '', index }) => ({
      role,
      line: lineAt(text, index + whole.length),
    })),
  )
  return found.filter((each, i) => found.findIndex(other => other.line === each.line && other.role === each.role) === i)
}

/** Returns a sentence for each role that is named outside the room of identity. */
export const roleNamesFound = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path }) => !path.startsWith('src/identity/') && !path.startsWith('sample/'))
    .flatMap(({ path, text }) => roleNames(text).map(each => ({ path, ...each })))
    .map(
      ({ path, line, role }) =>
        `${path}:${line} names the role '${role}': ask for a capability instead (src/identity/capabilities.ts).`,
    )
