/**
 * A program of its own with the role `router`: for the tests that stop, pause and kill it. Says `leading` and `standing by` on its
 * standard output whenever that changes.
 */
import { startDistribution } from '../../src/distribution/index.ts'
import { openDatabase, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from './database.ts'
import { openCentre } from './routing.ts'

const config = readConfig({ ...process.env, ROLES: 'router' })
const house = await openHouse(await openDatabase(config), config, systemClock)
const distribution = startDistribution(house, openCentre)
let said = ''
setInterval(() => {
  const say = distribution.isLeader() ? 'leading' : 'standing by'
  if (say !== said) process.stdout.write(`${say}\n`)
  said = say
}, 5)
process.on('SIGTERM', () => {
  distribution.close().then(() => process.exit(0))
})
