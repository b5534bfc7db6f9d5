/** What the agenda does by the clock. */
import type { House } from '../platform/index.ts'
import { sweepHolds } from './holds.ts'
import { sendReminders } from './reminders/remind.ts'
import { offerFreedTimes } from './waiting/offering.ts'

/** Says who removes what is left of old holds, who reminds citizens, and who offers freed times. Call it before the jobs start. */
export function startAgenda(house: House): void {
  house.jobs.schedule('agenda.sweep', '7 * * * *', async () => {
    await sweepHolds(house)
  })
  house.jobs.schedule('agenda.remind', '* * * * *', async () => {
    await sendReminders(house)
  })
  house.jobs.schedule('agenda.offer', '* * * * *', async () => {
    await offerFreedTimes(house)
  })
}
