/** Writes a day of the living sample in a few statements, however many rows it has. */
import { sql } from 'kysely'
import { type Tx, writeEntries } from '../../src/platform/index.ts'
import { type Batch, type RowOf, type WrittenTable, writtenTables } from './story.ts'

const rowBatchSize = 400
const entryBatchSize = 400

export async function writeDay(tx: Tx, { rows, entries }: Batch): Promise<void> {
  for (const table of writtenTables) {
    const all: readonly RowOf<WrittenTable>[] = rows[table] ?? []
    for (let from = 0; from < all.length; from += rowBatchSize) await insertRows(tx, table, all.slice(from, from + rowBatchSize))
  }
  for (let from = 0; from < entries.length; from += entryBatchSize)
    await writeEntries(tx, entries.slice(from, from + entryBatchSize))
}

/** Inserts rows; a column that a row does not name is as the table says. */
async function insertRows(tx: Tx, table: WrittenTable, rows: readonly RowOf<WrittenTable>[]): Promise<void> {
  for (const [names, alike] of Map.groupBy(rows, row => Object.keys(row).join(' '))) {
    const columns = names.split(' ')
    const json = sql`json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(alike)}::json) row`
    // A calendar's number is drawn by the database.
    const from = table === 'agenda_taken' ? sql`${json} join agenda_calendar calendar on calendar.id = row.calendar_id` : json
    const values = columns.map(name => (name === 'calendar_no' ? sql`calendar.no` : sql`row.${sql.ref(name)}`))
    await sql`
      insert into ${sql.table(table)} (${sql.join(columns.map(name => sql.ref(name)))})
      select ${sql.join(values)} from ${from}`.execute(tx)
  }
}
