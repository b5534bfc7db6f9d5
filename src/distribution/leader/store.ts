/** The rows of the leader: its domain, steps, snapshots, and the board. */
import { sql } from 'kysely'
import {
  Bug,
  beginning,
  type Db,
  insertOfEntries,
  type Position,
  payloadOf,
  type ReaderPlace,
  readPosition,
  type Tables,
  type Tx,
  wholePositionText,
  writtenOf,
} from '../../platform/index.ts'
import type { Command, EngineSnapshot, RoutingEvent } from '../../routing/index.ts'
import { callCallbackQueued, offerMade } from '../events.ts'
import { domain as national } from '../model.ts'
import type { AgentStatusTable, QueuedCallTable } from '../tables.ts'
import {
  type DomainRow,
  type JournalOfCall,
  type KeptSnapshot,
  type LeaderStep,
  type ReadOn,
  type Saved,
  Superseded,
} from './ledger.ts'
import { heardTypes, termsOf } from './translate.ts'

/** Begins a new epoch. Whatever an earlier leader still tries to write is refused from here on. */
export async function beginEpoch(db: Db, domain: string, leader: string, now: Date): Promise<number> {
  const row = await db
    .insertInto('router_domain')
    .values({ domain, epoch: 1, leader, elected_at: now })
    .onConflict(conflict =>
      conflict.column('domain').doUpdateSet(eb => ({ epoch: eb('router_domain.epoch', '+', 1), leader, elected_at: now })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow()
  return row.epoch
}

export async function readDomain(db: Db, domain: string): Promise<DomainRow | undefined> {
  const row = await db.selectFrom('router_domain').selectAll().where('domain', '=', domain).executeTakeFirst()
  if (row === undefined) return undefined
  // Index: router_place_pkey.
  const place = await placeBefore(db, domain, null)
  const seq = place?.seq ?? 0
  // Index: router_look_pkey.
  const look = await db
    .selectFrom('router_look')
    .select(['after_seq', 'position'])
    .where('domain', '=', domain)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const readOn = look?.after_seq === seq ? readPosition(look.position) : undefined
  if (readOn !== undefined) return { epoch: row.epoch, seq, position: readOn, positionSeq: seq, isPlaceRead: true }
  if (place === undefined) return { epoch: row.epoch, seq, position: beginning, positionSeq: seq, isPlaceRead: true }
  for (let each: Place | undefined = place; each !== undefined; each = await placeBefore(db, domain, each.after_seq)) {
    const position = readPosition(each.position)
    if (position !== undefined) return { epoch: row.epoch, seq, position, positionSeq: each.seq, isPlaceRead: each === place }
  }
  return { epoch: row.epoch, seq, ...(await placeByTime(db, domain, seq)), isPlaceRead: false }
}

/**
 * Lets the leader begin at a position, where nobody has led yet: what was written before is history and nothing is to be distributed of it.
 */
export async function beginReadingAt(db: Db, position: Position, domain = national): Promise<void> {
  await sql`
    insert into router_look (domain, after_seq, position)
    select ${domain}, 0, ${wholePositionText(position)}
    where  not exists (select 1 from router_domain where domain = ${domain})`.execute(db)
}

type Place = Pick<Tables['router_place'], 'after_seq' | 'seq' | 'position'>

/** The last place, or the last before another. There are as many as saves since the snapshot before the last. Index: router_place_pkey. */
function placeBefore(db: Db, domain: string, before: number | null): Promise<Place | undefined> {
  return db
    .selectFrom('router_place')
    .select(['after_seq', 'seq', 'position'])
    .where('domain', '=', domain)
    .$if(before !== null, query => query.where('after_seq', '<', before ?? 0))
    .orderBy('after_seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/**
 * Where to read the journal from when no place can be read: from the instant of the oldest step that is kept; without any, from the newest
 * instant on the board; with an empty board, from now. What was written before and committed after the last save is not read.
 */
async function placeByTime(db: Db, domain: string, seq: number): Promise<Pick<DomainRow, 'position' | 'positionSeq'>> {
  // Index: router_step_pkey, event_by_type.
  const { rows } = await sql<{ era: number; snapshot: string; id: number; seq: number | null }>`
    with oldest as (
      select seq, to_timestamp(at_ms / 1000.0) as at from router_step where domain = ${domain} order by seq limit 1
    ), known as (
      select coalesce((select at from oldest),
                      greatest((select max(entered_at) from queued_call), (select max(since) from agent_status)),
                      now()) as since
    )
    select coalesce((select max(era) from journal_era), 0) as era,
           pg_current_snapshot()::text                    as snapshot,
           (select seq - 1 from oldest)                   as seq,
           coalesce((select min(id) - 1
                     from   unnest(${heardTypes}::text[]) as word (type)
                     cross join lateral (select min(id) as id from event, known where event.type = word.type and at >= since) said),
                    (select max(id) from event), 0)       as id
    from   known`.execute(db)
  const [found] = rows
  if (found === undefined) throw new Bug('The question where to read from always has a row.')
  const { era, snapshot, id } = found
  return { position: { era, snapshot, id }, positionSeq: found.seq ?? seq }
}

/** Returns how far each leader has read, with the name of its process. */
export async function readerPlaces(db: Db): Promise<ReaderPlace[]> {
  const domains = await db.selectFrom('router_domain').select(['domain', 'leader']).orderBy('domain').execute()
  const places: ReaderPlace[] = []
  for (const { domain, leader } of domains) {
    const row = await readDomain(db, domain)
    if (row) places.push({ reader: `router-${domain}`, position: row.position, process: leader })
  }
  return places
}

/** Holds the epoch for the rest of the transaction. @throws Superseded when it is another's. */
export async function holdEpoch(tx: Tx, domain: string, epoch: number): Promise<void> {
  const row = await tx
    .selectFrom('router_domain')
    .select('epoch')
    .where('domain', '=', domain)
    .where('epoch', '=', epoch)
    .forShare()
    .executeTakeFirst()
  if (!row) throw new Superseded(`Epoch ${epoch} of ${domain} is over.`)
}

/**
 * Writes everything of a step in one statement, because each question to the database costs the caller time: the new place of the leader, and
 * with it steps, entries and the rows of the board that changed.
 *
 * Two things keep others out. The epoch is compared in the same statement. And a place is a row of its own, whose key is where the save began: of
 * two leaders that begin at the same place, as they do when one was elected while the other wrote, the second finds it taken and writes nothing.
 * @throws Superseded when the epoch is over, or somebody else has written from here.
 */
export async function saveStep(
  db: Db,
  domain: string,
  { epoch, from, to, position, steps, entries, board }: Omit<Saved, 'snapshot' | 'now'>,
): Promise<void> {
  const agents = [...board.changedAgents].sort().flatMap(id => board.agents.get(id) ?? [])
  const calls = [...board.changedCalls].sort()
  const waiting = calls.flatMap(id => board.calls.get(id) ?? [])
  const gone = calls.filter(id => !board.calls.has(id))
  // A save without steps (the state whole, at the end of a term) leaves the place as it is.
  const place =
    to === from
      ? sql`select domain, epoch from router_domain where domain = ${domain} and epoch = ${epoch}::bigint`
      : sql`
      insert into router_place (domain, after_seq, seq, epoch, position)
      select domain, ${from}::bigint, ${to}::bigint, epoch, ${wholePositionText(position)}
      from   router_domain
      where  domain = ${domain} and epoch = ${epoch}::bigint
      on     conflict (domain, after_seq) do nothing
      returning domain, epoch`
  const { rows } = await sql`
    /* distribution.save */
    with moved as (
      ${place}
    ), stepped as (
      insert into router_step (domain, epoch, seq, engine, at_ms, input, commands)
      select moved.domain, moved.epoch, step.seq, step.engine, step.at, step.input, step.commands
      from   json_to_recordset(${JSON.stringify(steps)}::json) as step (seq bigint, engine int, at bigint, input json, commands json), moved
    ), told as (
      ${insertOfEntries(entries, sql`, moved`)}
    ), agents as (
      insert into agent_status
      select agent.*
      from   json_populate_recordset(null::agent_status, ${JSON.stringify(agents)}::json) as agent, moved
      on conflict (person_id) do update
      set    (state, reason, since, until, call_id, offer) =
             (excluded.state, excluded.reason, excluded.since, excluded.until, excluded.call_id, excluded.offer)
    ), queued as (
      insert into queued_call
      select call.*
      from   json_populate_recordset(null::queued_call, ${JSON.stringify(waiting)}::json) as call, moved
      on conflict (call_id) do update
      set    (section_id, kind, state, priority, waiting_since, entered_at, position, ahead, expected_wait_ms, told_at,
              case_id, agent_id, offer, until, came) =
             (excluded.section_id, excluded.kind, excluded.state, excluded.priority, excluded.waiting_since, excluded.entered_at,
              excluded.position, excluded.ahead, excluded.expected_wait_ms, excluded.told_at,
              excluded.case_id, excluded.agent_id, excluded.offer, excluded.until, excluded.came)
    ), gone as (
      delete from queued_call using moved where call_id = any (${gone}::uuid[])
    )
    select from moved`.execute(db)
  if (rows.length !== 1) throw new Superseded(`Step ${from} of epoch ${epoch} is not where ${domain} stands.`)
}

/** So many looks are kept at least, and about twice as many at most. */
const looksKept = 100

/** Writes how far the leader has read without a step, unless its epoch is over. Now and then the old ones go. */
export async function savePosition(db: Db, domain: string, { epoch, seq, position }: ReadOn): Promise<void> {
  await sql`
    /* distribution.look */
    with kept as (
      insert into router_look (domain, after_seq, position)
      select domain, ${seq}::bigint, ${wholePositionText(position)} from router_domain where domain = ${domain} and epoch = ${epoch}::bigint
      returning number
    )
    delete from router_look
    using  kept
    where  kept.number % ${looksKept} = 0 and router_look.domain = ${domain} and router_look.number < kept.number - ${looksKept}`.execute(
    db,
  )
}

/** Saves the state after `seq`, and forgets the steps and snapshots that come before the snapshot before. */
export async function saveSnapshot(tx: Tx, domain: string, seq: number, now: Date, state: EngineSnapshot): Promise<void> {
  const before = await tx
    .selectFrom('router_snapshot')
    .select('seq')
    .where('domain', '=', domain)
    .where('seq', '<', seq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  await tx
    .insertInto('router_snapshot')
    .values({ domain, seq, at: now, state: JSON.stringify(state) })
    // One that is there already was not what it should be: the state was rebuilt without it.
    .onConflict(conflict => conflict.columns(['domain', 'seq']).doUpdateSet({ at: now, state: JSON.stringify(state) }))
    .execute()
  if (!before) return
  await tx.deleteFrom('router_snapshot').where('domain', '=', domain).where('seq', '<', before.seq).execute()
  await tx.deleteFrom('router_place').where('domain', '=', domain).where('seq', '<=', before.seq).execute()
  await tx.deleteFrom('router_step').where('domain', '=', domain).where('seq', '<=', before.seq).execute()
}

/** The step of the last snapshot; 0 before there is any. Index: router_snapshot_pkey. */
export async function lastSnapshotSeq(db: Db, domain: string): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`
    select max(seq) as seq from router_snapshot where domain = ${domain}`.execute(db)
  return rows[0]?.seq ?? 0
}

/** The newest snapshot, or the newest before another. */
export async function snapshotBefore(db: Db, domain: string, before: number | null): Promise<KeptSnapshot | undefined> {
  const row = await db
    .selectFrom('router_snapshot')
    .select(['seq', 'state'])
    .where('domain', '=', domain)
    .$if(before !== null, query => query.where('seq', '<', before ?? 0))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  // Only `saveSnapshot` writes this column. Whoever restores it bears that it is damaged, or of another version.
  return row && { seq: row.seq, state: row.state as EngineSnapshot }
}

/** Up to `limit` steps after `seq`, in order. */
export async function stepsAfter(db: Db, domain: string, seq: number, limit: number): Promise<LeaderStep[]> {
  const rows = await db
    .selectFrom('router_step')
    .select(['seq', 'engine', 'at_ms', 'input', 'commands'])
    .where('domain', '=', domain)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  // Only `saveStep` writes these columns. Whoever replays them bears that they are damaged, or say what only another version knows.
  return rows.map(({ seq, engine, at_ms, input, commands }) => ({
    seq,
    engine,
    at: at_ms,
    input: input as RoutingEvent,
    commands: commands as Command[],
  }))
}

/** Whether the pages of agents can be reached. */
export async function readReachable(db: Db): Promise<Map<string, boolean>> {
  const rows = await db.selectFrom('agent_presence').select(['person_id', 'reachable']).execute()
  return new Map(rows.map(row => [row.person_id, row.reachable]))
}

/** What was said last of calls: where they were offered, and the terms of callbacks. Index: event_of_call. */
export async function readJournalOf(db: Db, calls: readonly string[]): Promise<Map<string, JournalOfCall>> {
  const { rows } = await sql<{ call_id: string; type: string; version: number; payload: unknown }>`
    select said.call_id, said.type, said.version, said.payload
    from   unnest(${[...calls]}::uuid[]) as wanted (id)
    cross join unnest(${[offerMade.type, callCallbackQueued.type]}::text[]) as word (type)
    cross join lateral (
             select call_id, event.type, version, payload
             from   event
             where  call_id = wanted.id and event.type = word.type
             order  by event.id desc
             limit  1
           ) said`.execute(db)
  const found = new Map<string, JournalOfCall>()
  for (const row of rows) {
    const { section, callback } = found.get(row.call_id) ?? { section: null, callback: null }
    const written = writtenOf(row)
    const terms = payloadOf(callCallbackQueued, written)
    found.set(row.call_id, {
      section: payloadOf(offerMade, written)?.sectionId ?? section,
      callback: terms === undefined ? callback : termsOf(terms),
    })
  }
  return found
}

export async function readBoard(db: Db): Promise<{ calls: QueuedCallTable[]; agents: AgentStatusTable[] }> {
  const calls = await db.selectFrom('queued_call').selectAll().execute()
  const agents = await db.selectFrom('agent_status').selectAll().execute()
  return { calls, agents }
}

/** Agents who were last in service in a role without a telephone. */
export async function readWithoutTelephone(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('agent_presence').select('person_id').where('takes_calls', '=', false).execute()
  return new Set(rows.map(row => row.person_id))
}

/** Skills of all agents, agents and sections in order of identifier. */
export async function readSkills(db: Db): Promise<Map<string, { section: string; level: number }[]>> {
  const rows = await db.selectFrom('agent_skill').selectAll().orderBy('person_id').orderBy('section_id').execute()
  const skills = new Map<string, { section: string; level: number }[]>()
  for (const row of rows) {
    const list = skills.get(row.person_id) ?? []
    list.push({ section: row.section_id, level: row.level })
    skills.set(row.person_id, list)
  }
  return skills
}

/** Resolves when the database answers. */
export const askNothing = (db: Db): Promise<unknown> => sql`select 1`.execute(db)
