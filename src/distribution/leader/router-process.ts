/** The router's own process: `router.ts` starts it, and it distributes the calls until it is told to stop. */
import { guidedClock, openDatabase, openTail, systemClock, uuids, work } from '../../platform/index.ts'
import { type RouterSettings, stateOf } from './router.ts'
import { ownCentre, startDistribution } from './start.ts'

work<RouterSettings>('router', async ({ config, clockAheadMs }, log) => {
  const database = await openDatabase(config)
  const clock = clockAheadMs === null ? guidedClock() : { ...systemClock, now: () => Date.now() + clockAheadMs }
  const tail = await openTail(database, clock, log)
  let changed = () => {}
  const distribution = startDistribution({ config, database, tail, clock, ids: uuids(clock), log }, ownCentre, () => changed())
  return {
    state: () => stateOf(distribution),
    watch(tell) {
      changed = tell
    },
    async close() {
      await distribution.close()
      await tail.close()
      await database.close()
    },
  }
})
