/** Use cases of activities of prevention: planned, changed, taken on step by step, and a step undone. */
import { typologyNames } from '../classification/index.ts'
import { membersOf, rolesWhich } from '../identity/index.ts'
import { regionNames, unitOf } from '../organisation/index.ts'
import {
  actingPerson,
  changedMeanwhile,
  type Db,
  must,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
  withChange,
} from '../platform/index.ts'
import { addresseesByIds } from './addressee-store.ts'
import { preventionKept, preventionStepped } from './events.ts'
import type { ActivityChange, ActivityState, ActivityStep, NewActivity } from './model.ts'
import { shownSettings } from './names.ts'
import { type ActivityFacts, firstState, mayChangeActivity, mayKeepActivity, mayPlanActivities, mayStep } from './policy.ts'
import { insertActivity, insertActivityStep, readActivity, updateActivity } from './store.ts'
import type { ActivityRow } from './tables.ts'

export interface OneActivity {
  activityId: string
}

/** Plans an activity of the actor's group, or asks for work on an infrastructure. @throws Refused 403, 422 */
export const planActivity = useCase(async (work, input: NewActivity): Promise<OneActivity> => {
  must(mayPlanActivities(work.actor))
  const actor = actingPerson(work.actor)
  const unit = await unitOf(work.tx, actor.unitId)
  if (!unit) throw new Refused('cases.unitUnknown', {}, 422)
  const state = firstState(input.kind)
  needDays(input, state)
  const id = work.ids()
  await insertActivity(work.tx, {
    ...{ id, kind: input.kind, state, state_before: null },
    ...{ unit_id: unit.id, unit_name: unit.name, unit_path: unit.path },
    ...(await columnsOf(work, input, unit.path)),
    ...{ participants: null, changed_at: work.now, changed_by_name: actor.name },
  })
  await noteActivityStep(work, id, state === 'asked' ? 'asked' : 'planned')
  await work.journal(preventionKept, { activityId: id, fields: [] }, ofHolder(unit.path))
  return { activityId: id }
})

/** @throws Refused 403, 404, 409 for what is over, 412 when somebody was quicker, 422 */
export const changeActivity = useCase(
  async (
    work,
    { activityId, version, change }: OneActivity & { version: number; change: ActivityChange },
  ): Promise<OneActivity> => {
    const before = await lockKeptActivity(work, activityId)
    if (before.version !== version)
      throw changedMeanwhile(
        { ...(await shownSettings(work.tx, before)), version: before.version },
        { by: before.changed_by_name, at: before.changed_at },
      )
    must(mayChangeActivity(work.actor, activityFacts(before)))
    const after = withChange(settingsOfActivity(before), change)
    needDays(after, before.state)
    await updateActivity(work.tx, activityId, {
      ...(await columnsOf(work, after, before.unit_path, before)),
      ...{ participants: after.participants, outcome: after.outcome },
      ...{ changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
    })
    await noteActivityStep(work, activityId, 'changed')
    await work.journal(preventionKept, { activityId, fields: Object.keys(change) }, ofHolder(before.unit_path))
    return { activityId }
  },
)

/** Takes an activity a step on: assessed, planned, done, refused or cancelled. @throws Refused 403, 404, 409, 412 when somebody was quicker */
export const stepActivity = useCase(
  async (work, { activityId, version, ...step }: OneActivity & { version: number } & ActivityStep): Promise<OneActivity> => {
    const before = await lockKeptActivity(work, activityId)
    needVersion(before, version)
    must(mayStep(activityFacts(before), step))
    const { to, text, participants } = step
    await updateActivity(work.tx, activityId, {
      ...{ state: to, state_before: before.state, changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
      ...(to === 'assessed' ? { assessment: text } : {}),
      ...(to === 'done' ? { outcome: text, participants } : {}),
      ...(to === 'refused' || to === 'cancelled' ? { reason: text } : {}),
    })
    await noteActivityStep(work, activityId, to, text)
    await noteStepped(work, before, to, false)
    return { activityId }
  },
)

/** Undoes the last step; what was written with it stays at hand. @throws Refused 403, 404, 409 where there is nothing to undo, 412 */
export const undoActivityStep = useCase(
  async (work, { activityId, version }: OneActivity & { version: number }): Promise<OneActivity> => {
    const before = await lockKeptActivity(work, activityId)
    needVersion(before, version)
    const to = before.state_before
    if (to === null) throw new Refused('prevention.nothingToUndo', {}, 409)
    await updateActivity(work.tx, activityId, {
      ...{ state: to, state_before: null, reason: '', changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
    })
    await noteActivityStep(work, activityId, 'undone')
    await noteStepped(work, before, to, true)
    return { activityId }
  },
)

const noteStepped = (work: Work, before: ActivityRow, to: ActivityState, undone: boolean) =>
  work.journal(preventionStepped, { activityId: before.id, from: before.state, to, undone }, ofHolder(before.unit_path))

/** @throws Refused 404, 403 for who does not hold it */
export async function lockKeptActivity(work: Work, activityId: string): Promise<ActivityRow> {
  const row = await readActivity(work.tx, activityId, { lock: true })
  if (!row) throw notFound('activity')
  must(mayKeepActivity(work.actor, activityFacts(row)))
  return row
}

function needVersion(row: ActivityRow, version: number): void {
  if (row.version !== version)
    throw changedMeanwhile({ state: row.state, version: row.version }, { by: row.changed_by_name, at: row.changed_at })
}

export const activityFacts = (row: ActivityRow): ActivityFacts => ({
  ...{ kind: row.kind, state: row.state, unitPath: row.unit_path, unitName: row.unit_name },
  hasDays: row.first_day !== null,
})

const settingsOfActivity = (row: ActivityRow) => ({
  ...{ title: row.title, aim: row.aim, regionCode: row.region_code, typologyIds: row.typology_ids },
  ...{ addresseeIds: row.addressee_ids, personIds: row.people.map(({ id }) => id), place: row.place },
  ...{ firstDay: row.first_day, lastDay: row.last_day, participants: row.participants, outcome: row.outcome },
})

/** @throws Refused 422 for days that are missing, or the wrong way round */
function needDays({ firstDay, lastDay }: Pick<NewActivity, 'firstDay' | 'lastDay'>, state: ActivityState): void {
  const isNeeded = state === 'planned' || state === 'done'
  if ((firstDay === null) !== (lastDay === null) || (isNeeded && firstDay === null))
    throw new Refused('prevention.daysNeeded', { field: firstDay === null ? 'firstDay' : 'lastDay' }, 422)
  if (firstDay !== null && lastDay !== null && lastDay < firstDay)
    throw new Refused('prevention.daysTurned', { field: 'lastDay' }, 422)
}

type Settings = Pick<
  NewActivity,
  'title' | 'aim' | 'regionCode' | 'typologyIds' | 'addresseeIds' | 'personIds' | 'place' | 'firstDay' | 'lastDay'
>

/** The columns of what was asked for. @throws Refused 422 for what is not there, or may not be chosen any more */
async function columnsOf(work: Work, input: Settings, unitPath: string, before?: ActivityRow) {
  if (input.regionCode !== null && !regionNames().has(input.regionCode))
    throw new Refused('prevention.regionUnknown', { field: 'regionCode' }, 422)
  const typologyIds = [...new Set(input.typologyIds)]
  if ((await typologyNames(work.tx, typologyIds)).size < typologyIds.length)
    throw new Refused('cases.typologyUnknown', { field: 'typologyIds' }, 422)
  const addresseeIds = [...new Set(input.addresseeIds)]
  const known = (await addresseesByIds(work.tx, addresseeIds)).filter(
    ({ id, retired }) => !retired || before?.addressee_ids.includes(id),
  )
  if (known.length < addresseeIds.length) throw new Refused('prevention.addresseeUnknown', { field: 'addresseeIds' }, 422)
  return {
    ...{ title: input.title, aim: input.aim, region_code: input.regionCode, typology_ids: typologyIds },
    ...{ addressee_ids: addresseeIds, place: input.place, first_day: input.firstDay, last_day: input.lastDay },
    people: JSON.stringify(await peopleOf(work, input.personIds, unitPath, before)),
  }
}

/** The colleagues who hold an activity; who has left the group keeps the name. @throws Refused 422 for who is none */
async function peopleOf(work: Work, ids: readonly string[], unitPath: string, before: ActivityRow | undefined) {
  const members = await holdersUnder(work.tx, unitPath, work.now)
  const named = new Map([...(before?.people ?? []), ...members].map(({ id, name }) => [id, name]))
  return [...new Set(ids)].map(id => {
    const name = named.get(id)
    if (name === undefined) throw new Refused('prevention.personUnknown', { field: 'personIds' }, 422)
    return { id, name }
  })
}

/** Who can hold activities of a group now, by name, each once. */
export async function holdersUnder(db: Db, under: string, at: Date): Promise<{ id: string; name: string }[]> {
  const members = await membersOf(db, { under, roles: rolesWhich('prevention.keep'), at })
  return [...new Map(members.map(({ id, name }) => [id, { id, name }])).values()]
}

/** Who hears of an activity: the group that holds it, and those above it. */
export const ofHolder = (unitPath: string): { units: string[] } => ({ units: unitsIn(unitPath) })

/** Writes down what was done: `prevention.step.<kind>`. */
export const noteActivityStep = (work: Work, activityId: string, kind: string, detail = ''): Promise<unknown> =>
  insertActivityStep(work.tx, {
    ...{ id: work.ids(), activity_id: activityId, kind, detail },
    ...{ by_name: nameOfActor(work.actor), at: work.now },
  })
