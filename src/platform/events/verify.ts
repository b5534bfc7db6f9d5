/** Verifying: the seals computed again from the entries, also those of archived months; the first that does not fit is told. */
import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { about, defineEvent } from './event.ts'
import { archiveOf, type ClosedMonth, closedMonths, journalMonthClosed, nameOfMonth } from './months.ts'
import type { Position } from './position.ts'
import {
  beforeSeals,
  beginningOfEras,
  beginningOfEraZero,
  endOfEraZero,
  endOfLook,
  eraBegins,
  isReadAt,
  isSealedPosition,
  isTooLate,
  lastXid,
  lateAfter,
  type OldPlace,
  type Reads,
  rowText,
  type Seal,
  type SealPlace,
  sealsWhere,
  untilOf,
} from './seals.ts'

const rowBatchSize = 5_000
const sealBatchSize = 500

export type Verification =
  | {
      sound: true
      seals: number
      rows: number
      unsealed: number
      /** Seals in whose entries personal data were erased: they fit what an entry of the journal says that they come to since. */
      erased?: number
      /** Months of which the archived table is not there: their seals were not computed, but believed as the journal says they came to. */
      believed?: readonly string[]
    }
  | { sound: false; seq: number; sentence: string }

/** From which seal on the journal is verified, and up to which: to its end where none is said. */
export type Since = { readonly seq: number; readonly until?: number } | { readonly at: Date }

/**
 * Computes the seals again, a part at a time. The first that does not fit is reported, with the span of entries in which something was changed.
 * @param since the first to be computed: that of a number, or the first that was made at an instant or later; the one before is believed.
 */
export async function verifyJournal(database: Reads, since: Since = { seq: 1 }): Promise<Verification> {
  const first = 'seq' in since ? since.seq : await seqAt(database, since.at)
  const [believed] = await sealsWhere(database, sql`where seq = ${first - 1}::bigint`)
  const archive = await openArchive(database)
  if (archive.doubted !== undefined) return archive.doubted
  let previous: Pick<Seal, 'through' | 'hash'> = believed ?? beforeSeals
  let total = 0
  let erased = 0
  let seq = first - 1
  const until = 'until' in since ? since.until : undefined
  const last = until ?? (await lastSeq(database))
  for (;;) {
    const end = until === undefined ? sql`` : sql`and seq <= ${until}::bigint`
    const seals = await sealsWhere(database, sql`where seq > ${seq}::bigint ${end} order by seq limit ${sealBatchSize}`)
    for (const seal of seals) {
      const broken = (what: string): Verification => ({
        sound: false,
        seq: seal.seq,
        sentence: `Seal ${seal.seq} of ${seal.at.toISOString()} does not fit: ${what} between entry ${previous.through.id} and entry ${seal.through.id}.`,
      })
      if (seal.seq !== ++seq || seal.previousHash !== previous.hash) return broken('a seal was removed or changed')
      if (archive.gone.some(({ firstSeal, lastSeal }) => seq >= firstSeal && seq <= lastSeal)) {
        previous = seal
        continue
      }
      const { rows, intruders, hash } = await hashBetween(
        database,
        archive.journal,
        previous.through,
        seal.through,
        previous.hash,
      )
      if (rows < seal.rows) return broken(`${seal.rows - rows} entries were removed`)
      if (rows > seal.rows || intruders > 0) return broken(`${rows - seal.rows + intruders} entries were inserted`)
      if (hash !== (seal.erased ?? seal.hash)) return broken('an entry was changed')
      if (seal.erased !== null) {
        if (!(await isErasedBySeal(database, archive.journal, seal))) return broken('words were erased, and no entry says so,')
        erased++
      }
      total += rows
      previous = seal
    }
    if (seals.length < sealBatchSize) break
  }
  if (seq < last) return { sound: false, seq: last, sentence: `Seal ${last} was removed while the journal was verified.` }
  const inserted = until === undefined ? await insertedAfter(database, previous.through) : 0
  if (inserted > 0)
    return {
      sound: false,
      seq,
      sentence: `${inserted} entries after seal ${seq} bear transactions that had ended before it was made.`,
    }
  return {
    ...{
      sound: true,
      seals: seq - first + 1,
      rows: total,
      unsealed: until === undefined ? await unsealedAfter(database, previous.through) : 0,
    },
    ...(erased > 0 && { erased }),
    ...(archive.gone.length > 0 && { believed: archive.gone.map(({ month }) => nameOfMonth(month)) }),
  }
}

export interface Archive {
  /** What stands for the table `event`: it, and with it the archived months that are there. */
  readonly journal: RawBuilder<unknown>
  /** Archived months that are not there. */
  readonly gone: readonly ClosedMonth[]
  /** What came to be of one of those stands nowhere in the journal. */
  readonly doubted?: Verification
}

export async function openArchive(database: Reads): Promise<Archive> {
  const { tables, gone } = await partsOfJournal(database)
  const parts = tables.map(table => sql`select ${columns} from ${sql.table(table)}`)
  const journal = sql`(${sql.join(parts, sql` union all `)})`
  for (const closed of gone)
    if (!(await isClosedBySeal(database, closed, journal))) {
      const sentence = `${nameOfMonth(closed.month)} is not there, and no entry of the journal says what it came to.`
      return { journal, gone, doubted: { sound: false, seq: closed.firstSeal, sentence } }
    }
  return { journal, gone }
}

async function partsOfJournal(database: Reads): Promise<{ tables: string[]; gone: ClosedMonth[] }> {
  const [there, gone]: [ClosedMonth[], ClosedMonth[]] = [[], []]
  for (const closed of await closedMonths(database)) {
    const isHere = await isThere(database, closed.month)
    if (isHere) there.push(closed)
    else gone.push(closed)
  }
  return { tables: ['event', ...there.map(({ month }) => archiveOf(month))], gone }
}

/** The tables in which entries stand: that of the journal, and those of the archived months that are there. */
export const tablesOfEntries = async (database: Reads): Promise<readonly string[]> => (await partsOfJournal(database)).tables

/** What the entries under a seal came to when personal data were erased in some of them. The chain of seals goes on over what they came to before. */
export const journalErased = defineEvent(
  'journal.erased',
  about('program'),
  z.object({ seal: z.number().int(), entries: z.number().int(), before: z.string(), after: z.string() }),
)

/** Whether an entry of the journal, which is under a seal like every other, says what a seal comes to since words under it were erased. */
async function isErasedBySeal({ kysely }: Reads, journal: RawBuilder<unknown>, { seq, erased }: Seal): Promise<boolean> {
  const payload = JSON.stringify({ seal: seq, after: erased })
  const found = await sql`
    select id from ${journal} event where type = ${journalErased.type} and payload @> ${payload}::jsonb limit 1`.execute(kysely)
  return found.rows.length > 0
}

const columns = sql`xid, id, at, type, version, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload`

/** Returns whether the table of an archived month is there. */
export async function isThere({ kysely }: Reads, month: number): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${archiveOf(month)}) is not null as there`.execute(kysely)
  return rows[0]?.there === true
}

/** Returns whether an entry of the journal, which is under a seal like every other, says of a month what its closing row says. Index: event_by_type. */
export async function isClosedBySeal(
  { kysely }: Reads,
  { month, rows, firstSeal, lastSeal, hash }: ClosedMonth,
  journal: RawBuilder<unknown> = sql`event`,
): Promise<boolean> {
  const payload = JSON.stringify({ month: nameOfMonth(month), rows, firstSeal, lastSeal, hash })
  const found = await sql`
    select id from ${journal} event where type = ${journalMonthClosed.type} and payload = ${payload}::jsonb limit 1`.execute(
    kysely,
  )
  return found.rows.length > 0
}

async function lastSeq(database: Reads): Promise<number> {
  const [last] = await sealsWhere(database, sql`order by seq desc limit 1`)
  return last?.seq ?? 0
}

/** Returns the first seal of an instant or later; the one after the last when there is none. */
async function seqAt(database: Reads, at: Date): Promise<number> {
  const [seal] = await sealsWhere(database, sql`where at >= ${at} order by seq limit 1`)
  return seal?.seq ?? (await lastSeq(database)) + 1
}

export interface Hashed {
  /** The numbers of the rows. */
  ids: number[]
  rows: number
  /** Rows that cannot have been there. */
  intruders: number
  hash: string
}

/** Computes what the rows between two seals come to. */
export async function hashBetween(
  database: Reads,
  journal: RawBuilder<unknown>,
  after: SealPlace,
  through: SealPlace,
  previousHash: string,
): Promise<Hashed> {
  const hash = createHash('sha256').update(previousHash)
  const ids: number[] = []
  let intruders = 0
  const take = (found: readonly Found[]) => {
    for (const { id, text, read } of found) {
      if (!read) {
        intruders++
        continue
      }
      hash.update(text).update('\n')
      ids.push(id)
    }
  }
  if (!isSealedPosition(through)) {
    const from = isSealedPosition(after) ? beginningOfEraZero : after
    await takeEraZero(database, journal, from, sql`(event.xid, id) <= (${through.xid}::text::xid8, ${through.id}::bigint)`, take)
    return { ids, rows: ids.length, intruders, hash: hash.digest('hex') }
  }
  if (!isSealedPosition(after)) {
    // Era 0 had been sealed to its end.
    await takeEraZero(database, journal, after, sql`true`, found => {
      intruders += found.length
    })
  }
  const from = isSealedPosition(after) ? after : beginningOfEras(await endOfEraZero(database))
  const until = await untilNow(database, from)
  const end = from.era === through.era ? sql`pg_snapshot_xmax(${through.snapshot}::text::pg_snapshot)` : lastXid
  await takePages(
    id =>
      sql<Found>`
      select   id, ${rowText} as text, true as read
      from     ${lateAfter(from, end, journal)} late
      where    ${isReadAt(through)} and id > ${id}::bigint
      order by id
      limit    ${rowBatchSize}`.execute(database.kysely),
    0,
    take,
  )
  await takePages(
    id =>
      sql<Found>`
      select   id, ${rowText} as text, (${isReadAt(through)} and not ${isTooLate(from)}) as read
      from     ${journal} event
      where    id > ${id}::bigint and id <= ${through.id}::bigint
      and      (${isReadAt(through)} or xid >= ${through.next}::text::xid8)
      order by id
      limit    ${rowBatchSize}`.execute(database.kysely),
    until,
    take,
  )
  return { ids, rows: ids.length, intruders, hash: hash.digest('hex') }
}

interface Found {
  id: number
  text: string
  read: boolean
}

async function takePages(
  page: (after: number) => Promise<{ rows: Found[] }>,
  after: number,
  take: (found: readonly Found[]) => void,
): Promise<void> {
  for (let id = after; ; ) {
    const { rows } = await page(id)
    take(rows)
    id = rows.at(-1)?.id ?? id
    if (rows.length < rowBatchSize) return
  }
}

async function takeEraZero(
  database: Reads,
  journal: RawBuilder<unknown>,
  after: OldPlace,
  bound: RawBuilder<unknown>,
  take: (found: readonly Found[]) => void,
): Promise<void> {
  for (let { xid, id } = after; ; ) {
    const { rows } = await sql<Found & { xid: string }>`
      select   xid::text as xid, id, ${rowText} as text, true as read
      from     ${journal} event
      where    (event.xid, id) > (${xid}::text::xid8, ${id}::bigint) and id <= ${eraBegins(1)} and ${bound}
      order by event.xid, id
      limit    ${rowBatchSize}`.execute(database.kysely)
    take(rows)
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowBatchSize) return
    xid = last.xid
    id = last.id
  }
}

async function untilNow(database: Reads, position: Position): Promise<number> {
  const { rows } = await sql<{ until: number }>`select ${untilOf(position)} as until`.execute(database.kysely)
  return rows[0]?.until ?? position.id
}

const count = async (database: Reads, rows: RawBuilder<unknown>): Promise<number> =>
  (await sql<{ count: number }>`select count(*) as count from ${rows}`.execute(database.kysely)).rows[0]?.count ?? 0

async function unsealedAfter(database: Reads, after: SealPlace): Promise<number> {
  if (!isSealedPosition(after))
    return count(
      database,
      sql`event where id > ${eraBegins(1)} or (event.xid, id) > (${after.xid}::text::xid8, ${after.id}::bigint)`,
    )
  const fresh = await count(database, sql`event where id > (select ${untilOf(after)})`)
  return fresh + (await count(database, sql`${lateAfter(after, endOfLook(after.era))} late`))
}

async function insertedAfter(database: Reads, after: SealPlace): Promise<number> {
  return isSealedPosition(after) ? count(database, sql`event where id > (select ${untilOf(after)}) and ${isTooLate(after)}`) : 0
}
