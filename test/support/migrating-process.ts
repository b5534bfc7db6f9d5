/** A process that does nothing but migrate a database with the files of a folder, for tests that kill it: it says which file it is at. */
import { migrate, openPostgres } from '../../src/platform/index.ts'

const [url = '', folder = ''] = process.argv.slice(2)
const say = (_about: unknown, text: string) => process.stdout.write(`${text}\n`)
const database = await openPostgres(url, 2)
const applied = await migrate(database, { folder, log: { info: say, warn: say } })
process.stdout.write(`done ${applied.length}\n`)
await database.close()
