/** What incidents do as soon as something is written: tickets that wait for one answer get it, and what is out of the usual is proposed. */
import { ticketSent } from '../cases/index.ts'
import { type House, isOneOf } from '../platform/index.ts'
import { answerWaiting } from './answering.ts'
import { incidentAnsweringBegun } from './events.ts'
import { proposeIncidents } from './proposals.ts'

/** Tickets that come within this time are looked at together. */
const lookAfterMs = 1_000

/** Begins, in a process with the role `worker`. Call it before the jobs start. */
export async function startIncidents(house: House): Promise<{ close(): Promise<void> }> {
  // What a killed worker has left is found by the clock.
  house.jobs.schedule('incidents.answer', '* * * * *', () => answerWaiting(house))
  if (!house.config.ROLES.includes('worker')) return { close: async () => {} }
  let isClosed = false
  let running = Promise.resolve()
  let cancelLook: (() => void) | undefined
  const run = (work: () => Promise<unknown>) => {
    running = running
      .then(async () => {
        if (!isClosed) await work()
      })
      .catch((error: unknown) => house.log.warn({ err: error }, 'incidents: the work of a moment failed; the next one goes on'))
  }
  const look = () => {
    cancelLook = undefined
    run(() => proposeIncidents(house))
  }
  const stopFollowing = await house.tail.follow(entries => {
    if (entries.some(entry => isOneOf(entry, [incidentAnsweringBegun]))) run(() => answerWaiting(house, () => !isClosed))
    if (entries.some(entry => isOneOf(entry, [ticketSent]))) cancelLook ??= house.clock.after(lookAfterMs, look)
  })
  return {
    async close() {
      isClosed = true
      stopFollowing()
      cancelLook?.()
      await running
    },
  }
}
