/** SQL of histories: entries of the journal about a case or a contact, and the texts that they name. */
import { sql } from 'kysely'
import { type Db, type JournalRow, journalColumns } from '../platform/index.ts'
import { type Scope, visibleCase } from './store.ts'

/**
 * Entries about a case and those that were joined into it, of their calls that are of no other case, and of other cases as far as they tell of a link with
 * this one, or of a conversation that was split off into it; after a number, in order.
 * Indexes: event_of_case (case_id, id) and, for each call, event_of_call (call_id, id); case_link_of_case, case_link_of_other.
 */
export async function entriesOfCase(
  db: Db,
  caseIds: readonly string[],
  { after, except, limit }: { after: number; except: readonly string[]; limit: number },
): Promise<JournalRow[]> {
  const calls = await db
    .selectFrom('interaction')
    .select('call_id')
    .where('case_id', 'in', caseIds)
    .where('call_id', 'is not', null)
    .execute()
  const { rows: links } = await sql<{ id: string; elsewhere: string; said: string }>`
    select id, case when case_id = any(${[...caseIds]}::uuid[]) then other_id else case_id end as elsewhere,
           coalesce(case when case_id = any(${[...caseIds]}::uuid[]) then interaction_id end, id) as said
    from   case_link
    where  case_id = any(${[...caseIds]}::uuid[]) or other_id = any(${[...caseIds]}::uuid[])
    order  by made_at desc
    limit  ${maxLinks}`.execute(db)
  const { rows } = await sql<JournalRow>`
    select ${journalColumns}
    from (
      select of_one.* from unnest(${[...caseIds]}::uuid[]) as own (case_id) cross join lateral (
        select * from event
        where  event.case_id = own.case_id and id > ${after} and type <> all(${except}::text[])
        order  by id limit ${limit}) of_one
      union
      select called.* from unnest(${calls.map(row => row.call_id)}::uuid[]) as own (call_id) cross join lateral (
        select * from event
        where  event.call_id = own.call_id and id > ${after} and type <> all(${except}::text[])
        and    (case_id is null or case_id = any(${[...caseIds]}::uuid[]))
        order  by id limit ${limit}) called
      union
      select linked.* from unnest(${links.map(row => row.elsewhere)}::uuid[], ${links.map(row => row.said)}::text[])
                           as own (case_id, said) cross join lateral (
        select * from event
        where  event.case_id = own.case_id and id > ${after} and own.said in (payload ->> 'linkId', payload ->> 'interactionId')
        and    type <> all(${except}::text[])
        order  by id limit ${limit}) linked
    ) entry
    order  by id
    limit  ${limit}`.execute(db)
  return rows
}

/** So many links of a case are looked at. */
const maxLinks = 50

/**
 * Entries about one person's contacts that somebody may see, before a number, newest first: a few of each contact, put together. Index:
 * event_of_contact (contact_id, id).
 */
export async function entriesOfContacts(
  db: Db,
  contactIds: readonly string[],
  scope: Scope,
  { before, except, limit }: { before: number; except: readonly string[]; limit: number },
): Promise<JournalRow[]> {
  const { rows } = await sql<JournalRow>`
    select entry.*
    from   unnest(${contactIds}::uuid[]) of_person cross join lateral (
             select ${journalColumns}
             from   event
             where  contact_id = of_person and id < ${before} and type <> all(${except}::text[])
             and    ${visibleEntry(scope)}
             order  by id desc
             limit  ${limit}
           ) entry
    order  by entry.id desc
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

/** Texts of notes, messages or returns, why cases were linked, and names of files, by the key. */
export const textsIn = async (
  db: Db,
  table: 'case_note' | 'message' | 'ticket_return' | 'case_link' | 'case_file',
  ids: readonly string[],
): Promise<{ id: string; text: string }[]> => {
  if (ids.length === 0) return []
  if (table === 'case_link')
    return db
      .selectFrom(table)
      .select(['id', 'why as text'])
      .where('id', 'in', [...ids])
      .execute()
  if (table === 'case_file')
    return db
      .selectFrom(table)
      .select(['id', 'name as text'])
      .where('id', 'in', [...ids])
      .execute()
  return db
    .selectFrom(table)
    .select(['id', 'text'])
    .where('id', 'in', [...ids])
    .execute()
}

/** What colleagues were asked, by the question; and what they answered, by `answerKey`. Index: ticket_question_pkey. */
export async function textsOfQuestions(db: Db, ids: readonly string[]): Promise<{ id: string; text: string }[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('ticket_question')
    .select(['id', 'question', 'answer'])
    .where('id', 'in', [...ids])
    .execute()
  return rows.flatMap(({ id, question, answer }) => [
    { id, text: question },
    ...(answer === null ? [] : [{ id: answerKey(id), text: answer }]),
  ])
}

export const answerKey = (questionId: string): string => `answer ${questionId}`
