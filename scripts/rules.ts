/**
 * The rules of the house that are read from its text, one file for each in `scripts/rules/`: what the pages ask of the server, where SQL stands, that
 * an exported name is declared once, that nobody names entries and roles in strings, and no time zone. A part of `npm run check`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { routes } from '../src/routes.ts'
import { callsFound } from './rules/calls.ts'
import { entryNamesFound } from './rules/entry-names.ts'
import { namesDeclaredTwice } from './rules/exported-names.ts'
import { roleNamesFound } from './rules/role-names.ts'
import type { Source } from './rules/source.ts'
import { sqlFound } from './rules/sql.ts'
import { timeZonesFound } from './rules/time-zones.ts'

const root = join(import.meta.dirname, '..')

function sourcesUnder(...folders: readonly string[]): Source[] {
  return folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name))
      .map(file => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') })),
  )
}

const sources = sourcesUnder('src', 'web', 'sample', 'scripts')
const under = (...folders: readonly string[]) =>
  sources.filter(({ path }) => folders.some(folder => path.startsWith(`${folder}/`)))
const found = [
  ...callsFound(under('web'), routes),
  ...sqlFound(under('src', 'sample')),
  ...namesDeclaredTwice(new Map(under('src').map(({ path, text }) => [path, text]))),
  ...entryNamesFound(sources, readFileSync(join(root, 'src/routing/model.ts'), 'utf8')),
  ...roleNamesFound(sources),
  ...timeZonesFound(under('src', 'web')),
]
for (const each of found) console.log(each)
process.exitCode = found.length > 0 ? 1 : 0
