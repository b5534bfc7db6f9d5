/** What the counters do by the clock. */
import type { House } from '../platform/index.ts'
import { closeDaysBefore } from './desks.ts'

/** Says who ends the days that nobody has ended. Call it before the jobs start. */
export function startCounters(house: House): void {
  house.jobs.schedule('counters.close-days', '40 2 * * *', async () => {
    await closeDaysBefore(house)
  })
}
