/** SQL of who has asked to be forgotten, of what stays, and of how long cases are kept. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { addressesOnlyOf } from './erase-card-store.ts'

/** More than a person has: whoever has more is erased in several turns. */
const maxCases = 500

/** Of a closed case: one that was opened again after its texts were erased has new ones. */
const notErased = sql`(erased_at is null or erased_at < closed_at)`

/**
 * For how many months a typology keeps its cases: what it says itself, else the nearest node above it that says something.
 * `typology.place` is the way from the root: `001.004.002`.
 */
const monthsOf = (typology: 'leaf' | 'typology') => sql`(
  select above.retention_months
  from   typology above
  where  above.retention_months is not null
  and    (above.place = ${sql.ref(`${typology}.place`)} or starts_with(${sql.ref(`${typology}.place`)}, above.place || '.'))
  order  by length(above.place) desc
  limit  1)`

/**
 * Whether nothing of a case goes on although it is closed: no call, no mail that has not left, no appointment ahead. Indexes: interaction_of_case, call_pkey,
 * mail_of_case, appointment_of_case.
 */
const isQuiet = (caseId: RawBuilder<unknown>) => sql`(
  not exists (select from interaction join call on call.id = interaction.call_id where interaction.case_id = ${caseId} and call.ended_at is null)
  and not exists (select from mail where mail.case_id = ${caseId} and mail.state in ('queued', 'sending'))
  and not exists (select from appointment where appointment.case_id = ${caseId} and appointment.state in ('booked', 'checked-in', 'in-progress')))`

export interface CaseEndRow {
  id: string
  contactId: string
  code: string
  title: string
  isOpen: boolean
  closedAt: Date | null
  months: number | null
  isQuiet: boolean
}

/** The cases of the cards of a person whose texts are still there, the oldest first. Indexes: case_of_contact, and those of `isQuiet`. */
export async function caseEndsOf(db: Db, contactIds: readonly string[]): Promise<CaseEndRow[]> {
  const { rows } = await sql<CaseEndRow>`
    select   "case".id, contact_id as "contactId", ${isQuiet(sql`"case".id`)} as "isQuiet", code, title, status = 'open' as "isOpen", closed_at as "closedAt", ${monthsOf('leaf')} as months
    from     "case" left join typology leaf on leaf.id = "case".typology_id
    where    contact_id = any (${[...contactIds]}::uuid[]) and (status = 'open' or ${notErased})
    order by opened_at, "case".id
    limit    ${maxCases}`.execute(db)
  return rows
}

export type GoingOn = Record<'conversation' | 'mail' | 'message' | 'appointment', boolean>

/**
 * What is going on with a person beside cases. Indexes: interaction_of_contact, incoming_mail_of_sender, raw_mail_pkey, case_of_contact, mail_of_case,
 * appointment_of_contact.
 */
export async function goingOn(db: Db, contactIds: readonly string[], now: Date): Promise<GoingOn> {
  const ofPerson = sql`contact_id = any (${[...contactIds]}::uuid[])`
  const { rows } = await sql<GoingOn>`
    select exists (select from interaction where ${ofPerson} and state = 'open') as conversation,
           exists (select from incoming_mail join raw_mail on raw_mail.id = raw_mail_id
                   where from_address in ${addressesOnlyOf(contactIds)} and raw_mail.state = 'examine') as mail,
           exists (select from mail where case_id in (select id from "case" where ${ofPerson}) and state in ('queued', 'sending')) as message,
           exists (select from appointment where ${ofPerson} and state in ('booked', 'checked-in', 'in-progress')
                   and ends_at > ${now}) as appointment`.execute(db)
  return rows[0] ?? { conversation: false, mail: false, message: false, appointment: false }
}

/** The cards of a person, locked in one order: nothing new begins with them while they are erased. Index: contact_pkey. */
export const lockContacts = (db: Db, contactIds: readonly string[]): Promise<unknown> =>
  sql`select id from contact where id = any (${[...contactIds]}::uuid[]) order by id for update`.execute(db)

export interface ErasureRow {
  askedAt: Date
  askedByName: string
  nextLookAt: Date | null
  erasedAt: Date | null
}

/** What was asked for one of the cards of a person: what is still to be done before what was. Index: erasure_pkey. */
export async function erasureOf(db: Db, contactIds: readonly string[]): Promise<ErasureRow | undefined> {
  const { rows } = await sql<ErasureRow>`
    select asked_at as "askedAt", asked_by_name as "askedByName", next_look_at as "nextLookAt", erased_at as "erasedAt"
    from   erasure
    where  contact_id = any (${[...contactIds]}::uuid[])
    order  by erased_at is not null, asked_at, contact_id
    limit  1`.execute(db)
  return rows[0]
}

/** Keeps a request; who has asked before has asked. */
export async function keepRequest(db: Db, contactId: string, by: { id: string; name: string }, now: Date): Promise<void> {
  await sql`
    insert into erasure (contact_id, asked_at, asked_by, asked_by_name, next_look_at)
    values (${contactId}, ${now}, ${by.id}, ${by.name}, ${now})
    on conflict (contact_id) do update set next_look_at = excluded.next_look_at, erased_at = null`.execute(db)
}

/** Writes down when to look again, or that nothing is left. */
export async function writeLook(db: Db, contactId: string, next: { lookAt: Date } | { erasedAt: Date }): Promise<void> {
  const [lookAt, erasedAt] = 'lookAt' in next ? [next.lookAt, null] : [null, next.erasedAt]
  await sql`update erasure set next_look_at = ${lookAt}, erased_at = ${erasedAt} where contact_id = ${contactId}`.execute(db)
}

/** Requests that are to be looked at again. Index: erasure_to_look. */
export async function requestsToLookAt(
  db: Db,
  now: Date,
  { except, limit }: { except: readonly string[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ contact_id: string }>`
    select contact_id from erasure
    where  next_look_at <= ${now} and contact_id <> all(${[...except]}::uuid[])
    order  by next_look_at, contact_id
    limit  ${limit}`.execute(db)
  return rows.map(row => row.contact_id)
}

// --- how long cases are kept ----------------------------------------------------------------------------------------

export interface RetentionRow {
  id: string
  labels: string[]
  place: string
  months: number | null
  holds: number | null
  due: number
  version: number
}

/** So many are counted at most. */
const countedCases = 1_000

const dueOf = (now: Date) => sql`
  (select count(*)::int from (
     select from "case"
     where  typology_id = typology.id and status = 'closed' and ${notErased}
     and    closed_at < ${now}::timestamptz - make_interval(months => ${monthsOf('typology')})
     limit  ${countedCases}) due)`

/** Nodes of the tree in its order, with how long they keep their cases. Indexes: typology_in_order, case_ended. */
export async function retentionRows(
  db: Db,
  { id, after, limit, now }: { id?: string | undefined; after?: string | undefined; limit: number; now: Date },
): Promise<RetentionRow[]> {
  const { rows } = await sql<RetentionRow>`
    select   id, labels, place, retention_months as months, ${monthsOf('typology')} as holds, ${dueOf(now)} as due,
             retention_version as version
    from     typology
    where    true
    ${id === undefined ? sql`` : sql`and id = ${id}`}
    ${after === undefined ? sql`` : sql`and place > ${after}`}
    order by place
    limit    ${limit}`.execute(db)
  return rows
}

/** Sets for how long a typology keeps its cases, at a version. Returns what it said before; undefined when it is at another version by now. */
export async function writeRetention(
  db: Db,
  { id, months, version }: { id: string; months: number | null; version: number },
): Promise<{ before: number | null } | undefined> {
  const { rows } = await sql<{ before: number | null }>`
    update typology set retention_months = ${months}, retention_version = typology.retention_version + 1
    from   (select id, retention_months from typology where id = ${id} for update) old
    where  typology.id = old.id and typology.retention_version = ${version}
    returning old.retention_months as before`.execute(db)
  return rows[0]
}

/** Closed cases whose time is over, of each typology the oldest first. Indexes: case_ended, and those of `isQuiet`. */
export async function casesDue(
  db: Db,
  now: Date,
  { except, limit }: { except: readonly string[]; limit: number },
): Promise<{ id: string; contactId: string }[]> {
  const { rows } = await sql<{ id: string; contactId: string }>`
    select due.id, due.contact_id as "contactId"
    from   (select leaf.id, ${monthsOf('leaf')} as months from typology leaf where leaf.leaf) kept
           cross join lateral (
             select   id, contact_id
             from     "case"
             where    typology_id = kept.id and status = 'closed' and ${notErased}
             and      closed_at < ${now}::timestamptz - make_interval(months => kept.months) and ${isQuiet(sql`"case".id`)}
             and      id <> all(${[...except]}::uuid[])
             order by closed_at, id
             limit    ${limit}) due
    where  kept.months is not null
    limit  ${limit}`.execute(db)
  return rows
}

/** Of some closed cases those that may be erased now, locked, so that none is opened again meanwhile. */
export async function lockClosed(db: Db, caseIds: readonly string[]): Promise<string[]> {
  if (caseIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select id from "case"
    where  id = any (${[...caseIds]}::uuid[]) and status = 'closed' and ${notErased} and ${isQuiet(sql`"case".id`)}
    order  by id
    for    update`.execute(db)
  return rows.map(row => row.id)
}
