/** SQL of how cases went, and of the sums of it. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { CaseOutcome, ConversationChannel, RepeatCause } from '../model.ts'
import type { CaseRow, InteractionRow } from '../tables.ts'
import type { ResultCasesQuery, ResultCounts, ResultFigure, ResultsBy } from './model.ts'

export interface FirstContact {
  caseId: string
  contactId: string
  day: string
  sectionId: string
  unitPath: string
  typologyId: string
  regionCode: string
  channel: ConversationChannel
}

/** Notes the first conversation of a case. */
export async function insertResult(
  db: Db,
  { caseId, contactId, day, sectionId, unitPath, ...about }: FirstContact,
): Promise<void> {
  await sql`
    insert into case_result (case_id, contact_id, first_on, section_id, unit_path, typology_id, region_code, channel)
    values (${caseId}, ${contactId}, ${day}, ${sectionId}, ${unitPath}, ${about.typologyId}, ${about.regionCode}, ${about.channel})
    on conflict (case_id) do nothing`.execute(db)
}

/** The case was closed. What came after a second contact changes nothing of how it had gone before. */
export async function closeResult(
  db: Db,
  caseId: string,
  { day, at, outcome }: { day: string; at: Date; outcome: CaseOutcome },
): Promise<void> {
  await sql`
    update case_result
    set    closed_on = ${day}, closed_at = ${at},
           at_first = ${outcome === 'first-contact'} or (${outcome === 'answered'}
                      and not exists (select 1 from ticket where ticket.case_id in (select case_with_joined(case_result.case_id)))
                      and (select count(*) from (select 1 from interaction where interaction.case_id = case_result.case_id limit 2) two) = 1)
    where  case_id = ${caseId} and repeat_id is null`.execute(db)
}

/** The case is open again because its answer did not arrive: it had not ended. */
export async function reopenResult(db: Db, caseId: string): Promise<void> {
  await sql`
    update case_result set closed_on = null, closed_at = null, at_first = false
    where  case_id = ${caseId} and repeat_id is null and closed_on is not null`.execute(db)
}

export interface ContactAgain {
  interactionId: string
  contactId: string
  typologyId: string | null
  caseId: string | null
  openedAt: Date
}

/** That a conversation is about the same matter as a case that was closed within so many days before it. */
const isAgain = (days: number): RawBuilder<boolean> => sql`
       closed.repeat_id is null and closed.contact_id = contact.contact_id
  and  closed.closed_at >= contact.opened_at - make_interval(days => ${days}::int) and closed.closed_at < contact.opened_at
  and  (closed.typology_id = contact.typology_id or closed.case_id = contact.case_id)`

/**
 * Marks the case that a conversation comes back to, once for each conversation. Returns the case; undefined when there is none.
 * Index: case_result_of_contact.
 */
export async function markRepeat(
  db: Db,
  { interactionId, contactId, typologyId, caseId, openedAt }: ContactAgain,
  channel: ConversationChannel,
  days: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ case_id: string }>`
    update case_result
    set    repeat_id = ${interactionId}, repeated_at = ${openedAt}, repeat_channel = ${channel}
    where  case_id = (
             select   closed.case_id
             from     case_result closed,
                      (values (${contactId}::uuid, ${typologyId}::text, ${caseId}::uuid, ${openedAt}::timestamptz))
                        contact (contact_id, typology_id, case_id, opened_at)
             where    ${isAgain(days)}
             order by closed.closed_at desc
             limit    1
             for update of closed)
    and    not exists (select 1 from case_result noted where noted.repeat_id = ${interactionId})
    returning case_id`.execute(db)
  return rows[0]?.case_id
}

/** Says why the citizen came again, unless somebody has. Returns the case; undefined when nothing was to be said. Index: case_result_repeat_id_key. */
export async function saveCause(
  db: Db,
  interactionId: string,
  cause: RepeatCause,
): Promise<{ caseId: string; contactId: string } | undefined> {
  const { rows } = await sql<{ caseId: string; contactId: string }>`
    update case_result set cause = ${cause} where repeat_id = ${interactionId} and cause is null
    returning case_id as "caseId", contact_id as "contactId"`.execute(db)
  return rows[0]
}

export interface RepeatRow {
  interaction_id: string
  case_id: string
  code: string
  title: string
  closed_at: Date
  cause: RepeatCause | null
  counted: boolean
}

/**
 * To which closed cases some conversations come back: those that have ended, as it was counted; those that are open, as it would be now.
 * Indexes: case_result_repeat_id_key, case_result_of_contact, case_pkey.
 */
export async function repeatsOf(db: Db, rows: readonly InteractionRow[], days: number): Promise<Map<string, RepeatRow>> {
  const known = rows.filter(row => row.contact_id !== null)
  if (known.length === 0) return new Map()
  const { rows: found } = await sql<RepeatRow>`
    select contact.id as interaction_id, closed.case_id, "case".code, "case".title, closed.closed_at, closed.cause, closed.counted
    from   unnest(${known.map(row => row.id)}::uuid[], ${known.map(row => row.contact_id)}::uuid[],
                  ${known.map(row => row.typology_id)}::text[], ${known.map(row => row.case_id)}::uuid[],
                  ${known.map(row => row.opened_at.toISOString())}::timestamptz[], ${known.map(row => row.state === 'open')}::boolean[])
             contact (id, contact_id, typology_id, case_id, opened_at, is_open)
    cross  join lateral (
             select case_id, closed_at, cause, true as counted from case_result where repeat_id = contact.id
             union all
             (select closed.case_id, closed.closed_at, null, false from case_result closed
              where  contact.is_open and ${isAgain(days)}
              order  by closed.closed_at desc limit 1)
             limit 1
           ) closed
    join   "case" on "case".id = closed.case_id`.execute(db)
  return new Map(found.map(row => [row.interaction_id, row]))
}

// --- the sums -------------------------------------------------------------------------------------------------------

const keys = sql`month, section_id, unit_path, typology_id, region_code, channel`
const counted = sql`sum(first_contacts)::int as first_contacts, sum(resolved)::int as resolved, sum(closed)::int as closed,
  sum(repeated)::int as repeated, sum(unclear)::int as unclear, sum(unsolved)::int as unsolved, sum(new_fact)::int as new_fact, sum(other)::int as other`
const counts = ['first_contacts', 'resolved', 'closed', 'repeated', 'unclear', 'unsolved', 'new_fact', 'other'] as const

/** Puts up to `limit` changes into the sums, in one statement. Returns how many. */
export async function sumResults(db: Db, limit: number): Promise<number> {
  const added = sql.join(
    counts.map(name => sql`${sql.ref(name)} = ${sql.ref(`case_result_sum.${name}`)} + ${sql.ref(`excluded.${name}`)}`),
  )
  const { rows } = await sql<{ taken: number }>`
    with taken as (
           delete from case_result_change
           where  id in (select id from case_result_change order by id limit ${limit} for update skip locked)
           returning *),
         added as (
           insert into case_result_sum (${keys}, ${sql.join(counts.map(name => sql.ref(name)))})
           select ${keys}, ${counted} from taken group by ${keys} order by ${keys}
           on conflict (${keys}) do update set ${added})
    select count(*)::int as taken from taken`.execute(db)
  return rows[0]?.taken ?? 0
}

const columnOf: Readonly<Record<ResultsBy, string>> = {
  section: 'section_id',
  typology: 'typology_id',
  region: 'region_code',
  channel: 'channel',
}

/** So many rows of a table of figures at most. */
const maxRows = 300

type SumRow = Record<(typeof counts)[number], number> & { key: string | null }

/**
 * The figures of a month under a unit, told apart by something and in total, from the sums and what is to be put into them.
 * Indexes: case_result_sum_pkey, case_result_change_of_month.
 */
export async function resultFigures(
  db: Db,
  { month, by, under }: { month: string; by: ResultsBy; under: string },
): Promise<{ total: ResultCounts; rows: (ResultCounts & { key: string })[] }> {
  const each = sql.join(counts.map(name => sql.ref(name)))
  const { rows } = await sql<SumRow>`
    select   ${sql.ref(columnOf[by])} as key, ${counted}
    from     (select ${keys}, ${each} from case_result_sum
              union all
              select ${keys}, ${each} from case_result_change) figures
    where    month = ${`${month}-01`} and starts_with(unit_path, ${under})
    group by grouping sets ((${sql.ref(columnOf[by])}), ())
    having   sum(first_contacts) <> 0 or sum(closed) <> 0
    order by grouping(${sql.ref(columnOf[by])}) desc, sum(closed) desc, key
    limit    ${maxRows + 1}`.execute(db)
  const total = rows.find(row => row.key === null)
  return {
    total: countsOf(total),
    rows: rows.flatMap(row => (row.key === null ? [] : [{ key: row.key, ...countsOf(row) }])),
  }
}

const countsOf = (row: SumRow | undefined): ResultCounts => ({
  firstContacts: row?.first_contacts ?? 0,
  resolved: row?.resolved ?? 0,
  closed: row?.closed ?? 0,
  repeated: row?.repeated ?? 0,
  causes: {
    unclear: row?.unclear ?? 0,
    unsolved: row?.unsolved ?? 0,
    'new-fact': row?.new_fact ?? 0,
    other: row?.other ?? 0,
  },
})

/** How often somebody who knows a case was asked for, by section, in a month. Index: continuity_sum_pkey. */
export const continuityIn = (db: Db, month: string) =>
  db
    .selectFrom('continuity_sum')
    .select(['section_id', 'medium', 'asked', 'honoured', 'given_up'])
    .where('month', '=', `${month}-01`)
    .orderBy('asked', 'desc')
    .limit(maxRows)
    .execute()

// --- the cases behind a figure --------------------------------------------------------------------------------------

export interface ResultKey {
  day: string
  caseId: string
}

export type ResultRow = CaseRow & {
  day: string
  repeated_at: Date | null
  repeat_channel: ConversationChannel | null
  cause: RepeatCause | null
}

const countedAs: Readonly<Record<ResultFigure, RawBuilder<boolean>>> = {
  'first-contacts': sql`true`,
  resolved: sql`result.at_first and result.repeat_id is null`,
  closed: sql`true`,
  repeated: sql`result.repeat_id is not null`,
}

/** The cases that a figure counts, the newest first. Indexes: case_result_by_first, case_result_by_end, case_result_repeated. */
export async function resultCases(
  db: Db,
  { month, figure, by, key, cause }: ResultCasesQuery,
  { under, after, limit }: { under: string; after: ResultKey | undefined; limit: number },
): Promise<ResultRow[]> {
  const day = sql.ref(figure === 'closed' || figure === 'repeated' ? 'result.closed_on' : 'result.first_on')
  const { rows } = await sql<ResultRow>`
    select   "case".*, to_char(${day}, 'YYYY-MM-DD') as day, result.repeated_at, result.repeat_channel, result.cause
    from     case_result result join "case" on "case".id = result.case_id
    where    ${day} >= ${`${month}-01`}::date and ${day} < ${`${month}-01`}::date + interval '1 month'
    and      ${countedAs[figure]} and starts_with(result.unit_path, ${under})
             ${by === undefined || key === undefined ? sql`` : sql`and ${sql.ref(`result.${columnOf[by]}`)} = ${key}`}
             ${cause === undefined ? sql`` : cause === 'unsaid' ? sql`and result.repeat_id is not null and result.cause is null` : sql`and result.cause = ${cause}`}
             ${after === undefined ? sql`` : sql`and (${day}, result.case_id) < (${after.day}::date, ${after.caseId}::uuid)`}
    order by ${day} desc, result.case_id desc
    limit    ${limit}`.execute(db)
  return rows
}
