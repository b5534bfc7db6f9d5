/** What the agenda does by the clock. */
import type { House } from '../platform/index.ts'
import { sweepHolds } from './holds.ts'

/** Says who removes what is left of old holds. Call it before the jobs start. */
export function startAgenda(house: House): void {
  house.jobs.schedule('agenda.sweep', '7 * * * *', async () => {
    await sweepHolds(house)
  })
}
