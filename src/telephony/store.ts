/** SQL of calls. */
import { type Kysely, sql } from 'kysely'
import { type Entry, entryOf, type JournalRow, type Position, type Tables, type Tx } from '../platform/index.ts'
import type { LifeState } from './life.ts'
import type { TurnOutcome } from './model.ts'
import type { SwitchKind } from './switch.ts'
import type {} from './tables.ts'

type Db = Kysely<Tables> | Tx

/** A call's row with its state. */
export interface CallRow {
  id: string
  node: string
  switch: SwitchKind
  from: string | null
  to: string
  officeId: string | null
  officeName: string | null
  provinceCode: string | null
  regionCode: string | null
  state: LifeState
  seen: Position
  startedAt: Date
  endedAt: Date | null
}

/** The operator whom a call concerns: whom it rings, who has it, who lost it. */
export const agentOf = (state: LifeState): string | null => state.offer?.agent ?? state.agent?.id ?? state.broken

/** Writes a call that arrives. False when this leg has a call already: the fact came twice. */
export async function insertCall(
  tx: Tx,
  call: { id: string; node: string; switch: SwitchKind; from: string | null; to: string; state: LifeState; now: Date },
): Promise<boolean> {
  const { state } = call
  const row = await tx
    .insertInto('call')
    .values({
      id: call.id,
      node: call.node,
      switch: call.switch,
      leg: state.leg,
      from_number: call.from,
      to_number: call.to,
      office_id: state.context.office?.id ?? null,
      office_name: state.context.office?.name ?? null,
      province_code: state.context.province,
      region_code: state.context.region,
      started_at: call.now,
      ...changing(state, call.now),
    })
    .onConflict(conflict => conflict.columns(['switch', 'leg']).where('ended_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

const changing = (state: LifeState, now: Date) => ({
  phase: state.phase,
  section_id: state.section,
  agent_id: agentOf(state),
  state: JSON.stringify(state),
  ended_at: state.phase === 'ended' ? now : null,
})

/** The call, kept for the rest of the transaction. */
export async function lockCall(tx: Tx, id: string): Promise<CallRow | undefined> {
  const { rows } = await sql<DbRow>`${select} where id = ${id} for update`.execute(tx)
  return rows[0] && rowOf(rows[0])
}

export async function saveCall(tx: Tx, before: CallRow, state: LifeState, seen: Position | undefined, now: Date): Promise<void> {
  const { ended_at, ...rest } = changing(state, now)
  await tx
    .updateTable('call')
    .set(eb => ({
      ...rest,
      ended_at: before.endedAt ?? ended_at,
      version: eb('version', '+', 1),
      ...(seen ? { seen_xid: seen.xid, seen_id: seen.id } : {}),
    }))
    .where('id', '=', before.id)
    .execute()
}

/** The calls in course of one holder of legs. Index: call_in_course. */
export async function callsInCourse(db: Db, node: string): Promise<CallRow[]> {
  const { rows } = await sql<DbRow>`${select} where node = ${node} and ended_at is null order by id`.execute(db)
  return rows.map(rowOf)
}

/** The call of an operator; the conversation before what has only broken. Index: call_of_agent. */
export async function callOfAgent(db: Db, agentId: string): Promise<CallRow | undefined> {
  const { rows } = await sql<DbRow>`
    ${select} where agent_id = ${agentId} and ended_at is null order by (phase = 'talking') desc, started_at limit 1`.execute(db)
  return rows[0] && rowOf(rows[0])
}

export async function callById(db: Db, id: string): Promise<CallRow | undefined> {
  const { rows } = await sql<DbRow>`${select} where id = ${id}`.execute(db)
  return rows[0] && rowOf(rows[0])
}

interface DbRow {
  id: string
  node: string
  switch: SwitchKind
  from_number: string | null
  to_number: string
  office_id: string | null
  office_name: string | null
  province_code: string | null
  region_code: string | null
  state: LifeState
  seen_xid: string
  seen_id: number
  started_at: Date
  ended_at: Date | null
}

const select = sql`
  select id, node, switch, from_number, to_number, office_id, office_name, province_code, region_code, state,
         seen_xid::text as seen_xid, seen_id, started_at, ended_at
  from   call`

const rowOf = (row: DbRow): CallRow => ({
  id: row.id,
  node: row.node,
  switch: row.switch,
  from: row.from_number,
  to: row.to_number,
  officeId: row.office_id,
  officeName: row.office_name,
  provinceCode: row.province_code,
  regionCode: row.region_code,
  state: row.state,
  seen: { xid: row.seen_xid, id: row.seen_id },
  startedAt: row.started_at,
  endedAt: row.ended_at,
})

/** What the journal says about a call after a position, as far as readers may see it. Index: event_of_call. */
export async function entriesAbout(db: Db, callId: string, after: Position): Promise<Entry[]> {
  const { rows } = await sql<JournalRow>`
    select xid::text as xid, id, at, type, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload
    from   event
    where  call_id = ${callId} and (event.xid, id) > (${after.xid}::text::xid8, ${after.id}::bigint)
    and    event.xid < pg_snapshot_xmin(pg_current_snapshot())
    order  by event.xid, id`.execute(db)
  return rows.map(entryOf)
}

/** The interaction that was opened for a call. Index: event_of_call. */
export async function interactionOfCall(db: Db, callId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select payload ->> 'interactionId' as id from event
    where  call_id = ${callId} and type = 'interaction.opened' order by id desc limit 1`.execute(db)
  return rows[0]?.id ?? null
}

// --- turns ----------------------------------------------------------------------------------------------------------

export async function insertTurn(
  tx: Tx,
  turn: { offer: string; callId: string; agentId: string; sectionId: string; waitedMs: number; now: Date },
): Promise<void> {
  await tx
    .insertInto('call_turn')
    .values({
      offer: turn.offer,
      call_id: turn.callId,
      agent_id: turn.agentId,
      section_id: turn.sectionId,
      outcome: 'ringing',
      waited_ms: turn.waitedMs,
      offered_at: turn.now,
      answered_at: null,
      ended_at: null,
    })
    .onConflict(conflict => conflict.columns(['call_id', 'offer']).doNothing())
    .execute()
}

export async function settleTurn(
  tx: Tx,
  callId: string,
  offer: string,
  change: { outcome: TurnOutcome; answered_at?: Date; ended_at?: Date; waited_ms?: number },
): Promise<void> {
  await tx.updateTable('call_turn').set(change).where('call_id', '=', callId).where('offer', '=', offer).execute()
}

export interface TurnRow {
  offer: string
  call_id: string
  section_id: string
  section_name: string | null
  outcome: TurnOutcome
  waited_ms: number
  offered_at: Date
  answered_at: Date | null
  ended_at: Date | null
  from_number: string | null
  office_id: string | null
  office_name: string | null
}

/** An operator's turns since an instant, newest first. Index: call_turn_of_agent. */
export async function turnsOf(db: Db, agentId: string, since: Date): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    select turn.offer, turn.call_id, turn.section_id, turn.outcome, turn.waited_ms, turn.offered_at, turn.answered_at, turn.ended_at,
           call.from_number, call.office_id, call.office_name
    from   call_turn turn join call on call.id = turn.call_id
    where  turn.agent_id = ${agentId} and turn.offered_at >= ${since}
    order  by turn.offered_at desc
    limit  200`.execute(db)
  return rows
}
