/**
 * The shape of a PostgreSQL database as text, a line for each thing: what two databases must have in common to be the same for the program.
 * Partitions are left out: which ones there are depends on the months that have data, and each is shaped by its parent.
 */
import type { Database } from '../../src/platform/index.ts'

const ours = "n.nspname not in ('pgboss', 'information_schema') and n.nspname not like 'pg\\_%'"

const parts: Readonly<Record<string, string>> = {
  tables: `
    select format('table %I.%I kind %s options %s persistence %s partitioned by %s', n.nspname, c.relname, c.relkind, c.reloptions, c.relpersistence, pg_get_partkeydef(c.oid)) as line
    from   pg_class c join pg_namespace n on n.oid = c.relnamespace
    where  ${ours} and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition`,
  columns: `
    select format('column %I.%I.%I number %s type %s not null %s default %s identity %s generated %s collation %s',
                  n.nspname, c.relname, a.attname, row_number() over (partition by c.oid order by a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, l.collname) as line
    from   pg_attribute a
    join   pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left   join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left   join pg_collation l on l.oid = a.attcollation
    where  ${ours} and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition`,
  indexes: `
    select format('%s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid) as line
    from   pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where  ${ours} and not c.relispartition and not exists (select from pg_class t where t.oid = i.indrelid and t.relispartition)`,
  constraints: `
    select format('constraint %I.%I on %s: %s valid %s', n.nspname, k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid), k.convalidated) as line
    from   pg_constraint k join pg_namespace n on n.oid = k.connamespace left join pg_class c on c.oid = k.conrelid
    where  ${ours} and not coalesce(c.relispartition, false) and k.conparentid = 0`,
  triggers: `
    select format('%s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled) as line
    from   pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where  ${ours} and not t.tgisinternal and not c.relispartition`,
  functions: `
    select pg_get_functiondef(p.oid) as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours} and p.prokind in ('f', 'p')`,
  sequences: `
    select format('sequence %I.%I type %s by %s from %s to %s cycles %s', n.nspname, c.relname, format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqcycle) as line
    from   pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
    where  ${ours}`,
  types: `
    select format('type %I.%I: %s', n.nspname, t.typname, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)) as line
    from   pg_type t join pg_namespace n on n.oid = t.typnamespace
    where  ${ours} and t.typtype in ('e', 'd')`,
  views: `select format('view %I.%I: %s', n.nspname, c.relname, pg_get_viewdef(c.oid)) as line
    from   pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind in ('v', 'm')`,
  extensions: 'select extname as line from pg_extension',
}

/** Returns the lines, sorted. */
export async function catalogueOf(database: Pick<Database, 'script'>): Promise<string[]> {
  const lines: string[] = []
  for (const text of Object.values(parts)) for (const row of await database.script(text)) lines.push(String(row.line))
  return lines.sort()
}
