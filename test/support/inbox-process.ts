/** A program of its own that fetches and reads mail: for the test that kills it. Ends by itself when EXPECTED mails are settled. */
import { mailAnswerPurpose, receiveMail, settleMailAnswer } from '../../src/cases/index.ts'
import { startInbox } from '../../src/channels/inbox/start.ts'
import { openDatabase, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from './database.ts'

const config = readConfig(process.env)
const house = await openHouse(await openDatabase(config), config, systemClock)
const pace = { lookMs: 50, pollMs: 500, termMs: 300, backOff: { minRetryMs: 20, maxRetryMs: 100 } }
const parts = { receive: receiveMail, settlers: { [mailAnswerPurpose]: settleMailAnswer }, takenForMs: 1_000, sweepMs: 100 }
startInbox(house, parts, pace)
process.stdout.write('started\n')
const expected = Number(process.env.EXPECTED)
const counted = () =>
  house.database.kysely
    .selectFrom('raw_mail')
    .select(eb => [
      eb.fn.countAll<number>().as('fetched'),
      eb.fn.countAll<number>().filterWhere('state', '<>', 'fetched').as('settled'),
    ])
    .executeTakeFirstOrThrow()
const before = await counted()
const look = async () => {
  const { fetched, settled } = await counted()
  if (Number(settled) >= expected) process.exit(0)
  if (fetched !== before.fetched || settled !== before.settled) process.stdout.write('working\n')
  setTimeout(look, 20)
}
await look()
