/**
 * Tickets of an incident that get one answer together, each in its own channel.
 *
 *   looked at, ticked ──▶ waiting ──worker, one transaction each──┬─▶ sent      the mail waits in the outbox
 *                                                                 ├─▶ to call   in the actor's hand, the text is a draft
 *                                                                 └─▶ left      as it was, and why
 *
 * That a ticket was answered is written in the transaction that answers it: whatever is killed, each is answered once.
 */
import { answerTogether, keepWhy } from '../cases/index.ts'
import {
  actingPerson,
  type House,
  inSavepoint,
  inTransaction,
  isPassing,
  must,
  notFound,
  Refused,
  useCase,
} from '../platform/index.ts'
import { beginAnswering, lockWaiting, nextWaiting, setAnswering, type WaitingAnswer } from './answering-store.ts'
import { incidentAnsweringBegun, incidentTicketAnswered } from './events.ts'
import type { Answering, AnswerTickets } from './model.ts'
import { mayKeepIncident, mayLinkTickets } from './policy.ts'
import { closeIncident, needOwnTickets, noteStep, type OneIncident, ofGroup } from './service.ts'
import { lockIncident } from './store.ts'

/**
 * Answers tickets that were looked at, and closes the incident if that is wished. The answers are given by a worker, on behalf of the actor.
 * @throws Refused 403 for who keeps none; to close, for who does not keep this one · 404 for an incident, or a ticket of elsewhere
 */
export const answerTickets = useCase(
  async (
    work,
    { incidentId, ticketIds, text, close }: OneIncident & AnswerTickets,
  ): Promise<OneIncident & { tickets: number }> => {
    const actor = actingPerson(work.actor)
    must(mayLinkTickets(actor))
    const incident = await lockIncident(work.tx, incidentId)
    if (!incident) throw notFound('incident')
    if (close) must(mayKeepIncident(actor, { state: incident.state, unitPath: incident.unit_path, unitName: incident.unit_name }))
    await needOwnTickets(work, ticketIds)
    const id = work.ids()
    const tickets = await beginAnswering(work.tx, { id, incidentId, text, actor, at: work.now, ticketIds })
    if (tickets > 0) {
      await noteStep(work, incidentId, 'answering', { count: tickets })
      await work.journal(incidentAnsweringBegun, { incidentId, answeringId: id, tickets }, ofGroup(actor))
    }
    if (close) await closeIncident(work, incident)
    return { incidentId, tickets }
  },
)

/** Answers what waits, one ticket after the other. @param goesOn asked before each: false to leave the rest to whoever comes next */
export async function answerWaiting(house: House, goesOn: () => boolean = () => true): Promise<void> {
  while (goesOn() && (await answerNext(house)));
}

/** Answers the next ticket that waits. Returns false when none does. @throws what has nothing to do with the ticket, such as a database that goes away */
export async function answerNext(house: House): Promise<boolean> {
  const next = await nextWaiting(house.database.kysely)
  if (!next) return false
  try {
    await answerOne(house, next)
  } catch (error) {
    if (isPassing(error)) throw error
    house.log.error({ ticket: next.ticket_id, err: error }, 'incidents: a ticket could not be answered')
    await settle(house, next, 'left', keepWhy({ code: 'incidents.failed', values: {} }))
  }
  return true
}

const answerOne = (house: House, next: WaitingAnswer): Promise<void> =>
  inTransaction(house, next.actor, async work => {
    if (!(await lockWaiting(work.tx, next.ticket_id))) return
    try {
      const way = await inSavepoint(work.tx, () => answerTogether(work, { ticketId: next.ticket_id, text: next.text }))
      await setAnswering(work.tx, next.ticket_id, { answering: way === 'send' ? 'sent' : 'to-call', because: null })
      await work.journal(incidentTicketAnswered, entryOf(next, way === 'send' ? 'sent' : 'to-call'), ofGroup(next.actor))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const because = keepWhy({ code: error.code, values: textsOf(error.values) })
      await setAnswering(work.tx, next.ticket_id, { answering: 'left', because })
      await work.journal(incidentTicketAnswered, entryOf(next, 'left'), ofGroup(next.actor))
    }
  })

async function settle(house: House, next: WaitingAnswer, answering: 'left', because: string): Promise<void> {
  await inTransaction(house, next.actor, async work => {
    if (!(await lockWaiting(work.tx, next.ticket_id))) return
    await setAnswering(work.tx, next.ticket_id, { answering, because })
    await work.journal(incidentTicketAnswered, entryOf(next, answering), ofGroup(next.actor))
  })
}

const entryOf = ({ incident_id, ticket_id }: WaitingAnswer, answering: Exclude<Answering, 'waiting'>) => ({
  incidentId: incident_id,
  ticketId: ticket_id,
  answering,
})

/** The values of a sentence, as they are kept with its code. */
const textsOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
