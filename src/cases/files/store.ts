/** SQL of the files of cases. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

interface CaseFileTable {
  id: string
  case_id: string
  name: string
  type: string
  size_bytes: number
  blob_id: string
  scan: 'unchecked' | 'clean'
  added_at: Date
  added_by: string
  added_by_name: string
  removed_at: Date | null
  removed_by_name: string | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    case_file: CaseFileTable
  }
}

export type CaseFileRow = Selectable<CaseFileTable>

export const insertCaseFile = (db: Db, row: CaseFileTable): Promise<unknown> => db.insertInto('case_file').values(row).execute()

/** What was put to some cases, also what was taken away, the newest first; bounded when it is added. Index: case_file_of_case. */
export async function filesOfCases(db: Db, caseIds: readonly string[]): Promise<CaseFileRow[]> {
  const { rows } = await sql<CaseFileRow>`
    select * from case_file where case_id = any(${[...caseIds]}::uuid[]) order by added_at desc, id desc`.execute(db)
  return rows.map(row => ({ ...row, size_bytes: Number(row.size_bytes) }))
}

/** The file with the same name and bytes that some cases have already. Index: case_file_of_case. */
export async function sameFile(
  db: Db,
  caseIds: readonly string[],
  { name, sha256 }: { name: string; sha256: Buffer },
): Promise<CaseFileRow | undefined> {
  const { rows } = await sql<CaseFileRow>`
    select file.* from case_file file join blob on blob.id = file.blob_id
    where  file.case_id = any(${[...caseIds]}::uuid[]) and file.name = ${name} and blob.sha256 = ${sha256}
    limit  1`.execute(db)
  return rows[0]
}

/** A file of some cases, locked. Index: case_file_pkey. */
export const lockCaseFile = (db: Db, caseIds: readonly string[], id: string): Promise<CaseFileRow | undefined> =>
  db
    .selectFrom('case_file')
    .selectAll()
    .where('id', '=', id)
    .where('case_id', 'in', [...caseIds])
    .forUpdate()
    .executeTakeFirst()

/** A file of some cases that was not taken away. Index: case_file_pkey. */
export const readCaseFile = (db: Db, caseIds: readonly string[], id: string): Promise<CaseFileRow | undefined> =>
  db
    .selectFrom('case_file')
    .selectAll()
    .where('id', '=', id)
    .where('case_id', 'in', [...caseIds])
    .where('removed_at', 'is', null)
    .executeTakeFirst()

/** Says who took a file away; null: it is there again. */
export const markRemoved = (db: Db, id: string, by: { at: Date; name: string } | null): Promise<unknown> =>
  db
    .updateTable('case_file')
    .set({ removed_at: by?.at ?? null, removed_by_name: by?.name ?? null })
    .where('id', '=', id)
    .execute()

/** Whether the texts of a case are gone: it takes nothing more, since nobody would erase that. Index: case_pkey. */
export async function isCaseErased(db: Db, caseId: string): Promise<boolean> {
  const { rows } = await sql<{ erased: boolean }>`
    select coalesce(status = 'closed' and erased_at >= closed_at, false) as erased from "case" where id = ${caseId}`.execute(db)
  return rows[0]?.erased ?? false
}

export interface MailFileRow {
  id: string
  name: string
  type: string
  size_bytes: number
  scan: 'unchecked' | 'clean' | 'infected'
  interaction_id: string
  operator_path: string
  channel: 'email' | 'pec'
  from_name: string
  from_address: string
  received_at: Date
}

/** So many files of mails are shown. */
const maxMailFiles = 100

/**
 * What is attached to the mails of some cases, the newest first. Indexes: interaction_of_case, incoming_mail_interaction_id_key,
 * incoming_attachment_raw_mail_id_n_key.
 */
export async function mailFilesOfCases(db: Db, caseIds: readonly string[]): Promise<MailFileRow[]> {
  const { rows } = await sql<MailFileRow>`
    select   file.id, file.name, file.type, file.size_bytes, file.scan, interaction.id as interaction_id, interaction.operator_path,
             interaction.channel, mail.from_name, mail.from_address, mail.received_at
    from     interaction
             join incoming_mail mail on mail.interaction_id = interaction.id
             join incoming_attachment file on file.raw_mail_id = mail.raw_mail_id
    where    interaction.case_id = any(${[...caseIds]}::uuid[]) and interaction.channel in ('email', 'pec')
    order by mail.received_at desc, file.raw_mail_id desc, file.n
    limit    ${maxMailFiles}`.execute(db)
  return rows.map(row => ({ ...row, size_bytes: Number(row.size_bytes) }))
}
