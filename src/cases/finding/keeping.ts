/** What somebody keeps for later: lists with a name, and days on which to look at a case again. Theirs alone, and in no journal. */
import { actingPerson, type House, notFound, type PersonActor, Refused, useCase } from '../../platform/index.ts'
import { scopeOf } from '../service.ts'
import { readCase } from '../store.ts'
import { KeptFilter, type NewSavedList, type SavedList, type SetFollowUp } from './model.ts'
import {
  countFollowUps,
  deleteFollowUp,
  deleteSavedList,
  followUpsOf,
  maxFollowUps,
  maxSavedLists,
  putFollowUp,
  putSavedList,
  savedListsOf,
} from './store.ts'

/** The reader's lists, by name. One that another release has saved and this one cannot read is left out. */
export async function savedLists({ database }: House, actor: PersonActor): Promise<SavedList[]> {
  const rows = await savedListsOf(database.kysely, actor.personId)
  return rows.flatMap(({ id, name, wanted }) => {
    const filter = KeptFilter.safeParse(wanted)
    return filter.success ? [{ id, name, filter: filter.data }] : []
  })
}

/** Keeps a list under a name; one that has the name already is replaced. @throws Refused 409 when there are too many */
export const saveList = useCase(async (work, { name, filter }: NewSavedList): Promise<{ id: string }> => {
  const { personId } = actingPerson(work.actor)
  const lists = await savedListsOf(work.tx, personId)
  if (lists.length >= maxSavedLists && !lists.some(each => each.name === name))
    throw new Refused('cases.tooManyLists', { count: maxSavedLists }, 409)
  return { id: await putSavedList(work.tx, { id: work.ids(), personId, name, filter, now: work.now }) }
})

/** Takes one of the reader's lists away. @throws Refused 404 */
export const dropList = useCase(async (work, { listId }: { listId: string }): Promise<null> => {
  if (!(await deleteSavedList(work.tx, actingPerson(work.actor).personId, listId))) throw notFound('caseList')
  return null
})

/** Notes when to look at a case again. @throws Refused 404 for a case that is not the reader's to see, 409 when there are too many */
export const setFollowUp = useCase(
  async (work, { caseId, ...wanted }: SetFollowUp & { caseId: string }): Promise<{ caseId: string }> => {
    const { personId } = actingPerson(work.actor)
    if (!(await readCase(work.tx, caseId, scopeOf(work.actor)))) throw notFound('case')
    const isNew = !(await followUpsOf(work.tx, personId, [caseId])).has(caseId)
    if (isNew && (await countFollowUps(work.tx, personId)) >= maxFollowUps)
      throw new Refused('cases.tooManyFollowUps', { count: maxFollowUps }, 409)
    await putFollowUp(work.tx, { personId, caseId, ...wanted, now: work.now })
    return { caseId }
  },
)

/** The case need not be looked at again. */
export const dropFollowUp = useCase(async (work, { caseId }: { caseId: string }): Promise<{ caseId: string }> => {
  if (!(await readCase(work.tx, caseId, scopeOf(work.actor)))) throw notFound('case')
  await deleteFollowUp(work.tx, actingPerson(work.actor).personId, caseId)
  return { caseId }
})
