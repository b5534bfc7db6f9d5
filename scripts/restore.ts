/**
 * `npm run restore -- FILE`: puts a backup in the place of the embedded database. The program must be stopped; the old database is kept beside.
 *
 * The backup is unpacked, opened and checked before anything is changed. From then on the restore is finished by whoever opens the folder
 * next, however this command ends.
 */
import { parseArgs } from 'node:util'
import { readConfig, restoreBackup } from '../src/platform/index.ts'
import { Mistake, runCommand } from './house.ts'

await runCommand(async () => {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new Mistake('Which backup? npm run restore -- FILE')
  const config = readConfig(process.env)
  if (config.DATABASE_URL)
    throw new Mistake(
      'DATABASE_URL leads to a PostgreSQL: restore into an empty database of its own with "pg_restore --no-owner --dbname=NEW FILE", let DATABASE_URL lead there, and start. docs/operations.md says what to look at.',
    )
  const { entries, migrations, aside } = await restoreBackup(config.DATA_DIR, file)
  console.log(
    `Restored: ${entries} entries of the journal, ${migrations} migrations. The database of before is in ${aside}; remove it when you have seen that all is well.`,
  )
})
