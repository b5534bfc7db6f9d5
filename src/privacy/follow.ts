/** What is erased when its time is over, some at a time, so that nobody waits for it and nothing runs away. */
import { eraseMarked, type House, inTransaction, system, workThrough } from '../platform/index.ts'
import { eraseThese, goOnWith } from './service.ts'
import { casesDue, requestsToLookAt } from './store.ts'

/** Of one turn. */
const casesOfTurn = 100
const requestsOfTurn = 20

/** One turn: people who have asked and can be erased further, then cases whose time is over. Returns how many of each. */
export async function eraseWhatIsDue(house: House): Promise<{ requests: number; cases: number }> {
  const db = house.database.kysely
  const now = () => new Date(house.clock.now())
  const requests = await workThrough(house, {
    ...{ what: 'privacy.erase', most: requestsOfTurn },
    read: except => requestsToLookAt(db, now(), { except, limit: requestsOfTurn }),
    idOf: contactId => contactId,
    act: async contactId => {
      await goOnWith(house, system('erasure'), contactId)
      return true
    },
  })
  const cases = await workThrough(house, {
    ...{ what: 'privacy.erase', most: casesOfTurn },
    read: except => casesDue(db, now(), { except, limit: casesOfTurn }),
    idOf: ({ id }) => id,
    act: async one => (await inTransaction(house, system('erasure'), work => eraseThese(work, [one], 'time'))) > 0,
  })
  return { requests, cases }
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
