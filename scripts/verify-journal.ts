/**
 * `npm run verify:journal`: computes every seal of the journal again. Ends with 1 when an entry was changed, removed or inserted.
 */
import { openDatabase, readConfig, verifyJournal } from '../src/platform/index.ts'

try {
  const database = await openDatabase(readConfig(process.env))
  const result = await verifyJournal(database)
  await database.close()
  console.log(
    result.sound
      ? `The journal is sound: ${result.rows} entries under ${result.seals} seals, ${result.unsealed} not sealed yet.`
      : `The journal is NOT sound. ${result.sentence}`,
  )
  process.exitCode = result.sound ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
