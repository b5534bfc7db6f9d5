/**
 * A mail goes on inside the institute: to the unit that knows the answer, or back to the one that passed it on, with a note for the colleagues there.
 * Its case, its thread and the files that were prepared go along. It waits there for somebody, and is answered from there.
 */
import { unitsWithMailbox } from '../../channels/index.ts'
import { involve } from '../../contacts/index.ts'
import { unitOf, unitsOf } from '../../organisation/index.ts'
import { type Actor, actingPerson, type Db, type House, must, notFound, Refused, unitsIn, useCase } from '../../platform/index.ts'
import { interactionPassed } from '../events.ts'
import { updateInteraction } from '../interaction-store.ts'
import { addCaseUnit } from '../store.ts'
import { leaveMailQueue, lockForReader, type OneMail, offerMail, standingOf, subjectsOfMail } from './mails.ts'
import type { PassMail } from './model.ts'
import { mayAnswerMail, mayPassMailTo, mayReadMail } from './policy.ts'
import { insertPassing, passingsOf, readMailInteraction } from './store.ts'

const maxDestinations = 30

/** Where a mail may go, found by the beginnings of words: units that have a mailbox, and so people who look there. The one that it came from stands first. */
export async function mailDestinations(
  house: House,
  actor: Actor,
  { interactionId, q }: OneMail & { q: string },
): Promise<{ items: { unitId: string; name: string }[] }> {
  const db = house.database.kysely
  const row = await readMailInteraction(db, interactionId)
  if (!row || !mayReadMail(actor, { unitPath: row.operator_path })) throw notFound('mail')
  const from = await unitOf(db, row.section_id ?? '')
  if (!from) return { items: [] }
  const cameFrom = await cameFromOf(db, interactionId)
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (name: string) => words.every(word => ` ${name.toLowerCase()}`.includes(` ${word}`))
  const units = await unitsOf(db, { ids: await unitsWithMailbox(db) })
  return {
    items: units
      .filter(unit => mayPassMailTo(from, unit, cameFrom).allowed && fits(unit.name))
      .toSorted((one, other) => Number(other.id === cameFrom) - Number(one.id === cameFrom))
      .slice(0, maxDestinations)
      .map(({ id, name }) => ({ unitId: id, name })),
  }
}

const cameFromOf = async (db: Db, interactionId: string): Promise<string | null> =>
  (await passingsOf(db, interactionId))[0]?.from_unit_id ?? null

/** Passes a mail on. @throws Refused 403 for who has not taken it, or a unit to which it may not go; 422 for one that nobody looks into */
export const passMail = useCase(async (work, { interactionId, unitId, note }: OneMail & PassMail): Promise<OneMail> => {
  const actor = actingPerson(work.actor)
  const row = await lockForReader(work, interactionId)
  must(mayAnswerMail(actor, standingOf(row)))
  const from = await unitOf(work.tx, row.section_id ?? '')
  const to = await unitOf(work.tx, unitId)
  if (!from || !to) throw new Refused('cases.unitUnknown', { field: 'unitId' }, 422)
  must(mayPassMailTo(from, to, await cameFromOf(work.tx, interactionId)))
  if (!(await unitsWithMailbox(work.tx)).includes(to.id))
    throw new Refused('cases.mail.noMailbox', { field: 'unitId', target: to.name }, 422)
  await leaveMailQueue(work, row, 'passed')
  const there = { operator_id: null, operator_name: null, section_id: to.id, operator_path: to.path }
  await updateInteraction(work.tx, interactionId, there)
  await insertPassing(work.tx, {
    ...{ id: work.ids(), interaction_id: interactionId, from_unit_id: from.id, from_unit_name: from.name },
    ...{ to_unit_id: to.id, to_unit_name: to.name, note, by_name: actor.name, at: work.now },
  })
  if (row.case_id !== null) await addCaseUnit(work.tx, row.case_id, to.path)
  if (row.contact_id !== null) await involve(work, row.contact_id, to.path)
  await work.journal(
    interactionPassed,
    { interactionId, from: from.name, to: to.name },
    { ...subjectsOfMail({ ...row, ...there }), units: unitsIn(row.operator_path, to.path) },
  )
  await offerMail(work, { ...row, ...there })
  return { interactionId }
})
