/**
 * `npm run rebuild:sums`: writes the sums of half hours anew from the journal, while the program runs. What is read meanwhile are the sums as
 * they were, until the new ones take their place. Then it counts the workload of sections anew, which meanwhile is that up to where it is.
 */
import { rebuildSums } from '../src/monitoring/index.ts'
import { openDatabase, readConfig, systemClock } from '../src/platform/index.ts'
import { countWorkloadAnew, MonthsArchived } from '../src/staffing/index.ts'

const tellEveryEntries = 100_000

try {
  const config = readConfig(process.env)
  const database = await openDatabase(config)
  try {
    let toTell = tellEveryEntries
    const entries = await rebuildSums({ database, clock: systemClock }, read => {
      if (read < toTell) return
      console.log(`${read} entries of the journal read`)
      toTell = read + tellEveryEntries
    })
    console.log(`The sums of half hours are those of the journal's ${entries} entries.`)
    try {
      await countWorkloadAnew({ database, config })
      console.log('The workload of sections is counted anew.')
    } catch (error) {
      if (!(error instanceof MonthsArchived)) throw error
      console.log(error.message)
    }
  } finally {
    await database.close()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
