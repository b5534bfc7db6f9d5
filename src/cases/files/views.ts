/** The files of a case, and of those that were joined into it, as a reader may see and open them. */
import { type FileQuery, giveFile, type Reply } from '../../channels/index.ts'
import { type Actor, type House, type Language, notFound, permissionOf } from '../../platform/index.ts'
import { withJoined } from '../links/store.ts'
import { mayReadMail } from '../mails/policy.ts'
import { scopeOf } from '../service.ts'
import { readCase } from '../store.ts'
import type { CaseFiles } from './model.ts'
import { mayKeepFiles } from './policy.ts'
import type { OneFile } from './service.ts'
import { type CaseFileRow, filesOfCases, type MailFileRow, mailFilesOfCases, readCaseFile } from './store.ts'

/** @throws Refused 404 */
export async function caseFilesView(house: House, actor: Actor, caseId: string, language: Language): Promise<CaseFiles> {
  const db = house.database.kysely
  if (!(await readCase(db, caseId, scopeOf(actor)))) throw notFound('case')
  const cases = await withJoined(db, caseId)
  return {
    files: (await filesOfCases(db, cases)).map(viewOf),
    fromMails: (await mailFilesOfCases(db, cases)).map(row => mailFileView(row, actor)),
    keep: permissionOf(mayKeepFiles(actor), language),
  }
}

const viewOf = (row: CaseFileRow): CaseFiles['files'][number] => ({
  ...{ id: row.id, name: row.name, type: row.type, sizeBytes: row.size_bytes, scan: row.scan },
  ...{ at: row.added_at.toISOString(), byName: row.added_by_name },
  removed: row.removed_at === null ? null : { byName: row.removed_by_name ?? '', at: row.removed_at.toISOString() },
})

const mailFileView = (row: MailFileRow, actor: Actor): CaseFiles['fromMails'][number] => ({
  ...{ id: row.id, name: row.name, type: row.type, sizeBytes: row.size_bytes, scan: row.scan },
  ...{ at: row.received_at.toISOString(), interactionId: row.interaction_id, channel: row.channel },
  from: row.from_name || row.from_address,
  mayOpen: mayReadMail(actor, { unitPath: row.operator_path }),
})

/** A file of a case under its name. @throws Refused 404, also for one that was taken away */
export async function downloadCaseFile(
  house: House,
  actor: Actor,
  { caseId, fileId, reply }: OneFile & { reply: Reply },
  query: FileQuery,
): Promise<Buffer> {
  const db = house.database.kysely
  if (!(await readCase(db, caseId, scopeOf(actor)))) throw notFound('case')
  const file = await readCaseFile(db, await withJoined(db, caseId), fileId)
  if (!file) throw notFound('file')
  return giveFile(house, reply, { name: file.name, type: file.type, blobId: file.blob_id }, query)
}
