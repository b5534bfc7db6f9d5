/**
 * A folder in memory for what tests write and throw away: clusters, copies of databases, profiles of browsers. Copying a database of 64 MB costs
 * a twelfth of what it costs on a disk. Where memory is short it is the usual folder for temporary files.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const neededBytes = 4 * 2 ** 30
const nameOf = (pid: number | string) => `filo-tests-${pid}`

/** Returns the folder of this process, which goes when the process ends. Removes those that killed runs have left. */
export function folderInMemory(): string {
  if (!existsSync(memory) || process.availableMemory() < neededBytes) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  if (bavail * bsize < neededBytes) return tmpdir()
  for (const name of readdirSync(memory)) {
    const [, pid] = /^filo-tests-(\d+)$/.exec(name) ?? []
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(join(memory, name))
  }
  const folder = join(memory, nameOf(process.pid))
  if (!existsSync(folder)) {
    // PostgreSQL and Asterisk, which run as users of their own, pass through.
    mkdirSync(folder, { mode: 0o755 })
    process.on('exit', () => remove(folder))
  }
  return folder
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true })
