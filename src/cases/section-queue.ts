/**
 * Tickets in the queue of their section, where the section shares them out instead of leaving them in a pool.
 *
 *   pool ──queued──▶ queue ──offered──▶ card ──claimed (policy)──▶ in hand ──answered, forwarded, closed──▶ left
 *                     ▲                                             │
 *                     └────── given back · member signed out ───────┘
 *
 * What a ticket is, is decided here and in `policy.ts` alone; the leader only proposes. So each change says to the leader where the ticket
 * stands, in the same transaction, and a ticket is claimed by hand in both modes.
 */
import {
  comesBackBoundMs,
  isDistributed,
  type Sharing,
  setSharing,
  sharingOf,
  workDeclined,
  workLeft,
  workQueued,
  workReleased,
  workTaken,
  writtenWorks,
} from '../distribution/index.ts'
import {
  type CheckedEntry,
  checkEntry,
  must,
  notFound,
  payloadOf,
  Refused,
  unitsIn,
  useCase,
  type Work,
  writeEntries,
  writtenOf,
} from '../platform/index.ts'
import { ticketReleased } from './events.ts'
import { unitFacts } from './places.ts'
import { maySetSharing } from './policy.ts'
import { scopeOf } from './service.ts'
import { lockTicket, poolOf, readTicket, type TicketWithCase, updateTicket } from './store.ts'
import { lastEntryOfCase } from './ticket-store.ts'

/** What the queue has to know of a ticket. */
export type QueuedTicket = Pick<TicketWithCase, 'id' | 'case_id' | 'unit_id' | 'unit_path' | 'opened_at' | 'kind'>

/** The ticket waits for somebody of its section: for who had it first, when it comes back. Does nothing where there is a pool. */
export async function enterQueue(work: Work, ticket: QueuedTicket, hadIt: string | null = null): Promise<void> {
  if (await isShared(work, ticket)) await queue(work, ticket, hadIt)
}

/** Somebody has the ticket in hand. */
export async function takeFromQueue(work: Work, ticket: QueuedTicket, personId: string): Promise<void> {
  if (await isShared(work, ticket))
    await work.journal(workTaken, { work: ticket.id, agent: personId }, { ...subjectsOf(ticket), person: personId })
}

/** Nothing is to be done about the ticket for now. */
export async function leaveQueue(work: Work, ticket: QueuedTicket, reason: string): Promise<void> {
  if (await isShared(work, ticket)) await leave(work, ticket, reason)
}

/** Whether the section of the ticket shares its tickets out. IT groups do not. */
export const isShared = async (work: Work, { kind, unit_id }: QueuedTicket): Promise<boolean> =>
  kind === 'linea' && (await isDistributed(work.tx, unit_id))

const queue = (work: Work, ticket: QueuedTicket, hadIt: string | null) =>
  work.journal(workQueued, queuedWorkOf(ticket, hadIt), subjectsOf(ticket))

const queuedWorkOf = (ticket: QueuedTicket, hadIt: string | null) => ({
  work: ticket.id,
  kind: 'ticket' as const,
  sectionId: ticket.unit_id,
  priority: 0,
  waitingSince: ticket.opened_at.toISOString(),
  ...(hadIt === null ? {} : { preferred: { agents: [hadIt], boundMs: comesBackBoundMs } }),
})

const leave = (work: Work, ticket: QueuedTicket, reason: string) =>
  work.journal(workLeft, { work: ticket.id, reason }, subjectsOf(ticket))

const subjectsOf = (ticket: QueuedTicket) => ({ case: ticket.case_id, units: unitsIn(ticket.unit_path) })

// --- what is offered ------------------------------------------------------------------------------------------------

/** "Not now": the ticket goes on to a colleague. An offer that is over by now is ignored. */
export const declineOffer = useCase(async (work, { ticketId }: { ticketId: string }): Promise<null> => {
  const { actor } = work
  if (!(await readTicket(work.tx, ticketId, scopeOf(actor)))) throw notFound('ticket')
  const offered = (await writtenWorks(work.tx, [ticketId])).get(ticketId)
  if (actor.kind !== 'person' || offered?.state !== 'offered' || offered.personId !== actor.personId) return null
  const { offer } = offered
  const ticket = await lockTicket(work.tx, ticketId, { all: true })
  if (offer === null || !ticket) return null
  await work.journal(
    workDeclined,
    { work: ticketId, offer, agent: actor.personId },
    { ...subjectsOf(ticket), person: actor.personId },
  )
  return null
})

/**
 * A member has signed out, and the leader has put the ticket back into the queue: it is in the pool again. Whoever comes first does it, the
 * follower of the journal or a colleague who claims it. Returns the ticket as it is then.
 */
export async function putBackReleased(work: Work, ticket: TicketWithCase): Promise<TicketWithCase> {
  if (ticket.state !== 'claimed' && ticket.state !== 'returned') return ticket
  // The last word counts: who was signed out may have taken it again.
  const words = [workReleased.type, workTaken.type, workLeft.type, workQueued.type]
  const last = await lastEntryOfCase(work.tx, ticket.case_id, words)
  const released = last && payloadOf(workReleased, writtenOf(last))
  if (!released || released.work !== ticket.id || released.agent !== ticket.claimed_by) return ticket
  const { work: ticketId, agent } = released
  await updateTicket(work.tx, ticket.id, { state: 'pool', claimed_by: null, claimed_by_name: null })
  await work.journal(ticketReleased, { ticketId }, { ...subjectsOf(ticket), contact: ticket.contact_id, person: agent })
  return { ...ticket, state: 'pool', claimed_by: null, claimed_by_name: null }
}

// --- how a section shares -------------------------------------------------------------------------------------------

/** So many entries are written in one statement at most. */
const batchSize = 5_000

/** The entry that puts a ticket into the queue of its section, or takes it out. */
function entryOf({ actor, now }: Work, ticket: QueuedTicket, distributed: boolean): CheckedEntry {
  const said = { subjects: subjectsOf(ticket), actor, at: now.getTime() }
  return distributed
    ? checkEntry({ type: workQueued, payload: queuedWorkOf(ticket, null), ...said })
    : checkEntry({ type: workLeft, payload: { work: ticket.id, reason: 'pool' }, ...said })
}

/**
 * How a section of a regional centre shares out its tickets.
 * @throws Refused 422 for another unit, 403 for who may not say so, 412 when somebody has changed it since `version`
 */
export const changeSharing = useCase(
  async (work, { sectionId, version, ...sharing }: Sharing & { sectionId: string; version?: number }): Promise<Sharing> => {
    const section = await unitFacts(work.tx, sectionId)
    if (section?.kind !== 'cric-section') throw new Refused('cases.unitUnknown', { field: 'sectionId' }, 422)
    must(maySetSharing(work.actor, section))
    const before = await setSharing(work, section, sharing, version)
    if (before.mode === sharing.mode) return sharingOf(work.tx, sectionId)
    const tickets = await poolOf(work.tx, sectionId)
    const distributed = sharing.mode === 'distributed'
    const moved = distributed ? tickets.filter(({ state }) => state === 'pool') : tickets
    // A section may have thousands: they are said together, not one by one.
    for (let from = 0; from < moved.length; from += batchSize)
      await writeEntries(
        work.tx,
        moved.slice(from, from + batchSize).map(ticket => entryOf(work, ticket, distributed)),
      )
    return sharingOf(work.tx, sectionId)
  },
)
