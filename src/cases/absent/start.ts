/** The jobs by which tickets leave who is away, and by which moves that can be undone no longer, and absences of long ago, are forgotten. */
import { absenceEntered } from '../../distribution/events.ts'
import { forgetOldAbsences } from '../../distribution/index.ts'
import { type Entry, type House, isOneOf, type Work } from '../../platform/index.ts'
import { absenceRuleSet } from '../events.ts'
import { forgetOldMoves } from '../moves/service.ts'
import { returnTicketsOfAbsent } from './service.ts'

const queue = 'cases.absent'

/** Notes the jobs: each minute, for absences begin and hours pass by the clock. */
export function scheduleAbsent(house: House): void {
  house.jobs.schedule(queue, '* * * * *', async () => {
    await returnTicketsOfAbsent(house)
  })
  house.jobs.schedule('cases.moves', '*/10 * * * *', () => forgetOldMoves(house))
  house.jobs.schedule('cases.absences', '41 3 * * *', () => forgetOldAbsences(house))
}

/** What may let tickets go back at once. */
export const heardForAbsent = [absenceEntered, absenceRuleSet] as const

/** Hears of an absence or of a rule: the job looks after it without waiting for its minute. */
export async function followAbsence(work: Work, entry: Entry): Promise<void> {
  if (isOneOf(entry, heardForAbsent)) await work.house.jobs.send(work.tx, queue, {})
}
