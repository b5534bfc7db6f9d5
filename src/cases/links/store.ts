/** SQL of cases that belong together. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import { type Scope, visibleCase } from '../store.ts'
import type { CaseRow } from '../tables.ts'
import type { TicketHand } from './policy.ts'
import type { CaseLinkTable } from './tables.ts'

export type CaseLinkRow = CaseLinkTable

/** A case, and those that were joined into it; the case itself first. Index: case_joined_into. */
export async function withJoined(db: Db, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from case_with_joined(${caseId}) as id`.execute(db)
  return rows.map(row => row.id)
}

/** The case in which one goes on with a case, and all that are one with it. Indexes: case_pkey, case_joined_into. */
export async function joinedGroup(db: Db, caseId: string): Promise<{ survivor: string; all: string[] }> {
  const { rows } = await sql<{ id: string }>`select id from case_with_joined(surviving_case(${caseId})) as id`.execute(db)
  const all = rows.map(row => row.id)
  return { survivor: all[0] ?? caseId, all }
}

/** Of some cases those that were joined into another, with the one in which one goes on. Indexes: case_pkey. */
export async function survivorsOf(db: Db, caseIds: readonly string[]): Promise<Map<string, string>> {
  if (caseIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; survivor: string }>`
    select id, surviving_case(id) as survivor from "case" where id = any(${[...new Set(caseIds)]}::uuid[]) and joined_into is not null`.execute(
    db,
  )
  return new Map(rows.map(({ id, survivor }) => [id, survivor]))
}

/** Paths of all units that each of some cases has passed through. Index: case_unit_pkey. */
export async function unitsOfCases(db: Db, caseIds: readonly string[]): Promise<Map<string, string[]>> {
  if (caseIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; paths: string[] }>`
    select case_id as id, array_agg(unit_path order by unit_path) as paths
    from   case_unit where case_id = any(${[...new Set(caseIds)]}::uuid[])
    group  by case_id`.execute(db)
  return new Map(rows.map(({ id, paths }) => [id, paths]))
}

/** Locks some cases in one order always, so that two people never wait for each other crosswise. */
export async function lockCases(tx: Db, ids: readonly string[]): Promise<Map<string, CaseRow>> {
  const { rows } = await sql<CaseRow>`
    select * from "case" where id = any(${[...ids]}::uuid[]) order by id for update`.execute(tx)
  return new Map(rows.map(row => [row.id, row]))
}

/** In whose hands the open questions of a case are, and of those that were joined into it. Index: ticket_case_id_key. */
export async function handsOf(db: Db, caseId: string): Promise<TicketHand[]> {
  const { rows } = await sql<TicketHand>`
    select distinct coalesce(claimed_by::text, unit_id) as key, coalesce(claimed_by_name, unit_name) as name
    from   ticket where case_id in (select case_with_joined(${caseId})) and state <> 'closed'
    order  by name`.execute(db)
  return rows
}

/** Says into which case another goes; null: it stands for itself again. The versions of both grow. */
export async function setJoinedInto(tx: Db, caseId: string, into: string | null, other: string): Promise<void> {
  await sql`
    update "case" set version = version + 1, joined_into = case when id = ${caseId} then ${into}::uuid else joined_into end
    where  id in (${caseId}, ${other})`.execute(tx)
}

/** Lends to each of the cases that are one with a case the units of the others, and takes back what was lent before. Index: case_unit_pkey. */
export async function lendUnits(tx: Db, caseId: string): Promise<void> {
  const { all: group } = await joinedGroup(tx, caseId)
  await tx.deleteFrom('case_unit').where('case_id', 'in', group).where('borrowed', '=', true).execute()
  await sql`
    insert into case_unit (case_id, unit_path, borrowed)
    select distinct one.id, own.unit_path, true
    from   unnest(${group}::uuid[]) one (id) join case_unit own on own.case_id = any(${group}::uuid[]) and not own.borrowed
    on conflict (case_id, unit_path) do nothing`.execute(tx)
}

export const insertCaseLink = (tx: Db, row: Omit<CaseLinkTable, 'undone_at' | 'undone_by_name'>) =>
  tx
    .insertInto('case_link')
    .values({ ...row, undone_at: null, undone_by_name: null })
    .execute()

/** Index: case_link_pkey. */
export const readCaseLink = (db: Db, id: string): Promise<CaseLinkRow | undefined> =>
  db.selectFrom('case_link').selectAll().where('id', '=', id).executeTakeFirst()

/** A link, locked. Index: case_link_pkey. */
export const lockCaseLink = (tx: Db, id: string): Promise<CaseLinkRow | undefined> =>
  tx.selectFrom('case_link').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const undoCaseLink = (tx: Db, id: string, by: string, at: Date) =>
  tx.updateTable('case_link').set({ undone_at: at, undone_by_name: by }).where('id', '=', id).execute()

/** So many links of one case are shown. */
const maxShown = 50

/** The links of a case, undone ones too, the newest first. Indexes: case_link_of_case, case_link_of_other. */
export const linksOfCase = (db: Db, caseId: string): Promise<CaseLinkRow[]> =>
  db
    .selectFrom('case_link')
    .selectAll()
    .where(eb => eb.or([eb('case_id', '=', caseId), eb('other_id', '=', caseId)]))
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .limit(maxShown)
    .execute()

/** How many conversations a case has, up to two. Index: interaction_of_case. */
export async function countConversations(db: Db, caseId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select 1 from interaction where case_id = ${caseId} limit 2) two`.execute(db)
  return rows[0]?.n ?? 0
}

/**
 * Whether anything has come to a case besides one conversation, or of it. Indexes: interaction_of_case, ticket_case_id_key, note_of_case, case_file_of_case, case_joined_into,
 * case_link_of_case, case_link_of_other.
 */
export async function hasGrown(
  db: Db,
  { caseId, interactionId, linkId }: { caseId: string; interactionId: string; linkId: string },
) {
  const { rows } = await sql<{ grown: boolean }>`
    select exists (select from interaction where case_id = ${caseId} and (id <> ${interactionId} or state in ('linea', 'appointment')))
        or not exists (select from interaction where case_id = ${caseId} and id = ${interactionId})
        or exists (select from ticket where case_id = ${caseId})
        or exists (select from case_note where case_id = ${caseId})
        or exists (select from case_file where case_id = ${caseId})
        or exists (select from "case" where joined_into = ${caseId})
        or exists (select from case_link where ${caseId}::uuid in (case_id, other_id) and id <> ${linkId} and undone_at is null) as grown`.execute(
    db,
  )
  return rows[0]?.grown ?? false
}

/** A conversation goes to another case, with what was written to the citizen in it. Index: interaction_pkey, message_of_case. */
export async function moveConversation(
  tx: Db,
  { interactionId, from, to, mailIds }: { interactionId: string; from: string; to: string; mailIds: readonly string[] },
): Promise<void> {
  await sql`update interaction set case_id = ${to}, version = version + 1 where id = ${interactionId}`.execute(tx)
  if (mailIds.length > 0)
    await sql`update message set case_id = ${to} where case_id = ${from} and mail_id = any(${[...mailIds]}::uuid[])`.execute(tx)
}

/** Other cases of some contacts that somebody may see and that were joined into none: those that are open first, then the newest. Index: case_of_contact. */
export async function othersOfContacts(
  db: Db,
  scope: Scope,
  { contactIds, except, limit }: { contactIds: readonly string[]; except: readonly string[]; limit: number },
): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select of_person.*
    from   unnest(${[...contactIds]}::uuid[]) person (id) cross join lateral (
             select * from "case" where "case".contact_id = person.id and joined_into is null order by opened_at desc, id desc limit 50) of_person
    where  of_person.id <> all(${[...except]}::uuid[]) and ${visibleCase(scope, sql`of_person.id`)}
    order  by of_person.status = 'open' desc, of_person.opened_at desc, of_person.id desc
    limit  ${limit}`.execute(db)
  return rows
}
