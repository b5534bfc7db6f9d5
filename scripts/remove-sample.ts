/**
 * `npm run remove-sample`: takes the sample institute out of the database again, accounts first, in batches; the program may run meanwhile.
 *
 *   npm run remove-sample                  refused when something hangs on it that people made, with what it is
 *   npm run remove-sample -- --accounts    only closes its accounts, whose password everybody can read; what people made stays
 */
import { z } from 'zod'
import { closeSampleAccounts, removeSample } from '../sample/index.ts'
import { isSampleLoaded, sentence } from '../src/platform/index.ts'
import { language, openCommandHouse, runCommand } from './house.ts'
import { readOptions } from './options.ts'

const { accounts } = readOptions(z.object({ accounts: z.boolean().default(false) }), ['accounts'])

await runCommand(async () => {
  const house = await openCommandHouse()
  try {
    if (!(await isSampleLoaded(house.database.kysely))) {
      console.log(sentence(language, 'sample.notThere'))
    } else if (accounts) {
      console.log(sentence(language, 'sample.accountsClosed', { count: await closeSampleAccounts(house) }))
    } else {
      const removed = await removeSample(house, language)
      for (const [table, rows] of Object.entries(removed)) if (rows > 0) console.log(`  ${table.padEnd(24)} ${rows}`)
      console.log(sentence(language, 'sample.removed'))
    }
  } finally {
    await house.close()
  }
})
