/**
 * Asks to give a person a role in a unit. It holds when a second administrator has confirmed it; what the program itself gives, holds at once.
 * @throws Refused 403 for oneself · 422 when the unit does not exist, the role does not exist in such a unit, or the end is not after the
 *         beginning · 409 when the person has it already at that time, or it has been asked for
 */
import { must, notFound, type PersonActor, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import { keepsAccounts, roleFitsUnit } from './capabilities.ts'
import { endsNow } from './conversations.ts'
import { assignmentAsked, assignmentChanged, assignmentEnded, assignmentMade } from './events.ts'
import { type AssignmentRecord, Ending, NewAssignment, type Person } from './model.ts'
import { notify } from './notices.ts'
import { insertRequest, isRequested } from './pending-store.ts'
import { mayAdminister, mayConfirm, mayGiveTo } from './policy.ts'
import { takeRequest } from './requests.ts'
import { keepAnAdministrator, needPerson, needUnitOfAssignment, viewOf } from './service.ts'
import { assignmentPlaceOf, endSessions } from './sessions.ts'
import { type AssignmentRow, assignmentsSince, insertAssignment, lockAssignment, setAssignmentEnd } from './store.ts'

export const assign = useCase(
  async (work: Work, { personId, assignment }: { personId: string; assignment: NewAssignment }): Promise<Person> => {
    const { actor } = work
    must(mayAdminister(actor))
    must(mayGiveTo(actor, personId))
    const { role, unitId, until, from } = NewAssignment.parse(assignment)
    await needPerson(work, personId)
    const unit = await needUnitOfAssignment(work.tx, unitId)
    if (!roleFitsUnit(role, unit.kind)) throw new Refused('identity.roleNotThere', { role, unit: unit.name }, 422)
    const held: AssignmentRecord = {
      id: work.ids(),
      role,
      unitId,
      unitPath: unit.path,
      from: from === undefined ? work.now : new Date(from),
      until: until === null ? null : new Date(until),
    }
    if (held.until && held.until <= held.from) throw new Refused('identity.endBeforeBeginning', {}, 422)
    await refuseSame(work, personId, held, unit.name)
    if (actor.kind === 'person') await ask(work, actor, personId, held, unit.name)
    else await give(work, personId, held, unit.name)
    return viewOf(work.tx, await needPerson(work, personId), work.now, actor)
  },
)

/** A second administrator confirms a role: it holds from now on, or from its day. @throws Refused 404, 403, 409, 422 */
export const confirmAssignment = useCase(async (work: Work, id: string): Promise<Person> => {
  must(mayAdminister(work.actor))
  const row = await takeRequest(work, id)
  must(mayConfirm(work.actor, { personId: row.person_id, askedBy: row.asked_by }))
  await needPerson(work, row.person_id)
  const unit = await needUnitOfAssignment(work.tx, row.unit_id)
  const held: AssignmentRecord = {
    id,
    role: row.role,
    unitId: unit.id,
    unitPath: unit.path,
    // Nobody has had it before it was confirmed.
    from: new Date(Math.max(row.starts_at.getTime(), work.now.getTime())),
    until: row.ends_at,
  }
  if (!roleFitsUnit(held.role, unit.kind)) throw new Refused('identity.roleNotThere', { role: held.role, unit: unit.name }, 422)
  if (held.until && held.until <= held.from) throw new Refused('identity.endBeforeBeginning', {}, 422)
  await refuseSame(work, row.person_id, held, unit.name)
  await give(work, row.person_id, held, unit.name, { id: row.asked_by, name: row.asked_by_name })
  return viewOf(work.tx, await needPerson(work, row.person_id), work.now, work.actor)
})

async function refuseSame(work: Work, personId: string, held: AssignmentRecord, unitName: string): Promise<void> {
  const others = await assignmentsSince(work.tx, personId, held.from)
  const same = others.find(
    other => other.role === held.role && other.unit_id === held.unitId && (!held.until || other.starts_at < held.until),
  )
  if (same) throw new Refused('identity.alreadyAssigned', { unit: unitName })
}

const entryOf = (held: AssignmentRecord, unitName: string) => ({
  assignmentId: held.id,
  role: held.role,
  unitId: held.unitId,
  unitName,
  from: held.from.toISOString(),
  until: held.until?.toISOString() ?? null,
})

async function ask(work: Work, actor: PersonActor, personId: string, held: AssignmentRecord, unitName: string): Promise<void> {
  if (await isRequested(work.tx, personId, held)) throw new Refused('identity.alreadyAsked', { unit: unitName })
  await insertRequest(work.tx, personId, held, { askedBy: actor, at: work.now })
  await work.journal(assignmentAsked, entryOf(held, unitName), { person: personId, units: unitsIn(held.unitPath) })
}

async function give(
  work: Work,
  personId: string,
  held: AssignmentRecord,
  unitName: string,
  askedBy?: { id: string; name: string },
): Promise<void> {
  await insertAssignment(work.tx, personId, held)
  await work.journal(
    assignmentMade,
    { ...entryOf(held, unitName), ...(askedBy ? { askedBy: askedBy.id } : {}) },
    { person: personId, units: unitsIn(held.unitPath) },
  )
  await notify(work, personId, 'role-given', { role: held.role, unit: unitName, askedBy: askedBy?.name ?? '' })
}

/**
 * Ends an assignment: sessions under it are over.
 * @throws Refused 409 for the last administrator, and when the person is talking to a citizen and it was not said what is to become of that
 */
export const unassign = useCase(
  async (
    work: Work,
    { personId, assignmentId, ...ending }: { personId: string; assignmentId: string } & Partial<Ending>,
  ): Promise<Person> => {
    must(mayAdminister(work.actor))
    const person = await needPerson(work, personId)
    const held = await needAssignment(work, personId, assignmentId)
    if ((!held.ends_at || held.ends_at > work.now) && (await endsNow(work, { person, assignmentId }, Ending.parse(ending)))) {
      if (keepsAccounts(held.role)) await keepAnAdministrator(work, { assignmentId })
      // One that has not begun never was: its end is its beginning.
      await setAssignmentEnd(work.tx, assignmentId, new Date(Math.max(held.starts_at.getTime(), work.now.getTime())))
      await work.journal(assignmentEnded, assignmentPlaceOf(held), { person: personId, units: unitsIn(held.unit_path) })
      const unit = await needUnitOfAssignment(work.tx, held.unit_id)
      await notify(work, personId, 'role-ended', { role: held.role, unit: unit.name })
      await endSessions(work, { assignmentId }, 'assignment-ended')
    }
    return viewOf(work.tx, await needPerson(work, personId), work.now, work.actor)
  },
)

/** Sets the day on which an assignment ends, or takes it away. @throws Refused 422 when it is not in the future · 409 when it has ended */
export const limitAssignment = useCase(
  async (
    work: Work,
    { personId, assignmentId, until }: { personId: string; assignmentId: string; until: string | null },
  ): Promise<Person> => {
    must(mayAdminister(work.actor))
    await needPerson(work, personId)
    const held = await needAssignment(work, personId, assignmentId)
    if (held.ends_at && held.ends_at <= work.now) throw new Refused('identity.assignmentOver')
    const end = until === null ? null : new Date(until)
    if (held.ends_at && (!end || end > held.ends_at)) must(mayGiveTo(work.actor, personId))
    if (end && (end <= work.now || end <= held.starts_at)) throw new Refused('identity.endNotInFuture', {}, 422)
    if (end && keepsAccounts(held.role)) await keepAnAdministrator(work, { assignmentId })
    await setAssignmentEnd(work.tx, assignmentId, end)
    await work.journal(
      assignmentChanged,
      { ...assignmentPlaceOf(held), until: end?.toISOString() ?? null },
      { person: personId, units: unitsIn(held.unit_path) },
    )
    return viewOf(work.tx, await needPerson(work, personId), work.now, work.actor)
  },
)

async function needAssignment({ tx }: Work, personId: string, assignmentId: string): Promise<AssignmentRow> {
  const held = await lockAssignment(tx, personId, assignmentId)
  if (!held) throw notFound('assignment')
  return held
}
