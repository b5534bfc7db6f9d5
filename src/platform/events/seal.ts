/**
 * Sealing: every minute a hash over what has been read since the previous seal, and over that one's hash. Writers never wait for it, and a
 * row that is later changed, removed or slipped in breaks a seal.
 *
 * A seal is a position, and covers what lies between the position of the one before and its own. Both are stored, and whether a snapshot sees a
 * transaction is a question of numbers only, so the same rows are found again on any cluster and at any time. What commits late is covered by
 * the first seal whose snapshot sees it. A seal is one look of the journal, so it covers a bounded number of rows; who lags makes more of them.
 */
import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { Bug } from '../errors.ts'
import { about, defineEvent } from './event.ts'
import { archiveOf, type ClosedMonth, closedMonths, journalMonthClosed, nameOfMonth } from './months.ts'
import { beginning, type Position, parseSnapshot } from './position.ts'

export type Reads = Pick<Database, 'kysely'>

const rowsOfSeal = 20_000
const rowBatchSize = 5_000
const sealBatchSize = 500
/** One call makes so many seals at most. */
const sealsOfCall = 50

/**
 * Everything in a row, as PostgreSQL writes it: independent of drivers and of time zones. The version comes last and only where it is not the first, so
 * that seals from before there were versions go on fitting.
 */
export const rowText = sql<string>`(jsonb_build_array(xid::text, id, extract(epoch from at), type, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload)
                            || case when version > 1 then jsonb_build_array(version) else '[]'::jsonb end)::text`

/** Where a seal ends. In era 0, up to (xid, id). */
type Place = OldPlace | SealedPosition

interface OldPlace {
  readonly xid: string
  readonly id: number
}

interface SealedPosition extends Position {
  /** No transaction from this number on had begun. */
  readonly next: string
  /** Nothing that the snapshot sees was left unread. */
  readonly whole: boolean
}

export interface Seal {
  readonly seq: number
  readonly rows: number
  readonly previousHash: string
  readonly hash: string
  readonly at: Date
  readonly through: Place
  /** What its rows come to since personal data were erased in them; null while none were. */
  readonly erased: string | null
}

const beginningOfEras = (id: number): SealedPosition => ({ era: 1, snapshot: '1:1:', next: '1', whole: false, id })
const start: OldPlace = { xid: '0', id: 0 }
/** What the first seal is made on. */
export const beforeSeals: Pick<Seal, 'through' | 'hash'> = { through: start, hash: '' }

interface SealRow {
  seq: number
  era: number | null
  xid: string | null
  snapshot: string | null
  next: string | null
  whole: boolean
  id: number
  rows: number
  previous_hash: string
  hash: string
  at: Date
  erased: string | null
}

export async function sealsWhere(database: Reads, condition: RawBuilder<unknown>): Promise<Seal[]> {
  const { rows } = await sql<SealRow>`
    select seq, era, through_xid::text as xid, through_snapshot as snapshot, next_xid::text as next, whole, through_id as id, rows, previous_hash,
           hash, at, (select seal_erased.hash from seal_erased where seal_erased.seq = seal.seq) as erased
    from   seal
    ${condition}`.execute(database.kysely)
  return rows.map(row => ({
    ...{ seq: row.seq, rows: row.rows, previousHash: row.previous_hash, hash: row.hash, at: row.at, erased: row.erased },
    through:
      row.era === null || row.snapshot === null || row.next === null
        ? { xid: row.xid ?? '0', id: row.id }
        : { era: row.era, snapshot: row.snapshot, next: row.next, whole: row.whole, id: row.id },
  }))
}

/** Returns the position up to which the journal is sealed. */
export async function lastSealed(database: Reads): Promise<Position> {
  const [last] = await sealsWhere(database, sql`order by seq desc limit 1`)
  if (last === undefined) return beginning
  const { through } = last
  return isSealedPosition(through) ? through : { era: 0, snapshot: `${through.xid}:${through.xid}:`, id: through.id }
}

/** Where the numbers of era 0 end. */
async function endOfEraZero(database: Reads): Promise<number> {
  const { rows } = await sql<{ after_id: number }>`select after_id from journal_era where era = 1`.execute(database.kysely)
  return rows[0]?.after_id ?? 0
}

const eraBegins = (era: number) => sql`(select after_id from journal_era where era = ${era}::int)`

/**
 * The rows with a number up to that of a position which were not read there, of transactions below `end`. Index: event_in_order, twice: with
 * `or` the planner would read the whole table.
 */
function lateAfter(
  { era, snapshot, id }: Position,
  end: RawBuilder<unknown>,
  journal: RawBuilder<unknown> = sql`event`,
): RawBuilder<unknown> {
  const { xmax, running } = parseSnapshot(snapshot)
  const span = sql`id > ${eraBegins(era)} and id + 0 <= (select ${untilOf({ era, id })})`
  return sql`(
    select * from ${journal} event where xid = any (${running.map(String)}::text[]::xid8[]) and ${span}
    union all
    select * from ${journal} event where xid >= ${String(xmax)}::text::xid8 and xid < (select ${end}) and ${span}
  )`
}

/** Where the transactions end that a look may see; of an earlier era, all of them. */
const endOfLook = (era: number) =>
  sql`case when exists (select from journal_era where era > ${era}::int) then ${lastXid} else pg_snapshot_xmax(pg_current_snapshot()) end`
const lastXid = sql`'9223372036854775807'::xid8`

/** The number up to which a position has read, as later eras know it. */
const untilOf = ({ era, id }: Pick<Position, 'era' | 'id'>) => sql`least(${id}::bigint, ${eraBegins(era + 1)})`

/** Whether a position has read a row with a number that it may have read: everything of earlier eras, and what its snapshot sees. */
const isReadAt = ({ era, snapshot }: Position) =>
  sql`(id <= ${eraBegins(era)} or pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot))`

/** Whether a row with a greater number than a position's cannot be: its transaction had ended before. */
const isTooLate = ({ era, snapshot, whole }: SealedPosition) =>
  whole
    ? sql`(id > coalesce(${eraBegins(era)}, 0) and not ${eraHasEnded(era)} and pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot))`
    : sql`false`
const eraHasEnded = (era: number) => sql`coalesce(id > ${eraBegins(era + 1)}, false)`

/** Seals what is new. Returns how many rows were sealed; 0 when there was nothing to seal or another process did it. */
export async function sealJournal(database: Reads, now: number): Promise<number> {
  let sealed = 0
  for (let i = 0; i < sealsOfCall; i++) {
    const [previous] = await sealsWhere(database, sql`order by seq desc limit 1`)
    const part = await nextPart(database, previous?.through ?? start)
    if (part.texts.length === 0) break
    const previousHash = previous?.hash ?? ''
    const hash = createHash('sha256').update(previousHash)
    for (const text of part.texts) hash.update(text).update('\n')
    const { through } = part
    const place = isSealedPosition(through)
      ? sql`${through.era}::int, null, ${through.snapshot}, ${through.next}::text::xid8, ${through.whole}::boolean`
      : sql`null, ${through.xid}::text::xid8, null, null, false`
    const { numAffectedRows } = await sql`
      insert into seal (seq, era, through_xid, through_snapshot, next_xid, whole, through_id, rows, previous_hash, hash, at)
      values (${(previous?.seq ?? 0) + 1}::bigint, ${place}, ${through.id}::bigint, ${part.texts.length}::bigint, ${previousHash},
              ${hash.digest('hex')}, ${new Date(now)})
      on conflict (seq) do nothing`.execute(database.kysely)
    if (numAffectedRows !== 1n) break
    sealed += part.texts.length
    if (!part.more) break
  }
  return sealed
}

interface Part {
  texts: string[]
  through: Place
  more: boolean
}

async function nextPart(database: Reads, after: Place): Promise<Part> {
  if (isSealedPosition(after)) return partByNumber(database, after)
  const old = await partOfEraZero(database, after)
  if (old.texts.length > 0) return old
  return partByNumber(database, beginningOfEras(await endOfEraZero(database)))
}

const isSealedPosition = (place: Place): place is SealedPosition => 'snapshot' in place

async function partOfEraZero(database: Reads, { xid, id }: OldPlace): Promise<Part> {
  const { rows } = await sql<{ xid: string; id: number; text: string }>`
    select   xid::text as xid, id, ${rowText} as text
    from     event
    where    (event.xid, id) > (${xid}::text::xid8, ${id}::bigint) and id <= ${eraBegins(1)}
    order by event.xid, id
    limit    ${rowsOfSeal}`.execute(database.kysely)
  const last = rows.at(-1)
  return { texts: rows.map(row => row.text), through: last ?? start, more: true }
}

/** As `readJournal` reads, in one statement outside any transaction: so `age` tells which transaction number is the next one to be drawn. */
async function partByNumber(database: Reads, after: SealedPosition): Promise<Part> {
  interface Row {
    era: number
    snapshot: string
    next: string
    until: number
    id: number | null
    text: string | null
  }
  const { rows } = await sql<Row>`
    select look.*, unread.id, unread.text
    from   (
             select (select max(era) from journal_era) as era, pg_current_snapshot()::text as snapshot,
                    (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + age(pg_snapshot_xmax(pg_current_snapshot())::xid))::text as next,
                    ${untilOf(after)} as until
           ) look
    left join lateral (
             select id, ${rowText} as text from ${lateAfter(after, endOfLook(after.era))} late
             union all
             (
               select   id, ${rowText} as text
               from     event
               where    id > (select ${untilOf(after)})
               order by id
               limit    ${rowsOfSeal}
             )
           ) unread on true
    order  by unread.id`.execute(database.kysely)
  const [first] = rows
  if (first === undefined) throw new Bug('A look at the journal always has a row.')
  const texts = rows.flatMap(row => (row.text === null ? [] : [row.text]))
  const fresh = rows.filter(row => row.id !== null && row.id > first.until)
  const { era, snapshot, next, until } = first
  const more = fresh.length === rowsOfSeal
  return { texts, through: { era, snapshot, next, whole: !more, id: fresh.at(-1)?.id ?? until }, more }
}

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
  after: Place,
  through: Place,
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
    const from = isSealedPosition(after) ? start : after
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

async function unsealedAfter(database: Reads, after: Place): Promise<number> {
  if (!isSealedPosition(after))
    return count(
      database,
      sql`event where id > ${eraBegins(1)} or (event.xid, id) > (${after.xid}::text::xid8, ${after.id}::bigint)`,
    )
  const fresh = await count(database, sql`event where id > (select ${untilOf(after)})`)
  return fresh + (await count(database, sql`${lateAfter(after, endOfLook(after.era))} late`))
}

async function insertedAfter(database: Reads, after: Place): Promise<number> {
  return isSealedPosition(after) ? count(database, sql`event where id > (select ${untilOf(after)}) and ${isTooLate(after)}`) : 0
}
