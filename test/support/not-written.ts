/** Rows that the database refuses to write: how a job goes on beside one thing that cannot be done. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../src/platform/index.ts'

/** From now on the database refuses new rows of a table for which a condition on `new` holds. */
export async function refuseRows(db: Db, table: string, condition: RawBuilder<unknown>): Promise<void> {
  await sql`create or replace function refuse_row() returns trigger language plpgsql as $$
              begin raise exception 'this row is refused'; end $$`.execute(db)
  await sql`create trigger refused before insert on ${sql.table(table)} for each row when (${condition})
            execute function refuse_row()`.execute(db)
}
