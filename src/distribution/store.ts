/** The rows of the leader: its domain, steps, snapshots, and the board. */
import { type Kysely, sql } from 'kysely'
import { Bug, type CheckedEntry, type Position, type Tables, type Tx, writeEntries } from '../platform/index.ts'
import type { Command, RoutingEvent, Snapshot } from '../routing/index.ts'
import type { Board } from './board.ts'
import { type DomainRow, type Step, Superseded } from './ledger.ts'
import type { SectionRouting, Sharing } from './model.ts'
import type { AgentStatusTable, QueuedCallTable } from './tables.ts'

type Db = Kysely<Tables> | Tx

/** Begins a new epoch. Whatever an earlier leader still tries to write is refused from here on. */
export async function beginEpoch(db: Db, domain: string, leader: string, now: Date): Promise<number> {
  const row = await db
    .insertInto('router_domain')
    .values({ domain, epoch: 1, seq: 0, position_xid: '0', position_id: 0, leader, elected_at: now })
    .onConflict(conflict =>
      conflict.column('domain').doUpdateSet(eb => ({ epoch: eb('router_domain.epoch', '+', 1), leader, elected_at: now })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow()
  return row.epoch
}

export async function readDomain(db: Db, domain: string): Promise<DomainRow | undefined> {
  const row = await db.selectFrom('router_domain').selectAll().where('domain', '=', domain).executeTakeFirst()
  return row && { epoch: row.epoch, seq: row.seq, position: { xid: row.position_xid, id: row.position_id } }
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
 * Moves the domain from the last saved step to the new one: epoch and place are compared in the same statement.
 * @throws Superseded when either is not what this leader left.
 */
export async function advance(
  tx: Tx,
  { domain, epoch, from, to, position }: { domain: string; epoch: number; from: number; to: number; position: Position },
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('router_domain')
    .set({ seq: to, position_xid: position.xid, position_id: position.id })
    .where('domain', '=', domain)
    .where('epoch', '=', epoch)
    .where('seq', '=', from)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new Superseded(`Step ${from} of epoch ${epoch} is not where ${domain} stands.`)
}

/** Parameters of one statement are limited to 65,535. */
const rowsOfStatement = 2_000

async function inParts<T>(rows: readonly T[], write: (part: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsOfStatement) await write(rows.slice(from, from + rowsOfStatement))
}

export async function insertSteps(tx: Tx, domain: string, epoch: number, steps: readonly Step[]): Promise<void> {
  const rows = steps.map(({ seq, at, input, commands }) => ({
    domain,
    seq,
    epoch,
    at_ms: at,
    input: JSON.stringify(input),
    commands: JSON.stringify(commands),
  }))
  await inParts(rows, part => tx.insertInto('router_step').values(part).execute())
}

export const insertEntries = (tx: Tx, entries: readonly CheckedEntry[]): Promise<void> => writeEntries(tx, entries)

/** Writes the rows of the board that changed. */
export async function saveBoard(tx: Tx, board: Board): Promise<void> {
  const agents = [...board.changedAgents].sort().flatMap(id => board.agents.get(id) ?? [])
  await inParts(agents, part =>
    tx
      .insertInto('agent_status')
      .values(part)
      .onConflict(conflict =>
        conflict.column('person_id').doUpdateSet(eb => ({
          state: eb.ref('excluded.state'),
          reason: eb.ref('excluded.reason'),
          since: eb.ref('excluded.since'),
          until: eb.ref('excluded.until'),
          call_id: eb.ref('excluded.call_id'),
          offer: eb.ref('excluded.offer'),
        })),
      )
      .execute(),
  )
  const ids = [...board.changedCalls].sort()
  const waiting = ids.flatMap(id => board.calls.get(id) ?? [])
  await inParts(waiting, part =>
    tx
      .insertInto('queued_call')
      .values(part)
      .onConflict(conflict =>
        conflict.column('call_id').doUpdateSet(eb => ({
          section_id: eb.ref('excluded.section_id'),
          state: eb.ref('excluded.state'),
          priority: eb.ref('excluded.priority'),
          waiting_since: eb.ref('excluded.waiting_since'),
          entered_at: eb.ref('excluded.entered_at'),
          position: eb.ref('excluded.position'),
          ahead: eb.ref('excluded.ahead'),
          expected_wait_ms: eb.ref('excluded.expected_wait_ms'),
          told_at: eb.ref('excluded.told_at'),
          case_id: eb.ref('excluded.case_id'),
          agent_id: eb.ref('excluded.agent_id'),
          offer: eb.ref('excluded.offer'),
          until: eb.ref('excluded.until'),
        })),
      )
      .execute(),
  )
  const gone = ids.filter(id => !board.calls.has(id))
  if (gone.length > 0) await tx.deleteFrom('queued_call').where('call_id', '=', sql<string>`any (${gone}::uuid[])`).execute()
}

/** Saves the state after `seq`, and forgets the steps and snapshots that come before the snapshot before. */
export async function saveSnapshot(tx: Tx, domain: string, seq: number, now: Date, state: Snapshot): Promise<void> {
  const before = await tx
    .selectFrom('router_snapshot')
    .select('seq')
    .where('domain', '=', domain)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  await tx
    .insertInto('router_snapshot')
    .values({ domain, seq, at: now, state: JSON.stringify(state) })
    .onConflict(conflict => conflict.columns(['domain', 'seq']).doNothing())
    .execute()
  if (!before) return
  await tx.deleteFrom('router_snapshot').where('domain', '=', domain).where('seq', '<', before.seq).execute()
  await tx.deleteFrom('router_step').where('domain', '=', domain).where('seq', '<=', before.seq).execute()
}

export async function lastSnapshot(db: Db, domain: string): Promise<{ seq: number; state: Snapshot } | undefined> {
  const row = await db
    .selectFrom('router_snapshot')
    .select(['seq', 'state'])
    .where('domain', '=', domain)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  // Only `saveSnapshot` writes this column, and `restore` refuses a version that it does not know.
  return row && { seq: row.seq, state: row.state as Snapshot }
}

/** Up to `limit` steps after `seq`, in order. */
export async function stepsAfter(db: Db, domain: string, seq: number, limit: number): Promise<Step[]> {
  const rows = await db
    .selectFrom('router_step')
    .select(['seq', 'at_ms', 'input', 'commands'])
    .where('domain', '=', domain)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row, i) => {
    if (row.seq !== seq + 1 + i) throw new Bug(`The steps of ${domain} have a gap before ${row.seq}.`)
    // Only `insertSteps` writes these columns; that the commands are right is checked by replaying.
    return { seq: row.seq, at: row.at_ms, input: row.input as RoutingEvent, commands: row.commands as Command[] }
  })
}

export async function readBoard(db: Db): Promise<{ calls: QueuedCallTable[]; agents: AgentStatusTable[] }> {
  const calls = await db.selectFrom('queued_call').selectAll().execute()
  const agents = await db.selectFrom('agent_status').selectAll().execute()
  return { calls, agents }
}

export async function readSectionRouting(db: Db): Promise<Map<string, SectionRouting>> {
  const rows = await db.selectFrom('section_routing').selectAll().execute()
  return new Map(rows.map(row => [row.section_id, row.settings]))
}

/** Agents who were last in service in a role without a telephone. */
export async function readWithoutTelephone(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('agent_presence').select('person_id').where('takes_calls', '=', false).execute()
  return new Set(rows.map(row => row.person_id))
}

/** How sections share out their written work; a section that is not in it has a pool. */
export async function readSharing(db: Db, sectionId?: string): Promise<Map<string, Sharing>> {
  const rows = await db
    .selectFrom('section_sharing')
    .selectAll()
    .$if(sectionId !== undefined, query => query.where('section_id', '=', sectionId ?? ''))
    .orderBy('section_id')
    .execute()
  return new Map(
    rows.map(({ section_id, mode, capacity, offer_minutes }) => [section_id, { mode, capacity, offerMinutes: offer_minutes }]),
  )
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
