/**
 * As what somebody acts on a ticket. An operator who is also a member of the section that shares its tickets out has both in one place:
 * a call interrupts the ticket, and the ticket goes on after it. So on a ticket of that section such an operator acts as the member. What a
 * member may do, the policy says.
 */
import { can, membersOfUnits, rolesWhich } from '../identity/index.ts'
import type { Db, PersonActor } from '../platform/index.ts'
import type { TicketWithCase } from './store.ts'

const [member] = rolesWhich('work.receive')

type Placed = Pick<TicketWithCase, 'unit_id' | 'unit_path'>

/** The actor as the policy is to judge. Index: assignment_by_territory. */
export const actingOn = async (db: Db, actor: PersonActor, ticket: Placed): Promise<PersonActor> =>
  (await actingOnAny(db, actor, [ticket]))(ticket)

/** The same for several tickets, of which each is asked about afterwards. */
export async function actingOnAny(
  db: Db,
  actor: PersonActor,
  tickets: readonly Placed[],
): Promise<(ticket: Placed) => PersonActor> {
  if (member === undefined || !can(actor, 'desk.work')) return () => actor
  const members = await membersOfUnits(db, { paths: [...new Set(tickets.map(ticket => ticket.unit_path))], roles: [member] })
  const own = new Set(members.flatMap(each => (each.id === actor.personId ? each.unitPath : [])))
  return ticket =>
    own.has(ticket.unit_path) ? { ...actor, role: member, unitId: ticket.unit_id, unitPath: ticket.unit_path } : actor
}
