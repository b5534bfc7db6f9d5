/**
 * `npm run backup`: writes the database into one file, whole or not at all; the program may run meanwhile.
 *
 *   npm run backup                        into DATA_DIR/backups, named by the time
 *   npm run backup -- /mnt/other/filo.tar.gz
 *   npm run backup -- --noted pgbackrest  makes none: only notes that one was made by other means, so that `npm run doctor` knows its age
 *
 * The embedded database is asked through the running program, or opened when none runs; the file is opened once before it gets its name. A PostgreSQL
 * is dumped with `pg_dump`, if that is there and new enough; docs/operations.md says what else to do.
 */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  chunksOf,
  findRunning,
  needCurrentDatabase,
  noteBackup,
  openDatabase,
  openEmbedded,
  readConfig,
  usualBackup,
  writeBackup,
} from '../src/platform/index.ts'
import { Mistake, runCommand } from './house.ts'
import { dumpPostgres } from './pg-dump.ts'

await runCommand(async () => {
  const { values, positionals } = parseArgs({ options: { noted: { type: 'string' } }, allowPositionals: true })
  if (positionals.length > 1) throw new Mistake('One file at a time: npm run backup -- FILE')
  const config = readConfig(process.env)
  const at = new Date()
  if (values.noted !== undefined) return note(values.noted, at)
  const file = positionals[0] ?? usualBackup(config.DATA_DIR, at).replace(/\.tar\.gz$/, config.DATABASE_URL ? '.dump' : '.tar.gz')
  await mkdir(dirname(resolve(file)), { recursive: true })
  if (config.DATABASE_URL) {
    const database = await openDatabase(config)
    try {
      await needCurrentDatabase(database)
      const { rows } = await database.query("select current_setting('server_version_num')::int / 10000 as major", [])
      await dumpPostgres(config.DATABASE_URL, Number(rows[0]?.major), file)
      await noteBackup(database, { at: at.toISOString(), by: 'npm run backup' })
    } finally {
      await database.close()
    }
    console.log(`${resolve(file)}: written and listed by pg_restore. Copy it to another machine.`)
    return
  }
  if (!existsSync(join(config.DATA_DIR, 'database', 'PG_VERSION')))
    throw new Mistake(`There is no embedded database in ${resolve(config.DATA_DIR)}. Set DATA_DIR to its folder.`)
  const running = await findRunning(config.DATA_DIR)
  const told = { at: at.toISOString(), by: 'npm run backup' }
  if (running) {
    say(file, await writeBackup(file, await running.backup()))
    await running.noteBackup(told)
    return
  }
  const database = await openEmbedded(config.DATA_DIR)
  try {
    const dump = await database.dump?.()
    if (dump === undefined) throw new Mistake('This database cannot be copied.')
    say(file, await writeBackup(file, chunksOf(dump)))
    await noteBackup(database, told)
  } finally {
    await database.close()
  }
})

function say(file: string, { entries }: { entries: number }): void {
  console.log(
    `${resolve(file)}: written, opened and read (${entries} entries of the journal). Copy it to another machine, and the folder of recordings with it.`,
  )
}

/** Notes a backup that was made by other means. */
async function note(by: string, at: Date): Promise<void> {
  const config = readConfig(process.env)
  const told = { at: at.toISOString(), by }
  const running = config.DATABASE_URL ? undefined : await findRunning(config.DATA_DIR)
  if (running) return running.noteBackup(told)
  const database = await openDatabase(config)
  try {
    await needCurrentDatabase(database)
    await noteBackup(database, told)
  } finally {
    await database.close()
  }
}
