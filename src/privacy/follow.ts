/** What is erased when its time is over, some at a time, so that nobody waits for it and nothing runs away. */
import { eraseMarked, type House, inTransaction, system } from '../platform/index.ts'
import { eraseThese, goOnWith } from './service.ts'
import { casesDue, requestsToLookAt } from './store.ts'

/** Of one turn. */
const casesOfTurn = 100
const requestsOfTurn = 20

/** One turn: people who have asked and can be erased further, then cases whose time is over. Returns how many of each. */
export async function eraseWhatIsDue(house: House): Promise<{ requests: number; cases: number }> {
  const db = house.database.kysely
  const requests = await requestsToLookAt(db, new Date(house.clock.now()), requestsOfTurn)
  for (const contactId of requests) await goOnWith(house, system('erasure'), contactId)
  const cases = await casesDue(db, new Date(house.clock.now()), casesOfTurn)
  if (cases.length > 0) await inTransaction(house, system('erasure'), work => eraseThese(work, cases, 'time'))
  return { requests: requests.length, cases: cases.length }
}

/** Notes the erasing among the jobs: what is due every ten minutes, entries of the journal every minute. What a program that died had begun goes on there. */
export function startPrivacy(house: House): void {
  house.jobs.schedule('privacy.erase', '*/10 * * * *', async () => {
    await eraseWhatIsDue(house)
  })
  house.jobs.schedule('privacy.journal', '* * * * *', async () => {
    await eraseMarked(house)
  })
}
