/**
 * Retention: months of the journal that are older than is kept in it are closed, and their part of the table is moved to the schema `journal_archive`, where
 * it stays readable. Nothing is copied and nothing removed; whoever may remove the table does so as its owner.
 *
 * A month is archived when every reader has read it and it is sealed whole. What its rows come to is computed first, which may take long and locks nothing.
 * Then one short transaction makes sure that nothing has come to it since, moves it, and writes down what it comes to, in `journal_month` and as an
 * entry of the journal, so that this too is sealed. A program that dies at any point has done either all of it or nothing.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { system } from '../actor.ts'
import type { Database } from '../database/database.ts'
import type { ReaderPlace } from './ages.ts'
import { readJournal, writeEntry } from './journal.ts'
import { archiveOf, closedMonths, journalMonthClosed, monthLock, monthOf, nameOfMonth, partOf } from './months.ts'
import { rowText } from './seals.ts'
import { isClosedBySeal, isThere, type Verification, verifyJournal } from './verify.ts'

type Reads = Pick<Database, 'kysely'>

const batchSize = 5_000
/** Everybody who writes waits behind whoever waits for the table; so not long, and again at the next run. */
const lockTimeout = '300ms'

/** Returns when the part of the journal begins that is not archived; undefined when nothing is. */
export async function archivedBefore({ kysely }: Reads): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(begun_at) as at
    from   journal_month
    where  month > (select max(month) from journal_month where archived_at is not null)`.execute(kysely)
  return rows[0]?.at ?? undefined
}

interface OpenMonth {
  month: number
  /** Its numbers. */
  from_id: number
  until_id: number
}

/** The months that are over and in the table, the oldest first. */
async function monthsToArchive({ kysely }: Reads, before: number): Promise<OpenMonth[]> {
  const { rows } = await sql<OpenMonth>`
    select   over.month, over.from_id, min(later.from_id) as until_id
    from     journal_month over join journal_month later on later.month > over.month
    where    over.month < ${before}::int and over.archived_at is null
    group by over.month
    order by over.month`.execute(kysely)
  return rows
}

interface Seals {
  first_seal: number
  last_seal: number
}

/**
 * The seals between which all rows of a month are covered; undefined while one is not. The last is the first that has read the greatest number and
 * whose snapshot sees every row: of those that it may not see, the index by transaction has few.
 */
async function sealsOf({ kysely }: Reads, { month, from_id }: OpenMonth): Promise<Seals | undefined> {
  const part = sql.table(partOf(month))
  const { rows } = await sql<Seals>`
    select   coalesce((select min(seq) from seal first where first.through_id >= ${from_id}::bigint and first.seq <= last.seq), last.seq) as first_seal,
             last.seq as last_seal
    from     seal last
    where    last.era is not null and last.through_id >= coalesce((select max(id) from ${part}), ${from_id}::bigint - 1)
    and      not exists (
               select from ${part}
               where  xid >= pg_snapshot_xmin(last.through_snapshot::pg_snapshot)
               and    id > (select after_id from journal_era where journal_era.era = last.era)
               and    not pg_visible_in_snapshot(xid, last.through_snapshot::pg_snapshot)
             )
    order by last.seq
    limit    1`.execute(kysely)
  return rows[0]
}

/** Returns what rows of a month come to, read from a table a part at a time. */
export async function hashOfMonth({ kysely }: Reads, table: string, lastSeal: number): Promise<{ rows: number; hash: string }> {
  const seal = await kysely.selectFrom('seal').select('hash').where('seq', '=', lastSeal).executeTakeFirst()
  const hash = createHash('sha256').update(seal?.hash ?? '')
  let count = 0
  for (let last = 0; ; ) {
    const { rows } = await sql<{ id: number; text: string }>`
      select id, ${rowText} as text from ${sql.table(table)} where id > ${last}::bigint order by id limit ${batchSize}`.execute(
      kysely,
    )
    for (const { text } of rows) hash.update(text).update('\n')
    count += rows.length
    last = rows.at(-1)?.id ?? last
    if (rows.length < batchSize) return { rows: count, hash: hash.digest('hex') }
  }
}

/**
 * Computes an archived month again, and compares it with what it came to when it was closed. Where personal data were erased in it, its seals are computed
 * instead: each of them is told what it comes to since.
 * @param name such as `2026-10`
 */
export async function verifyMonth(database: Reads, name: string): Promise<Verification> {
  const closed = (await closedMonths(database)).find(({ month }) => nameOfMonth(month) === name)
  const broken = (seq: number, sentence: string): Verification => ({ sound: false, seq, sentence })
  if (closed === undefined) return broken(0, `${name} is not archived.`)
  const { month, firstSeal, lastSeal, rows, hash } = closed
  if (!(await isThere(database, month))) return broken(firstSeal, `The table ${archiveOf(month)} is not there.`)
  if (!(await isClosedBySeal(database, closed))) return broken(lastSeal, `No entry of the journal says what ${name} came to.`)
  const found = await hashOfMonth(database, archiveOf(month), lastSeal)
  if (found.rows !== rows) return broken(lastSeal, `${name} had ${rows} entries when it was closed; now it has ${found.rows}.`)
  if (await isErasedBetween(database, firstSeal, lastSeal)) {
    const verified = await verifyJournal(database, { seq: firstSeal, until: lastSeal })
    return verified.sound ? { ...verified, rows } : verified
  }
  if (found.hash !== hash) return broken(lastSeal, `An entry of ${name} was changed, or a seal.`)
  return { sound: true, seals: lastSeal - firstSeal + 1, rows, unsealed: 0 }
}

/** Whether personal data were erased under one of some seals. Index: seal_erased_pkey. */
async function isErasedBetween({ kysely }: Reads, first: number, last: number): Promise<boolean> {
  const { rows } = await sql`
    select seq from seal_erased where seq between ${first}::bigint and ${last}::bigint limit 1`.execute(kysely)
  return rows.length > 0
}

/** The first reader that has not read something of below a number. */
async function whoHasNotRead(database: Reads, places: readonly ReaderPlace[], until: number): Promise<string | undefined> {
  for (const { reader, position } of places) {
    const { entries } = await readJournal(database, position, undefined, 1)
    if (entries.some(({ id }) => id < until)) return reader
  }
  return undefined
}

/** Which months were archived now, and what keeps the next one, if anything does. */
export interface Archived {
  readonly months: readonly string[]
  readonly held?: string
}

/**
 * Archives the months that came to an end more than `keep` months ago, the oldest first.
 * @param places how far those have read who keep a place in the journal
 */
export async function archiveMonths(
  database: Reads,
  now: number,
  keep: number,
  places: readonly ReaderPlace[],
): Promise<Archived> {
  const months: string[] = []
  for (const open of await monthsToArchive(database, monthOf(now) - keep)) {
    const held = (why: string): Archived => ({ months, held: `${nameOfMonth(open.month)}: ${why}` })
    const seals = await sealsOf(database, open)
    if (seals === undefined) return held('is not sealed whole')
    const reader = await whoHasNotRead(database, places, open.until_id)
    if (reader !== undefined) return held(`${reader} has not read it`)
    const content = await hashOfMonth(database, partOf(open.month), seals.last_seal)
    if (!(await archive(database, open, seals, content, now))) return held('is in use')
    months.push(nameOfMonth(open.month))
  }
  return { months }
}

/**
 * Closes and moves a month in one transaction, in which only definitions change and no row is touched. Returns false when somebody else used the table, or
 * had written to it since it was read.
 */
async function archive(
  { kysely }: Reads,
  open: OpenMonth,
  { first_seal: firstSeal, last_seal: lastSeal }: Seals,
  { rows, hash }: { rows: number; hash: string },
  now: number,
): Promise<boolean> {
  const part = partOf(open.month)
  try {
    return await kysely.transaction().execute(async tx => {
      await sql`select pg_advisory_xact_lock(${monthLock})`.execute(tx)
      await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(tx)
      // From here on nobody has an unfinished transaction that wrote to the table.
      await sql.raw('lock table event in access exclusive mode').execute(tx)
      if ((await sealsOf({ kysely: tx }, open))?.last_seal !== lastSeal) return false
      const { numAffectedRows } = await sql`
        update journal_month
        set    rows = ${rows}::bigint, first_seal = ${firstSeal}::bigint, last_seal = ${lastSeal}::bigint, closing_hash = ${hash},
               archived_at = ${new Date(now)}
        where  month = ${open.month}::int and archived_at is null`.execute(tx)
      // Another process has done it.
      if (numAffectedRows !== 1n) return true
      await sql.raw(`alter table event detach partition ${part}`).execute(tx)
      await sql.raw(`alter table ${part} set schema journal_archive`).execute(tx)
      await sql
        .raw(`create trigger event_is_archived before insert or update or delete on ${archiveOf(open.month)}
                     for each row execute function refuse_archived()`)
        .execute(tx)
      const payload = { month: nameOfMonth(open.month), rows, firstSeal, lastSeal, hash }
      await writeEntry(tx, { type: journalMonthClosed, payload, subjects: {}, actor: system('journal'), at: now })
      return true
    })
  } catch (error) {
    if (isLockTimeout(error)) return false
    throw error
  }
}

/** PostgreSQL: lock_not_available. */
const isLockTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '55P03'
