/** SQL of procedures. */
import './tables.ts'
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../platform/index.ts'
import type { Procedure } from './procedures.ts'

const maxProcedures = 1_000

/** All of them, by name. They are as many as the institute has programs for citizens: some dozens. Index: it_procedure_pkey. */
export const proceduresOf = (db: Db): Promise<Procedure[]> =>
  db.selectFrom('it_procedure').selectAll().orderBy('name').orderBy('id').limit(maxProcedures).execute()

/** The names of some procedures; one that is not there is left out. Index: it_procedure_pkey. */
export async function procedureNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('it_procedure')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(row => [row.id, row.name]))
}

/** Adds procedures, or gives those that are there their new names. */
export async function keepProcedures(db: Db, procedures: readonly Pick<Procedure, 'id' | 'name'>[]): Promise<void> {
  if (procedures.length === 0) return
  await db
    .insertInto('it_procedure')
    .values([...procedures])
    .onConflict(conflict => conflict.column('id').doUpdateSet(eb => ({ name: eb.ref('excluded.name') })))
    .execute()
}

/** Whoever changes the list waits here, and then sees what was changed. */
export const lockProcedures = (db: Db): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended('procedures', 0))`.execute(db)

/** Writes a procedure with what was done with it, in a transaction that has locked the list. */
export async function writeProcedure(
  db: Db,
  { id, name, retired, version }: Procedure,
  change: Pick<Selectable<Tables['procedure_change']>, 'kind' | 'by_name' | 'at'>,
): Promise<void> {
  await db
    .insertInto('it_procedure')
    .values({ id, name, retired, version })
    .onConflict(conflict => conflict.column('id').doUpdateSet({ name, retired, version }))
    .execute()
  await db
    .insertInto('procedure_change')
    .values({ ...change, procedure_id: id, version, name })
    .execute()
}

/** What was done with a procedure, the newest first. Index: procedure_change_pkey. */
export const procedureChanges = (
  db: Db,
  { id, before, limit }: { id: string; before: number | undefined; limit: number },
): Promise<Selectable<Tables['procedure_change']>[]> =>
  db
    .selectFrom('procedure_change')
    .selectAll()
    .where('procedure_id', '=', id)
    .$if(before !== undefined, query => query.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
