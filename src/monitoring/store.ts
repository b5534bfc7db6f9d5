/** SQL of monitoring beside the sums of half hours. */

import { sql } from 'kysely'
import { callCallbackQueued, callDismissed, callLeftQueue, callQueued, conversationEnded } from '../distribution/events.ts'
import { boundsOf, type Db, dayAt, typeName, typeNames } from '../platform/index.ts'
import { callConnected, callEnded } from '../telephony/events.ts'
import type { OwnCount } from './own-count.ts'
import { callersReasons } from './sums/count.ts'

/** The section of each of some calls in conversation. Index: event_of_call (call_id, id). */
export async function sectionsOfCalls(db: Db, callIds: readonly string[]): Promise<{ callId: string; sectionId: string }[]> {
  if (callIds.length === 0) return []
  const { rows } = await sql<{ callId: string; sectionId: string }>`
    select talking.call_id as "callId", connected.section_id as "sectionId"
    from   unnest(${[...callIds]}::uuid[]) as talking (call_id)
           cross join lateral (
             select payload ->> 'sectionId' as section_id
             from   event
             where  call_id = talking.call_id and type = ${typeName(callConnected)}
             order  by id desc limit 1
           ) connected`.execute(db)
  return rows
}

/** Counts the calls of a day up to an instant of it. Reads the entries of the day: nothing for a page. Index: event_by_type. */
export async function countJournal(kysely: Db, at: Date, timeZone: string): Promise<OwnCount> {
  const midnight = new Date(boundsOf(timeZone, dayAt(timeZone, at.getTime()))[0])
  const { rows } = await sql<OwnCount>`
    with told as (
      select id, at, type, call_id, payload ->> 'reason' as reason from event
      where  call_id is not null and at >= ${new Date(midnight.getTime() - 3_600_000)} and at <= ${at}
      and    type in ${typeNames(callQueued, callCallbackQueued, callConnected, callLeftQueue, callDismissed, conversationEnded, callEnded)}
    ), wait as (
      select ended.type, ended.reason, ended.at, ended.at - joined.at as waited
      from   told ended
      join   lateral (select at, type from told
                      where  call_id = ended.call_id and type in ${typeNames(callQueued, callCallbackQueued)} and id < ended.id
                      order  by id desc limit 1) joined
             -- Who wants to be called back waits no longer on the line.
             on joined.type = ${typeName(callQueued)}
      where  ended.type in ${typeNames(callConnected, callLeftQueue)} and ended.at > ${at}::timestamptz - interval '30 minutes'
    ), last as (
      select distinct on (call_id) call_id, type from told order by call_id, id desc
    )
    select (select count(distinct (call_id, floor(extract(epoch from at) / 1800)))::int from told
            where type = ${typeName(callQueued)} and at >= ${midnight})                                                     as "arrivalsToday",
           (select count(*)::int from wait where type = ${typeName(callConnected)} and waited <= interval '20 seconds')      as "answeredWithin20",
           (select count(*)::int from wait
            where type = ${typeName(callLeftQueue)} and reason = any(${[...callersReasons]}::text[]))                       as "abandoned30",
           (select count(*)::int from last where type = ${typeName(callQueued)})                                             as "waiting",
           (select count(*)::int from last where type = ${typeName(callConnected)})                                          as "talking"`.execute(
    kysely,
  )
  const [row] = rows
  if (!row) throw new Error('A count always has a row.')
  return row
}
