/**
 * Deadlines computed anew, because a week, a closure or a target has changed: in batches in the background, from the first open ticket to the last. How far
 * it has come is written with each batch, so whoever goes on after a kill does none twice.
 */
import { unitClosureCancelled, unitClosureDecided, unitHoursChanged, unitOf } from '../../organisation/index.ts'
import {
  type Entry,
  type House,
  inSavepoint,
  inTransaction,
  isPassing,
  onItsOwn,
  payloadOf,
  system,
  type Work,
} from '../../platform/index.ts'
import { adoptDeadlines, DeadlineFacts, renewDeadlines } from './service.ts'
import { deadlineRows, insertRecompute, lockOpenTickets, moveRecompute, openTicketsAfter, takeRecompute } from './store.ts'

const batchSize = 200
/** One run of the job takes so long at most; the next goes on. */
const runMs = 20_000

/** What changes the calendar of a unit and of those below it. */
export const changesOfCalendars = [unitHoursChanged, unitClosureDecided, unitClosureCancelled]

/** Hears that a calendar has changed. */
export async function followCalendars(work: Work, entry: Entry): Promise<void> {
  const changed =
    payloadOf(unitHoursChanged, entry) ?? payloadOf(unitClosureDecided, entry) ?? payloadOf(unitClosureCancelled, entry)
  const unit = changed && (await unitOf(work.tx, changed.unitId))
  if (unit) await insertRecompute(work.tx, { id: work.ids(), asked_at: work.now, unit_path: unit.path })
}

/**
 * Computes one batch: all of it or nothing. Returns whether there was something to do.
 * @param given `each`: what cannot be done for one ticket is logged, and its deadlines stay as they are
 */
export async function recomputeBatch(house: House, size = batchSize, { each = false } = {}): Promise<boolean> {
  return inTransaction(house, system('cases'), async work => {
    const change = await takeRecompute(work.tx)
    if (!change) return false
    const tickets = await openTicketsAfter(work.tx, change.done_up_to, size)
    const facts = new DeadlineFacts(work.tx)
    const concerned = tickets.filter(ticket => ticket.unit_path.startsWith(change.unit_path)).map(({ id }) => id)
    const known = new Set((await deadlineRows(work.tx, concerned)).map(row => row.ticket_id))
    for (const ticket of await lockOpenTickets(work.tx, concerned)) {
      const compute = () =>
        known.has(ticket.id) ? renewDeadlines(work.tx, ticket, facts) : adoptDeadlines(work.tx, ticket, work.now, facts)
      if (each) await onItsOwn(house, 'cases.deadlines-anew', { ticket: ticket.id }, () => inSavepoint(work.tx, compute))
      else await compute()
    }
    const last = tickets.length < size ? undefined : tickets.at(-1)
    await moveRecompute(work.tx, change.id, last?.id ?? null)
    return true
  })
}

/** Computes the next batch, without those of its tickets for which it cannot be done. Returns whether there was something to do. */
export async function recomputeNext(house: House, size = batchSize): Promise<boolean> {
  try {
    return await recomputeBatch(house, size)
  } catch (error) {
    if (isPassing(error)) throw error
    return recomputeBatch(house, size, { each: true })
  }
}

/** Notes the computing among the jobs. */
export function scheduleRecompute(house: House): void {
  house.jobs.schedule('cases.deadlines-anew', '* * * * *', async () => {
    const until = house.clock.now() + runMs
    while ((await recomputeNext(house)) && house.clock.now() < until);
  })
}
