/** Targets, as those who answer for a territory and administrators set them; each change is in the journal, and what is open is computed anew. */
import { readTypology, typologyNames } from '../../classification/index.ts'
import {
  type Actor,
  changedMeanwhile,
  changesOf,
  type Db,
  type House,
  type Language,
  lastEntry,
  must,
  notFound,
  permissionOf,
  Refused,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { deadlineTargetRemoved, deadlineTargetSet } from '../events.ts'
import type { DeadlineTarget, DeadlineTargets, TargetKey, TargetTime } from './model.ts'
import { maySetTargets, nearestTargets } from './policy.ts'
import { allTargets, deleteTarget, insertRecompute, lockTarget, putTarget, targetRows } from './store.ts'
import type { DeadlineTargetRow } from './tables.ts'

/** Within how much working time a ticket is solved where neither its typology nor its urgency says otherwise; undefined where nobody has said so. */
export const generalTarget = async (db: Db): Promise<DeadlineTargetRow | undefined> =>
  nearestTargets(await targetRows(db, [], 'normal'), []).solution

/** All targets, that of all others first, and whether the reader may change them. */
export async function deadlineTargets(house: House, actor: Actor, language: Language): Promise<DeadlineTargets> {
  const rows = await allTargets(house.database.kysely)
  const names = await typologyNames(
    house.database.kysely,
    rows.map(row => row.typology_id),
  )
  return {
    items: rows.map(row => targetOf(row, names.get(row.typology_id) ?? null)),
    change: permissionOf(maySetTargets(actor), language),
  }
}

const targetOf = (row: DeadlineTargetRow, typology: string | null): DeadlineTarget => ({
  ...{ typologyId: row.typology_id, typology, priority: row.priority, kind: row.kind },
  ...timeOf(row),
  version: row.version,
})

const timeOf = (row: DeadlineTargetRow): TargetTime => ({
  ...{ amount: row.amount, measure: row.measure },
  ...{ warnMinutes: row.warn_minutes, raiseMinutes: row.raise_minutes },
})

/**
 * Sets a target, or gives a typology one of its own (version 0).
 * @throws Refused 403 for who sets none, 412 when somebody has changed it since `version`, 422 for a typology that is not there
 */
export const setTarget = useCase(
  async (work, { key, time, version }: { key: TargetKey; time: TargetTime; version: number }): Promise<TargetKey> => {
    must(maySetTargets(work.actor))
    if (key.typologyId !== '' && !(await readTypology(work.tx, key.typologyId)))
      throw new Refused('cases.typologyUnknown', { field: 'typologyId' }, 422)
    const before = await lockTarget(work.tx, key)
    await needVersion(work, key, before, version)
    await putTarget(work.tx, key, time)
    const changes = changesOf(before ? { ...timeOf(before) } : {}, { ...time })
    await work.journal(deadlineTargetSet, { ...key, ...time, changes }, {})
    await computeAnew(work)
    return key
  },
)

/** Takes the target of a typology away: it has that of the nearest above it again. @throws Refused 403 for who sets none, 422 for that of all others, 404 when there is none */
export const removeTarget = useCase(async (work, key: TargetKey): Promise<TargetKey> => {
  must(maySetTargets(work.actor))
  if (key.typologyId === '') throw new Refused('cases.deadline.defaultStays', {}, 422)
  if (!(await lockTarget(work.tx, key))) throw notFound('target')
  await deleteTarget(work.tx, key)
  await work.journal(deadlineTargetRemoved, { ...key }, {})
  await computeAnew(work)
  return key
})

async function needVersion(work: Work, key: TargetKey, before: DeadlineTargetRow | undefined, version: number): Promise<void> {
  if ((before?.version ?? 0) === version) return
  throw changedMeanwhile(
    { ...key, ...(before && timeOf(before)), version: before?.version ?? 0 },
    await lastEntry(work.tx, [deadlineTargetSet], { payload: ['typologyId', key.typologyId] }, work.now),
  )
}

const computeAnew = (work: Work) => insertRecompute(work.tx, { id: work.ids(), asked_at: work.now, unit_path: '' })
