/** SQL of who is named in notes. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import { type Scope, visibleCase } from '../store.ts'

interface NoteMentionTable {
  note_id: string
  person_id: string
  name: string
  ticket_id: string
  at: Date
  read_at: Date | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    note_mention: NoteMentionTable
  }
}

/** Keeps who is named in a note. */
export async function insertMentions(tx: Tx, rows: readonly NoteMentionTable[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('note_mention')
      .values([...rows])
      .execute()
}

export interface MentionRow {
  note_id: string
  ticket_id: string
  case_id: string
  code: string
  title: string
  text: string
  by_name: string
  by_unit: string
  at: Date
  read_at: Date | null
}

export interface MentionKey {
  at: Date
  noteId: string
}

/** Where somebody is named in cases that they may see, newest first. Indexes: note_mention_of_person, case_note_pkey, case_pkey. */
export async function mentionsOf(
  db: Db,
  personId: string,
  scope: Scope,
  after: MentionKey | undefined,
  limit: number,
): Promise<MentionRow[]> {
  const { rows } = await sql<MentionRow>`
    select mention.note_id, mention.ticket_id, note.case_id, "case".code, "case".title, note.text, note.by_name, note.by_unit, mention.at, mention.read_at
    from   note_mention mention join case_note note on note.id = mention.note_id join "case" on "case".id = note.case_id
    where  mention.person_id = ${personId} and ${visibleCase(scope, sql`note.case_id`)}
    ${after ? sql`and (mention.at, mention.note_id) < (${after.at}, ${after.noteId}::uuid)` : sql``}
    order  by mention.at desc, mention.note_id desc
    limit  ${limit}`.execute(db)
  return rows
}

/** In how many notes somebody is named that are not read yet; the count stops at `most`. Index: note_mention_unread. */
export async function countUnread(db: Db, personId: string, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from note_mention where person_id = ${personId} and read_at is null limit ${most}) unread`.execute(db)
  return rows[0]?.count ?? 0
}

/** Somebody has read a note, or one's notes of a ticket. Index: note_mention_unread. */
export async function markRead(db: Db, personId: string, noteIds: readonly string[], now: Date): Promise<void> {
  await db
    .updateTable('note_mention')
    .set({ read_at: now })
    .where('person_id', '=', personId)
    .where('read_at', 'is', null)
    .where('note_id', 'in', [...noteIds])
    .execute()
}

/** Who has worked on the case of a ticket: who sent it, wrote notes, spoke with the citizen. Indexes: note_of_case, interaction_of_case. */
export async function workedOn(db: Db, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select distinct person from (
      select sent_by as person from ticket where case_id = ${caseId}
      union all (select by_person from case_note where case_id = ${caseId} order by at desc limit 100)
      union all (select operator_id from interaction where case_id = ${caseId} order by opened_at desc limit 100)
    ) worked where person is not null limit 60`.execute(db)
  return rows.map(row => row.person)
}
