/** Writes a day of the living sample in a few statements, however many rows it has. */
import { sql } from 'kysely'
import { type Tx, writeEntries } from '../../src/platform/index.ts'
import { type Batch, type RowOf, type WrittenTable, writtenTables } from './story.ts'

const rowsAtOnce = 400
const entriesAtOnce = 400

export async function writeDay(tx: Tx, { rows, entries }: Batch): Promise<void> {
  for (const table of writtenTables) {
    const all: readonly RowOf<WrittenTable>[] = rows[table] ?? []
    for (let from = 0; from < all.length; from += rowsAtOnce) await insertRows(tx, table, all.slice(from, from + rowsAtOnce))
  }
  for (let from = 0; from < entries.length; from += entriesAtOnce)
    await writeEntries(tx, entries.slice(from, from + entriesAtOnce))
}

/** Columns are those of all rows together; what a row does not have is null, or as the table says where no row has it. */
async function insertRows(tx: Tx, table: WrittenTable, rows: readonly RowOf<WrittenTable>[]): Promise<void> {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))].map(name => sql.ref(name))
  const from =
    table === 'agenda_taken'
      ? // The calendar's number is the database's own.
        sql`(select row.*, calendar.no from json_populate_recordset(null::agenda_taken, ${JSON.stringify(rows)}::json) row
             join agenda_calendar calendar on calendar.id = row.calendar_id) row`
      : sql`json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json) row`
  const values = columns.map((column, i) =>
    table === 'agenda_taken' && namesOf(rows)[i] === 'calendar_no' ? sql`row.no` : sql`row.${column}`,
  )
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns)})
    select ${sql.join(values)} from ${from}`.execute(tx)
}

const namesOf = (rows: readonly RowOf<WrittenTable>[]): string[] => [...new Set(rows.flatMap(row => Object.keys(row)))]
