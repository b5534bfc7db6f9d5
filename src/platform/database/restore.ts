/**
 * Putting a backup in the place of the embedded database.
 *
 *   backup ──unpack, open, check──▶ restoring/ ──▶ restore.json written ──▶ database → database.before-… ──▶ restoring → database ──▶ restore.json gone
 *
 * Until `restore.json` stands there the old database is untouched. From then on the restore is decided: however the program or the machine ends,
 * whoever opens the folder next finishes it first. At no instant is there half a database, and the old one is kept aside.
 */
import { createReadStream, existsSync } from 'node:fs'
import { readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { flushToDisk, flushTree, writeWhole } from './whole-file.ts'

const Decided = z.object({ aside: z.string().regex(/^database\.before-[\w-]+$/) })

const places = (dataDir: string) => ({
  database: join(dataDir, 'database'),
  restoring: join(dataDir, 'restoring'),
  decided: join(dataDir, 'restore.json'),
})

/** Reads a backup as the archive that the embedded database is opened from. */
export async function readBackup(file: string, packed: 'gzip' | 'none'): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const collect = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const part of bytes) parts.push(new Uint8Array(part))
  }
  if (packed === 'gzip') await pipeline(createReadStream(file), createGunzip(), collect)
  else await pipeline(createReadStream(file), collect)
  return new Blob(parts)
}

/** The folder in which a backup is unpacked and opened, empty. It is a data folder of its own, with its database in `database`. */
export async function emptyRestoring(dataDir: string): Promise<string> {
  const { restoring } = places(dataDir)
  await rm(restoring, { recursive: true, force: true })
  return restoring
}

/** Decides that what was unpacked and closed takes the place of the database, and does it. Returns the folder to which the old one was moved. */
export async function decideRestore(dataDir: string, at: Date): Promise<string> {
  const { restoring, decided } = places(dataDir)
  const aside = `database.before-${at.toISOString().replace(/[:.]/g, '-')}`
  await flushTree(restoring)
  await writeWhole(decided, part => writeFile(part, JSON.stringify({ aside })))
  await finishRestore(dataDir)
  return join(dataDir, aside)
}

/** Finishes a restore that was decided, wherever it was interrupted. The caller holds the lock of the folder. */
export async function finishRestore(dataDir: string): Promise<void> {
  const { database, restoring, decided } = places(dataDir)
  if (!existsSync(decided)) return
  const { aside } = Decided.parse(JSON.parse(await readFile(decided, 'utf8')))
  const unpacked = join(restoring, 'database')
  if (existsSync(unpacked)) {
    const kept = join(dataDir, aside)
    if (!existsSync(kept)) await rename(database, kept)
    // Whoever locks the folder makes it: what stands there after the old one has gone is empty.
    else if (existsSync(database)) await rmdir(database)
    await rename(unpacked, database)
    await flushToDisk(dataDir)
  }
  await rm(restoring, { recursive: true, force: true })
  await rm(decided)
  await flushToDisk(dataDir)
}
