/**
 * Builds the browser's pages into `dist/web` when something that they are made of has changed since the last build.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
/** Folder of the built pages. */
export const webFolder = join(root, 'dist/web')
const stamp = join(webFolder, '.built-from')
/** `src` is here because the browser shares its schemas. */
const sources = ['web', 'languages', 'src', 'vite.config.ts', 'package.json', 'package-lock.json']

/**
 * Returns whether it had to build. The building is done by a process of its own: what it needs of memory goes with it.
 * @throws Error when the pages cannot be built; what is wrong has been printed
 */
export async function buildWeb(): Promise<boolean> {
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  // Whoever starts it, tests too: what is tested is what is delivered, and React's checks for developers are twice its size.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(process.execPath, [import.meta.filename], { cwd: root, stdio: 'inherit', env })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error('The pages could not be built.')
  writeFileSync(stamp, wanted)
  return true
}

async function build(): Promise<void> {
  const vite = await import('vite')
  await vite.build({ root: join(root, 'web'), configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    if (!existsSync(path)) continue
    const files = readdirSync(root).includes(source) && source.includes('.') ? [path] : filesUnder(path)
    for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

if (import.meta.main) await build()
