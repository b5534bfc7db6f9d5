/**
 * Files that are there whole or not at all, however the program or the machine ends: written under another name, flushed to the disk, then
 * renamed. The folder is flushed as well, because the name is kept in it.
 */
import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Makes a file. `write` is given the name under which it writes; when it fails, nothing is left behind.
 * @returns what `write` answered
 */
export async function writeWhole<T>(file: string, write: (part: string) => Promise<T>): Promise<T> {
  const part = `${file}.part`
  try {
    const answer = await write(part)
    await flushToDisk(part)
    await rename(part, file)
    await flushToDisk(dirname(file))
    return answer
  } catch (error) {
    await rm(part, { force: true, recursive: true })
    throw error
  }
}

/** Flushes a file or a folder to the disk. */
export async function flushToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Flushes everything in a folder, and the folder. */
export async function flushTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile() || entry.isDirectory()) await flushToDisk(join(entry.parentPath, entry.name))
  await flushToDisk(folder)
}
