/** SQL that changes cases. */
import type { Db } from '../platform/index.ts'
import type { CaseOutcome } from './model.ts'

/** Opens a case again that ended with an answer. Returns whether it did. */
export async function markReopened(db: Db, id: string): Promise<boolean> {
  const reopened = await db
    .updateTable('case')
    .set(eb => ({ status: 'open', outcome: null, closed_at: null, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('status', '=', 'closed')
    .where('outcome', '=', 'answered')
    .executeTakeFirst()
  return reopened.numUpdatedRows > 0n
}

/** Ends a case that is open. Returns whether it was. */
export async function markClosed(db: Db, id: string, outcome: CaseOutcome, now: Date): Promise<boolean> {
  const closed = await db
    .updateTable('case')
    .set(eb => ({ status: 'closed', outcome, closed_at: now, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('status', '=', 'open')
    .executeTakeFirst()
  return closed.numUpdatedRows > 0n
}

/** Codes of some cases, by case. Index: case_pkey. */
export async function codesOfCases(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('case')
    .select(['id', 'code'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.id, row.code]))
}
