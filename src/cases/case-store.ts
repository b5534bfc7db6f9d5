/** SQL that changes cases. */
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { CaseOutcome } from './model.ts'

/**
 * Opens a case again that ended in one of some ways, and those that ended with it. Returns the case in which one goes on; undefined when it was not closed so.
 * Indexes: case_pkey, case_joined_into.
 */
export async function markReopened(db: Db, id: string, outcomes: readonly CaseOutcome[]): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; joined_into: string | null }>`
    with survivor as materialized (select id, closed_at from "case" where id = surviving_case(${id}))
    update "case" set status = 'open', outcome = null, closed_at = null, version = "case".version + 1
    from   survivor
    where  "case".id in (select case_with_joined(survivor.id)) and "case".closed_at = survivor.closed_at
    and    "case".status = 'closed' and "case".outcome = any(${outcomes}::text[])
    returning "case".id, "case".joined_into`.execute(db)
  return rows.find(row => row.joined_into === null)?.id
}

/**
 * Ends a case that is open, and those that are joined with it; not as long as one of the others has an open question. Returns the case in which one went
 * on; undefined when it was not open. Indexes: case_pkey, case_joined_into, ticket_case_id_key.
 */
export async function markClosed(db: Db, id: string, outcome: CaseOutcome, now: Date): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; joined_into: string | null }>`
    with one as materialized (select case_with_joined(surviving_case(${id})) as id)
    update "case" set status = 'closed', outcome = ${outcome}, closed_at = ${now}, version = "case".version + 1
    from   one
    where  "case".id = one.id and "case".status = 'open'
    and    not exists (select from one other join ticket on ticket.case_id = other.id where other.id <> ${id} and ticket.state <> 'closed')
    returning "case".id, "case".joined_into`.execute(db)
  return rows.find(row => row.joined_into === null)?.id
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
