/**
 * What a database needs while it runs. PostgreSQL looks after itself. The embedded one has no background workers: nothing is vacuumed,
 * no checkpoint is made, and nobody else can copy it; so the program does all three.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { House } from '../house.ts'
import { writeWhole } from './whole-file.ts'

/** So many daily copies are kept. */
const copiesKept = 7

/** Notes the upkeep of the embedded database among the jobs; does nothing for PostgreSQL. */
export function scheduleUpkeep(house: House): void {
  if (house.database.kind !== 'embedded') return
  house.jobs.schedule('database.upkeep', '17 * * * *', async () => {
    await house.database.script('checkpoint')
    await house.database.script('vacuum (analyze)')
  })
  house.jobs.schedule('database.copy', '30 2 * * *', async () => {
    await copyDatabase(house)
  })
}

/**
 * Writes a copy of the embedded database into `DATA_DIR/copies`, whole or not at all, and removes the oldest beyond a week.
 * Returns the file, or undefined for PostgreSQL, which has its own means.
 */
export async function copyDatabase(house: House): Promise<string | undefined> {
  const dump = await house.database.dump?.()
  if (!dump) return undefined
  const folder = join(house.config.DATA_DIR, 'copies')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${new Date(house.clock.now()).toISOString().slice(0, 10)}.tar`)
  await writeWhole(file, async part => writeFile(part, Buffer.from(await dump.arrayBuffer()), { mode: 0o600 }))
  const copies = (await readdir(folder)).filter(name => /^\d{4}-\d\d-\d\d\.tar$/.test(name)).sort()
  for (const name of copies.slice(0, -copiesKept)) await rm(join(folder, name))
  return file
}
