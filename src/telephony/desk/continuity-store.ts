/** SQL of for whom a call was kept. */
import { callContinuity, callQueued } from '../../distribution/index.ts'
import { type Db, payloadOf, writtenOf } from '../../platform/index.ts'

interface Continuity {
  outcome: 'asked' | 'honoured' | 'given-up'
  agents: readonly string[]
}

/** For whom a call was kept last, since it was queued last, and what became of it; not of a line that was lost. Index: event_of_call. */
export async function lastContinuity(db: Db, callId: string): Promise<Continuity | undefined> {
  const rows = await db
    .selectFrom('event')
    .select(['at', 'type', 'version', 'payload'])
    .where('call_id', '=', callId)
    .where('type', 'in', [callContinuity.type, callQueued.type])
    .orderBy('id', 'desc')
    .limit(4)
    .execute()
  const entries = rows.map(writtenOf)
  const last = entries.map(entry => payloadOf(callContinuity, entry)).find(payload => payload !== undefined)
  const queued = entries.map(entry => payloadOf(callQueued, entry)).find(payload => payload !== undefined)
  return queued?.preferred?.resume === true ? undefined : last
}
