/** Where in a database somebody's data stand, for tests that erase them; and a call that left some. */
import { sql } from 'kysely'
import type { House, Work } from '../../src/platform/index.ts'
import { callArrived } from '../../src/telephony/events.ts'

/** Types of columns in which nobody's name can stand. */
const speechless = ['uuid', 'integer', 'bigint', 'smallint', 'boolean', 'date', 'timestamp with time zone', 'double precision']

/** Where in the database some texts stand, in whatever column of whatever table: `text: schema.table.column`. */
export async function tracesIn(house: House, texts: readonly string[]): Promise<string[]> {
  const db = house.database.kysely
  const { rows: columns } = await sql<{ schema: string; table: string; column: string; type: string }>`
    select c.table_schema as schema, c.table_name as "table", c.column_name as "column", c.data_type as type
    from   information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where  t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
    and    c.data_type <> all (${speechless}::text[])`.execute(db)
  const found: string[] = []
  for (const [name, ofTable] of Map.groupBy(columns, ({ schema, table }) => `${schema}.${table}`)) {
    const asked = texts.flatMap(text => ofTable.map(({ column, type }) => ({ text, column, type })))
    const answers = asked.map(({ text, column, type }, n) => {
      const told = type === 'bytea' ? sql`encode(${sql.ref(column)}, 'escape')` : sql`${sql.ref(column)}::text`
      return sql`bool_or(${told} ilike ${`%${text}%`}) as ${sql.ref(String(n))}`
    })
    const { rows } = await sql<Record<string, boolean | null>>`select ${sql.join(answers)} from ${sql.table(name)}`.execute(db)
    found.push(...asked.flatMap(({ text, column }, n) => (rows[0]?.[n] ? [`${text}: ${name}.${column}`] : [])))
  }
  return found
}

/** Where in the database a text stands. */
export const placesOf = async (house: House, text: string): Promise<string[]> =>
  (await tracesIn(house, [text])).map(place => place.slice(text.length + 2))

/** A call that is over, from a number. Returns its identifier. */
export async function pastCall({ tx, ids, now, journal }: Work, number: string): Promise<string> {
  const id = ids()
  await tx
    .insertInto('call')
    .values({
      ...{ id, node: 'test', switch: 'browser', leg: id, from_number: number, to_number: '+390600000001', agent_id: null },
      ...{ office_id: null, office_name: null, province_code: null, region_code: null, phase: 'ended', section_id: null },
      ...{ state: '{}', started_at: now, ended_at: now },
    })
    .execute()
  const arrived = { to: '+390600000001', unitId: null, unitName: null, provinceCode: null, regionCode: null }
  await journal(callArrived, { ...arrived, from: number, leg: 'browser', mode: 'channelled' }, { call: id })
  return id
}
