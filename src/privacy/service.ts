/**
 * Forgetting a person. Whoever asks is kept in a row of its own, in a transaction of its own: what may be erased goes at once, some cases in each transaction,
 * what must stay is looked at again until nothing stays, and then the card is emptied. A program that dies in between goes on from the row. Cards that are joined
 * are one person; one that was parted is none of theirs any more. The journal's entries are emptied by a job after it (`eraseMarked`).
 */
import { contactView, groupOf } from '../contacts/index.ts'
import {
  type Actor,
  actingPerson,
  countMarked,
  type Db,
  type House,
  inTransaction,
  must,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { eraseCard } from './erase-card-store.ts'
import { eraseCases } from './erase-store.ts'
import { caseErased, contactErased, erasureAsked } from './events.ts'
import type { Erasure } from './model.ts'
import { isNameOf, mayAnswerForData, nextLook, type Stay, whyItStays } from './policy.ts'
import { type CaseEndRow, caseEndsOf, erasureOf, goingOn, keepRequest, lockClosed, lockContacts, writeLook } from './store.ts'

type Stays = Stay & { case: CaseEndRow | null }

interface Standing {
  erasable: readonly CaseEndRow[]
  stays: readonly Stays[]
}

/** What may be erased of a person now, and what must stay. */
async function standingOf(db: Db, cards: readonly string[], now: Date): Promise<Standing> {
  const ends = await caseEndsOf(db, cards)
  const going = await goingOn(db, cards, now)
  const beside = (['conversation', 'mail', 'message', 'appointment'] as const).filter(why => going[why])
  const cases = ends.map(end => ({ end, stay: whyItStays(end, now) }))
  return {
    erasable: cases.flatMap(({ end, stay }) => (stay === null ? [end] : [])),
    stays: [
      ...cases.flatMap(({ end, stay }) => (stay === null ? [] : [{ ...stay, case: end }])),
      ...beside.map(why => ({ why, until: null, case: null })),
    ],
  }
}

/** What erasing would do now, and what has become of a request. @throws Refused 404 for a contact out of sight, 403 for who does not answer for data */
export async function erasureView(house: House, actor: Actor, contactId: string): Promise<Erasure> {
  must(mayAnswerForData(actor))
  await contactView(house, actor, contactId)
  const db = house.database.kysely
  const cards = await groupOf(db, contactId)
  const asked = await erasureOf(db, cards)
  const { erasable, stays } = await standingOf(db, cards, new Date(house.clock.now()))
  const isGone = asked !== undefined && asked.erasedAt !== null
  return {
    asked: asked
      ? {
          at: asked.askedAt.toISOString(),
          by: asked.askedByName,
          nextLookAt: asked.nextLookAt?.toISOString() ?? null,
          erasedAt: asked.erasedAt?.toISOString() ?? null,
        }
      : null,
    cards: cards.length,
    erases: { cases: erasable.length, card: stays.length === 0 && !isGone },
    stays: stays.map(({ why, until, case: matter }) => ({
      why,
      until: until?.toISOString() ?? null,
      case: matter && { id: matter.id, code: matter.code, title: matter.title },
    })),
    entriesWaiting: await countMarked(db),
  }
}

/**
 * A person asks to be forgotten. It cannot be undone.
 * @throws Refused 422 when the name that was typed is not theirs, 404 for a contact out of sight, 403 for who does not answer for data
 */
export async function askErasure(
  house: House,
  actor: Actor,
  { contactId, name }: { contactId: string; name: string },
): Promise<void> {
  must(mayAnswerForData(actor))
  const card = await contactView(house, actor, contactId)
  if (!isNameOf(name, card)) throw new Refused('privacy.anotherName', { field: 'name' }, 422)
  await noteRequest(house, actor, contactId)
  await goOnWith(house, actor, contactId)
}

const noteRequest = useCase(async (work, contactId: string): Promise<null> => {
  const { personId, name } = actingPerson(work.actor)
  const cards = await groupOf(work.tx, contactId)
  await lockContacts(work.tx, cards)
  await keepRequest(work.tx, contactId, { id: personId, name }, work.now)
  const { stays } = await standingOf(work.tx, cards, work.now)
  await work.journal(erasureAsked, { stays: stays.length }, { contact: contactId, units: unitsOf(work.actor) })
  return null
})

/** Cases of one transaction, and transactions of one turn. */
const casesOfStep = 50
const stepsOfTurn = 20

/** Erases what may be erased by now of a person who has asked; what is not done in this turn is in the next. */
export async function goOnWith(house: House, actor: Actor, contactId: string): Promise<void> {
  for (let step = 0; step < stepsOfTurn; step++)
    if (!(await inTransaction(house, actor, work => oneStep(work, contactId)))) return
}

/** Erases some cases, or the cards when nothing is left. Returns whether there is more to be done at once. */
async function oneStep(work: Work, contactId: string): Promise<boolean> {
  const cards = await groupOf(work.tx, contactId)
  await lockContacts(work.tx, cards)
  const { erasable } = await standingOf(work.tx, cards, work.now)
  const erased = await eraseThese(work, erasable.slice(0, casesOfStep), 'request')
  const { stays, erasable: more } = await standingOf(work.tx, cards, work.now)
  const lookAgain = async (lookAt: Date) => {
    await writeLook(work.tx, contactId, { lookAt })
    return more.length > 0 && erased > 0
  }
  if (more.length > 0) return lookAgain(work.now)
  if (stays.length > 0) return lookAgain(nextLook(stays, work.now))
  for (const card of cards) {
    await eraseCard(work.tx, card, work.now)
    await work.journal(contactErased, {}, { contact: card, units: unitsOf(work.actor) })
  }
  await writeLook(work.tx, contactId, { erasedAt: work.now })
  return false
}

/** Takes the texts out of those of some cases that are still closed. Returns of how many. */
export async function eraseThese(
  work: Work,
  cases: readonly { id: string; contactId: string }[],
  because: 'time' | 'request',
): Promise<number> {
  const closed = new Set(
    await lockClosed(
      work.tx,
      cases.map(each => each.id),
    ),
  )
  await eraseCases(work.tx, [...closed], work.now)
  for (const { id, contactId } of cases)
    if (closed.has(id)) await work.journal(caseErased, { because }, { case: id, contact: contactId, units: unitsOf(work.actor) })
  return closed.size
}

const unitsOf = (actor: Actor): string[] => (actor.kind === 'person' ? unitsIn(actor.unitPath) : [])
