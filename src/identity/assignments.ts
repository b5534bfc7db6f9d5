import { must, notFound, Refused, useCase, type Work } from '../platform/index.ts'
import { assignmentChanged, assignmentEnded, assignmentMade } from './events.ts'
import { NewAssignment, type Person } from './model.ts'
import { fits, mayAdminister } from './policy.ts'
import { keepAnAdministrator, needPerson, needUnit, viewOf } from './service.ts'
import { endSessions, placeOf, unitsIn } from './sessions.ts'
import { type AssignmentRow, assignmentsSince, insertAssignment } from './store.ts'

/**
 * Gives a person a role in a unit.
 * @throws Refused 422 when the unit does not exist, the role does not exist in such a unit, or the end is not after the beginning ·
 *         409 when the person has it already at that time
 */
export const assign = useCase(
  async (work: Work, { personId, assignment }: { personId: string; assignment: NewAssignment }): Promise<Person> => {
    must(mayAdminister(work.actor))
    const { role, unitId, until, from } = NewAssignment.parse(assignment)
    await needPerson(work, personId)
    const unit = await needUnit(work.tx, unitId)
    if (!fits(role, unit.kind)) throw new Refused('identity.roleNotThere', { role, unit: unit.name }, 422)
    const held = {
      id: work.ids(),
      role,
      unitId,
      unitPath: unit.path,
      from: from === undefined ? work.now : new Date(from),
      until: until === null ? null : new Date(until),
    }
    if (held.until && held.until <= held.from) throw new Refused('identity.endBeforeBeginning', {}, 422)
    const others = await assignmentsSince(work.tx, personId, held.from)
    const same = others.find(
      other => other.role === role && other.unit_id === unitId && (!held.until || other.starts_at < held.until),
    )
    if (same) throw new Refused('identity.alreadyAssigned', { unit: unit.name })
    await insertAssignment(work.tx, personId, held)
    await work.journal(
      assignmentMade,
      {
        assignmentId: held.id,
        role,
        unitId,
        unitName: unit.name,
        from: held.from.toISOString(),
        until: held.until?.toISOString() ?? null,
      },
      { person: personId, units: unitsIn(unit.path) },
    )
    return viewOf(work.tx, await needPerson(work, personId), work.now)
  },
)

/** Ends an assignment now: sessions under it are over. @throws Refused 409 for the last administrator */
export const unassign = useCase(
  async (work: Work, { personId, assignmentId }: { personId: string; assignmentId: string }): Promise<Person> => {
    must(mayAdminister(work.actor))
    await needPerson(work, personId)
    const held = await needAssignment(work, personId, assignmentId)
    if (!held.ends_at || held.ends_at > work.now) {
      if (held.role === 'administrator') await keepAnAdministrator(work, { assignmentId })
      // One that has not begun never was: its end is its beginning.
      await setEnd(work, assignmentId, new Date(Math.max(held.starts_at.getTime(), work.now.getTime())))
      await work.journal(assignmentEnded, placeOf(held), { person: personId, units: unitsIn(held.unit_path) })
      await endSessions(work, { assignmentId }, 'assignment-ended')
    }
    return viewOf(work.tx, await needPerson(work, personId), work.now)
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
    if (end && (end <= work.now || end <= held.starts_at)) throw new Refused('identity.endNotInFuture', {}, 422)
    if (end && held.role === 'administrator') await keepAnAdministrator(work, { assignmentId })
    await setEnd(work, assignmentId, end)
    await work.journal(
      assignmentChanged,
      { ...placeOf(held), until: end?.toISOString() ?? null },
      { person: personId, units: unitsIn(held.unit_path) },
    )
    return viewOf(work.tx, await needPerson(work, personId), work.now)
  },
)

async function needAssignment({ tx }: Work, personId: string, assignmentId: string): Promise<AssignmentRow> {
  const held = await tx
    .selectFrom('assignment')
    .selectAll()
    .where('id', '=', assignmentId)
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst()
  if (!held) throw notFound('assignment')
  return held
}

const setEnd = ({ tx }: Work, assignmentId: string, end: Date | null): Promise<unknown> =>
  tx.updateTable('assignment').set({ ends_at: end }).where('id', '=', assignmentId).execute()
