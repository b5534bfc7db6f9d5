/** SQL of histories: entries of the journal about a case or a contact, and the texts that they name. */
import { sql } from 'kysely'
import { type Db, type JournalRow, journalColumns } from '../platform/index.ts'
import { type Scope, visibleCase } from './store.ts'

/**
 * Entries about a case, and those of its calls that are of no other case, after a number, in order.
 * Indexes: event_of_case (case_id, id) and, for each call, event_of_call (call_id, id).
 */
export async function entriesOfCase(
  db: Db,
  caseId: string,
  { after, except, limit }: { after: number; except: readonly string[]; limit: number },
): Promise<JournalRow[]> {
  const calls = await db
    .selectFrom('interaction')
    .select('call_id')
    .where('case_id', '=', caseId)
    .where('call_id', 'is not', null)
    .execute()
  const { rows } = await sql<JournalRow>`
    select ${journalColumns}
    from (
      (select * from event
       where  case_id = ${caseId} and id > ${after} and type <> all(${except}::text[])
       order  by id limit ${limit})
      union
      select called.* from unnest(${calls.map(row => row.call_id)}::uuid[]) as own (call_id) cross join lateral (
        select * from event
        where  event.call_id = own.call_id and id > ${after} and type <> all(${except}::text[])
        and    (case_id is null or case_id = ${caseId})
        order  by id limit ${limit}) called
    ) entry
    order  by id
    limit  ${limit}`.execute(db)
  return rows
}

/** Entries about a contact that somebody may see, before a number, newest first. Index: event_of_contact (contact_id, id). */
export async function entriesOfContact(
  db: Db,
  contactId: string,
  scope: Scope,
  { before, except, limit }: { before: number; except: readonly string[]; limit: number },
): Promise<JournalRow[]> {
  const { rows } = await sql<JournalRow>`
    select ${journalColumns}
    from   event
    where  contact_id = ${contactId} and id < ${before} and type <> all(${except}::text[])
    and    ${visibleEntry(scope)}
    order  by id desc
    limit  ${limit}`.execute(db)
  return rows
}

/** An entry of a case is seen with the case; one without a case by the units that it names. */
function visibleEntry(scope: Scope) {
  if (scope.all) return sql`true`
  const unit = scope.under.split('/').filter(Boolean).at(-1) ?? ''
  return sql`case when case_id is null then ${unit} = any(unit_ids) else ${visibleCase(scope, sql`event.case_id`)} end`
}

/** Since when a contact is known. Index: contact_pkey. */
export async function contactSince(db: Db, contactId: string): Promise<Date> {
  const row = await db.selectFrom('contact').select('created_at').where('id', '=', contactId).executeTakeFirstOrThrow()
  return row.created_at
}

/** Texts of notes, messages or returns, by the key. */
export const textsIn = async (
  db: Db,
  table: 'case_note' | 'message' | 'ticket_return',
  ids: readonly string[],
): Promise<{ id: string; text: string }[]> =>
  ids.length === 0
    ? []
    : db
        .selectFrom(table)
        .select(['id', 'text'])
        .where('id', 'in', [...ids])
        .execute()
