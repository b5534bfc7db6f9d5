/**
 * Eras of the journal. Transaction numbers are those of one cluster. A dump that is restored into another one brings entries with the numbers of
 * the old cluster along, which say nothing about the transactions of the new. So the journal begins a new era there: everything that is in
 * it by then has been committed, and positions of before go on behind it (journal.ts).
 */
import { sql } from 'kysely'
import type { Database, Tx } from '../database/database.ts'

/** Any number will do, as long as every process takes the same one. */
const eraLock = 4_010_2012
/** The newest entries of an era bear about the highest numbers of its transactions. */
const newestLookedAt = 1_000

export interface NewEra {
  readonly era: number
  readonly afterId: number
  /** The database lives in another cluster than before, or its counter of transactions went back. */
  readonly reason: 'cluster' | 'counter'
}

/**
 * Begins a new era where the cluster is another one or its counter went back. Call it at every start, after the migrations and before anything
 * reads the journal; of many processes one does it. Returns the era that was begun; undefined, as nearly always, when all is as it was.
 */
export function openEra(database: Pick<Database, 'kysely'>): Promise<NewEra | undefined> {
  return database.kysely.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${eraLock})`.execute(tx)
    const system = await systemIdentifier(tx)
    const { rows } = await sql<{ era: number; system: string | null; wentBack: boolean }>`
      select era, system_identifier as system,
             exists (select from (select xid from event where id > after_id order by id desc limit ${newestLookedAt}) newest
                     where  xid >= pg_snapshot_xmax(pg_current_snapshot())) as "wentBack"
      from   journal_era
      order  by era desc
      limit  1`.execute(tx)
    const [last] = rows
    if (last === undefined) return undefined
    if (last.system === null && system !== null)
      await sql`update journal_era set system_identifier = ${system} where era = ${last.era}`.execute(tx)
    const moved = last.system !== null && system !== null && last.system !== system
    return moved || last.wentBack ? beginEra(tx, last.era + 1, system, moved ? 'cluster' : 'counter') : undefined
  })
}

async function beginEra(tx: Tx, era: number, system: string | null, reason: NewEra['reason']): Promise<NewEra> {
  // We wait for transactions that are writing: every entry that has a number by then belongs to the era before.
  await sql`lock table event in share row exclusive mode`.execute(tx)
  const { rows } = await sql<{ after_id: number }>`
    insert into journal_era (era, system_identifier, opened_at, after_id, reason)
    select ${era}::int, ${system}::text, clock_timestamp(), coalesce((select id from event order by id desc limit 1), 0), ${reason}::text
    returning after_id`.execute(tx)
  const afterId = rows[0]?.after_id ?? 0
  // Not every way to move a database brings the sequences along.
  await sql`
    select setval('event_number', ${afterId}::bigint)
    from   event_number
    where  last_value < ${afterId}::bigint`.execute(tx)
  return { era, afterId, reason }
}

/** Null where it is not told. */
async function systemIdentifier(tx: Tx): Promise<string | null> {
  const { rows } = await sql<{ may: boolean }>`
    select has_function_privilege('pg_control_system()', 'execute') as may`.execute(tx)
  if (rows[0]?.may !== true) return null
  const told = await sql<{ system: string }>`
    select system_identifier::text as system from pg_control_system()`.execute(tx)
  return told.rows[0]?.system ?? null
}
