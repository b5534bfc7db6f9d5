/** SQL of callbacks. */
import { type Kysely, sql } from 'kysely'
import type { Tables, Tx } from '../../../platform/index.ts'
import { isInSection, type LifeState } from '../life/life.ts'
import '../../tables.ts'
import type { CallbackState } from './model.ts'

type Db = Kysely<Tables> | Tx

/** Returns which of the numbers have an open callback in the section already. Index: callback_wished. */
export async function notedNumbers(db: Db, sectionId: string, numbers: readonly string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set()
  const rows = await db
    .selectFrom('callback')
    .select('number')
    .where('number', '=', sql<string>`any (${[...numbers]}::text[])`)
    .where('section_id', '=', sectionId)
    .where('state', 'in', ['waiting', 'dialling'])
    .execute()
  return new Set(rows.map(row => row.number))
}

export interface WaitingCallback {
  callId: string
  requestedAt: Date
}

/** Returns the callbacks of a number in a section that wait: whose number is not ringing at this moment. Index: callback_wished. */
export async function waitingCallbacksOf(db: Db, number: string, sectionId: string): Promise<WaitingCallback[]> {
  const rows = await db
    .selectFrom('callback')
    .select(['call_id', 'requested_at'])
    .where('number', '=', number)
    .where('section_id', '=', sectionId)
    .where('state', '=', 'waiting')
    .execute()
  return rows.map(row => ({ callId: row.call_id, requestedAt: row.requested_at }))
}

/** Keeps the row of a callback as its call's state is after a transition. */
export async function noteCallback(tx: Tx, before: LifeState, after: LifeState, now: Date): Promise<void> {
  const { callback } = after
  if (callback === null) return
  const row = {
    state: stateOf(before, after),
    not_before: new Date(callback.span.from),
    not_after: new Date(callback.span.to),
    attempts: callback.attempts,
    last_tried_at: callback.triedAt === null ? null : new Date(callback.triedAt),
    last_outcome: callback.outcome,
  }
  if (before.callback === null && isInSection(after)) {
    await tx
      .insertInto('callback')
      .values({
        ...row,
        call_id: after.callId,
        section_id: after.section,
        number: callback.number,
        waiting_since: new Date(after.waitingSince),
        requested_at: now,
        closed_at: null,
      })
      .execute()
    return
  }
  if (before.phase === after.phase && sameTerms(before, after)) return
  await tx
    .updateTable('callback')
    .set({ ...row, closed_at: row.state === 'reached' || row.state === 'withdrawn' ? now : null })
    .where('call_id', '=', after.callId)
    // Once it is over, what becomes of the conversation is no longer the callback's business.
    .where('closed_at', 'is', null)
    .where('state', 'in', ['waiting', 'dialling'])
    .execute()
}

const sameTerms = (before: LifeState, after: LifeState): boolean =>
  JSON.stringify(before.callback) === JSON.stringify(after.callback)

function stateOf(before: LifeState, after: LifeState): CallbackState {
  if (after.phase === 'callback') return 'waiting'
  if (after.phase === 'dialling') return 'dialling'
  if (after.phase !== 'ended' || before.phase === 'talking') return 'reached'
  return after.ending === 'not-reached' ? 'given-up' : 'withdrawn'
}

/** A callback, with the office that was called. */
export type CallbackRow = Tables['callback'] & { office_id: string | null; office_name: string | null }

/** Returns the open callbacks of a section in the order of its queue, after a place in it. Index: callback_open. */
export async function openCallbacks(
  db: Db,
  sectionId: string,
  after: { waitingSince: Date; callId: string } | null,
  limit: number,
): Promise<CallbackRow[]> {
  const { rows } = await sql<CallbackRow>`
    select callback.*, call.office_id, call.office_name
    from   callback join call on call.id = callback.call_id
    where  callback.section_id = ${sectionId} and callback.closed_at is null
    and    (${after?.waitingSince ?? null}::timestamptz is null
            or (callback.waiting_since, callback.call_id) > (${after?.waitingSince ?? null}::timestamptz, ${after?.callId ?? null}::uuid))
    order  by callback.waiting_since, callback.call_id
    limit  ${limit}`.execute(db)
  return rows
}

export async function lockCallback(tx: Tx, callId: string): Promise<CallbackRow | undefined> {
  const { rows } = await sql<CallbackRow>`
    select callback.*, call.office_id, call.office_name
    from   callback join call on call.id = callback.call_id
    where  callback.call_id = ${callId} for update of callback`.execute(tx)
  return rows[0]
}

export async function settleCallback(tx: Tx, callId: string, now: Date): Promise<void> {
  await tx.updateTable('callback').set({ state: 'settled', closed_at: now }).where('call_id', '=', callId).execute()
}
