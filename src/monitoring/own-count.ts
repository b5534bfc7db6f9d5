/** What the journal itself comes to, counted entry by entry and without the sums: for who compares a page with it. */
import { sql } from 'kysely'
import { z } from 'zod'
import { boundsOf, type Db, dayAt } from '../platform/index.ts'

export const OwnCount = z.object({
  arrivalsToday: z.number().int(),
  /** Of the waits that ended in the last half hour. */
  answeredWithin20: z.number().int(),
  abandoned30: z.number().int(),
  waiting: z.number().int(),
  talking: z.number().int(),
})
export type OwnCount = z.infer<typeof OwnCount>

/** Counts the calls of a day up to an instant of it. Reads the entries of the day: nothing for a page. Index: event_by_type. */
export async function countJournal(kysely: Db, at: Date, timeZone: string): Promise<OwnCount> {
  const midnight = new Date(boundsOf(timeZone, dayAt(timeZone, at.getTime()))[0])
  const { rows } = await sql<OwnCount>`
    with told as (
      select id, at, type, call_id from event
      where  call_id is not null and at >= ${new Date(midnight.getTime() - 3_600_000)} and at <= ${at}
      and    type in ('call.queued', 'call.connected', 'call.left-queue', 'call.dismissed', 'conversation.ended', 'call.ended')
    ), wait as (
      select ended.type, ended.at, ended.at - joined.at as waited
      from   told ended
      join   lateral (select at from told where call_id = ended.call_id and type = 'call.queued' and id < ended.id order by id desc limit 1) joined
             on true
      where  ended.type in ('call.connected', 'call.left-queue') and ended.at > ${at}::timestamptz - interval '30 minutes'
    ), last as (
      select distinct on (call_id) call_id, type from told order by call_id, id desc
    )
    select (select count(distinct (call_id, floor(extract(epoch from at) / 1800)))::int from told
            where type = 'call.queued' and at >= ${midnight})                                                     as "arrivalsToday",
           (select count(*)::int from wait where type = 'call.connected' and waited <= interval '20 seconds')      as "answeredWithin20",
           (select count(*)::int from wait where type = 'call.left-queue')                                         as "abandoned30",
           (select count(*)::int from last where type = 'call.queued')                                             as "waiting",
           (select count(*)::int from last where type = 'call.connected')                                          as "talking"`.execute(
    kysely,
  )
  const [row] = rows
  if (!row) throw new Error('A count always has a row.')
  return row
}
