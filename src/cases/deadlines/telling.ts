/**
 * What is told of deadlines, each once: who has the ticket is warned; when it is late its coordinator is told, and then the director. What is told of the
 * deadline of a central directorate, the directorate hears too.
 *
 * The worker reads by index only what is to be told by now. How far a deadline was told is written with the entry that tells it, so a worker that dies has
 * told all of a deadline or nothing of it, and two workers never have the same one.
 */
import { type House, inTransaction, system, unitsIn, type Work, workThrough } from '../../platform/index.ts'
import { ticketEscalated, ticketLate, ticketWarned } from '../events.ts'
import { readTicket } from '../store.ts'
import { nextTelling, tellingsDue } from './policy.ts'
import { type DeadlineKey, deadlinesToTell, lockDeadlineToTell, setTold } from './store.ts'
import type { TicketDeadlineRow } from './tables.ts'

const batchSize = 100

/** By what each is told. */
export const tellingEntries = { warned: ticketWarned, coordinator: ticketLate, director: ticketEscalated }

/** Tells what is to be told by now, each deadline in a transaction of its own. Returns how many deadlines that were. */
export const tellDeadlines = (house: House): Promise<number> =>
  workThrough(house, {
    what: 'cases.deadlines',
    read: except => deadlinesToTell(house.database.kysely, new Date(house.clock.now()), { except, limit: batchSize }),
    idOf: ({ ticket_id, kind }) => `${ticket_id} ${kind}`,
    act: key => inTransaction(house, system('cases'), work => tellNext(work, key)),
  })

/** Returns whether something was told: who comes second finds nothing left. */
async function tellNext(work: Work, key: DeadlineKey): Promise<boolean> {
  const row = await lockDeadlineToTell(work.tx, key, work.now)
  if (row) await tellOne(work, row)
  return row !== undefined
}

async function tellOne(work: Work, row: TicketDeadlineRow): Promise<void> {
  const ticket = await readTicket(work.tx, row.ticket_id, { all: true })
  if (!ticket) return
  const { tell, told } = tellingsDue(row, work.now)
  const subjects = {
    case: ticket.case_id,
    contact: ticket.contact_id,
    units: unitsIn(ticket.unit_path, row.kind === 'directorate' ? ticket.directorate_path : null),
  }
  const payload = { ticketId: ticket.id, kind: row.kind, dueAt: (row.due_at ?? work.now).toISOString() }
  for (const what of tell)
    await work.journal(tellingEntries[what], payload, {
      ...subjects,
      person: what === 'warned' ? (ticket.claimed_by ?? undefined) : undefined,
    })
  await setTold(work.tx, row, told, nextTelling({ ...row, told }))
}

/** Notes the telling among the jobs. */
export function scheduleTelling(house: House): void {
  house.jobs.schedule('cases.deadlines', '* * * * *', async () => {
    await tellDeadlines(house)
  })
}
