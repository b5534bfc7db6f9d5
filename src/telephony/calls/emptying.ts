/**
 * Emptying the states of calls that ended under earlier releases: in the background, a few hundred at a time, each batch a transaction. When
 * none is left, a look costs one step into an empty index.
 */
import type { House } from '../../platform/index.ts'
import { emptyStates } from '../store.ts'

const batchSize = 500
/** One run of the job takes so long at most; the next goes on. */
const runMs = 20_000

/** Notes the emptying among the jobs. */
export function scheduleEmptying(house: House): void {
  house.jobs.schedule('telephony.empty-states', '* * * * *', async () => {
    const until = house.clock.now() + runMs
    while ((await emptyStates(house.database.kysely, batchSize)) === batchSize && house.clock.now() < until);
  })
}
