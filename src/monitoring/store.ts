/** SQL of monitoring beside the sums of half hours. */

import { sql } from 'kysely'
import { type Db, typeName } from '../platform/index.ts'
import { callConnected } from '../telephony/events.ts'

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
