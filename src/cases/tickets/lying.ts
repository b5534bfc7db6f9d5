/** How a list of open tickets lies in time, for the bars above it. */
import { can } from '../../identity/index.ts'
import { type Actor, actingPerson, boundsOf, dayAt, type House } from '../../platform/index.ts'
import type { TicketDeadlines, TicketState, TicketView } from '../model.ts'
import { scopeOf } from '../service.ts'
import { type DeadlineCounts, deadlinesOf, maxCounted } from '../store.ts'
import { directorateStates, placeOf, statesOf } from './lists.ts'

/** Nobody's list has nothing in it. */
const noTickets: DeadlineCounts = {
  due: { late: 0, today: 0, tomorrow: 0, later: 0 },
  age: { day: 0, threeDays: 0, week: 0, older: 0 },
}

/** What a member has in charge. */
const inCharge: readonly TicketState[] = ['claimed', 'forwarded', 'returned', 'answered']

/**
 * How a list of open tickets lies in time: when they are due, how old they are.
 * @throws Refused as `ticketList`
 */
export async function ticketDeadlines(
  house: House,
  actor: Actor,
  query: { view: Exclude<TicketView, 'closed'>; sectionId?: string | undefined },
): Promise<TicketDeadlines> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const scope = scopeOf(actor)
  const now = house.clock.now()
  const timeZone = house.config.TIME_ZONE
  const tomorrow = boundsOf(timeZone, dayAt(timeZone, now))[1]
  const moments = {
    now: new Date(now),
    tomorrow: new Date(tomorrow),
    dayAfter: new Date(boundsOf(timeZone, dayAt(timeZone, tomorrow))[1]),
  }
  const place =
    query.view === 'mine'
      ? { column: 'claimed_by' as const, value: person.personId }
      : await placeOf(db, person, scope, query.sectionId)
  const states = query.view === 'mine' ? inCharge : (can(person, 'tickets.advise') ? directorateStates : statesOf)[query.view]
  const counts = place ? await deadlinesOf(db, place, states, scope, moments) : noTickets
  return { ...counts, atMost: maxCounted }
}
