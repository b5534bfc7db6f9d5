/** Who goes on with a case: said when somebody takes it up, read for cards, and asked for when its citizen comes again. */
import { contactsByPhone } from '../../contacts/index.ts'
import { continuityOf, standingsOf } from '../../distribution/index.ts'
import { peopleGone } from '../../identity/index.ts'
import { actingPerson, type Db, must, notFound, Refused, unitsIn, useCase, type Work } from '../../platform/index.ts'
import { caseReferenceSet } from '../events.ts'
import type { Reference } from '../model.ts'
import { mayFollowCase } from '../policy.ts'
import { scopeOf } from '../service.ts'
import { openCases, readSurvivor, unitsOfCase } from '../store.ts'
import { askedFor, type Knower, referenceOf, type Whereabouts } from './reference.ts'
import { knowersOf, moveReference } from './store.ts'

/** Cases of one contact whose reference persons are asked for at once. */
const maxAsked = 3

/** With a ticket it comes to somebody by the ticket's own entry, which tells it. */
type Because = 'ticket' | 'chosen' | 'left'

interface OfCase {
  caseId: string
  contactId: string
  units: readonly string[]
}

/** Somebody goes on with an open case from now on. Nothing happens when that person does already. */
export async function setReference(work: Work, of: OfCase, person: Knower, because: Because): Promise<void> {
  const moved = await moveReference(work.tx, of.caseId, person)
  if (moved === undefined || because === 'ticket') return
  await work.journal(
    caseReferenceSet,
    { personId: person.id, name: person.name, before: moved.before?.name ?? null, because },
    { case: of.caseId, contact: of.contactId, person: person.id, units: of.units },
  )
}

/** Whoever speaks with the citizen goes on with the case, when its reference person has left the job. */
export async function takeOverFromWhoLeft(work: Work, of: OfCase): Promise<void> {
  const actor = actingPerson(work.actor)
  const [first] = (await knowersOf(work.tx, [of.caseId])).get(of.caseId) ?? []
  if (first === undefined || first.id === actor.personId) return
  if ((await peopleGone(work.tx, [first.id], work.now)).has(first.id))
    await setReference(work, of, { id: actor.personId, name: actor.name }, 'left')
}

/** "I go on with it." @throws Refused 404 for a case out of sight, 403 for who helps nobody, 409 when it is closed */
export const followCase = useCase(async (work, { caseId }: { caseId: string }): Promise<{ caseId: string }> => {
  const found = await readSurvivor(work.tx, caseId, scopeOf(work.actor), true)
  if (!found) throw notFound('case')
  must(mayFollowCase(work.actor))
  if (found.status !== 'open') throw new Refused('cases.caseClosed', { field: 'caseId' }, 409)
  const actor = actingPerson(work.actor)
  const units = unitsIn(...(await unitsOfCase(work.tx, found.id)))
  await setReference(
    work,
    { caseId: found.id, contactId: found.contact_id, units },
    { id: actor.personId, name: actor.name },
    'chosen',
  )
  return { caseId }
})

/** The reference persons of some cases, by case, and where they are now. */
export async function referencesOf(db: Db, caseIds: readonly string[], now: Date): Promise<Map<string, Reference>> {
  const knowers = await knowersOf(db, caseIds)
  const people = [...knowers.values()].flat().map(({ id }) => id)
  const [gone, standings] = await Promise.all([peopleGone(db, people, now), standingsOf(db, people)])
  const whereIs = (id: string): Whereabouts => {
    if (gone.has(id)) return 'left'
    const state = standings.get(id)?.state ?? 'signed-out'
    if (state === 'signed-out' || state === 'paused') return 'away'
    return state === 'available' ? 'here' : 'busy'
  }
  const found = new Map<string, Reference>()
  for (const [caseId, known] of knowers) {
    const reference = referenceOf(known, whereIs)
    if (reference) found.set(caseId, reference)
  }
  return found
}

/** Whom a work asks for, and how long it is kept for them. */
export interface Asked {
  agents: string[]
  boundMs: number
}

/**
 * Whom a call from a number asks for, in a section. The number only hints: it must stand on one card alone, nobody is identified by it, nothing is
 * told by it, and the wait for that person is bounded by the section.
 */
export async function askedByNumber(db: Db, from: string | null, sectionId: string, now: Date): Promise<Asked | undefined> {
  if (from === null) return undefined
  const { callMs } = await continuityOf(db, sectionId)
  if (callMs === 0) return undefined
  const [contact, other] = await contactsByPhone(db, from, 2)
  if (contact === undefined || other !== undefined) return undefined
  const agents = await knowing(db, await openCasesToAskAbout(db, contact.id), now, true)
  return agents.length === 0 ? undefined : { agents, boundMs: callMs }
}

/**
 * Whom a mail asks for, in a section: by its case, or by what is open for its contact. An address only hints, as a number does: it has found the contact
 * because it stands on one card alone.
 */
export async function askedByMail(
  db: Db,
  mail: { caseId: string | null; contactId: string | null },
  sectionId: string,
  now: Date,
): Promise<Asked | undefined> {
  if (mail.contactId === null) return undefined
  const { writtenMs } = await continuityOf(db, sectionId)
  if (writtenMs === 0) return undefined
  const about = mail.caseId === null ? await openCasesToAskAbout(db, mail.contactId) : [mail.caseId]
  const agents = await knowing(db, about, now, false)
  return agents.length === 0 ? undefined : { agents, boundMs: writtenMs }
}

const openCasesToAskAbout = async (db: Db, contactId: string): Promise<string[]> =>
  (await openCases(db, [contactId], { all: true })).slice(0, maxAsked).map(({ id }) => id)

async function knowing(db: Db, caseIds: readonly string[], now: Date, byTelephone: boolean): Promise<string[]> {
  const knowers = await knowersOf(db, caseIds)
  const people = [...knowers.values()].flat().map(({ id }) => id)
  const [gone, standings] = await Promise.all([peopleGone(db, people, now), standingsOf(db, people)])
  return askedFor(
    caseIds.map(id => knowers.get(id) ?? []),
    id => !byTelephone || standings.get(id)?.takesCalls === true,
    id => gone.has(id),
  )
}
