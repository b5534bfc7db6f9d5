/** Materials of activities: files that a group hands out or shows. Taken away they stay, and can be put back. */
import { type CheckedFile, checkFile, type FileQuery, giveFile, type Reply } from '../channels/index.ts'
import {
  type Actor,
  type Db,
  type House,
  keepBlob,
  must,
  nameOfActor,
  notFound,
  Refused,
  useCase,
  type Work,
} from '../platform/index.ts'
import { preventionMaterials } from './events.ts'
import { mayKeepActivity } from './policy.ts'
import { activityFacts, lockKeptActivity, noteActivityStep, type OneActivity, ofHolder } from './service.ts'
import { insertMaterial, markMaterialRemoved, materialsOf, readActivity } from './store.ts'
import type { MaterialRow } from './tables.ts'

/** What was taken away counts, since it is kept. */
export const maxMaterials = 40

export interface OneMaterial extends OneActivity {
  materialId: string
}

/** @throws Refused 403 for malware or who may not, 404, 413 beyond a limit, 422 for an empty one */
export async function addMaterial(
  house: House,
  actor: Actor,
  { activityId, name, bytes }: OneActivity & { name: string; bytes: Buffer },
): Promise<OneMaterial> {
  // The check may take long, and whoever may not add anything need not cause it.
  const activity = await readActivity(house.database.kysely, activityId)
  if (!activity) throw notFound('activity')
  must(mayKeepActivity(actor, activityFacts(activity)))
  await needRoom(house.database.kysely, activityId)
  return keepMaterial(house, actor, { activityId, file: await checkFile(house, { name, bytes }) })
}

const keepMaterial = useCase(async (work, { activityId, file }: OneActivity & { file: CheckedFile }): Promise<OneMaterial> => {
  const activity = await lockKeptActivity(work, activityId)
  await needRoom(work.tx, activityId)
  const materialId = work.ids()
  await insertMaterial(work.tx, {
    ...{ id: materialId, activity_id: activityId, name: file.name, type: file.type, size_bytes: file.sizeBytes },
    ...{ scan: file.scan, blob_id: await keepBlob(work, file.blob) },
    ...{ added_at: work.now, added_by_name: nameOfActor(work.actor), removed_at: null },
  })
  await noteMaterials(work, activityId, activity.unit_path, 'materialAdded', file.name)
  return { activityId, materialId }
})

async function needRoom(db: Db, activityId: string): Promise<void> {
  if ((await materialsOf(db, activityId)).length >= maxMaterials)
    throw new Refused('prevention.tooManyMaterials', { limit: maxMaterials }, 413)
}

/** Whoever has taken it away has done so. @throws Refused 403, 404 */
export const removeMaterial = useCase(async (work, one: OneMaterial): Promise<null> => {
  await setRemoved(work, one, true)
  return null
})

/** @throws Refused 403, 404 */
export const restoreMaterial = useCase(async (work, one: OneMaterial): Promise<null> => {
  await setRemoved(work, one, false)
  return null
})

async function setRemoved(work: Work, { activityId, materialId }: OneMaterial, isRemoved: boolean): Promise<void> {
  const activity = await lockKeptActivity(work, activityId)
  const material = await needMaterial(work.tx, { activityId, materialId })
  if ((material.removed_at !== null) === isRemoved) return
  await markMaterialRemoved(work.tx, materialId, isRemoved ? work.now : null)
  await noteMaterials(work, activityId, activity.unit_path, isRemoved ? 'materialRemoved' : 'materialRestored', material.name)
}

async function noteMaterials(work: Work, activityId: string, unitPath: string, kind: string, name: string): Promise<void> {
  await noteActivityStep(work, activityId, kind, name)
  await work.journal(preventionMaterials, { activityId }, ofHolder(unitPath))
}

async function needMaterial(db: Db, { activityId, materialId }: OneMaterial): Promise<MaterialRow> {
  const found = (await materialsOf(db, activityId)).find(({ id }) => id === materialId)
  if (!found) throw notFound('file')
  return found
}

/** A material under its name. @throws Refused 404, also for one that was taken away */
export async function downloadMaterial(
  house: House,
  { reply, ...one }: OneMaterial & { reply: Reply },
  query: FileQuery,
): Promise<Buffer> {
  const { name, type, blob_id, removed_at } = await needMaterial(house.database.kysely, one)
  if (removed_at !== null) throw notFound('file')
  return giveFile(house, reply, { name, type, blobId: blob_id }, query)
}
