/** SQL of what waits beside an account: roles to be confirmed, what ends after a conversation, notices to be read. */
import './tables.ts'
import type { Insertable, Selectable } from 'kysely'
import type { Db, PersonActor } from '../platform/index.ts'
import type { AssignmentRecord } from './model.ts'
import { assignmentRow } from './store.ts'
import type { AccountNoticeTable, AssignmentRequestTable, EndingAfterCallTable } from './tables.ts'

/** No list of these is longer; older notices are in the journal. */
const maxRequests = 200
const maxEndings = 200
const maxNotices = 100

// --- roles to be confirmed ------------------------------------------------------------------------------------------

/** The requests about one person, or all, oldest first. Indexes: assignment_request_of_person, assignment_request_in_order. */
export function readRequests(db: Db, personId?: string): Promise<(AssignmentRequestTable & { name: string })[]> {
  let query = db
    .selectFrom('assignment_request')
    .innerJoin('person', 'person.id', 'assignment_request.person_id')
    .selectAll('assignment_request')
    .select('person.name')
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  return query.orderBy('asked_at').orderBy('assignment_request.id').limit(maxRequests).execute()
}

export const insertRequest = (
  db: Db,
  personId: string,
  held: AssignmentRecord,
  { askedBy, at }: { askedBy: PersonActor; at: Date },
): Promise<unknown> =>
  db
    .insertInto('assignment_request')
    .values({
      ...assignmentRow(personId, held),
      asked_by: askedBy.personId,
      asked_by_name: askedBy.name,
      asked_at: at,
    })
    .execute()

/** Index: assignment_request_of_person. */
export async function isRequested(
  db: Db,
  personId: string,
  { role, unitId }: Pick<AssignmentRecord, 'role' | 'unitId'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('assignment_request')
    .select('id')
    .where('person_id', '=', personId)
    .where('role', '=', role)
    .where('unit_id', '=', unitId)
    .executeTakeFirst()
  return row !== undefined
}

/** Takes a request away and returns it; undefined when it is not there, or no longer. */
export const deleteRequest = (db: Db, id: string): Promise<AssignmentRequestTable | undefined> =>
  db.deleteFrom('assignment_request').where('id', '=', id).returningAll().executeTakeFirst()

// --- what ends after a conversation ---------------------------------------------------------------------------------

export const insertEnding = (db: Db, row: Insertable<EndingAfterCallTable>): Promise<unknown> =>
  db.insertInto('ending_after_call').values(row).execute()

/** What ends with the conversation of a person: an assignment, or, null, the account. */
export async function endingsOfPerson(db: Db, personId: string): Promise<(string | null)[]> {
  const rows = await db.selectFrom('ending_after_call').select('assignment_id').where('person_id', '=', personId).execute()
  return rows.map(row => row.assignment_id)
}

/** What waits for the end of conversations, oldest first. */
export const endingsInOrder = (db: Db): Promise<Selectable<EndingAfterCallTable>[]> =>
  db.selectFrom('ending_after_call').selectAll().orderBy('asked_at').limit(maxEndings).execute()

/** @param assignmentId null: of the account */
export const deleteEndingsOf = (db: Db, personId: string, assignmentId: string | null): Promise<unknown> =>
  db
    .deleteFrom('ending_after_call')
    .where('person_id', '=', personId)
    .where('assignment_id', assignmentId === null ? 'is' : '=', assignmentId)
    .execute()

export const deleteEnding = (db: Db, id: string): Promise<unknown> =>
  db.deleteFrom('ending_after_call').where('id', '=', id).execute()

// --- notices to be read ---------------------------------------------------------------------------------------------

export const insertNotice = (db: Db, row: Insertable<AccountNoticeTable>): Promise<unknown> =>
  db.insertInto('account_notice').values(row).execute()

/** The newest notices of a person. Index: account_notice_of_person. */
export const noticesOfPerson = (db: Db, personId: string): Promise<Selectable<AccountNoticeTable>[]> =>
  db
    .selectFrom('account_notice')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(maxNotices)
    .execute()

/** The person has read the notices that there were until now. */
export const markNoticesSeen = (db: Db, personId: string, now: Date): Promise<unknown> =>
  db
    .updateTable('account_notice')
    .set({ seen_at: now })
    .where('person_id', '=', personId)
    .where('seen_at', 'is', null)
    .where('at', '<=', now)
    .execute()
