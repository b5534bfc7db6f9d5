/**
 * `npm run bench -- NAME`: runs `bench/NAME.ts`, which prints a table and, as its last line, `bench NAME key=value …`.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = join(import.meta.dirname, '../bench')
const names = readdirSync(folder)
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -'.ts'.length))
const [name = ''] = process.argv.slice(2)
const file = join(folder, `${name}.ts`)
if (!names.includes(name) || !existsSync(file)) {
  console.error(`Which one? npm run bench -- ${names.join(' | ')}`)
  process.exit(1)
}
const { default: bench }: { default: () => Promise<void> } = await import(pathToFileURL(file).href)
await bench()
process.exit()
