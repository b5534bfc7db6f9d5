/**
 * A program of its own with the role `router`: for the tests that stop, pause and kill it. Says `leading` and `standing by` on its
 * standard output whenever that changes.
 *
 * `CLOCK_AHEAD_MS` puts the clock of its machine wrong by so much; the signal SIGUSR2 sets it right.
 */
import { startDistribution } from '../../src/distribution/index.ts'
import { guidedClock, openDatabase, readConfig } from '../../src/platform/index.ts'
import { openHouse } from './database.ts'
import { openCentre } from './routing.ts'

const right = Date.now
const wrongMs = Number(process.env.CLOCK_AHEAD_MS ?? 0)
Date.now = () => right() + wrongMs
process.on('SIGUSR2', () => {
  Date.now = right
})

const config = readConfig({ ...process.env, ROLES: 'router' })
const house = await openHouse(await openDatabase(config), config, guidedClock())
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
