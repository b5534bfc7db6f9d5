/**
 * The case that a conversation is about when it ends.
 *
 *   an open one was chosen ──▶ it goes on
 *   one that was closed some days ago was chosen ──▶ it is open again, with its question
 *   none was chosen ──▶ a new one, which follows from what its citizen comes back to, if there is such a case
 */
import type { TypologyFacts } from '../classification/index.ts'
import { oneHistory } from '../contacts/index.ts'
import { notFound, Refused, sentence, unitsIn, type Work } from '../platform/index.ts'
import { citizenReplied, comeBackTo, isReopened, linkAsFollowing } from './citizen-questions/replies.ts'
import { takeOverFromWhoLeft } from './continuity/service.ts'
import { noteFirstContact, noteRepeat } from './results/service.ts'
import { openCase, scopeOf } from './service.ts'
import { readCase, readSurvivor } from './store.ts'
import type { CaseRow, InteractionRow } from './tables.ts'

/** A case, and since when it is open: since before, now, or again because its citizen has come back. */
export type CaseToEndWith = CaseRow & { began: 'before' | 'now' | 'again' }

/**
 * The case that the conversation continues, which is opened again where it was closed some days ago; or a new one, which follows from the closed one that its
 * citizen comes back to.
 */
export async function caseOf(
  work: Work,
  interaction: InteractionRow,
  contactId: string,
  typology: TypologyFacts,
): Promise<CaseToEndWith> {
  const before = await noteRepeat(work, interaction, contactId, typology.id)
  const unitPath = interaction.operator_path
  if (interaction.case_id !== null) {
    const found = await needCaseToGoOnWith(work, interaction.case_id, contactId)
    const isClosed = found.status !== 'open'
    if (isClosed) await comeBackTo(work, found, { interactionId: interaction.id, unitPath })
    await takeOverFromWhoLeft(work, { caseId: found.id, contactId, units: unitsIn(unitPath) })
    await citizenReplied(work, found.id, 'conversation', interaction.id)
    return { ...found, began: isClosed ? 'again' : 'before' }
  }
  const opened = await openCase(work, {
    contactId,
    typologyId: typology.id,
    title: typology.label,
    unitPath,
    callId: interaction.call_id ?? undefined,
  })
  const matter = before === undefined ? undefined : await readCase(work.tx, before, { all: true })
  if (matter) await linkAsFollowing(work, { opened, matter, unitPath, why: sentence('it', 'cases.question.followsSoon') })
  await noteFirstContact(work, interaction, { caseId: opened.id, contactId, typologyId: typology.id })
  return { ...opened, began: 'now' }
}

/** The case in which one goes on with a case, also of another card of the same person: open, or closed so recently that it is opened again. */
export async function needCaseToGoOnWith(work: Work, caseId: string, contactId: string | null): Promise<CaseRow> {
  const found = await readSurvivor(work.tx, caseId, scopeOf(work.actor), true)
  if (!found) throw notFound('case')
  const isTheirs =
    found.contact_id === contactId ||
    (contactId !== null && (await oneHistory(work.tx, work.actor, contactId)).includes(found.contact_id))
  if (!isTheirs) throw new Refused('cases.caseOfAnother', { field: 'caseId' }, 422)
  if (found.status !== 'open' && !isReopened(work, found)) throw new Refused('cases.caseClosed', { field: 'caseId' }, 409)
  return found
}
