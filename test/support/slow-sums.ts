/**
 * The sums of half hours, counted again from the whole journal by SQL alone, without regard to what it costs: what the follower writes must be
 * the same to the last unit. Written apart from the follower on purpose; it shares nothing with it but the names of the figures.
 */
import { sql } from 'kysely'
import type { Db } from '../../src/platform/index.ts'

/** Whole numbers by `half hour | place | figure`; zeros are left out. */
export type Flat = Record<string, number>

const half = (at: string) =>
  sql`to_char(to_timestamp(floor(extract(epoch from ${sql.raw(at)}) / 1800) * 1800) at time zone 'UTC', 'MM-DD HH24:MI')`

interface Row {
  half: string
  place: string
  figure: string
  value: number
}

/** Counts everything again. */
export async function slowSums(db: Db): Promise<Flat> {
  const { rows } = await sql<Row>`
    with call as (
      select id, at, type, call_id, payload ->> 'sectionId' as section, payload ->> 'reason' as reason,
             coalesce(payload #>> '{preferred,resume}', '') = 'true' as resume, payload ->> 'to' as number, payload ->> 'mode' as mode
      from   event
      where  call_id is not null
      and    type in ('call.arrived', 'call.queued', 'call.callback-queued', 'call.moved', 'call.connected', 'conversation.ended',
                      'call.left-queue', 'call.dismissed', 'call.diverted')
    ), step as (
      select *, lead(type) over w as next_type, lead(reason) over w as next_reason,
             (extract(epoch from lead(at) over w - at) * 1000)::bigint as ms
      from   call where type <> 'call.arrived'
      window w as (partition by call_id order by at, id)
    ), ended as (
      select ended.at, coalesce(moved.section, queued.section) as section, queued.type as began, queued.resume,
             case when ended.type = 'call.connected' then 'answered'
                  when ended.reason in ('caller', 'line-lost') then 'abandoned' else 'not-answered' end as how,
             greatest(0, (extract(epoch from ended.at - queued.at) * 1000)::bigint) as waited
      from   call ended
             cross join lateral (
               select * from call
               where  call_id = ended.call_id and (at, id) < (ended.at, ended.id) and type in ('call.queued', 'call.callback-queued')
               order  by at desc, id desc limit 1) queued
             left join lateral (
               select section from call
               where  call_id = ended.call_id and (at, id) > (queued.at, queued.id) and (at, id) < (ended.at, ended.id)
               and    type = 'call.moved'
               order  by at desc, id desc limit 1) moved on true
      where  ended.type in ('call.connected', 'call.left-queue')
    ), wait as (
      select * from ended where began = 'call.queued' and not resume
    ), agent as (
      select person_id, type, at, id, payload,
             count(*) filter (where type = 'call.connected') over (partition by person_id order by at, id) as turn
      from   event where type in ('call.connected', 'agent.state') and person_id is not null
    ), turn as (
      select *, max(payload ->> 'sectionId') over (partition by person_id, turn) as section from agent
    ), wrap_up as (
      select at, section, payload, (extract(epoch from lead(at) over (partition by person_id order by at, id) - at) * 1000)::bigint as ms
      from   turn where type = 'agent.state'
    ), piece as (
      select ${half('at')} as half, section as place, 'joined' as figure, 1::bigint as value from step where type = 'call.queued' and not resume
      union all select ${half('at')}, section, 'waited_ms', ms from step where type in ('call.queued', 'call.moved')
      union all select ${half('at')}, section, 'gave_up', 1 from step
                where type in ('call.queued', 'call.moved') and next_type = 'call.left-queue' and next_reason not in ('lost', 'line-lost', 'dismissed', 'noted')
      union all select ${half('at')}, section, 'conversations', 1 from step where type = 'call.connected' and next_type = 'conversation.ended'
      union all select ${half('at')}, section, 'talk_ms', ms from step where type = 'call.connected' and next_type = 'conversation.ended'
      union all select ${half('at')}, section, replace(how, '-', '_'), 1 from wait
      union all select ${half('at')}, section, 'answered_in_target', 1 from wait where how = 'answered' and waited <= 20000
      union all select ${half('at')}, section, 'abandoned_early', 1 from wait where how = 'abandoned' and waited <= 20000
      union all select ${half('at')}, section, 'answer_wait_ms', waited from wait where how = 'answered'
      union all select ${half('at')}, section, 'abandon_wait_ms', waited from wait where how = 'abandoned'
      union all select ${half('at')}, section, 'callbacks_reached', 1 from ended where began = 'call.callback-queued' and how = 'answered'
      union all select ${half('at')}, section, 'callbacks_wished', 1
                from (select distinct on (call_id) at, section from call where type = 'call.callback-queued' order by call_id, at, id) wished
      union all select ${half('at')}, section, 'wrap_ups', 1 from wrap_up where payload ->> 'state' = 'wrap-up' and ms is not null
      union all select ${half('at')}, section, 'wrap_up_ms', ms from wrap_up where payload ->> 'state' = 'wrap-up'
      union all select half, sections, 'arrival', 1
                from (select ${half('at')} as half, call_id, string_agg(distinct section, '+' order by section) as sections
                      from call where type = 'call.queued' and not resume group by 1, 2) arrival
      union all select ${half('arrived.at')}, arrived.number || ' ' || arrived.mode || ' ' || coalesce(first.section, ''), 'number', 1
                from (select distinct on (call_id) * from call where type = 'call.arrived' order by call_id, at, id) arrived
                left join (select distinct on (call_id) call_id, section from call where type = 'call.queued' order by call_id, at, id) first
                     using (call_id)
                where arrived.mode in ('channelled', 'direct')
    )
    select half, place, figure, sum(value)::float8 as value from piece where place is not null group by 1, 2, 3 having sum(value) <> 0`.execute(
    db,
  )
  return flat(rows)
}

/** What stands in the tables of the current generation. */
export async function sumsOf(db: Db): Promise<Flat> {
  const now = sql`(select generation from sum_follower where is_current)`
  const { rows } = await sql<Row>`
    select ${half('half_hour')} as half, section_id as place, figure, value::float8 as value
    from   half_hour_sum, jsonb_each_text(to_jsonb(half_hour_sum) - 'generation' - 'half_hour' - 'section_id' - 'talk_logs' - 'talk_log_squares')
           as each (figure, value)
    where  generation = ${now}
    union all select ${half('half_hour')}, array_to_string(section_ids, '+'), 'arrival', calls::float8
              from half_hour_arrival where generation = ${now}
    union all select ${half('half_hour')}, number || ' ' || mode || ' ' || section_id, 'number', calls::float8
              from half_hour_number where generation = ${now}`.execute(db)
  return flat(rows)
}

const flat = (rows: readonly Row[]): Flat =>
  Object.fromEntries(
    rows
      .filter(({ value }) => value !== 0)
      .map(({ half, place, figure, value }) => [`${half} | ${place} | ${figure}`, value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Everything in the tables, logarithms and classes of waits included, to compare two ways of having written it. */
export async function wholeSums(db: Db): Promise<string[]> {
  const now = sql`(select generation from sum_follower where is_current)`
  const { rows } = await sql<{ text: string }>`
    select (to_jsonb(half_hour_sum) - 'generation')::text as text from half_hour_sum where generation = ${now}
    union all select (to_jsonb(half_hour_wait) - 'generation')::text from half_hour_wait where generation = ${now} and calls <> 0
    union all select (to_jsonb(half_hour_arrival) - 'generation')::text from half_hour_arrival where generation = ${now} and calls <> 0
    union all select (to_jsonb(half_hour_number) - 'generation')::text from half_hour_number where generation = ${now} and calls <> 0
    order by 1`.execute(db)
  return rows.map(({ text }) => text)
}
