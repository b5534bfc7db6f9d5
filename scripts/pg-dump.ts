/** A dump of a PostgreSQL by its own `pg_dump`. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { writeWhole } from '../src/platform/index.ts'
import { Mistake } from './house.ts'

const run = promisify(execFile)
const debian = '/usr/lib/postgresql'

/**
 * Writes a dump in the custom format, whole or not at all, after `pg_restore` could list it.
 * @param major version of the server: an older pg_dump refuses it
 */
export async function dumpPostgres(url: string, major: number, file: string): Promise<void> {
  if (existsSync(file)) throw new Mistake(`${resolve(file)} is there already. Choose another name.`)
  const programs = await programsFor(major)
  if (programs === undefined)
    throw new Mistake(
      `pg_dump ${major} or later is not on this machine. Install it (Debian: postgresql-client-${major}), or dump where it is: pg_dump --format=custom --file=FILE, then "npm run backup -- --noted pg_dump". docs/operations.md says more.`,
    )
  // The password goes by the environment: arguments can be read by every user of the machine.
  const address = new URL(url)
  const password = decodeURIComponent(address.password)
  address.password = ''
  const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) }
  await writeWhole(file, async part => {
    // Readable by nobody else: everything that citizens have told is in it.
    await writeFile(part, '', { mode: 0o600 })
    await run(programs.dump, ['--format=custom', '--no-password', `--file=${part}`, `--dbname=${address}`], { env }).catch(
      complain,
    )
    await run(programs.restore, ['--list', part], { maxBuffer: 64 * 1_048_576 }).catch(complain)
  })
}

function complain(error: unknown): never {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
  throw new Mistake(`The dump failed and nothing was kept of it: ${said}`)
}

async function programsFor(major: number): Promise<{ dump: string; restore: string } | undefined> {
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .filter(version => version >= major)
    : []
  const folders = [process.env.POSTGRES_BIN, ...versions.sort((a, b) => a - b).map(version => `${debian}/${version}/bin`)]
  const found = folders.find(folder => folder !== undefined && existsSync(`${folder}/pg_dump`))
  if (found !== undefined) return { dump: `${found}/pg_dump`, restore: `${found}/pg_restore` }
  const { stdout } = await run('pg_dump', ['--version']).catch(() => ({ stdout: '' }))
  return Number(/(\d+)\./.exec(stdout)?.[1]) >= major ? { dump: 'pg_dump', restore: 'pg_restore' } : undefined
}
