/** SQL of the sums. What is written is added to what stands there; what is read is of the current generation. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import { agentState, callQueued } from '../../distribution/index.ts'
import type { Db } from '../../platform/index.ts'
import { callArrived, callConnected } from '../../telephony/index.ts'
import { type CallEntry, typesOfCall, type WrapUp } from './count.ts'
import { type Contribution, type Ended, figures, type HowEnded, halfHourOf, logUnits, type SumKey, sumPeriodMs } from './model.ts'

/** A call that has more entries than this is not one: what is beyond is left out, always. */
const maxEntriesOfCall = 2_000
/** Wrap-ups that one conversation may change: those up to the agent's next. There are as many states between the two at most. */
const maxWrapUps = 20

const current = sql`(select generation from sum_follower where is_current)`

// --- what is read of the journal ------------------------------------------------------------------------------------

/**
 * The entries of some calls, by call. Index: event_of_call (call_id, id), and no other: the types are looked at afterwards, or a planner
 * without statistics reads every entry of those types for each call.
 */
export async function entriesOfCalls(db: Db, callIds: readonly string[]): Promise<Map<string, CallEntry[]>> {
  if (callIds.length === 0) return new Map()
  const { rows } = await sql<CallEntry & { call: string }>`
    select wanted.call_id as call, entry.*
    from   unnest(${[...callIds]}::uuid[]) as wanted (call_id)
           cross join lateral (
             select id, (extract(epoch from at) * 1000)::float8 as at, type,
                    payload ->> 'sectionId'                                           as section,
                    coalesce(payload #>> '{preferred,resume}', 'false') = 'true'      as resume,
                    payload ->> 'reason'                                              as reason,
                    payload ->> 'to'                                                  as number,
                    payload ->> 'mode'                                                as mode
             from   (select * from event where call_id = wanted.call_id order by id limit ${maxEntriesOfCall}) of_call
             where  type = any(${[...typesOfCall]}::text[])
           ) entry`.execute(db)
  return Map.groupBy(rows, row => row.call)
}

/**
 * The wrap-ups that some entries of agents may have changed: a state is the end of the wrap-up before it, or one itself; a conversation is
 * whose wrap-ups follow it. Indexes: event_pkey, event_of_agent_in_time (person_id, type, at, id). The given entries are fetched first,
 * whatever the planner knows of the table: it has been seen to look around every entry of the journal, and to choose the given ones last.
 */
export async function wrapUpsAround(db: Db, entryIds: readonly number[]): Promise<WrapUp[]> {
  if (entryIds.length === 0) return []
  const state = sql`${agentState.type}`
  const connected = sql`${callConnected.type}`
  const { rows } = await sql<WrapUp>`
    with given as materialized (
      select id, at, person_id, type, payload from event where id = any(${[...entryIds]}::bigint[])
    ), touched as (
      select distinct on (wrap_up.id) wrap_up.*
      from   given entry
             cross join lateral (
               select entry.id, entry.at, entry.person_id, entry.payload where entry.type = ${state}
               union all
               (select id, at, person_id, payload from event
                where  entry.type = ${state} and person_id = entry.person_id and type = ${state} and (at, id) < (entry.at, entry.id)
                order  by at desc, id desc
                limit  1)
               union all
               (select id, at, person_id, payload from event
                where  entry.type = ${connected} and person_id = entry.person_id and type = ${state}
                and    (at, id) > (entry.at, entry.id)
                order  by at, id
                limit  ${maxWrapUps})
             ) wrap_up
      where  wrap_up.payload ->> 'state' = 'wrap-up'
    )
    select touched.id, (extract(epoch from touched.at) * 1000)::float8 as at,
           (select (extract(epoch from at) * 1000)::float8 from event
            where  person_id = touched.person_id and type = ${state} and (at, id) > (touched.at, touched.id)
            order  by at, id limit 1) as until,
           (select payload ->> 'sectionId' from event
            where  person_id = touched.person_id and type = ${connected} and (at, id) < (touched.at, touched.id)
            order  by at desc, id desc limit 1) as section
    from   touched`.execute(db)
  return rows
}

// --- what is written ------------------------------------------------------------------------------------------------

/** What subjects have put into the sums so far. Index: summed_pkey. */
export async function countedBefore(db: Db, generation: number, subjects: readonly string[]): Promise<Map<string, Contribution>> {
  if (subjects.length === 0) return new Map()
  const { rows } = await sql<{ subject: string; counted: Contribution }>`
    select subject, counted from summed where generation = ${generation} and subject = any(${[...subjects]}::text[])`.execute(db)
  return new Map(rows.map(({ subject, counted }) => [subject, counted]))
}

export interface Summed {
  subject: string
  counted: Contribution
  /** Its latest entry, in milliseconds since the epoch. */
  at: number
}

export async function keepCounted(db: Db, generation: number, summed: readonly Summed[]): Promise<void> {
  if (summed.length === 0) return
  const rows = summed.map(({ subject, counted, at }) => ({ subject, counted, at: new Date(at) }))
  await sql`
    insert into summed (generation, subject, counted, at)
    select ${generation}::int, subject, counted, at
    from   json_to_recordset(${JSON.stringify(rows)}::json) as given (subject text, counted jsonb, at timestamptz)
    on     conflict (generation, subject) do update set counted = excluded.counted, at = greatest(summed.at, excluded.at)`.execute(
    db,
  )
}

const columns = figures.map(figure => sql.raw(figure))

/** Adds to the sums. Rows are taken in one order always, so that two who add never wait for each other crosswise. */
export async function addToSums(db: Db, generation: number, changed: Contribution): Promise<void> {
  const sections = new Map<string, Record<string, unknown>>()
  const rows: { wait: unknown[]; arrival: unknown[]; number: unknown[] } = { wait: [], arrival: [], number: [] }
  for (const [key, value] of Object.entries(changed)) {
    // Written by `put`, here or on a node before us.
    const place = JSON.parse(key) as SumKey
    const half_hour = new Date(place[1] * sumPeriodMs)
    if (place[0] === 'section') {
      const cell = `${place[1]} ${place[2]}`
      const row = sections.get(cell) ?? { half_hour, section_id: place[2] }
      row[place[3]] = value
      sections.set(cell, row)
    } else if (place[0] === 'wait') {
      rows.wait.push({ half_hour, section_id: place[2], how: place[3], at_most_seconds: place[4], calls: value })
    } else if (place[0] === 'arrival') rows.arrival.push({ half_hour, section_ids: place.slice(2), calls: value })
    else rows.number.push({ half_hour, number: place[2], mode: place[3], section_id: place[4], calls: value })
  }
  if (sections.size > 0)
    await sql`
      insert into half_hour_sum (generation, half_hour, section_id, ${sql.join(columns)})
      select ${generation}::int, half_hour, section_id, ${sql.join(columns.map(column => sql`coalesce(${column}, 0)`))}
      from   json_to_recordset(${JSON.stringify([...sections.values()])}::json)
             as given (half_hour timestamptz, section_id text, ${sql.join(columns.map(column => sql`${column} bigint`))})
      order  by half_hour, section_id
      on     conflict (generation, half_hour, section_id)
      do     update set ${sql.join(columns.map(column => sql`${column} = half_hour_sum.${column} + excluded.${column}`))}`.execute(
      db,
    )
  await addCalls(db, generation, 'half_hour_wait', sql`half_hour, section_id, how, at_most_seconds`, rows.wait)
  await addCalls(db, generation, 'half_hour_arrival', sql`half_hour, section_ids`, rows.arrival)
  await addCalls(db, generation, 'half_hour_number', sql`half_hour, number, mode, section_id`, rows.number)
}

async function addCalls(
  db: Db,
  generation: number,
  table: 'half_hour_wait' | 'half_hour_arrival' | 'half_hour_number',
  key: RawBuilder<unknown>,
  rows: readonly unknown[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into ${sql.table(table)} (generation, ${key}, calls)
    select   ${generation}::int, ${key}, calls from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)
    order by ${key}
    on       conflict (generation, ${key}) do update set calls = ${sql.table(table)}.calls + excluded.calls`.execute(db)
}

/** Puts the waits that some calls have ended lately in the place of those that are known of them. */
export async function keepEnded(
  db: Db,
  generation: number,
  callIds: readonly string[],
  ended: readonly (Ended & { callId: string; no: number })[],
): Promise<void> {
  if (callIds.length === 0) return
  await sql`delete from ended_wait where generation = ${generation} and call_id = any(${[...callIds]}::uuid[])`.execute(db)
  if (ended.length === 0) return
  const rows = ended.map(({ callId, no, at, sectionId, how, waitedMs }) => ({
    ...{ call_id: callId, no, at: new Date(at), section_id: sectionId, how, waited_ms: waitedMs },
  }))
  await sql`
    insert into ended_wait (generation, call_id, no, at, section_id, how, waited_ms)
    select ${generation}::int, call_id, no, at, section_id, how, waited_ms
    from   json_populate_recordset(null::ended_wait, ${JSON.stringify(rows)}::json)`.execute(db)
}

const forgetBatchSize = 2_000

/** Forgets what is older than an instant, a bounded part of it. Indexes: summed_in_time, ended_wait_in_time. */
export async function forget(db: Db, generation: number, table: 'summed' | 'ended_wait', before: Date): Promise<void> {
  await sql`
    delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)} where generation = ${generation} and at < ${before} order by at limit ${forgetBatchSize}
    ))`.execute(db)
}

const removeBatchSize = 5_000
const tablesOfGeneration = [
  'half_hour_sum',
  'half_hour_wait',
  'half_hour_arrival',
  'half_hour_number',
  'ended_wait',
  'summed',
] as const

/** Removes generations that are not the current one, a part in each statement. */
export async function removeOthers(db: Db): Promise<void> {
  for (const table of tablesOfGeneration)
    for (;;) {
      const { numAffectedRows } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(
          select ctid from ${sql.table(table)} where generation <> ${current} limit ${removeBatchSize}
        ))`.execute(db)
      if (Number(numAffectedRows ?? 0) < removeBatchSize) break
    }
  await db.deleteFrom('sum_follower').where('is_current', '=', false).execute()
}

/**
 * Copies the half hours before the journal's first call from the current generation: months that have left the journal keep their sums.
 * Index: event_by_type (type, at).
 */
export async function keepOlder(db: Db, generation: number): Promise<void> {
  const { rows } = await sql<{ first: Date | null }>`
    select least((select min(at) from event where type = ${callArrived.type}),
                 (select min(at) from event where type = ${callQueued.type})) as first`.execute(db)
  const first = rows[0]?.first ?? null
  for (const table of ['half_hour_sum', 'half_hour_wait', 'half_hour_arrival', 'half_hour_number'] as const)
    await sql`
      insert into ${sql.table(table)} (generation, ${columnsOf[table]})
      select ${generation}::int, ${columnsOf[table]} from ${sql.table(table)}
      where  generation = ${current}
      and    half_hour < ${first === null ? sql`'infinity'` : sql`${new Date(halfHourOf(first.getTime()) * sumPeriodMs)}`}
      on     conflict do nothing`.execute(db)
}

const columnsOf = {
  half_hour_sum: sql`half_hour, section_id, ${sql.join(columns)}`,
  half_hour_wait: sql`half_hour, section_id, how, at_most_seconds, calls`,
  half_hour_arrival: sql`half_hour, section_ids, calls`,
  half_hour_number: sql`half_hour, number, mode, section_id, calls`,
}

// --- what is read ---------------------------------------------------------------------------------------------------

/**
 * How many calls joined a queue of one of the sections, in each half hour of a span; one that joins two in the same half hour counts once.
 * Index: half_hour_arrival_pkey.
 */
export async function arrivalsIn(
  db: Db,
  sectionIds: readonly string[],
  start: Date,
  end: Date,
): Promise<{ start: Date; calls: number }[]> {
  const { rows } = await sql<{ start: Date; calls: number }>`
    select   half_hour as start, sum(calls)::int as calls
    from     half_hour_arrival
    where    generation = ${current} and half_hour >= ${start} and half_hour < ${end} and section_ids && ${[...sectionIds]}::text[]
    group by half_hour`.execute(db)
  return rows
}

/** The mean wait, in milliseconds, of the calls that each section answered in each half hour of a span. Index: half_hour_sum_pkey. */
export async function answeredWaitsIn(
  db: Db,
  sectionIds: readonly string[],
  start: Date,
  end: Date,
): Promise<{ sectionId: string; start: Date; meanMs: number }[]> {
  const { rows } = await sql<{ sectionId: string; start: Date; meanMs: number }>`
    select section_id as "sectionId", half_hour as start, answer_wait_ms::float8 / answered as "meanMs"
    from   half_hour_sum
    where  generation = ${current} and half_hour >= ${start} and half_hour < ${end}
    and    section_id = any(${[...sectionIds]}::text[]) and answered > 0`.execute(db)
  return rows
}

/** How many calls to each number entered the contact centre in a span. Index: half_hour_number_pkey. */
export async function callsToNumbersIn(db: Db, start: Date, end: Date): Promise<{ number: string; calls: number }[]> {
  const { rows } = await sql<{ number: string; calls: number }>`
    select   number, sum(calls)::int as calls
    from     half_hour_number
    where    generation = ${current} and half_hour >= ${start} and half_hour < ${end} and mode = 'channelled'
    group by number
    having   sum(calls) > 0`.execute(db)
  return rows
}

/** Waits that ended alike. */
export interface EndedAlike {
  sectionId: string
  how: HowEnded
  /** Whether they lasted no longer than the target. */
  within: boolean
  calls: number
}

/** The waits that ended after `since` and until `until`, counted. Index: ended_wait_in_time. */
export async function endedLately(db: Db, since: Date, until: Date, targetMs: number): Promise<EndedAlike[]> {
  const { rows } = await sql<EndedAlike>`
    select   section_id as "sectionId", how, waited_ms <= ${targetMs} as within, count(*)::int as calls
    from     ended_wait
    where    generation = ${current} and at > ${since} and at <= ${until}
    group by section_id, how, within`.execute(db)
  return rows
}

/** What a section had in a half hour of the clock on the wall, in the words of the planner. */
export interface SectionHalfHour {
  day: string
  sectionId: string
  half: number
  calls: number
  handled: number
  talkMs: number
  logSum: number
  logSquares: number
  wrapUpMs: number
  waitedMs: number
  gaveUp: number
}

const wallHalf = (timeZone: string) =>
  sql`(extract(hour from half_hour at time zone ${timeZone}) * 2 + floor(extract(minute from half_hour at time zone ${timeZone}) / 30))::int`

/** A day of office time, from its first instant to that of the next. */
export interface DaySpan {
  day: string
  from: Date
  to: Date
}

const spans = (days: readonly DaySpan[]) => sql`
  unnest(${days.map(({ day }) => day)}::text[], ${days.map(({ from }) => from.toISOString())}::timestamptz[],
         ${days.map(({ to }) => to.toISOString())}::timestamptz[]) as wanted (day, begins, ends)`

/** What sections had on some days. Index: half_hour_sum_pkey. */
export async function sectionsOfDays(db: Db, days: readonly DaySpan[], timeZone: string): Promise<SectionHalfHour[]> {
  if (days.length === 0) return []
  const { rows } = await sql<SectionHalfHour>`
    select   wanted.day, section_id as "sectionId", ${wallHalf(timeZone)} as half,
             sum(joined)::float8                             as calls,
             sum(conversations)::float8                      as handled,
             sum(talk_ms)::float8                            as "talkMs",
             sum(talk_logs)::float8 / ${logUnits}::float8    as "logSum",
             sum(talk_log_squares)::float8 / ${logUnits}::float8 as "logSquares",
             sum(wrap_up_ms)::float8                         as "wrapUpMs",
             sum(waited_ms)::float8                          as "waitedMs",
             sum(gave_up)::float8                            as "gaveUp"
    from     ${spans(days)}
             join half_hour_sum on generation = ${current} and half_hour >= begins and half_hour < ends
    where    joined + waited_ms + conversations + wrap_up_ms + gave_up <> 0
    group by wanted.day, section_id, half
    order by wanted.day, section_id, half`.execute(db)
  return rows
}

/** Calls to one number on a day, by half hour of the clock on the wall and by the section that they joined first. */
export interface NumberOfDay {
  day: string
  number: string
  mode: 'channelled' | 'direct'
  halves: Record<string, number>
  sections: Record<string, number>
}

/** Calls to the numbers of the plan on some days. Index: half_hour_number_pkey. */
export async function numbersOfDays(db: Db, days: readonly DaySpan[], timeZone: string): Promise<NumberOfDay[]> {
  if (days.length === 0) return []
  const { rows } = await sql<NumberOfDay>`
    with cell as materialized (
      select wanted.day, number, mode, ${wallHalf(timeZone)} as half, section_id, calls
      from   ${spans(days)}
             join half_hour_number on generation = ${current} and half_hour >= begins and half_hour < ends
      where  calls <> 0
    )
    select day, number, mode, halves, coalesce(sections, '{}') as sections
    from   (select day, number, mode, jsonb_object_agg(half, calls) as halves
            from   (select day, number, mode, half, sum(calls) as calls from cell group by 1, 2, 3, 4) each_half
            group  by 1, 2, 3) by_half
           left join
           (select day, number, mode, jsonb_object_agg(section_id, calls) as sections
            from   (select day, number, mode, section_id, sum(calls) as calls from cell
                    where  section_id <> '' group by 1, 2, 3, 4) each_section
            group  by 1, 2, 3) by_section using (day, number, mode)
    order  by day, number, mode`.execute(db)
  return rows
}

/** The first half hour in which a call joined a queue; undefined before there was any. Index: half_hour_sum_pkey. */
export async function firstHalfHour(db: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ half_hour: Date }>`
    select half_hour from half_hour_sum where generation = ${current} and joined > 0 order by half_hour limit 1`.execute(db)
  return rows[0]?.half_hour
}

/** How far the sums have read, and the place from which they read on. */
export async function readFollower(db: Db): Promise<{ position: string; entries: number }> {
  return db.selectFrom('sum_follower').select(['position', 'entries']).where('is_current', '=', true).executeTakeFirstOrThrow()
}
