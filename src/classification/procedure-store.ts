/** SQL of procedures. */
import './tables.ts'
import type { Db } from '../platform/index.ts'
import type { Procedure } from './procedures.ts'

const maxProcedures = 1_000

/** All of them, by name. They are as many as the institute has programs for citizens: some dozens. Index: it_procedure_pkey. */
export const proceduresOf = (db: Db): Promise<Procedure[]> =>
  db.selectFrom('it_procedure').select(['id', 'name']).orderBy('name').orderBy('id').limit(maxProcedures).execute()

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
export async function keepProcedures(db: Db, procedures: readonly Procedure[]): Promise<void> {
  if (procedures.length === 0) return
  await db
    .insertInto('it_procedure')
    .values([...procedures])
    .onConflict(conflict => conflict.column('id').doUpdateSet(eb => ({ name: eb.ref('excluded.name') })))
    .execute()
}
