/**
 * Files that people put to a case.
 *
 *   added ──▶ there ──taken away──▶ kept, out of sight ──put back──▶ there
 *
 * They lie with the case in which everybody goes on; those of a case that was joined into it are its own until the two are parted again.
 */
import { type CheckedFile, checkFile } from '../../channels/index.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  type House,
  keepBlob,
  must,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { caseFileAdded, caseFileRemoved, caseFileRestored } from '../events.ts'
import { withJoined } from '../links/store.ts'
import { scopeOf } from '../service.ts'
import { readSurvivor, unitsOfCase } from '../store.ts'
import type { CaseRow } from '../tables.ts'
import { hasRoomFor, mayKeepFiles } from './policy.ts'
import { type CaseFileRow, filesOfCases, insertCaseFile, isCaseErased, lockCaseFile, markRemoved, sameFile } from './store.ts'

export interface OneFile {
  caseId: string
  fileId: string
}

/**
 * Adds a file. The same file is there once: who sends it again, not knowing whether it arrived, finds it.
 * @throws Refused 413 beyond a limit, 422 for an empty one, 403 for malware or who may not, 404 for a case out of sight, 409 for one whose texts are gone
 */
export async function addCaseFile(
  house: House,
  actor: Actor,
  { caseId, name, bytes }: { caseId: string; name: string; bytes: Buffer },
): Promise<OneFile> {
  // The check may take long, and whoever may not add anything need not cause it.
  await roomIn(house.database.kysely, await keptBy(house.database.kysely, actor, caseId), bytes.length)
  return keepFile(house, actor, { caseId, file: await checkFile(house, { name, bytes }) })
}

const keepFile = useCase(async (work, { caseId, file }: { caseId: string; file: CheckedFile }): Promise<OneFile> => {
  const actor = actingPerson(work.actor)
  const matter = await keptBy(work.tx, actor, caseId, true)
  const same = await sameFile(work.tx, await withJoined(work.tx, matter.id), { name: file.name, sha256: file.blob.sha256 })
  if (same) return putBack(work, matter, same)
  await roomIn(work.tx, matter, file.sizeBytes)
  const id = work.ids()
  await insertCaseFile(work.tx, {
    ...{ id, case_id: matter.id, name: file.name, type: file.type, size_bytes: file.sizeBytes, scan: file.scan },
    ...{ blob_id: await keepBlob(work, file.blob), added_at: work.now, added_by: actor.personId, added_by_name: actor.name },
    ...{ removed_at: null, removed_by_name: null },
  })
  await work.journal(caseFileAdded, { fileId: id }, await subjectsOf(work, matter))
  return { caseId: matter.id, fileId: id }
})

/** Takes a file away; whoever has done so already has done so. @throws Refused 403, 404 */
export const removeCaseFile = useCase(async (work, { caseId, fileId }: OneFile): Promise<null> => {
  const { matter, file } = await heldFile(work, caseId, fileId)
  if (file.removed_at !== null) return null
  await markRemoved(work.tx, fileId, { at: work.now, name: actingPerson(work.actor).name })
  await work.journal(caseFileRemoved, { fileId }, await subjectsOf(work, matter))
  return null
})

/** Puts back what was taken away. @throws Refused 403, 404 */
export const restoreCaseFile = useCase(async (work, { caseId, fileId }: OneFile): Promise<null> => {
  const { matter, file } = await heldFile(work, caseId, fileId)
  await putBack(work, matter, file)
  return null
})

async function putBack(work: Work, matter: CaseRow, file: CaseFileRow): Promise<OneFile> {
  if (file.removed_at !== null) {
    await markRemoved(work.tx, file.id, null)
    await work.journal(caseFileRestored, { fileId: file.id }, await subjectsOf(work, matter))
  }
  return { caseId: matter.id, fileId: file.id }
}

async function heldFile(work: Work, caseId: string, fileId: string): Promise<{ matter: CaseRow; file: CaseFileRow }> {
  const matter = await keptBy(work.tx, work.actor, caseId, true)
  const file = await lockCaseFile(work.tx, await withJoined(work.tx, matter.id), fileId)
  if (!file) throw notFound('file')
  return { matter, file }
}

/** The case in which one goes on, for who keeps its files. @throws Refused 404, 403, 409 */
async function keptBy(db: Db, actor: Actor, caseId: string, lock = false): Promise<CaseRow> {
  const matter = await readSurvivor(db, caseId, scopeOf(actor), lock)
  if (!matter) throw notFound('case')
  must(mayKeepFiles(actor))
  if (await isCaseErased(db, matter.id)) throw new Refused('cases.file.erased', {}, 409)
  return matter
}

async function roomIn(db: Db, matter: CaseRow, sizeBytes: number): Promise<void> {
  const verdict = hasRoomFor(await filesOfCases(db, await withJoined(db, matter.id)), sizeBytes)
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 413)
}

const subjectsOf = async (work: Work, matter: CaseRow) => ({
  case: matter.id,
  contact: matter.contact_id,
  units: unitsIn(...(await unitsOfCase(work.tx, matter.id))),
})
