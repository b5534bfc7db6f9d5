/**
 * Roles that wait for a second administrator.
 *
 *   asked for ──another administrator confirms──▶ the assignment holds, and its person is told
 *       └── declined, or taken back ──▶ gone; the journal knows of it
 */
import { unitsOf } from '../organisation/index.ts'
import {
  type Actor,
  type Db,
  type House,
  type Language,
  must,
  notFound,
  sentence,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { assignmentDeclined } from './events.ts'
import type { AssignmentRequest } from './model.ts'
import { deleteRequest, readRequests } from './pending-store.ts'
import { mayAdminister, mayConfirm } from './policy.ts'
import type { AssignmentRequestTable } from './tables.ts'

/** The requests about one person, or all, oldest first. */
export async function requestViews(db: Db, actor: Actor, language: Language, personId?: string): Promise<AssignmentRequest[]> {
  const rows = await readRequests(db, personId)
  const units = rows.length === 0 ? [] : await unitsOf(db, { ids: [...new Set(rows.map(row => row.unit_id))] })
  const names = new Map(units.map(unit => [unit.id, unit.name]))
  return rows.map(row => {
    const verdict = mayConfirm(actor, { personId: row.person_id, askedBy: row.asked_by })
    return {
      assignmentId: row.id,
      role: row.role,
      unitId: row.unit_id,
      unitName: names.get(row.unit_id) ?? row.unit_id,
      unitPath: row.unit_path,
      person: { id: row.person_id, name: row.name },
      from: row.starts_at.toISOString(),
      until: row.ends_at?.toISOString() ?? null,
      askedBy: row.asked_by_name,
      askedAt: row.asked_at.toISOString(),
      confirm: { allowed: verdict.allowed, sentence: verdict.allowed ? null : sentence(language, verdict.code) },
    }
  })
}

/** All that waits. @throws Refused 403 */
export async function openRequests(house: House, actor: Actor, language: Language): Promise<AssignmentRequest[]> {
  must(mayAdminister(actor))
  return requestViews(house.database.kysely, actor, language)
}

/** Takes the request away and answers it, in the caller's transaction. @throws Refused 404 when it is not there, or no longer */
export async function takeRequest({ tx }: Work, id: string): Promise<AssignmentRequestTable> {
  const taken = await deleteRequest(tx, id)
  if (!taken) throw notFound('assignment')
  return taken
}

/** The role is not given. Whoever asked for it may take it back in the same way. */
export const declineRequest = useCase(async (work: Work, id: string): Promise<void> => {
  must(mayAdminister(work.actor))
  const { person_id, role, unit_id, unit_path } = await takeRequest(work, id)
  await work.journal(
    assignmentDeclined,
    { assignmentId: id, role, unitId: unit_id },
    { person: person_id, units: unitsIn(unit_path) },
  )
})
