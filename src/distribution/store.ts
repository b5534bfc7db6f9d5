/**
 * SQL of distribution: the queue and the agents as they are now, for the desk, for telephony and for live pages, and the settings of sections.
 * The queue and the agents' states are only read here: the leader writes these rows in the transaction of the step that made them so.
 */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/index.ts'
import type { AgentState } from '../routing/index.ts'
import type { AgentStatus, Presence, QueuedCall, SectionLive, SectionRouting, Sharing, WrittenWork } from './model.ts'
import type { AgentStatusTable, QueuedCallTable } from './tables.ts'

export const agentStatusOf = (row: AgentStatusTable): AgentStatus => ({
  personId: row.person_id,
  state: row.state,
  reason: row.reason,
  since: row.since,
  until: row.until,
  callId: row.call_id,
  offer: row.offer,
})

const callOf = (row: QueuedCallTable): QueuedCall => ({
  callId: row.call_id,
  sectionId: row.section_id,
  kind: row.kind,
  state: row.state,
  priority: row.priority,
  waitingSince: row.waiting_since,
  enteredAt: row.entered_at,
  position: row.position,
  ahead: row.ahead,
  expectedWaitMs: row.expected_wait_ms,
})

/** The agent's state; undefined for who has never signed in. Index: agent_status_pkey. */
export async function agentStatus(db: Db, personId: string): Promise<AgentStatus | undefined> {
  const row = await db.selectFrom('agent_status').selectAll().where('person_id', '=', personId).executeTakeFirst()
  return row && agentStatusOf(row)
}

/**
 * The states of some people, and whether they work in a role with a telephone; whoever has never signed in at a desk is left out.
 * Indexes: agent_status_pkey, agent_presence_pkey.
 */
export async function standingsOf(
  db: Db,
  personIds: readonly string[],
): Promise<Map<string, { state: AgentStatus['state']; takesCalls: boolean }>> {
  if (personIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('agent_status')
    .leftJoin('agent_presence', 'agent_presence.person_id', 'agent_status.person_id')
    .select(['agent_status.person_id', 'agent_status.state', 'agent_presence.takes_calls'])
    .where('agent_status.person_id', 'in', [...new Set(personIds)])
    .execute()
  return new Map(rows.map(row => [row.person_id, { state: row.state, takesCalls: row.takes_calls ?? false }]))
}

/** How many agents of a section are neither signed out nor in a pause. Index: agent_skill_of_section, agent_status_pkey. */
export async function agentsAtWork(db: Db, sectionId: string): Promise<number> {
  const { agents } = await db
    .selectFrom('agent_skill')
    .innerJoin('agent_status', 'agent_status.person_id', 'agent_skill.person_id')
    .select(({ fn }) => fn.countAll<string>().as('agents'))
    .where('agent_skill.section_id', '=', sectionId)
    .where('agent_status.state', 'not in', ['signed-out', 'paused'])
    .executeTakeFirstOrThrow()
  return Number(agents)
}

/** With whom the call is, offered or in conversation. Index: agent_status_of_call. */
export async function agentOfCall(db: Db, callId: string): Promise<AgentStatus | undefined> {
  const row = await db.selectFrom('agent_status').selectAll().where('call_id', '=', callId).executeTakeFirst()
  return row && agentStatusOf(row)
}

/** Agents who serve one of the sections, in order of identifier; all who were ever signed in without sections. */
export async function agentStatuses(db: Db, sectionIds?: readonly string[]): Promise<AgentStatus[]> {
  // Index: agent_skill_of_section, agent_status_pkey.
  const rows = await db
    .selectFrom('agent_status')
    .selectAll()
    .$if(sectionIds !== undefined, query =>
      query.where('person_id', 'in', served =>
        served
          .selectFrom('agent_skill')
          .select('person_id')
          .where('section_id', '=', sql<string>`any (${[...(sectionIds ?? [])]}::text[])`),
      ),
    )
    .orderBy('person_id')
    .execute()
  return rows.map(agentStatusOf)
}

/** A call that waits or is being offered. Index: queued_call_pkey. */
export async function queuedCall(db: Db, callId: string): Promise<QueuedCall | undefined> {
  const row = await db
    .selectFrom('queued_call')
    .selectAll()
    .where('call_id', '=', callId)
    .where('kind', 'in', ['call', 'callback'])
    .executeTakeFirst()
  return row && callOf(row)
}

/** The calls that wait or are being offered, longest waiting first. Index: queued_call_of_section. */
export async function queuedCalls(db: Db, sectionIds?: readonly string[]): Promise<QueuedCall[]> {
  const rows = await db
    .selectFrom('queued_call')
    .selectAll()
    .where('kind', 'in', ['call', 'callback'])
    .$if(sectionIds !== undefined, query => query.where('section_id', '=', sql<string>`any (${[...(sectionIds ?? [])]}::text[])`))
    .orderBy('waiting_since')
    .orderBy('came', order => order.asc().nullsFirst())
    .orderBy('call_id')
    .execute()
  return rows.map(callOf)
}

/**
 * Queue and agents of each of the sections, in the order asked for; sections without either are there with zeros. Who waits counts until
 * somebody has answered: a call that rings at an agent still waits.
 */
export async function liveSections(db: Db, sectionIds: readonly string[]): Promise<SectionLive[]> {
  const sections = sql`${[...sectionIds]}::text[]`
  // Index: queued_call_of_section.
  const { rows: queues } = await sql<{ section_id: string; waiting: number; longest_since: Date | null; callbacks: number }>`
    select   section_id,
             count(*) filter (where kind = 'call')::int                                as waiting,
             min(waiting_since) filter (where kind = 'call')                           as longest_since,
             count(*) filter (where kind = 'callback' and state <> 'connected')::int   as callbacks
    from     queued_call
    where    section_id = any (${sections})
    group by section_id`.execute(db)
  // Index: agent_skill_of_section, agent_status_pkey.
  const { rows: agents } = await sql<{ section_id: string; state: AgentState; agents: number }>`
    select   agent_skill.section_id, agent_status.state, count(*)::int as agents
    from     agent_skill
    join     agent_status using (person_id)
    where    agent_skill.section_id = any (${sections})
    group by agent_skill.section_id, agent_status.state`.execute(db)
  return sectionIds.map(sectionId => {
    const queue = queues.find(row => row.section_id === sectionId)
    const count = (state: AgentState) => agents.find(row => row.section_id === sectionId && row.state === state)?.agents ?? 0
    return {
      sectionId,
      waiting: queue?.waiting ?? 0,
      longestSince: queue?.longest_since ?? null,
      callbacks: queue?.callbacks ?? 0,
      agents: {
        'signed-out': count('signed-out'),
        available: count('available'),
        offered: count('offered'),
        'in-conversation': count('in-conversation'),
        'wrap-up': count('wrap-up'),
        paused: count('paused'),
      },
    }
  })
}

const writtenOf = (row: QueuedCallTable): WrittenWork => ({
  work: row.call_id,
  sectionId: row.section_id,
  state: row.state,
  personId: row.agent_id,
  offer: row.offer,
  until: row.until,
})

/** Where written works stand, by identifier; those that no section shares out are not there. Index: queued_call_pkey. */
export async function writtenWorks(db: Db, works: readonly string[]): Promise<Map<string, WrittenWork>> {
  if (works.length === 0) return new Map()
  const rows = await db
    .selectFrom('queued_call')
    .selectAll()
    .where('call_id', '=', sql<string>`any (${[...works]}::uuid[])`)
    .where('kind', 'in', ['mail', 'ticket'])
    .execute()
  return new Map(rows.map(row => [row.call_id, writtenOf(row)]))
}

/** What is offered to somebody now; undefined when nothing is. Index: queued_call_of_agent. */
export async function writtenOffer(db: Db, personId: string): Promise<WrittenWork | undefined> {
  const row = await db
    .selectFrom('queued_call')
    .selectAll()
    .where('agent_id', '=', personId)
    .where('state', '=', 'offered')
    .where('kind', 'in', ['mail', 'ticket'])
    .executeTakeFirst()
  return row && writtenOf(row)
}

/** The sections that an agent serves. Index: agent_skill_pkey. */
export async function skillsOf(db: Db, personId: string): Promise<{ sectionId: string; level: number }[]> {
  return db
    .selectFrom('agent_skill')
    .select(['section_id as sectionId', 'level'])
    .where('person_id', '=', personId)
    .orderBy('section_id')
    .execute()
}

/** On which page the agent works, and whether its telephone can be rung; undefined when no page has ever reported. */
export async function presenceOf(db: Db, personId: string): Promise<Presence | undefined> {
  const row = await db.selectFrom('agent_presence').selectAll().where('person_id', '=', personId).executeTakeFirst()
  return (
    row && {
      personId: row.person_id,
      pageId: row.page_id,
      telephoneReady: row.telephone_ready,
      heardAt: row.heard_at,
      reachable: row.reachable,
    }
  )
}

// --- settings of sections -------------------------------------------------------------------------------------------

/** What each section's queue does differently from the defaults. */
export async function readSectionRouting(db: Db): Promise<Map<string, SectionRouting>> {
  const rows = await db.selectFrom('section_routing').selectAll().execute()
  return new Map(rows.map(row => [row.section_id, row.settings]))
}

/** What one section says itself, and the version of it; nothing and 0 when it has never said anything. */
export async function readRoutingOf(db: Db, sectionId: string): Promise<{ settings: SectionRouting; version: number }> {
  const row = await db
    .selectFrom('section_routing')
    .select(['settings', 'version'])
    .where('section_id', '=', sectionId)
    .executeTakeFirst()
  return row ?? { settings: {}, version: 0 }
}

/** Says what a section's queue does differently from the defaults; its version grows by one. Index: section_routing_pkey. */
export async function saveSectionRouting(tx: Tx, sectionId: string, settings: SectionRouting): Promise<void> {
  const written = JSON.stringify(settings)
  await tx
    .insertInto('section_routing')
    .values({ section_id: sectionId, settings: written })
    .onConflict(conflict =>
      conflict.column('section_id').doUpdateSet(eb => ({ settings: written, version: eb('section_routing.version', '+', 1) })),
    )
    .execute()
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

/** How often it was said how a section shares out its written work; 0 for one of which nobody has. Index: section_sharing_pkey. */
export async function versionOfSharing(db: Db, sectionId: string): Promise<number> {
  const row = await db.selectFrom('section_sharing').select('version').where('section_id', '=', sectionId).executeTakeFirst()
  return row?.version ?? 0
}

/** Says how a section shares out its written work. Index: section_sharing_pkey. */
export async function saveSharing(
  tx: Tx,
  sectionId: string,
  { mode, capacity, offerMinutes, version }: Sharing & { version: number },
): Promise<void> {
  const values = { mode, capacity, offer_minutes: offerMinutes, version }
  await tx
    .insertInto('section_sharing')
    .values({ section_id: sectionId, ...values })
    .onConflict(conflict => conflict.column('section_id').doUpdateSet(values))
    .execute()
}

/** Until the end of the transaction, nobody changes how the section shares out its written work. */
export async function shareSharing(tx: Tx, sectionId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext(${sharingLock(sectionId)}))`.execute(tx)
}

/** Until the end of the transaction, nobody relies on how the section shares out its written work. */
export async function lockSharing(tx: Tx, sectionId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${sharingLock(sectionId)}))`.execute(tx)
}

const sharingLock = (sectionId: string) => `distribution.sharing.${sectionId}`

// --- mails of the contact centre --------------------------------------------------------------------------------------

/** Sections whose mails are offered, with those who serve them. Indexes: mail_section_pkey, agent_skill_of_section. */
export async function readMailSections(db: Db): Promise<{ sectionId: string; path: string; members: string[] }[]> {
  const { rows } = await sql<{ sectionId: string; path: string; members: string[] }>`
    select   section_id as "sectionId", unit_path as path,
             array(select person_id::text from agent_skill where agent_skill.section_id = mail_section.section_id order by 1) as members
    from     mail_section
    where    enabled
    order by section_id`.execute(db)
  return rows
}

/** Whether the mails of a section are offered. Index: mail_section_pkey. */
export async function isMailOffered(db: Db, sectionId: string): Promise<boolean> {
  const row = await db.selectFrom('mail_section').select('enabled').where('section_id', '=', sectionId).executeTakeFirst()
  return row?.enabled ?? false
}

export const saveMailSection = (tx: Tx, sectionId: string, path: string, enabled: boolean): Promise<unknown> =>
  tx
    .insertInto('mail_section')
    .values({ section_id: sectionId, unit_path: path, enabled })
    .onConflict(conflict => conflict.column('section_id').doUpdateSet({ unit_path: path, enabled }))
    .execute()
