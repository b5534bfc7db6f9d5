/** SQL of calls. */
import { type Kysely, sql } from 'kysely'
import { interactionOpened, interactionTaken } from '../cases/events.ts'
import {
  type CheckedEntry,
  type Entry,
  entryOf,
  insertOfEntries,
  type JournalRow,
  journalColumns,
  type Tables,
  type Tx,
  typeNames,
} from '../platform/index.ts'
import { type LifeState, stateAfterEnd } from './calls/life/life.ts'
import type { EndedBecause } from './events.ts'
import type { TurnOutcome } from './model.ts'
import type { SwitchKind } from './switches/port.ts'
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
  /** Counts the writes; a step that was made from another version is not written. */
  version: number
  /** The entries of the journal that were taken into the state: see `withSeen`. */
  seen: readonly number[]
  startedAt: Date
  endedAt: Date | null
}

/** The operator whom a call concerns: whom it rings, who has it, who lost it. */
export const agentOf = (state: LifeState): string | null => state.offer?.agent ?? state.agent?.id ?? state.broken

/** What one step of a call writes: all of it, or nothing. */
export interface CallChange {
  /** The call as it was before; as it is now, with version 0, for one that arrives. */
  readonly before: CallRow
  readonly state: LifeState
  readonly seen: readonly number[]
  readonly now: Date
  readonly turns: TurnChanges
  readonly entries: readonly CheckedEntry[]
}

/**
 * Writes steps of different calls in one statement: rows, turns, and entries in this order. A step counts only if its call is still as it was
 * before, or, for one that arrives, if its leg has no call yet. Returns the calls whose steps were written.
 * Indexes: call_pkey, call_by_leg, call_turn_pkey.
 */
export async function saveCalls(db: Db, changes: readonly CallChange[]): Promise<ReadonlySet<string>> {
  const rows = changes.map(({ before, state, seen, now }) => ({
    id: before.id,
    version: before.version,
    node: before.node,
    switch: before.switch,
    leg: state.leg,
    from_number: before.from,
    to_number: before.to,
    office_id: before.officeId,
    office_name: before.officeName,
    province_code: before.provinceCode,
    region_code: before.regionCode,
    phase: state.phase,
    section_id: state.section,
    agent_id: agentOf(state),
    // Once it is over nobody goes on from it, and the rows are kept for years.
    state: state.phase === 'ended' ? {} : state,
    seen_ids: seen,
    started_at: before.startedAt,
    ended_at: before.endedAt ?? (state.phase === 'ended' ? now : null),
    ended_because: state.phase === 'ended' ? state.ending : null,
  }))
  const json = (value: unknown) => sql`${JSON.stringify(value)}::json`
  const { rows: written } = await sql<{ id: string }>`
    /* telephony.save-calls */
    with change as (
      select * from json_to_recordset(${json(rows)}) as change (
        id uuid, version integer, node text, switch text, leg text, from_number text, to_number text, office_id text, office_name text,
        province_code text, region_code text, phase text, section_id text, agent_id uuid, state jsonb, seen_ids bigint[],
        started_at timestamptz, ended_at timestamptz, ended_because text)
    ), arrived as (
      insert into call (id, node, switch, leg, from_number, to_number, office_id, office_name, province_code, region_code,
                        phase, section_id, agent_id, state, started_at, ended_at, ended_because)
      select id, node, switch, leg, from_number, to_number, office_id, office_name, province_code, region_code,
             phase, section_id, agent_id, state, started_at, ended_at, ended_because
      from   change
      where  version = 0
      on conflict (switch, leg) where ended_at is null do nothing
      returning id
    ), changed as (
      update call
      set    phase = change.phase, section_id = change.section_id, agent_id = change.agent_id, state = change.state,
             seen_ids = change.seen_ids, ended_at = change.ended_at,
             ended_because = coalesce(call.ended_because, change.ended_because), version = call.version + 1
      from   change
      where  call.id = change.id and call.version = change.version and change.version > 0
      returning call.id
    ), written as (
      select id from arrived union all select id from changed
    ), offered as (
      insert into call_turn (call_id, offer, agent_id, section_id, outcome, waited_ms, offered_at)
      select call_id, offer, agent_id, section_id, 'ringing', waited_ms, offered_at
      from   json_to_recordset(${json(changes.flatMap(change => change.turns.offered))}) as turn (
               call_id uuid, offer text, agent_id uuid, section_id text, waited_ms bigint, offered_at timestamptz)
      join   written on written.id = call_id
      on conflict (call_id, offer) do nothing
    ), settled as (
      update call_turn
      set    outcome = turn.outcome, answered_at = coalesce(turn.answered_at, call_turn.answered_at),
             ended_at = coalesce(turn.ended_at, call_turn.ended_at), waited_ms = coalesce(turn.waited_ms, call_turn.waited_ms)
      from   json_to_recordset(${json(changes.flatMap(change => change.turns.settled))}) as turn (
               call_id uuid, offer text, outcome text, answered_at timestamptz, ended_at timestamptz, waited_ms bigint)
      join   written on written.id = turn.call_id
      where  call_turn.call_id = turn.call_id and call_turn.offer = turn.offer
    ), told as (${insertOfEntries(
      changes.flatMap(change => change.entries),
      sql`, written where written.id = call_id`,
    )})
    select id from written`.execute(db)
  return new Set(written.map(row => row.id))
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

/** Whether a person talks to a caller now. Index: call_of_agent. */
export async function isTalking(db: Db, personId: string): Promise<boolean> {
  const { rows } = await sql<{ talks: boolean }>`
    select exists (select 1 from call where agent_id = ${personId} and ended_at is null and phase = 'talking') as talks`.execute(
    db,
  )
  return rows[0]?.talks ?? false
}

/** Whether a call was ever put through to somebody. Index: call_turn_pkey. */
export async function wasConnectedTo(db: Db, callId: string, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('call_turn')
    .select('offer')
    .where('call_id', '=', callId)
    .where('agent_id', '=', personId)
    .where('answered_at', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
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
  phase: LifeState['phase']
  section_id: string | null
  version: number
  seen_ids: (number | string)[]
  started_at: Date
  ended_at: Date | null
}

const select = sql`
  select id, node, switch, from_number, to_number, office_id, office_name, province_code, region_code, state, phase,
         section_id, version, seen_ids, started_at, ended_at
  from   call`

/** What the states of calls lack that were in course before a release that remembers it. */
const unknownThen = { proposal: null, proposed: false, callback: null, transferredBy: null }

const rowOf = (row: DbRow): CallRow =>
  withKept(
    {
      id: row.id,
      node: row.node,
      switch: row.switch,
      from: row.from_number,
      to: row.to_number,
      officeId: row.office_id,
      officeName: row.office_name,
      provinceCode: row.province_code,
      regionCode: row.region_code,
      version: row.version,
      seen: row.seen_ids.map(Number),
      startedAt: row.started_at,
      endedAt: row.ended_at,
    },
    // Earlier releases kept the state after the end.
    row.phase === 'ended' ? { phase: 'ended', section: row.section_id } : { ...unknownThen, ...row.state },
  )

/** A call's row with what is kept of its state. */
export const withKept = (
  row: Omit<CallRow, 'state'>,
  state: LifeState | (Pick<LifeState, 'section'> & { readonly phase: 'ended' }),
): CallRow => {
  const office = row.officeId === null ? null : { id: row.officeId, name: row.officeName ?? '' }
  const context = { office, province: row.provinceCode, region: row.regionCode }
  return {
    ...row,
    state: state.phase === 'ended' ? stateAfterEnd({ callId: row.id, section: state.section, context }) : state,
  }
}

/**
 * Empties the states of up to `limit` calls that are over, as earlier releases left them. Returns of how many. A call that somebody writes is left
 * for the next time. Index: call_to_empty.
 */
export async function emptyStates(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update call set ended_because = coalesce(ended_because, state ->> 'ending'), state = '{}'
    where  id in (select id from call where phase = 'ended' and state <> '{}' order by id limit ${limit} for update skip locked)`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}

/** So many entries are remembered by number; a call takes a few dozen. */
const maxSeen = 500

/** Whether an entry about a call was taken into its state. Of very many, what came before those that are remembered counts as taken. */
export function isSeen(seen: readonly number[], id: number): boolean {
  return seen.includes(id) || (seen.length >= maxSeen && id < (seen[0] ?? 0))
}

/** What was taken into a call's state, and one entry more; in order. */
export function withSeen(seen: readonly number[], id: number): number[] {
  return [...seen, id].sort((a, b) => a - b).slice(-maxSeen)
}

/** What the journal says about a call and was not taken into its state. Index: event_of_call. */
export async function entriesAbout(db: Db, callId: string, seen: readonly number[]): Promise<Entry[]> {
  const { rows } = await sql<JournalRow>`
    select ${journalColumns}
    from   event
    where  call_id = ${callId} and id <> all (${[...seen]}::bigint[])
    order  by id`.execute(db)
  return rows.map(entryOf).filter(entry => !isSeen(seen, entry.id))
}

/** The interaction that was opened for a call, and the operator who has it now. Index: event_of_call. */
export async function interactionOfCall(
  db: Db,
  callId: string,
): Promise<{ id: string; operatorId: string; operatorName: string } | undefined> {
  const { rows } = await sql<{ id: string; operatorId: string; operatorName: string }>`
    select payload ->> 'interactionId' as id, actor ->> 'personId' as "operatorId", actor ->> 'name' as "operatorName"
    from   event
    where  call_id = ${callId} and type in ${typeNames(interactionOpened, interactionTaken)}
    order  by event.id desc limit 1`.execute(db)
  return rows[0]
}

// --- turns ----------------------------------------------------------------------------------------------------------

/** What a step changes of the turns of its call. */
export interface TurnChanges {
  readonly offered: readonly {
    call_id: string
    offer: string
    agent_id: string
    section_id: string
    waited_ms: number
    offered_at: Date
  }[]
  /** What is left out stays as it is. */
  readonly settled: readonly {
    call_id: string
    offer: string
    outcome: TurnOutcome
    answered_at?: Date
    ended_at?: Date
    waited_ms?: number
  }[]
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
  is_callback: boolean
  call_ended: EndedBecause | null
}

/** An operator's turns since an instant, newest first. Indexes: call_turn_of_agent, callback_pkey. */
export async function turnsOf(db: Db, agentId: string, since: Date): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    select turn.offer, turn.call_id, turn.section_id, turn.outcome, turn.waited_ms, turn.offered_at, turn.answered_at, turn.ended_at,
           call.from_number, call.office_id, call.office_name,
           exists (select from callback where callback.call_id = call.id) as is_callback,
           case when call.ended_at is not null then coalesce(call.ended_because, call.state ->> 'ending') end as call_ended
    from   call_turn turn join call on call.id = turn.call_id
    where  turn.agent_id = ${agentId} and turn.offered_at >= ${since}
    order  by turn.offered_at desc
    limit  200`.execute(db)
  return rows
}
