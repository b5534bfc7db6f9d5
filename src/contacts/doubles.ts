/**
 * Cards that may be the same person, and those that somebody has said are. They are joined by a link, which can be undone: both cards stay, and
 * their history is told as one. Whoever joins or parts must see, and may write, both.
 *
 *   card ──link── card ──link── card      a group, without circles: when a link is undone, each of the two keeps those that were joined with it
 */
import {
  type Actor,
  type Db,
  type House,
  must,
  nameOfActor,
  notFound,
  Refused,
  sameSpelling,
  useCase,
  type Work,
} from '../platform/index.ts'
import {
  groupOf,
  insertLink,
  type LinkRow,
  linksOf,
  lockLinks,
  maxGroup,
  othersWithCodeAlike,
  othersWithNumbers,
  partLink,
  readLink,
  seenOf,
} from './double-store.ts'
import { contactJoined, contactParted } from './events.ts'
import { possibleDuplicates, type SummaryRow } from './finding-store.ts'
import { contactKeysOf } from './keys-store.ts'
import { withMaskInList } from './masking.ts'
import type { ContactDoubles, DuplicateReason, JoinContacts } from './model.ts'
import { contactScope, mayWriteContact } from './policy.ts'
import { displayName, need, summaryOf, unitsAround } from './reading.ts'
import { isOneMistakeApart } from './similar.ts'
import { emailsOf, phonesOf } from './store.ts'

const maxProposed = 5

/** Cards that are joined with one, and cards that may be the same, the surest first. */
export async function doublesOf(house: House, actor: Actor, id: string): Promise<ContactDoubles> {
  const db = house.database.kysely
  const row = await need(db, actor, id)
  const scope = contactScope(actor)
  if (!scope) throw notFound('contact')
  const group = await groupOf(db, id)
  const [phones, emails] = await Promise.all([phonesOf(db, id), emailsOf(db, id)])
  const numbers = phones.map(phone => phone.number)
  const keys = contactKeysOf(
    row,
    numbers,
    emails.map(email => email.address),
  )
  const proposed = new Map<string, { row: SummaryRow; reason: DuplicateReason }>()
  const propose = (rows: readonly SummaryRow[], reason: DuplicateReason) => {
    for (const other of rows)
      if (!group.includes(other.id) && other.kind === row.kind && !proposed.has(other.id))
        proposed.set(other.id, { row: other, reason })
  }
  if (row.fiscal_code?.length === 16) propose(await othersWithCodeAlike(db, id, row.fiscal_code, scope), 'same-code')
  const name = displayName(row)
  const sharing = await othersWithNumbers(db, id, numbers, scope)
  propose(
    sharing.filter(other => areSimilarNames(name, displayName(other))),
    'same-phone-similar-name',
  )
  for (const { reason, ...other } of await possibleDuplicates(db, row, keys, scope)) propose([other], reason)
  return {
    proposed: [...proposed.values()]
      .slice(0, maxProposed)
      .map(each => ({ ...withMaskInList(summaryOf(each.row), actor), reason: each.reason })),
    joined: await joinedOf(db, actor, id, group),
  }
}

async function joinedOf(db: Db, actor: Actor, id: string, group: readonly string[]): Promise<ContactDoubles['joined']> {
  const scope = contactScope(actor)
  if (!scope || group.length < 2) return []
  const cards = new Map((await seenOf(db, group, scope)).map(row => [row.id, row]))
  const links = await linksOf(db, group)
  return links.flatMap(link => {
    // Told from the side of the card that is read; of two others, the one that was joined.
    const other = cards.get(link.contact_id === id ? link.main_id : link.contact_id)
    if (!other) return []
    return [
      {
        ...{ linkId: link.id, contact: withMaskInList(summaryOf(other), actor), reason: link.reason },
        ...{ by: link.joined_by_name, at: link.joined_at.toISOString() },
      },
    ]
  })
}

/** Whether two names may be one, mistyped: each word of the shorter one is in the other, or is one mistake away from a word of it. */
export function areSimilarNames(a: string, b: string): boolean {
  if (sameSpelling(a, b)) return true
  const [short = [], long = []] = [a, b].map(wordsOf).sort((one, other) => one.length - other.length)
  const left = [...long]
  for (const word of short) {
    const at = left.findIndex(other => sameSpelling(word, other) || isOneMistakeApart(word, other))
    if (at < 0) return false
    left.splice(at, 1)
  }
  return short.length > 1
}

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(word => word !== '')

/** The contacts whose history is one with a contact's, as far as the actor may see them; the contact itself first. */
export async function oneHistory(db: Db, actor: Actor, id: string): Promise<string[]> {
  const scope = contactScope(actor)
  const group = await groupOf(db, id)
  if (!scope || group.length < 2) return [id]
  const seen = (await seenOf(db, group, scope)).map(row => row.id)
  return [id, ...seen.filter(each => each !== id)]
}

/** Joins two cards. @throws Refused 404 when either is not the actor's to see · 409 when they are joined, or too many · 422 when they cannot be one */
export const joinContacts = useCase(
  async (work, { id, input }: { id: string; input: JoinContacts }): Promise<{ linkId: string }> => {
    must(mayWriteContact(work.actor))
    const [main, other] = [await need(work.tx, work.actor, id), await need(work.tx, work.actor, input.otherId)]
    if (main.id === other.id) throw new Refused('contacts.join.oneself', { field: 'otherId' }, 422)
    if (main.kind !== other.kind) throw new Refused('contacts.join.kinds', { field: 'otherId' }, 422)
    await lockLinks(work.tx)
    const [groupOfMain, groupOfOther] = [await groupOf(work.tx, main.id), await groupOf(work.tx, other.id)]
    if (groupOfMain.includes(other.id)) throw new Refused('contacts.join.already', {}, 409)
    if (groupOfMain.length + groupOfOther.length > maxGroup) throw new Refused('contacts.join.tooMany', { most: maxGroup }, 409)
    const link: LinkRow = {
      ...{ id: work.ids(), contact_id: other.id, main_id: main.id, reason: input.reason },
      ...{ joined_at: work.now, joined_by_name: nameOfActor(work.actor) },
    }
    await insertLink(work.tx, { ...link, joined_by: work.actor.kind === 'person' ? work.actor.personId : null })
    await toldOnBoth(work, contactJoined, link, [main.id, other.id])
    return { linkId: link.id }
  },
)

/** Undoes a joining. @throws Refused 404 when there is no such link, or either card is not the actor's to see */
export const partContacts = useCase(async (work, { id, linkId }: { id: string; linkId: string }): Promise<void> => {
  must(mayWriteContact(work.actor))
  await need(work.tx, work.actor, id)
  await lockLinks(work.tx)
  const link = await readLink(work.tx, linkId)
  if (!link || !(await groupOf(work.tx, id)).includes(link.contact_id)) throw notFound('contact')
  for (const side of [link.contact_id, link.main_id]) await need(work.tx, work.actor, side)
  await partLink(work.tx, linkId, nameOfActor(work.actor), work.now)
  await toldOnBoth(work, contactParted, link, [link.contact_id, link.main_id])
})

/** Each card's own history says it. */
async function toldOnBoth(
  work: Work,
  type: typeof contactJoined | typeof contactParted,
  link: Pick<LinkRow, 'id' | 'reason'>,
  [one, other]: readonly [string, string],
): Promise<void> {
  for (const [id, otherId] of [
    [one, other],
    [other, one],
  ] as const)
    await work.journal(type, { linkId: link.id, otherId, reason: link.reason }, { contact: id, units: unitsAround(work.actor) })
}
