/** SQL of what is kept of each agent: the pages that ring, the sections served. */
import { sql } from 'kysely'
import { Bug, type Db, type PersonActor, type Tx } from '../../platform/index.ts'
import { type Heartbeat, silentAfterMs } from '../model.ts'

export interface PresenceRow {
  page_id: string
  pages: string[]
  heard_at: Date
  telephone_ready: boolean
  reachable: boolean
  unit_path: string
  takes_calls: boolean
}

/** The agent's row, locked: two pages that report at the same moment take turns. Made when it is not there yet. Index: agent_presence_pkey. */
export async function lockPresence(tx: Tx, person: PersonActor, pageId: string, now: Date): Promise<PresenceRow> {
  await tx
    .insertInto('agent_presence')
    .values({
      person_id: person.personId,
      page_id: pageId,
      pages: [],
      heard_at: now,
      telephone_ready: false,
      // The engine takes an agent for reachable until it hears otherwise, so the first report always says how it is.
      reachable: true,
      unit_path: person.unitPath,
    })
    .onConflict(conflict => conflict.column('person_id').doNothing())
    .execute()
  return tx
    .selectFrom('agent_presence')
    .select(['page_id', 'pages', 'heard_at', 'telephone_ready', 'reachable', 'unit_path', 'takes_calls'])
    .where('person_id', '=', person.personId)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new Bug('The presence of an agent was removed while it was being written.'))
}

/**
 * Notes a report that tells nothing new: the page that rings is here still, and its telephone is as it was. Almost every report is one, and there
 * are sixty a second with three hundred agents, so it is one statement, planned once. Returns false, and notes nothing, for any other report.
 * Index: agent_presence_pkey.
 */
export async function noteSameAgain(
  db: Db,
  { personId, unitPath }: PersonActor,
  { pageId, telephoneReady }: Heartbeat,
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    /* distribution.same-again */
    update agent_presence set heard_at = ${now}
    where  person_id = ${personId} and page_id = ${pageId} and ${pageId} = any(pages) and unit_path = ${unitPath}
    and    telephone_ready = ${telephoneReady} and reachable = ${telephoneReady}`.execute(db)
  return numAffectedRows === 1n
}

/** Changes an agent's row. Index: agent_presence_pkey. */
export async function updatePresence(tx: Tx, personId: string, changes: Partial<PresenceRow>): Promise<void> {
  await tx.updateTable('agent_presence').set(changes).where('person_id', '=', personId).execute()
}

/** Says that an agent cannot be rung. Returns the unit of one who could, until now. Index: agent_presence_pkey. */
export async function markUnreachable(tx: Tx, personId: string): Promise<string | undefined> {
  const row = await tx
    .updateTable('agent_presence')
    .set({ reachable: false, telephone_ready: false })
    .where('person_id', '=', personId)
    .where('reachable', '=', true)
    .returning('unit_path')
    .executeTakeFirst()
  return row?.unit_path
}

/** Whether a page has been silent for too long, of an agent who still counts as reachable. Reads a row for each agent. */
export async function isAnySilent(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1
    from   agent_presence
    where  reachable and heard_at < ${new Date(now.getTime() - silentAfterMs)}
    limit  1`.execute(db)
  return rows.length > 0
}

/** Marks those whose pages have fallen silent and returns them. Called by the leader, in a transaction that holds its epoch. */
export async function takeSilent(tx: Tx, now: Date): Promise<{ personId: string; unitPath: string }[]> {
  const { rows } = await sql<{ person_id: string; unit_path: string }>`
    update    agent_presence
    set       reachable = false, telephone_ready = false
    where     reachable and heard_at < ${new Date(now.getTime() - silentAfterMs)}
    returning person_id, unit_path`.execute(tx)
  return rows
    .map(row => ({ personId: row.person_id, unitPath: row.unit_path }))
    .sort((a, b) => (a.personId < b.personId ? -1 : 1))
}

/** Whether an agent serves any section. Index: agent_skill_pkey. */
export async function servesAny(db: Db, personId: string): Promise<boolean> {
  const skill = await db
    .selectFrom('agent_skill')
    .select('section_id')
    .where('person_id', '=', personId)
    .limit(1)
    .executeTakeFirst()
  return skill !== undefined
}

interface SkillOfAgent {
  sectionId: string
  level: number
}

/** Replaces the sections that an agent serves. Returns those of before, in no order. Index: agent_skill_pkey. */
export async function replaceSkills(tx: Tx, personId: string, skills: readonly SkillOfAgent[]): Promise<SkillOfAgent[]> {
  const dropped = await tx
    .deleteFrom('agent_skill')
    .where('person_id', '=', personId)
    .returning(['section_id as sectionId', 'level'])
    .execute()
  if (skills.length > 0)
    await tx
      .insertInto('agent_skill')
      .values(skills.map(({ sectionId, level }) => ({ person_id: personId, section_id: sectionId, level })))
      .execute()
  return dropped
}
