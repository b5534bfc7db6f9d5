/** What incidents do by the clock, and as soon as somebody has answered tickets together. */
import { type House, isOneOf } from '../platform/index.ts'
import { answerWaiting } from './answering.ts'
import { incidentAnsweringBegun } from './events.ts'
import { proposeIncidents } from './proposals.ts'

/** Begins to answer what waits, in a process with the role `worker`, and says who looks for what is out of the usual. Call it before the jobs start. */
export async function startIncidents(house: House): Promise<{ close(): Promise<void> }> {
  // What a killed worker has left is found by the clock.
  house.jobs.schedule('incidents.answer', '* * * * *', () => answerWaiting(house))
  house.jobs.schedule('incidents.propose', '* * * * *', async () => {
    await proposeIncidents(house)
  })
  if (!house.config.ROLES.includes('worker')) return { close: async () => {} }
  let isClosed = false
  let running = Promise.resolve()
  const run = () => {
    running = running
      .then(() => answerWaiting(house, () => !isClosed))
      .catch((error: unknown) =>
        house.log.warn({ err: error }, 'incidents: tickets could not be answered; it will be tried again within a minute'),
      )
  }
  const stopFollowing = await house.tail.follow(entries => {
    if (entries.some(entry => isOneOf(entry, [incidentAnsweringBegun]))) run()
  })
  return {
    async close() {
      isClosed = true
      stopFollowing()
      await running
    },
  }
}
