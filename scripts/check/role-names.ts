/**
 * Finds names of roles that stand in code: `actor.role === 'supervisor'`. What a role may do is one table (`src/identity/capabilities.ts`), and
 * everybody else asks it for a capability, so that a new role is one row.
 *
 * The room of identity names roles, and so do the sample, tests and benches, which make people.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { roles } from '../../src/identity/capabilities.ts'
import { withoutComments } from './text.ts'

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
      line: text.slice(0, index + whole.length).split('\n').length,
    })),
  )
  return found.filter((each, i) => found.findIndex(other => other.line === each.line && other.role === each.role) === i)
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..', '..')
  const files = globSync('{src,web,scripts}/**/*.{ts,tsx}', { cwd: root })
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => !/\.test\.tsx?$|^src\/identity\//.test(file))
  const found = files.flatMap(file => roleNames(readFileSync(join(root, file), 'utf8')).map(each => ({ file, ...each })))
  for (const { file, line, role } of found)
    console.log(`${file}:${line} names the role '${role}': ask for a capability instead (src/identity/capabilities.ts)`)
  process.exitCode = found.length > 0 ? 1 : 0
}
