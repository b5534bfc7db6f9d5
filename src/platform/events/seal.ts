/**
 * Sealing: every minute a hash over what has been read since the previous seal, and over that one's hash. Writers never wait for it, and a
 * row that is later changed, removed or slipped in breaks a seal. A seal is one look of the journal, so it covers a bounded number of rows; who
 * lags makes more of them.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Bug } from '../errors.ts'
import {
  beginningOfEras,
  beginningOfEraZero,
  endOfEraZero,
  endOfLook,
  eraBegins,
  isSealedPosition,
  lateAfter,
  type OldPlace,
  type Reads,
  rowText,
  type SealedPosition,
  type SealPlace,
  sealsWhere,
  untilOf,
} from './seals.ts'

const rowsOfSeal = 20_000
/** One call makes so many seals at most. */
const sealsOfCall = 50

/** Seals what is new. Returns how many rows were sealed; 0 when there was nothing to seal or another process did it. */
export async function sealJournal(database: Reads, now: number): Promise<number> {
  let sealed = 0
  for (let i = 0; i < sealsOfCall; i++) {
    const [previous] = await sealsWhere(database, sql`order by seq desc limit 1`)
    const part = await nextPart(database, previous?.through ?? beginningOfEraZero)
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
  through: SealPlace
  more: boolean
}

async function nextPart(database: Reads, after: SealPlace): Promise<Part> {
  if (isSealedPosition(after)) return partByNumber(database, after)
  const old = await partOfEraZero(database, after)
  if (old.texts.length > 0) return old
  return partByNumber(database, beginningOfEras(await endOfEraZero(database)))
}

async function partOfEraZero(database: Reads, { xid, id }: OldPlace): Promise<Part> {
  const { rows } = await sql<{ xid: string; id: number; text: string }>`
    select   xid::text as xid, id, ${rowText} as text
    from     event
    where    (event.xid, id) > (${xid}::text::xid8, ${id}::bigint) and id <= ${eraBegins(1)}
    order by event.xid, id
    limit    ${rowsOfSeal}`.execute(database.kysely)
  const last = rows.at(-1)
  return { texts: rows.map(row => row.text), through: last ?? beginningOfEraZero, more: true }
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
