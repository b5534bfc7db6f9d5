/** SQL of the days on which units are closed. */
import { type Insertable, sql } from 'kysely'
import type { Day, Db, Tables } from '../platform/index.ts'
import type { UnitClosure } from './model.ts'

/** A closure as the database has it; days are ISO 8601. */
export interface ClosureRow {
  id: string
  unit_id: string
  first_day: Day
  last_day: Day
  reason: string
  decided_at: Date
  decided_by_name: string
  cancelled_at: Date | null
}

const columns = sql`id, unit_id, to_char(first_day, 'YYYY-MM-DD') as first_day, to_char(last_day, 'YYYY-MM-DD') as last_day, reason,
                    decided_at, decided_by_name, cancelled_at`

const closureOf = (row: ClosureRow): UnitClosure => ({
  id: row.id,
  unitId: row.unit_id,
  firstDay: row.first_day,
  lastDay: row.last_day,
  reason: row.reason,
  decidedBy: row.decided_by_name,
  decidedAt: row.decided_at.toISOString(),
})

/** The closures in force of some units that end on a day or later, the first to begin first. Index: unit_closure_of_unit. */
export async function closuresOf(db: Db, unitIds: readonly string[], since: Day = '0001-01-01'): Promise<UnitClosure[]> {
  const { rows } = await sql<ClosureRow>`
    select ${columns} from unit_closure
    where  unit_id = any(${[...unitIds]}::text[]) and last_day >= ${since}::date and cancelled_at is null
    order  by unit_closure.first_day, id`.execute(db)
  return rows.map(closureOf)
}

/**
 * The closures in force on one of some days that hold for units, by unit: their own and those of the units above them, the first to begin first.
 * Indexes: unit_pkey, unit_closure_of_unit.
 */
export async function closuresAffecting(
  db: Db,
  unitIds: readonly string[],
  { firstDay, lastDay }: { firstDay: Day; lastDay: Day },
): Promise<Map<string, UnitClosure[]>> {
  const { rows } = await sql<ClosureRow & { affected: string }>`
    select affected.id as affected, closure.* from unit affected
           cross join lateral unnest(string_to_array(affected.path, '/')) place (id)
           -- A path is compared letter by letter; the index of the closures is in the order of the database.
           cross join lateral (
             select ${columns} from unit_closure
             where  unit_id = place.id collate "default" and cancelled_at is null
             and    last_day >= ${firstDay}::date and unit_closure.first_day <= ${lastDay}::date
           ) closure
    where  affected.id = any(${[...unitIds]}::text[])
    order  by closure.first_day, closure.id`.execute(db)
  const byUnit = Map.groupBy(rows, row => row.affected)
  return new Map([...byUnit].map(([unitId, closures]) => [unitId, closures.map(closureOf)]))
}

/** A closure in force of the unit itself on one of some days. Index: unit_closure_of_unit. */
export async function overlappingClosure(
  db: Db,
  { unitId, firstDay, lastDay }: { unitId: string; firstDay: Day; lastDay: Day },
): Promise<ClosureRow | undefined> {
  const { rows } = await sql<ClosureRow>`
    select ${columns} from unit_closure
    where  unit_id = ${unitId} and last_day >= ${firstDay}::date and unit_closure.first_day <= ${lastDay}::date and cancelled_at is null
    limit  1`.execute(db)
  return rows[0]
}

export async function insertClosure(db: Db, row: Insertable<Tables['unit_closure']>): Promise<void> {
  await db.insertInto('unit_closure').values(row).execute()
}

/** A closure, kept for the transaction. */
export async function lockClosure(db: Db, id: string): Promise<ClosureRow | undefined> {
  const { rows } = await sql<ClosureRow>`select ${columns} from unit_closure where id = ${id} for update`.execute(db)
  return rows[0]
}

export async function cancelClosure(db: Db, id: string, { at, by }: { at: Date; by: string }): Promise<void> {
  await db.updateTable('unit_closure').set({ cancelled_at: at, cancelled_by_name: by }).where('id', '=', id).execute()
}
