/**
 * The rules of the house that are read from its text: what the pages ask of the server, and where SQL stands. A part of `npm run check`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { routes } from '../src/routes.ts'
import { callsFound, type Source } from './rules/calls.ts'
import { sqlFound } from './rules/sql.ts'

const root = join(import.meta.dirname, '..')

function sourcesUnder(...folders: readonly string[]): Source[] {
  return folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name))
      .map(file => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') })),
  )
}

const found = [...callsFound(sourcesUnder('web'), routes), ...sqlFound(sourcesUnder('src', 'sample'))]
for (const each of found) console.log(each)
process.exitCode = found.length > 0 ? 1 : 0
