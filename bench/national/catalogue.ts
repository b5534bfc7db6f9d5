/**
 * Loading many rows is several times as fast without indexes, foreign keys and triggers. They are taken away as the catalogue describes them and
 * put back from the same descriptions, so that the database ends with the catalogue that the migrations made.
 */
import type pg from 'pg'

interface Part {
  table: string
  name: string
  definition: string
}

export interface TakenAway {
  constraints: (Part & { kind: string })[]
  indexes: Part[]
  /** Indexes of the parts of a table, each with the index of the whole table that it belongs to. */
  ofParts: (Part & { whole: string })[]
  triggers: { table: string; name: string }[]
}

/** Every index, constraint and trigger of some tables, as the catalogue describes them. For comparing. */
export async function describe(client: pg.Client | pg.Pool, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select pg_get_indexdef(indexrelid) as line from pg_index where indrelid = any ($1::regclass[])
     union all
     select conrelid::regclass || ' ' || conname || ' ' || convalidated || ' ' || pg_get_constraintdef(oid)
     from pg_constraint where conrelid = any ($1::regclass[])
     union all
     select tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal and tgrelid = any ($1::regclass[])
     order by line`,
    [tables],
  )
  return rows.map(row => row.line)
}

/** Takes indexes, keys and triggers off. Checks of single rows stay: they cost nothing and hold the generator to the rules. */
export async function takeAway(client: pg.Client, tables: readonly string[]): Promise<TakenAway> {
  const constraints = await client.query<Part & { kind: string }>(
    `select conrelid::regclass::text as table, conname as name, contype as kind, pg_get_constraintdef(oid) as definition
     from   pg_constraint
     where  conrelid = any ($1::regclass[]) and contype in ('p', 'u', 'f', 'x') and conparentid = 0
     order  by contype = 'f' desc, conname`,
    [tables],
  )
  const indexes = await client.query<Part>(
    `select indrelid::regclass::text as table, indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from   pg_index
     where  indrelid = any ($1::regclass[])
     and    not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
     order  by 2`,
    [tables],
  )
  const ofParts = await client.query<Part & { whole: string }>(
    `select indrelid::regclass::text as table, indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition,
            inhparent::regclass::text as whole
     from   pg_inherits join pg_index on indexrelid = inhrelid
     where  inhparent = any ($1::regclass[])
     order  by 2`,
    [indexes.rows.map(({ name }) => name)],
  )
  const triggers = await client.query<{ table: string; name: string }>(
    `select tgrelid::regclass::text as table, tgname as name from pg_trigger
     where  tgrelid = any ($1::regclass[]) and not tgisinternal and tgenabled = 'O'`,
    [tables],
  )
  // A key that a table outside the list refers to stays.
  const outside = await client.query<{ name: string }>(
    `select own.conname as name from pg_constraint own join pg_constraint other on other.conindid = own.conindid
     where  own.contype in ('p', 'u') and own.conrelid = any ($1::regclass[])
     and    other.contype = 'f' and other.conrelid <> all ($1::regclass[])`,
    [tables],
  )
  const needed = new Set(outside.rows.map(row => row.name))
  const taken = constraints.rows.filter(each => !needed.has(each.name))
  for (const { table, name } of taken) await client.query(`alter table ${table} drop constraint "${name}"`)
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`)
  for (const { table, name } of triggers.rows) await client.query(`alter table ${table} disable trigger "${name}"`)
  return { constraints: taken, indexes: indexes.rows, ofParts: ofParts.rows, triggers: triggers.rows }
}

/** Puts indexes and keys of some of the tables back; foreign keys and triggers, which need all tables, by `putLinksBack`. */
export async function putBack(client: pg.Client, taken: TakenAway, tables: readonly string[]): Promise<void> {
  const own = (part: { table: string }) => tables.includes(part.table)
  for (const { table, name, definition } of taken.constraints.filter(each => own(each) && each.kind !== 'f'))
    await client.query(`alter table ${table} add constraint "${name}" ${definition}`)
  for (const index of taken.indexes.filter(own)) {
    await client.query(index.definition)
    for (const { name, definition } of taken.ofParts.filter(({ whole }) => whole === index.name)) {
      await client.query(definition)
      await client.query(`alter index ${index.name} attach partition ${name}`)
    }
  }
}

export async function putLinksBack(client: pg.Client, taken: TakenAway): Promise<void> {
  for (const { table, name, definition } of taken.constraints.filter(each => each.kind === 'f'))
    await client.query(`alter table ${table} add constraint "${name}" ${definition}`)
  for (const { table, name } of taken.triggers) await client.query(`alter table ${table} enable trigger "${name}"`)
}
