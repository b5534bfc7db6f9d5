/**
 * `npm run verify:journal`: computes every seal of the journal again. Ends with 1 when an entry was changed, removed or inserted.
 */
import { needCurrentDatabase, openDatabase, readConfig, verifyJournal } from '../src/platform/index.ts'
import { runCommand } from './house.ts'

await runCommand(async () => {
  const database = await openDatabase(readConfig(process.env))
  try {
    await needCurrentDatabase(database)
    const result = await verifyJournal(database)
    console.log(
      result.sound
        ? `The journal is sound: ${result.rows} entries under ${result.seals} seals, ${result.unsealed} not sealed yet.`
        : `The journal is NOT sound. ${result.sentence}`,
    )
    process.exitCode = result.sound ? 0 : 1
  } finally {
    await database.close()
  }
})
