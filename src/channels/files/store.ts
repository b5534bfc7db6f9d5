/** SQL of what is attached to answers. */
import { type Selectable, sql } from 'kysely'
import { type Db, deleteBlob } from '../../platform/index.ts'

interface OutgoingFileTable {
  id: string
  subject_id: string
  mail_id: string | null
  name: string
  type: string
  size_bytes: number
  blob_id: string
  scan: 'unchecked' | 'clean'
  added_by: string
  added_at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    outgoing_file: OutgoingFileTable
  }
}

export type OutgoingFileRow = Selectable<OutgoingFileTable>

export const insertOutgoingFile = (db: Db, row: OutgoingFileTable): Promise<unknown> =>
  db.insertInto('outgoing_file').values(row).execute()

/** What waits with a conversation for its next answer; bounded when it is added. Index: outgoing_file_of_subject. */
export const filesWaiting = (db: Db, subjectId: string): Promise<OutgoingFileRow[]> =>
  db
    .selectFrom('outgoing_file')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('mail_id', 'is', null)
    .orderBy('added_at')
    .orderBy('id')
    .execute()

/** What a mail carries. Index: outgoing_file_of_mail. */
export const filesOfMail = (db: Db, mailId: string): Promise<OutgoingFileRow[]> =>
  db.selectFrom('outgoing_file').selectAll().where('mail_id', '=', mailId).orderBy('added_at').orderBy('id').execute()

/** A file of a conversation, whether it waits or has gone along. Index: outgoing_file_pkey. */
export const readOutgoingFile = (db: Db, subjectId: string, id: string): Promise<OutgoingFileRow | undefined> =>
  db.selectFrom('outgoing_file').selectAll().where('id', '=', id).where('subject_id', '=', subjectId).executeTakeFirst()

/** The mail takes along what waits. */
export const takeAlong = (db: Db, subjectId: string, mailId: string): Promise<unknown> =>
  db
    .updateTable('outgoing_file')
    .set({ mail_id: mailId })
    .where('subject_id', '=', subjectId)
    .where('mail_id', 'is', null)
    .execute()

/** Takes away a file that waits, and its bytes where nothing else is made of them. Returns false when it has gone along, or is not there. */
export async function deleteWaitingFile(db: Db, subjectId: string, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('outgoing_file')
    .where('id', '=', id)
    .where('subject_id', '=', subjectId)
    .where('mail_id', 'is', null)
    .returning('blob_id')
    .executeTakeFirst()
  if (gone === undefined) return false
  const { blob_id } = gone
  // Index: outgoing_file_of_blob. Nothing else names a blob that was put here.
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from outgoing_file where blob_id = ${blob_id}) as used`.execute(db)
  if (rows[0]?.used === false) await deleteBlob(db, blob_id)
  return true
}
