/** A program of its own that erases what is due until nothing is: for the test that kills it. */
import { eraseMarked, openDatabase, readConfig, sealJournal, systemClock } from '../../src/platform/index.ts'
import { eraseWhatIsDue } from '../../src/privacy/follow.ts'
import { openHouse } from './database.ts'

const config = readConfig(process.env)
const house = await openHouse(await openDatabase(config), config, systemClock)
await eraseWhatIsDue(house)
do await sealJournal(house.database, house.clock.now())
while ((await eraseMarked(house)) > 0)
process.exit(0)
