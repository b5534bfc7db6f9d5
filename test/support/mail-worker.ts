/** A program of its own that sends one mail: for the test that kills it. Takes the mail's identifier. */
import { openCarriers, sendMail } from '../../src/channels/outbox.ts'
import { openDatabase, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from './database.ts'

const config = readConfig(process.env)
const house = await openHouse(await openDatabase(config), config, systemClock)
await sendMail(house, await openCarriers(house), {}, process.argv[2] ?? '')
process.exit(0)
