/**
 * As what somebody acts on a ticket. Who takes calls and is also a member of the section that shares its tickets out has both in one place:
 * a call interrupts the ticket, and the ticket goes on after it. So on a ticket of that section such an operator acts as the member. What a
 * member may do, the policy says.
 */
import { membersOfUnits } from '../identity/index.ts'
import type { Db, PersonActor } from '../platform/index.ts'
import type { TicketWithCase } from './store.ts'

const takingCalls = ['operator', 'switchboard']
const member = 'cric_member'

/** The actor as the policy is to judge. Index: assignment_by_territory. */
export async function actingOn(
  db: Db,
  actor: PersonActor,
  ticket: Pick<TicketWithCase, 'unit_id' | 'unit_path'>,
): Promise<PersonActor> {
  if (!takingCalls.includes(actor.role)) return actor
  const members = await membersOfUnits(db, { paths: [ticket.unit_path], roles: [member] })
  const isMember = members.some(each => each.id === actor.personId)
  return isMember ? { ...actor, role: member, unitId: ticket.unit_id, unitPath: ticket.unit_path } : actor
}
