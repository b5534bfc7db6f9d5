/** SQL of monitoring. Every figure that looks back is read from the journal, along the index named beside it. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../platform/index.ts'
import type { EndedWait } from './policy.ts'

/** A connection or a transaction. */
export type Db = Kysely<Tables>

export interface SectionWait extends EndedWait {
  sectionId: string
}

/**
 * The waits that ended after `since` and until `until`. A wait begins when the call joins a line (`call.queued`) and ends when an agent and the
 * caller hear each other (`call.connected`) or it leaves (`call.left-queue`). It belongs to the section in whose line it was in the end. A
 * transfer begins a new wait; waiting for the operator whose page died does not, and is not counted. Who asked to be called back waits no longer on
 * the line: that is neither an answer nor somebody who gave up.
 *
 * Indexes: event_by_type (type, at) for the ends, event_of_call (call_id, id) for their beginnings.
 */
export async function endedWaits(db: Db, since: Date, until: Date): Promise<SectionWait[]> {
  const { rows } = await sql<SectionWait>`
    select coalesce(moved.section_id, queued.section_id) as "sectionId",
           case when ended.type = 'call.connected' then 'answered'
                when ended.payload ->> 'reason' in ('caller', 'lost') then 'abandoned'
                else 'not-answered' end as how,
           greatest(0, round(extract(epoch from ended.at - queued.at) * 1000))::int as "waitedMs"
    from   event ended
           cross join lateral (
             select id, at, type, payload ->> 'sectionId' as section_id, payload #>> '{preferred,resume}' as resume
             from   event
             where  call_id = ended.call_id and id < ended.id and type in ('call.queued', 'call.callback-queued')
             order  by id desc limit 1
           ) queued
           left join lateral (
             select payload ->> 'sectionId' as section_id
             from   event
             where  call_id = ended.call_id and id > queued.id and id < ended.id and type = 'call.moved'
             order  by id desc limit 1
           ) moved on true
    where  ended.type in ('call.connected', 'call.left-queue') and ended.at > ${since} and ended.at <= ${until}
    and    queued.type = 'call.queued' and queued.resume is distinct from 'true'`.execute(db)
  return rows
}

/** The section of each of some calls in conversation. Index: event_of_call (call_id, id). */
export async function sectionsOfCalls(db: Db, callIds: readonly string[]): Promise<{ callId: string; sectionId: string }[]> {
  if (callIds.length === 0) return []
  const { rows } = await sql<{ callId: string; sectionId: string }>`
    select talking.call_id as "callId", connected.section_id as "sectionId"
    from   unnest(${[...callIds]}::uuid[]) as talking (call_id)
           cross join lateral (
             select payload ->> 'sectionId' as section_id
             from   event
             where  call_id = talking.call_id and type = 'call.connected'
             order  by id desc limit 1
           ) connected`.execute(db)
  return rows
}

/**
 * How many calls joined a line of one of the sections, for each half hour after `start`; one that joins two in the same half hour counts once, and
 * waiting for the operator whose page died does not count. Index: event_by_type (type, at).
 */
export async function arrivals(
  db: Db,
  sectionIds: readonly string[],
  start: Date,
  end: Date,
  slotMs: number,
): Promise<{ slot: number; calls: number }[]> {
  const { rows } = await sql<{ slot: number; calls: number }>`
    select   floor(extract(epoch from at - ${start}) * 1000 / ${slotMs})::int as slot, count(distinct call_id)::int as calls
    from     event
    where    type = 'call.queued' and at >= ${start} and at < ${end}
    and      payload ->> 'sectionId' = any(${[...sectionIds]}::text[]) and payload #>> '{preferred,resume}' is distinct from 'true'
    group by slot`.execute(db)
  return rows
}
