/**
 * Cases that belong together. Each of these is one link, which can be undone:
 *
 *   linked   both go on, and each shows the other
 *   joined   the case goes into the other, in which everybody goes on; it keeps its rows, its number leads to the other, and who may see one sees both
 *   split    a conversation leaves its case and becomes one of its own, with what was written to the citizen in it
 *
 *   case ──joined──▶ case ──joined──▶ surviving case      a tree: what goes into another has gone into nothing before
 */
import { lastMailAbout, moveMailsAbout } from '../../channels/index.ts'
import { oneHistory } from '../../contacts/index.ts'
import { actingPerson, type Db, must, nameOfActor, notFound, Refused, unitsIn, useCase, type Work } from '../../platform/index.ts'
import { needTypology } from '../destination.ts'
import { caseJoined, caseLinked, caseLinkUndone, caseSplit } from '../events.ts'
import { mayLinkCases, mayWriteInteraction } from '../policy.ts'
import { readRequestCode } from '../request-code.ts'
import { closeCase, openCase, scopeOf } from '../service.ts'
import { addCaseUnit, caseIdByCode, readCase, readInteraction, readSurvivor, unitsOfCase } from '../store.ts'
import type { CaseRow, InteractionRow } from '../tables.ts'
import type { LinkCase, SplitInteraction } from './model.ts'
import { type JoiningFacts, mayJoin, maySplit, mayUndo, type SinceLinked } from './policy.ts'
import {
  type CaseLinkRow,
  countConversations,
  handsOf,
  hasGrown,
  insertCaseLink,
  lendUnits,
  linksOfCase,
  lockCaseLink,
  lockCases,
  moveConversation,
  readCaseLink,
  setJoinedInto,
  undoCaseLink,
  withJoined,
} from './store.ts'

/** A link that was made or undone, and the case in which one goes on. */
export interface Linked {
  linkId: string
  caseId: string
}

/**
 * Links a case with another, or joins it into the other.
 * @throws Refused 403 for who helps nobody, 404 when the case is not theirs to see, 409 when they are linked so, or cannot be joined as things stand, 422 for
 * another case that is not found, is the same, or is of another person
 */
export const linkCase = useCase(async (work, { caseId, kind, code, why }: LinkCase & { caseId: string }): Promise<Linked> => {
  if (!(await readCase(work.tx, caseId, scopeOf(work.actor)))) throw notFound('case')
  must(mayLinkCases(work.actor))
  const read = readRequestCode(code)
  const otherId = read === undefined ? undefined : await caseIdByCode(work.tx, read, scopeOf(work.actor))
  if (otherId === undefined) throw new Refused('cases.link.notFound', { field: 'code' }, 422)
  if (otherId === caseId) throw new Refused('cases.link.itself', { field: 'code' }, 422)
  const [one, other] = await both(work, caseId, otherId)
  if (kind === 'joined') return joinInto(work, one, other, why)
  if ((await linksOfCase(work.tx, caseId)).some(link => link.undone_at === null && isSame(link, kind, [caseId, otherId])))
    throw new Refused('cases.link.already', {}, 409)
  const link = await keepLink(work, { kind, one, other, why, interactionId: null })
  await work.journal(caseLinked, { ...linkFacts(link.id, one, other), kind }, await subjectsOf(work, one))
  return { linkId: link.id, caseId }
})

const isSame = (link: CaseLinkRow, kind: CaseLinkRow['kind'], ids: readonly string[]): boolean =>
  link.kind === kind && ids.includes(link.case_id) && ids.includes(link.other_id)

async function joinInto(work: Work, one: CaseRow, other: CaseRow, why: string): Promise<Linked> {
  if (!(await oneHistory(work.tx, work.actor, other.contact_id)).includes(one.contact_id))
    throw new Refused('cases.link.anotherPerson', { field: 'code' }, 422)
  const verdict = mayJoin(await joiningFacts(work, one), await joiningFacts(work, other))
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 409)
  const link = await keepLink(work, { kind: 'joined', one, other, why, interactionId: null })
  await setJoinedInto(work.tx, one.id, other.id, other.id)
  await lendUnits(work.tx, other.id)
  await work.journal(caseJoined, linkFacts(link.id, one, other), await subjectsOf(work, one))
  return { linkId: link.id, caseId: other.id }
}

async function joiningFacts(work: Work, row: CaseRow): Promise<JoiningFacts> {
  return {
    code: row.code,
    isOpen: row.status === 'open',
    isJoined: row.joined_into !== null,
    size: (await withJoined(work.tx, row.id)).length,
    hands: await handsOf(work.tx, row.id),
  }
}

/**
 * A conversation becomes a case of its own: open when it is, or waits for its answer to leave; otherwise closed, as the conversation is.
 * @throws Refused 403 for who helps nobody, or a conversation that a colleague has open; 404 for one out of sight; 409 when it cannot leave its case
 */
export const splitInteraction = useCase(
  async (work, { interactionId, typologyId, why }: SplitInteraction & { interactionId: string }): Promise<Linked> => {
    const seen = await readInteraction(work.tx, interactionId, scopeOf(work.actor))
    if (!seen) throw notFound('interaction')
    must(mayLinkCases(work.actor))
    if (seen.case_id === null) throw new Refused('cases.link.noCase', {}, 409)
    const from = (await lockCases(work.tx, [seen.case_id])).get(seen.case_id)
    const row = await readInteraction(work.tx, interactionId, scopeOf(work.actor), true)
    if (!from || !row) throw notFound('interaction')
    if (row.case_id !== from.id) throw new Refused('cases.link.movedMeanwhile', {}, 409)
    if (row.state === 'open') must(mayWriteInteraction(work.actor, { ...holderOf(row), open: true }))
    const verdict = maySplit({ state: row.state, conversations: await countConversations(work.tx, from.id) })
    if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 409)
    const typology = typologyId ?? row.typology_id ?? from.typology_id
    const opened = await openCase(work, {
      contactId: row.contact_id ?? from.contact_id,
      typologyId: typology,
      title: typology === null ? from.title : (await needTypology(work.tx, typology)).label,
      unitPath: row.operator_path,
      callId: row.call_id ?? undefined,
    })
    await addCaseUnit(work.tx, opened.id, actingPerson(work.actor).unitPath)
    const link = await keepLink(work, { kind: 'split', one: opened, other: from, why, interactionId })
    const answer = await lastMailAbout(work.tx, from.id, interactionId)
    await move(work, row, from.id, opened.id)
    await work.journal(caseSplit, { ...linkFacts(link.id, opened, from), interactionId }, await subjectsOf(work, opened))
    if (row.state === 'answered' && (answer === undefined || answer.state === 'sent'))
      await closeCase(work, {
        ...{ caseId: opened.id, contactId: opened.contact_id, units: unitsIn(row.operator_path) },
        outcome: answer === undefined ? 'first-contact' : 'answered',
      })
    return { linkId: link.id, caseId: opened.id }
  },
)

const holderOf = (row: InteractionRow) => ({ operatorId: row.operator_id, operatorName: row.operator_name })

async function move(work: Work, row: Pick<InteractionRow, 'id'>, from: string, to: string): Promise<void> {
  const mailIds = await moveMailsAbout(work.tx, { subjectId: row.id, from, to })
  await moveConversation(work.tx, { interactionId: row.id, from, to, mailIds })
}

/**
 * Undoes a link. Joined cases are two again, each with what it had; what has come since stays with the one in which one went on. A conversation that was
 * split off goes back, and the number that it had leads there.
 * @throws Refused 403 for who helps nobody, 404 for a link of no case that they see both sides of, 409 when something since makes it impossible
 */
export const undoLink = useCase(async (work, { caseId, linkId }: { caseId: string; linkId: string }): Promise<Linked> => {
  const found = await readCaseLink(work.tx, linkId)
  if (!found || (found.case_id !== caseId && found.other_id !== caseId)) throw notFound('case')
  const [one, other] = await both(work, found.case_id, found.other_id)
  must(mayLinkCases(work.actor))
  const link = await lockCaseLink(work.tx, linkId)
  if (!link) throw notFound('case')
  const verdict = mayUndo(await sinceLinked(work.tx, link))
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 409)
  await undoCaseLink(work.tx, linkId, nameOfActor(work.actor), work.now)
  if (link.kind === 'joined') {
    await setJoinedInto(work.tx, one.id, null, other.id)
    await lendUnits(work.tx, one.id)
    await lendUnits(work.tx, other.id)
  }
  if (link.kind === 'split' && link.interaction_id !== null) {
    await move(work, { id: link.interaction_id }, one.id, other.id)
    await setJoinedInto(work.tx, one.id, other.id, other.id)
    await lendUnits(work.tx, other.id)
  }
  await work.journal(caseLinkUndone, { ...linkFacts(linkId, one, other), kind: link.kind }, await subjectsOf(work, one))
  return { linkId, caseId: link.kind === 'split' ? other.id : caseId }
})

/** What has happened since a link was made. */
export async function sinceLinked(db: Db, link: CaseLinkRow): Promise<SinceLinked> {
  const survivor = link.kind === 'joined' ? await readSurvivor(db, link.other_id, { all: true }) : undefined
  return {
    kind: link.kind,
    isUndone: link.undone_at !== null,
    isClosedSince: survivor?.closed_at != null && survivor.closed_at > link.made_at,
    hasGrown:
      link.interaction_id !== null &&
      (await hasGrown(db, { caseId: link.case_id, interactionId: link.interaction_id, linkId: link.id })),
  }
}

/** Both cases, locked. @throws Refused 404 when either is not the actor's to see */
async function both(work: Work, id: string, otherId: string): Promise<[CaseRow, CaseRow]> {
  for (const each of [id, otherId]) if (!(await readCase(work.tx, each, scopeOf(work.actor)))) throw notFound('case')
  const locked = await lockCases(work.tx, [id, otherId])
  const [one, other] = [locked.get(id), locked.get(otherId)]
  if (!one || !other) throw notFound('case')
  return [one, other]
}

async function keepLink(
  work: Work,
  {
    kind,
    one,
    other,
    why,
    interactionId,
  }: { kind: CaseLinkRow['kind']; one: CaseRow; other: CaseRow; why: string; interactionId: string | null },
): Promise<{ id: string }> {
  const id = work.ids()
  await insertCaseLink(work.tx, {
    ...{ id, kind, case_id: one.id, other_id: other.id, interaction_id: interactionId, why },
    ...{ made_at: work.now, made_by: actingPerson(work.actor).personId, made_by_name: nameOfActor(work.actor) },
  })
  return { id }
}

const linkFacts = (linkId: string, one: CaseRow, other: CaseRow) => ({
  ...{ linkId, code: one.code, otherId: other.id, otherCode: other.code },
})

const subjectsOf = async (work: Work, row: CaseRow) => ({
  case: row.id,
  contact: row.contact_id,
  units: unitsIn(...(await unitsOfCase(work.tx, row.id))),
})
