/**
 * Where an agent can be rung. Every page of the desk reports every five seconds; the newest page is the telephone, the others only show.
 * When the newest has fallen silent (closed, or its machine is gone), an older one that still reports takes its place.
 *
 * A report says more than "I am here": it says whether the page's telephone is registered. An agent can be reached while a page reports
 * and its telephone is ready; the journal is told of each change, by the report or, when reports stay away, by the leader's sweep.
 */
import { type Kysely, sql } from 'kysely'
import { Bug, type PersonActor, Refused, type Tables, type Tx, type Work } from '../platform/index.ts'
import { agentMediaSet, agentReachable, agentUnreachable } from './events.ts'
import { type Heartbeat, silentAfterMs } from './model.ts'
import { takesCalls, unitsIn } from './policy.ts'

/** So many pages of one agent are remembered, to tell an old page from a new one. */
const rememberedPages = 32

/**
 * Notes a report that tells nothing new: the page that rings is here still, and its telephone is as it was. Almost every report is one, and there
 * are sixty a second with three hundred agents, so it is one statement, planned once. Returns false, and notes nothing, for any other report.
 * Index: agent_presence_pkey.
 */
export async function noteSameAgain(
  db: Kysely<Tables>,
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

/** Notes a report. Returns whether the page is the one that rings. */
export async function noteHeartbeat(work: Work, person: PersonActor, { pageId, telephoneReady }: Heartbeat): Promise<boolean> {
  const row = await lockPresence(work, person, pageId)
  const known = row.pages.includes(pageId)
  const silent = work.now.getTime() - row.heard_at.getTime() > silentAfterMs
  if (known && pageId !== row.page_id && !silent) return false
  await putPage(work, person, row, pageId, telephoneReady)
  return true
}

/** The agent acts on this page, so this is the page that rings from now on. Its telephone counts as ready as it last reported. */
export async function choosePage(work: Work, person: PersonActor, pageId: string): Promise<void> {
  const row = await lockPresence(work, person, pageId)
  if (row.page_id !== pageId || !row.pages.includes(pageId)) await putPage(work, person, row, pageId, false)
  const calls = takesCalls(person.role)
  if (calls === row.takes_calls) return
  await work.tx.updateTable('agent_presence').set({ takes_calls: calls }).where('person_id', '=', person.personId).execute()
  await work.journal(agentMediaSet, { calls }, subjectsOf(person.personId, person.unitPath))
}

interface PresenceRow {
  page_id: string
  pages: string[]
  heard_at: Date
  telephone_ready: boolean
  reachable: boolean
  unit_path: string
  takes_calls: boolean
}

/** The agent's row, locked: two pages that report at the same moment take turns. Made when it is not there yet. */
async function lockPresence({ tx, now }: Work, person: PersonActor, pageId: string): Promise<PresenceRow> {
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

async function putPage(work: Work, person: PersonActor, row: PresenceRow, pageId: string, ready: boolean): Promise<void> {
  const pages = row.pages.includes(pageId) ? row.pages : [...row.pages, pageId].slice(-rememberedPages)
  await work.tx
    .updateTable('agent_presence')
    .set({
      page_id: pageId,
      pages,
      heard_at: work.now,
      telephone_ready: ready,
      reachable: ready,
      unit_path: person.unitPath,
    })
    .where('person_id', '=', person.personId)
    .execute()
  if (ready !== row.reachable)
    await work.journal(ready ? agentReachable : agentUnreachable, {}, subjectsOf(person.personId, person.unitPath))
}

export const subjectsOf = (personId: string, unitPath: string) => ({ person: personId, units: unitsIn(unitPath) })

/** Marks those whose pages have fallen silent and answers them. Called by the leader, in a transaction that holds its epoch. */
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

/**
 * The telephone of an agent was lost in a conversation, so there is no page to ring: no offers until one reports again. In the caller's
 * transaction.
 */
export async function telephoneLost(work: Work, personId: string): Promise<void> {
  const row = await work.tx
    .updateTable('agent_presence')
    .set({ reachable: false, telephone_ready: false })
    .where('person_id', '=', personId)
    .where('reachable', '=', true)
    .returning('unit_path')
    .executeTakeFirst()
  if (row) await work.journal(agentUnreachable, {}, subjectsOf(personId, row.unit_path))
}

/** Use cases of the desk are for people. */
export function personOf(work: Pick<Work, 'actor'>): PersonActor {
  if (work.actor.kind !== 'person') throw new Refused('platform.signIn', {}, 401)
  return work.actor
}
