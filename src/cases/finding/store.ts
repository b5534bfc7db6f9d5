/** SQL that finds cases, and keeps what somebody wants to find again. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import type { ConversationChannel, FollowUp } from '../model.ts'
import { type Scope, visibleCase } from '../store.ts'
import type { CaseRow, TicketRow } from '../tables.ts'
import { both, inMonths } from './wanted.ts'

/** The place of a case in the list: the instant in microseconds, as the database keeps it. */
export interface CaseKey {
  openedAt: string
  id: string
}

export interface Search {
  /** As `conditionOf` writes it; empty when everything fits. */
  condition: string
  from: Date | undefined
  until: Date | undefined
  newestFirst: boolean
  after: CaseKey | undefined
  /** Only these cases. */
  among?: readonly string[] | undefined
  limit: number
}

/** So many cases are walked through one by one: a thousand take less than a millisecond. */
const walkedRows = 1_000
/** Where some of those fitted, the walk goes on for as long as they promise, and this at most. */
const mostWalkedRows = 4_000
/** A walk that goes on goes so much further than its beginning promises. */
const margin = 1.5
/** Then the index of words is asked for so many months, and at last for all. */
const monthsAtOnce = 3

/**
 * Keys of cases, in order. What is frequent is found by walking along the order; what the walk does not find is rare, and the index of words is
 * asked: for the next months, so that it touches few more cases than it returns, and then for all, for there are few. What has no condition is
 * walked to its end. Indexes: case_index_in_order (opened_at, case_id), case_index_of_words (words).
 */
export async function findCaseKeys(db: Db, search: Search): Promise<CaseKey[]> {
  if (search.among !== undefined) return keysIn(db, search, sql`case_id = any(${[...search.among]}::uuid[])`, search.condition)
  const walked = await walk(db, search, walkedRows)
  if (search.condition === '' || walked.length >= search.limit) return walked
  if (walked.length > 0) {
    const promised = Math.ceil((walkedRows * search.limit * margin) / walked.length)
    const further = await walk(db, search, Math.min(promised, mostWalkedRows))
    if (further.length >= search.limit) return further
  }
  const begins = await beginOf(db, search)
  if (begins === undefined) return []
  // A condition with many months is dear, however little it finds: after these all are asked.
  const found = await keysIn(db, search, sql`true`, both(search.condition, inMonths(begins, monthsAtOnce, search.newestFirst)))
  return found.length >= search.limit ? found : keysIn(db, search, sql`true`, search.condition)
}

const order = ({ newestFirst }: Search) => (newestFirst ? sql`opened_at desc, case_id desc` : sql`opened_at, case_id`)

/** Condition that a case lies in the period and after the last one of the page before. */
function lies({ from, until, newestFirst, after }: Search): RawBuilder<boolean> {
  const conditions = [
    ...(from === undefined ? [] : [sql<boolean>`opened_at >= ${from}`]),
    ...(until === undefined ? [] : [sql<boolean>`opened_at < ${until}`]),
    ...(after === undefined
      ? []
      : [
          newestFirst
            ? sql<boolean>`(opened_at, case_id) < (${after.openedAt}::timestamptz, ${after.id}::uuid)`
            : sql<boolean>`(opened_at, case_id) > (${after.openedAt}::timestamptz, ${after.id}::uuid)`,
        ]),
  ]
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

const key = sql`case_id as id, to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "openedAt"`

async function walk(db: Db, search: Search, rows: number): Promise<CaseKey[]> {
  const near =
    search.condition === ''
      ? sql`case_index where ${lies(search)}`
      : sql`(select * from case_index where ${lies(search)} order by ${order(search)} limit ${rows}) near
            where words @@ ${search.condition}::tsquery`
  const found = await sql<CaseKey>`
    select ${key} from ${near} order by ${order(search)} limit ${search.limit}`.execute(db)
  return found.rows
}

/** Where the list begins: after the page before, at the end of the period, or with the newest or oldest case. */
async function beginOf(db: Db, search: Search): Promise<Date | undefined> {
  if (search.after !== undefined) return new Date(search.after.openedAt)
  const { rows } = await sql<{ opened_at: Date }>`
    select opened_at from case_index where ${lies(search)} order by ${order(search)} limit 1`.execute(db)
  return rows[0]?.opened_at
}

/** What fits is found first and put in order then, so that the server does not walk along the order for what is rare. */
async function keysIn(db: Db, search: Search, among: RawBuilder<boolean>, condition: string): Promise<CaseKey[]> {
  const { rows } = await sql<CaseKey>`
    with fitting as materialized (
      select case_id, opened_at from case_index
      where  ${among} and ${condition === '' ? sql`true` : sql`words @@ ${condition}::tsquery`} and ${lies(search)}
    )
    select ${key} from fitting order by ${order(search)} limit ${search.limit}`.execute(db)
  return rows
}

/** The stems of a text, as the index has them. */
export async function stemsOf(db: Db, text: string): Promise<string[]> {
  const { rows } = await sql<{ stems: string[] }>`select tsvector_to_array(case_words(${text})) as stems`.execute(db)
  return rows[0]?.stems ?? []
}

/** The leaves under a node of the tree of typologies, or the leaf itself. Indexes: typology_pkey, typology_in_order. */
export async function leavesUnder(db: Db, typologyId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select leaf.id from typology node join typology leaf on leaf.leaf and (leaf.id = node.id or starts_with(leaf.place, node.place || '.'))
    where  node.id = ${typologyId}
    limit  500`.execute(db)
  return rows.map(row => row.id)
}

export interface FoundRow extends CaseRow {
  ticket_state: TicketRow['state'] | null
  unit_name: string | null
  claimed_by_name: string | null
  due_at: Date | null
  channel: ConversationChannel | null
  operator_name: string | null
}

/** What a list shows of some cases, in the order of the keys. Indexes: case_pkey, ticket_case_id_key, interaction_of_case. */
export async function readFound(db: Db, ids: readonly string[]): Promise<FoundRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FoundRow>`
    select "case".*, ticket.state as ticket_state, ticket.unit_name, ticket.claimed_by_name, ticket.due_at, first.channel, first.operator_name
    from   unnest(${[...ids]}::uuid[]) with ordinality as wanted (id, n)
    join   "case" on "case".id = wanted.id
    left   join ticket on ticket.case_id = "case".id
    left   join lateral (
             select channel, operator_name from interaction where case_id = "case".id order by opened_at limit 1) first on true
    order  by wanted.n`.execute(db)
  return rows
}

const textLength = 4_000

/**
 * The texts of some cases in which words may stand, and of those that were joined into them as far as the reader sees them; the questions first.
 * Indexes: case_joined_into; of each table, by the case.
 */
export async function textsOfCases(db: Db, ids: readonly string[], scope: Scope): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; texts: string[] }>`
    select wanted.id, array(
      select left(said.text, ${textLength}) from (
        select 1 as n, question as text from ticket where case_id = any(one.ids)
        union all select 2, unnest(array[question, answer, notes]) from interaction where case_id = any(one.ids)
        union all select 3, answer from ticket where case_id = any(one.ids)
        union all select 4, text from case_note where case_id = any(one.ids)
        union all select 5, text from message where case_id = any(one.ids)
        union all select 6, ticket_return.text from ticket join ticket_return on ticket_id = ticket.id where case_id = any(one.ids)
      ) said where said.text <> '' order by n limit 40) as texts
    from   unnest(${[...ids]}::uuid[]) as wanted (id)
           cross join lateral (
             select array_agg(part.id) as ids from case_with_joined(wanted.id) part (id) where ${visibleCase(scope, sql`part.id`)}) one`.execute(
    db,
  )
  return new Map(rows.map(row => [row.id, row.texts]))
}

// --- the index of cases of before -----------------------------------------------------------------------------------

/** What this transaction writes of cases is put into the index later: by `leaveIndexToWorker`, which somebody has to call. */
export const indexLater = (tx: Tx): Promise<unknown> => sql`select set_config('filo.index_later', 'yes', true)`.execute(tx)

/** Lets the worker go over all cases, and put into the index what is not there. */
export async function leaveIndexToWorker(tx: Tx): Promise<void> {
  await tx.deleteFrom('case_index_fill').execute()
  await tx.insertInto('case_index_fill').values({ after_id: '00000000-0000-0000-0000-000000000000' }).execute()
}

/** Puts the next cases of before into the index. Returns how many; none when all are there, or another process has them in hand. */
export async function indexNextCases(db: Db, limit: number): Promise<number> {
  const { rows: places } = await sql<{ after_id: string }>`select after_id from case_index_fill for update skip locked`.execute(
    db,
  )
  const [place] = places
  if (!place) return 0
  const { rows } = await sql<{ id: string }>`
    select id from "case" where id > ${place.after_id} order by id limit ${limit}`.execute(db)
  const ids = rows.map(row => row.id)
  const last = ids.at(-1)
  await sql`select index_case(id) from unnest(${ids}::uuid[]) as one (id)`.execute(db)
  if (last === undefined || ids.length < limit) await sql`delete from case_index_fill`.execute(db)
  else await sql`update case_index_fill set after_id = ${last}`.execute(db)
  return ids.length
}

// --- follow-ups -----------------------------------------------------------------------------------------------------

/** A list shows so many of somebody's follow-ups at most: those of the next days. */
export const maxFollowUps = 500

/** Cases that somebody wants to look at again, the earliest day first. Index: case_follow_up_by_day. */
export async function casesToFollow(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('case_follow_up')
    .select('case_id')
    .where('person_id', '=', personId)
    .orderBy('on_day')
    .orderBy('case_id')
    .limit(maxFollowUps)
    .execute()
  return rows.map(row => row.case_id)
}

/** When somebody wants to look at some cases again. Index: case_follow_up_pkey. */
export async function followUpsOf(db: Db, personId: string, ids: readonly string[]): Promise<Map<string, FollowUp>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ case_id: string } & FollowUp>`
    select case_id, to_char(on_day, 'YYYY-MM-DD') as day, note from case_follow_up
    where  person_id = ${personId} and case_id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(({ case_id, day, note }) => [case_id, { day, note }]))
}

/** How many cases somebody wants to look at again. */
export async function countFollowUps(db: Db, personId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from case_follow_up where person_id = ${personId}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Keeps when somebody wants to look at a case again, in the place of what was kept before. */
export async function putFollowUp(
  db: Db,
  { personId, caseId, day, note, now }: { personId: string; caseId: string; day: string; note: string; now: Date },
): Promise<void> {
  await db
    .insertInto('case_follow_up')
    .values({ person_id: personId, case_id: caseId, on_day: day, note, noted_at: now })
    .onConflict(conflict => conflict.columns(['person_id', 'case_id']).doUpdateSet({ on_day: day, note, noted_at: now }))
    .execute()
}

/** Forgets it. */
export async function deleteFollowUp(db: Db, personId: string, caseId: string): Promise<void> {
  await db.deleteFrom('case_follow_up').where('person_id', '=', personId).where('case_id', '=', caseId).execute()
}

// --- saved lists ----------------------------------------------------------------------------------------------------

/** Somebody keeps so many lists at most. */
export const maxSavedLists = 40

/** The lists that somebody has named, by name. Index: saved_case_list_person_id_name_key. */
export const savedListsOf = (db: Db, personId: string) =>
  db
    .selectFrom('saved_case_list')
    .select(['id', 'name', 'wanted'])
    .where('person_id', '=', personId)
    .orderBy('name')
    .limit(maxSavedLists)
    .execute()

/** Keeps a list, in the place of the one that had its name. Returns its identifier. */
export async function putSavedList(
  db: Db,
  { id, personId, name, filter, now }: { id: string; personId: string; name: string; filter: unknown; now: Date },
): Promise<string> {
  const wanted = JSON.stringify(filter)
  const row = await db
    .insertInto('saved_case_list')
    .values({ id, person_id: personId, name, wanted, created_at: now })
    .onConflict(conflict => conflict.columns(['person_id', 'name']).doUpdateSet({ wanted }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Takes a list of somebody's away. Returns whether it was there. */
export async function deleteSavedList(db: Db, personId: string, id: string): Promise<boolean> {
  const gone = await db.deleteFrom('saved_case_list').where('id', '=', id).where('person_id', '=', personId).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
