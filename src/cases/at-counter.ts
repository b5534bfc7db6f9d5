/** A conversation at the counter of an office: in the history of the citizen from its beginning, in the transaction of the visit that it belongs to. */
import { involve } from '../contacts/index.ts'
import { actingPerson, unitsIn, type Work } from '../platform/index.ts'
import { interactionAnswered, interactionOpened } from './events.ts'
import { conversationById, insertInteraction, updateInteraction } from './interaction-store.ts'
import { unitFacts } from './places.ts'
import { closeCase, openCase } from './service.ts'
import type { InteractionRow } from './tables.ts'

/** The citizen is at the desk. Returns the conversation, about a case where one is known. */
export async function beginAtCounter(
  work: Work,
  { contactId, caseId, unitId, about }: { contactId: string; caseId: string | null; unitId: string; about: string },
): Promise<string> {
  const actor = actingPerson(work.actor)
  const office = await unitFacts(work.tx, unitId)
  const row: Omit<InteractionRow, 'version'> = {
    ...{ id: work.ids(), channel: 'counter', call_id: null, from_number: null, contact_id: contactId, case_id: caseId },
    ...{ typology_id: null, question: about, notes: '', answer: null, state: 'open', section_id: null },
    ...{ office_id: unitId, office_name: office?.name ?? null, province_code: office?.provinceCode ?? null },
    ...{ region_code: office?.regionCode ?? null, operator_id: actor.personId, operator_name: actor.name },
    ...{ operator_path: actor.unitPath, opened_at: work.now, closed_at: null },
  }
  await insertInteraction(work.tx, row)
  await involve(work, contactId, actor.unitPath)
  await work.journal(interactionOpened, { interactionId: row.id, channel: row.channel }, subjectsOf(row))
  return row.id
}

/**
 * The visit is over, with what was done; whatever was said before of how it ended is written over. A conversation that belongs to no case has one of its
 * own, which ends with it.
 */
export async function endAtCounter(work: Work, interactionId: string, answer: string): Promise<void> {
  const row = await conversationById(work.tx, interactionId)
  if (!row || row.contact_id === null) return
  const contactId = row.contact_id
  const title = { typologyId: null, title: row.question, unitPath: row.operator_path, callId: undefined }
  const own = row.case_id === null ? await openCase(work, { contactId, ...title }) : undefined
  const ended = { ...row, case_id: row.case_id ?? own?.id ?? null }
  await updateInteraction(work.tx, interactionId, { state: 'answered', answer, case_id: ended.case_id, closed_at: work.now })
  if (row.state === 'open') await work.journal(interactionAnswered, { interactionId }, subjectsOf(ended))
  const units = unitsIn(row.operator_path)
  if (own) await closeCase(work, { caseId: own.id, contactId, outcome: 'first-contact', units })
}

/** An officer has called the citizen of an appointment, and they have talked: in the history of the citizen from then on. */
export async function notedCallOfAppointment(
  work: Work,
  {
    officer,
    callId,
    number,
    from,
    ...about
  }: {
    contactId: string
    caseId: string
    unitId: string
    about: string
    officer: { id: string; name: string }
    callId: string
    number: string
    from: Date
  },
): Promise<void> {
  const office = await unitFacts(work.tx, about.unitId)
  const row: Omit<InteractionRow, 'version'> = {
    ...{
      id: work.ids(),
      channel: 'telephone',
      call_id: callId,
      from_number: number,
      contact_id: about.contactId,
      case_id: about.caseId,
    },
    ...{ typology_id: null, question: about.about, notes: '', answer: '', state: 'answered', section_id: null },
    ...{ office_id: about.unitId, office_name: office?.name ?? null, province_code: office?.provinceCode ?? null },
    ...{ region_code: office?.regionCode ?? null, operator_id: officer.id, operator_name: officer.name },
    ...{ operator_path: office?.path ?? '', opened_at: from, closed_at: work.now },
  }
  await insertInteraction(work.tx, row)
  const subjects = { ...subjectsOf(row), call: callId }
  await work.journal(interactionOpened, { interactionId: row.id, channel: row.channel }, subjects)
  await work.journal(interactionAnswered, { interactionId: row.id }, subjects)
}

const subjectsOf = (row: Omit<InteractionRow, 'version'>) => ({
  channel: row.channel,
  case: row.case_id ?? undefined,
  contact: row.contact_id ?? undefined,
  person: row.operator_id ?? undefined,
  units: unitsIn(row.operator_path),
})
