/** Named lists of tickets: one's own, and those that a coordinator has made for a section or a whole centre. In an order, one of each may be the first that is shown. */
import { can } from '../../identity/index.ts'
import {
  actingPerson,
  type House,
  must,
  notFound,
  type PersonActor,
  Refused,
  refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { sectionListsChanged } from '../events.ts'
import { countTickets } from '../tickets/list-store.ts'
import { listQuestion } from '../tickets/lists.ts'
import { type ChangeTicketList, KeptTicketFilter, type NewTicketList, type TicketListView } from './model.ts'
import {
  deleteTicketList,
  insertTicketList,
  type ListOwner,
  lockLists,
  maxTicketLists,
  readTicketList,
  type SavedTicketListRow,
  ticketListsOf,
  updateTicketList,
} from './store.ts'

const countedAtMost = 100

/** The section or centre whose lists somebody sees, and may keep when coordinating it. */
const sectionOf = (actor: PersonActor): ListOwner => ({ sectionId: actor.unitId })
const mayKeepSections = (actor: PersonActor): boolean => can(actor, 'tickets.coordinate', actor.unitPath)

/** The reader's own lists and those of the section, each with how much is in it. One that this release cannot read is left out. */
export async function ticketLists(
  house: House,
  actor: PersonActor,
): Promise<{ items: TicketListView[]; mayKeepForSection: boolean }> {
  const db = house.database.kysely
  const rows = [...(await ticketListsOf(db, { personId: actor.personId })), ...(await ticketListsOf(db, sectionOf(actor)))]
  const items: TicketListView[] = []
  for (const row of rows) {
    const wanted = KeptTicketFilter.safeParse(row.wanted)
    if (!wanted.success) continue
    const question = await listQuestion(house, actor, wanted.data)
    const forSection = row.section_id !== null
    items.push({
      ...{ id: row.id, name: row.name, forSection, isDefault: row.is_default, wanted: wanted.data },
      count: question ? await countTickets(db, question, countedAtMost) : 0,
      mayChange: !forSection || mayKeepSections(actor),
    })
  }
  return { items, mayKeepForSection: mayKeepSections(actor) }
}

/** @throws Refused 403 for lists of a section that the actor does not coordinate */
function ownerFor(actor: PersonActor, forSection: boolean): ListOwner {
  if (!forSection) return { personId: actor.personId }
  must(mayKeepSections(actor) ? { allowed: true } : refused('cases.policy.onlyCoordinatorKeepsLists'))
  return sectionOf(actor)
}

/**
 * Keeps a list under a name; one that has the name already is replaced.
 * @throws Refused 403 for a section's by who does not coordinate it, 409 when there are too many, 422 for words that say nothing
 */
export async function saveTicketList(house: House, actor: PersonActor, list: NewTicketList): Promise<{ id: string }> {
  // What cannot be asked is not kept.
  await listQuestion(house, actor, list.wanted)
  return keepList(house, actor, list)
}

const keepList = useCase(async (work, { name, forSection, wanted }: NewTicketList): Promise<{ id: string }> => {
  const actor = actingPerson(work.actor)
  const owner = ownerFor(actor, forSection)
  await lockLists(work.tx, owner)
  const lists = await ticketListsOf(work.tx, owner)
  const before = lists.find(each => each.name === name)
  if (!before && lists.length >= maxTicketLists) throw new Refused('cases.tooManyLists', { count: maxTicketLists }, 409)
  const id = before?.id ?? work.ids()
  if (before) await updateTicketList(work.tx, id, { wanted })
  else
    await insertTicketList(work.tx, {
      ...{ id, name, wanted, is_default: false, place: (lists.at(-1)?.place ?? 0) + 1 },
      person_id: 'personId' in owner ? owner.personId : null,
      section_id: 'sectionId' in owner ? owner.sectionId : null,
    })
  await tellSection(work, actor, owner)
  return { id }
})

/** A list that the actor may change, with all of its owner, in order. @throws Refused 404, 403 */
async function needList(
  work: Work,
  listId: string,
): Promise<{ actor: PersonActor; owner: ListOwner; list: SavedTicketListRow; lists: SavedTicketListRow[] }> {
  const actor = actingPerson(work.actor)
  const found = await readTicketList(work.tx, listId)
  const isOwn = found?.person_id === actor.personId
  if (!found || (!isOwn && found.section_id !== actor.unitId)) throw notFound('caseList')
  const owner = ownerFor(actor, !isOwn)
  await lockLists(work.tx, owner)
  const lists = await ticketListsOf(work.tx, owner)
  const list = lists.find(each => each.id === listId)
  if (!list) throw notFound('caseList')
  return { actor, owner, list, lists }
}

/** Renames a list, puts it elsewhere in the order, or makes it the one with which the page begins. @throws Refused 404, 403, 409 for a name that is taken */
export const changeTicketList = useCase(
  async (work, { listId, name, before, isDefault }: ChangeTicketList & { listId: string }): Promise<{ id: string }> => {
    const { actor, owner, list, lists } = await needList(work, listId)
    if (name !== undefined && lists.some(each => each.name === name && each.id !== listId))
      throw new Refused('cases.listNameTaken', { field: 'name', name }, 409)
    if (name !== undefined) await updateTicketList(work.tx, listId, { name })
    if (isDefault !== undefined)
      for (const each of lists)
        if (each.is_default !== (isDefault && each.id === listId) && (isDefault || each.id === listId))
          await updateTicketList(work.tx, each.id, { is_default: isDefault && each.id === listId })
    if (before !== undefined) {
      const others = lists.filter(each => each.id !== listId)
      const at = before === null ? -1 : others.findIndex(each => each.id === before)
      others.splice(at === -1 ? others.length : at, 0, list)
      for (const [place, each] of others.entries())
        if (each.place !== place + 1) await updateTicketList(work.tx, each.id, { place: place + 1 })
    }
    await tellSection(work, actor, owner)
    return { id: listId }
  },
)

/** Takes a list away. @throws Refused 404, 403 */
export const dropTicketList = useCase(async (work, { listId }: { listId: string }): Promise<null> => {
  const { actor, owner } = await needList(work, listId)
  await deleteTicketList(work.tx, listId)
  await tellSection(work, actor, owner)
  return null
})

/** One's own lists are nobody else's; those of a section are told to it. */
async function tellSection(work: Work, actor: PersonActor, owner: ListOwner): Promise<void> {
  if ('sectionId' in owner)
    await work.journal(sectionListsChanged, { sectionId: owner.sectionId }, { units: unitsIn(actor.unitPath) })
}
