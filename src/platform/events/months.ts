/**
 * The journal in months. Each is a part of the table `event` and a block of numbers: the month m, counted from January 2020, has the numbers from
 * m * 10^10 on. So a number tells its part, and a month is closed by moving on to the next block, without looking at a row.
 *
 * The parts are made ahead, and the sequence is moved when the month begins, only ever forward. If nobody does, numbering goes on in the block
 * where it is, and nothing fails.
 */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { about, defineEvent } from './event.ts'

const numbersOfMonth = 10_000_000_000
const firstYear = 2020
/** What is below has no parts of its own: November 2026. */
const firstMonth = 82
const monthsAhead = 2
/** Any number will do, as long as every process takes the same one. */
export const monthLock = 4_010_2013
/** Writers wait behind whoever waits for this lock; rather try again later. */
const lockTimeout = '2s'

/** Returns the month of an instant, counted from January 2020, in UTC. */
export function monthOf(at: number): number {
  const date = new Date(at)
  return (date.getUTCFullYear() - firstYear) * 12 + date.getUTCMonth()
}

/** Returns the name of a month's part of the table, such as `event_2026_11`. */
export function partOf(month: number): string {
  return `event_${firstYear + Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`
}

/**
 * Makes the parts of this month and the next ones, and begins this month's numbers. Call it every hour and at start; many processes may.
 * Returns whether this month's numbers were begun now.
 */
export async function keepMonths(database: Pick<Database, 'kysely'>, now: number): Promise<boolean> {
  const month = monthOf(now)
  if (month < firstMonth) return false
  for (let each = month; each <= month + monthsAhead; each++) await makePart(database, each)
  return beginMonth(database, month)
}

/** Made apart and attached then: that needs no lock for which readers or writers would wait. */
function makePart(database: Pick<Database, 'kysely'>, month: number): Promise<void> {
  const name = partOf(month)
  const [from, to] = [month * numbersOfMonth, (month + 1) * numbersOfMonth]
  return database.kysely.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${monthLock})`.execute(tx)
    const { rows } = await sql<{ made: boolean }>`select to_regclass(${name}) is not null as made`.execute(tx)
    if (rows[0]?.made) return
    await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(tx)
    await sql.raw(`create table ${name} (like event including defaults including indexes)`).execute(tx)
    await sql.raw(`alter table event attach partition ${name} for values from (${from}) to (${to})`).execute(tx)
  })
}

async function beginMonth({ kysely }: Pick<Database, 'kysely'>, month: number): Promise<boolean> {
  const from = month * numbersOfMonth
  const begun = await kysely.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${monthLock})`.execute(tx)
    const { rows } = await sql`
      select setval('event_number', ${from}::bigint, false) from event_number where last_value < ${from}::bigint`.execute(tx)
    return rows.length > 0
  })
  // In a transaction of its own, so that its number is drawn after all those that drew numbers of the months before.
  await kysely.transaction().execute(tx =>
    sql`
      insert into journal_month (month, from_id, era, begun_xid, begun_at)
      select ${month}::int, ${from}::bigint, (select max(era) from journal_era), pg_current_xact_id(), clock_timestamp()
      from   event_number
      where  last_value >= ${from}::bigint and not exists (select from journal_month where month = ${month}::int)
      on conflict (month) do nothing`.execute(tx),
  )
  return begun
}

/** What a month came to when it was closed. */
export const journalMonthClosed = defineEvent(
  'journal.month-closed',
  about('program'),
  z.object({
    month: z.string(),
    rows: z.number().int(),
    firstSeal: z.number().int(),
    lastSeal: z.number().int(),
    hash: z.string(),
  }),
)

/** A month that has been archived. */
export interface ClosedMonth {
  readonly month: number
  readonly rows: number
  /** The seals that cover its rows lie between these. */
  readonly firstSeal: number
  readonly lastSeal: number
  /** Over the hash of the last seal and all rows by number. */
  readonly hash: string
}

/** Returns a month as people write it, such as `2026-11`. */
export const nameOfMonth = (month: number): string => partOf(month).slice('event_'.length).replace('_', '-')

/** Returns the name of the table that a month is archived in. */
export const archiveOf = (month: number): string => `journal_archive.${partOf(month)}`

/** Returns the months that have been archived, the oldest first. */
export async function closedMonths({ kysely }: Pick<Database, 'kysely'>): Promise<ClosedMonth[]> {
  const { rows } = await sql<ClosedMonth>`
    select month, rows, first_seal as "firstSeal", last_seal as "lastSeal", closing_hash as hash
    from   journal_month
    where  archived_at is not null
    order  by month`.execute(kysely)
  return rows
}
