/** SQL of what the journal tells of a conversation. */
import { sql } from 'kysely'
import { type Db, typeNames } from '../platform/index.ts'
import { callArrived, callCallbackDialled, callConnected, callEnded, callTransferred } from '../telephony/events.ts'

/** What says who talks in a call, in order. Index: event_of_call. */
export async function entriesOfCall(db: Db, callId: string): Promise<{ type: string; payload: unknown; at: Date }[]> {
  const { rows } = await sql<{ type: string; payload: unknown; at: Date }>`
    select type, payload, at from event
    where  call_id = ${callId}
    and    type in ${typeNames(callArrived, callConnected, callTransferred, callCallbackDialled, callEnded)}
    order  by id`.execute(db)
  return rows
}
