/** Use cases of the first level: a conversation is opened, written down, and ends as an answer, a Linea ticket or an appointment. */
import { confirmHold, waitForEarlier } from '../agenda/index.ts'
import { procedureNames } from '../classification/index.ts'
import { contactsOf, involve, speakerNow } from '../contacts/index.ts'
import {
  actingPerson,
  changedMeanwhile,
  type Db,
  lastEntry,
  must,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { caseOf, needCaseToGoOnWith } from './case-of-conversation.ts'
import { beginDeadlines, solutionDue } from './deadlines/service.ts'
import { keepWhy } from './derivation.ts'
import { destination, needTypology } from './destination.ts'
import {
  caseContinued,
  interactionAnswered,
  interactionBooked,
  interactionChanged,
  interactionOpened,
  interactionTaken,
  ticketSent,
} from './events.ts'
import { insertInteraction, updateInteraction } from './interaction-store.ts'
import { keptFields } from './linea-fields.ts'
import type { AnswerInteraction, BookFromInteraction, InteractionChange, OpenInteraction, SendLinea } from './model.ts'
import { unitFacts } from './places.ts'
import { hadCall, mayInteract, mayRecordCall, mayWriteInteraction } from './policy.ts'
import { enterQueue } from './section-queue.ts'
import { closeCase, scopeOf } from './service.ts'
import { addCaseUnit, addFirstUnit, callFacts, hasTicket, interactionRowOfCall, readInteraction, wasInTouch } from './store.ts'
import type { InteractionRow } from './tables.ts'
import { insertTicket } from './ticket-store.ts'

/** A citizen who asks again about the same typology within this time is asking for the second time. */
const secondContactDays = 30

/**
 * Opens an interaction. A call has one: a second request answers the same. When a call went on at another operator's desk, the interaction goes
 * on with it, and whoever had the call before cannot take it back, but sees it.
 * @throws Refused 403 for a call that was not put through to the operator, or went on to another before anything was written
 */
export const openInteraction = useCase(async (work, input: OpenInteraction): Promise<{ id: string }> => {
  must(mayInteract(work.actor))
  const actor = actingPerson(work.actor)
  if (input.contactId !== undefined) await needContact(work.tx, input.contactId)
  if (input.typologyId !== undefined) await needTypology(work.tx, input.typologyId)
  const call = input.callId === undefined ? undefined : await callFacts(work.tx, input.callId)
  if (input.callId !== undefined) {
    if (!call) throw notFound('call')
    const begun = hadCall(actor, call) ? await interactionRowOfCall(work.tx, input.callId) : undefined
    const verdict = mayRecordCall(actor, call)
    // Whoever had the call before looks at what a colleague writes down now, and takes nothing.
    if (!verdict.allowed && begun) return { id: begun.id }
    must(verdict)
  }
  const office = call?.officeId ? await unitFacts(work.tx, call.officeId) : undefined
  const row: Omit<InteractionRow, 'version'> = {
    id: work.ids(),
    channel: input.callId === undefined ? (input.channel ?? 'telephone') : 'telephone',
    call_id: input.callId ?? null,
    from_number: call?.from ?? null,
    contact_id: input.contactId ?? null,
    case_id: null,
    typology_id: input.typologyId ?? null,
    question: input.question ?? '',
    notes: '',
    answer: null,
    state: 'open',
    office_id: call?.officeId ?? null,
    office_name: office?.name ?? null,
    province_code: call?.provinceCode ?? null,
    region_code: call?.regionCode ?? null,
    section_id: call?.sectionId ?? null,
    operator_id: actor.personId,
    operator_name: actor.name,
    operator_path: actor.unitPath,
    opened_at: work.now,
    closed_at: null,
  }
  if (await insertInteraction(work.tx, row)) {
    await work.journal(interactionOpened, { interactionId: row.id, channel: row.channel }, subjectsOf(row))
    return { id: row.id }
  }
  const existing = input.callId === undefined ? undefined : await interactionRowOfCall(work.tx, input.callId)
  if (!existing) throw notFound('interaction')
  if (existing.state === 'open' && existing.operator_id !== actor.personId) await takeOver(work, existing)
  return { id: existing.id }
})

/** What the operator writes down, by the names that the API has for it. */
const writtenOf = (row: InteractionRow) => ({
  version: row.version,
  contactId: row.contact_id,
  caseId: row.case_id,
  typologyId: row.typology_id,
  question: row.question,
  notes: row.notes,
})

/** Of a conversation by telephone; of others it is not known. */
const lastChangeOf = async ({ tx, now }: Work, { call_id: call }: InteractionRow) =>
  call === null ? undefined : lastEntry(tx, [interactionChanged, interactionTaken], { call }, now)

async function takeOver(work: Work, interaction: InteractionRow): Promise<void> {
  const actor = actingPerson(work.actor)
  await updateInteraction(work.tx, interaction.id, {
    operator_id: actor.personId,
    operator_name: actor.name,
    operator_path: actor.unitPath,
  })
  await work.journal(
    interactionTaken,
    { interactionId: interaction.id, from: interaction.operator_name ?? '' },
    subjectsOf({ ...interaction, operator_path: actor.unitPath }),
  )
}

/** Writes down who it is, what it is about, what is asked. @throws Refused 412 when it was changed since `version`. */
export const changeInteraction = useCase(
  async (work, { id, version, change }: { id: string; version: number; change: InteractionChange }): Promise<{ id: string }> => {
    const before = await lockOwn(work, id)
    if (before.version !== version) throw changedMeanwhile(writtenOf(before), await lastChangeOf(work, before))
    if (change.contactId) await needContact(work.tx, change.contactId)
    if (change.typologyId) await needTypology(work.tx, change.typologyId)
    const contactId = change.contactId === undefined ? before.contact_id : change.contactId
    const kept = contactId === before.contact_id ? before.case_id : null
    const wanted = change.caseId === undefined ? kept : change.caseId
    const caseId = wanted === null || wanted === before.case_id ? wanted : (await needCaseToGoOnWith(work, wanted, contactId)).id
    await updateInteraction(work.tx, id, {
      contact_id: contactId,
      case_id: caseId,
      typology_id: change.typologyId === undefined ? before.typology_id : change.typologyId,
      question: change.question ?? before.question,
      notes: change.notes ?? before.notes,
    })
    const fields = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    await work.journal(interactionChanged, { interactionId: id, fields }, subjectsOf({ ...before, contact_id: contactId }))
    if (caseId !== null && caseId !== before.case_id)
      await work.journal(caseContinued, { interactionId: id }, subjectsOfCase({ ...before, contact_id: contactId }, caseId))
    return { id }
  },
)

/** The conversation ends with an answer: closed at the first contact, unless it was about a case that is open elsewhere. */
export const answerInteraction = useCase(
  async (work, { id, answer }: { id: string } & AnswerInteraction): Promise<{ id: string }> => {
    const { interaction, contactId, typology } = await lockComplete(work, id)
    const matter = await caseOf(work, interaction, contactId, typology)
    await updateInteraction(work.tx, id, { state: 'answered', answer, case_id: matter.id, closed_at: work.now })
    const subjects = subjectsOf({ ...interaction, contact_id: contactId, case_id: matter.id })
    await work.journal(interactionAnswered, { interactionId: id }, subjects)
    const ends = { caseId: matter.id, contactId, units: subjects.units }
    if (matter.began === 'now') await closeCase(work, { ...ends, outcome: 'first-contact' })
    // What was opened again has its question at the second level again, or nobody else to answer it.
    if (matter.began === 'again' && !(await hasTicket(work.tx, matter.id)))
      await closeCase(work, { ...ends, outcome: 'answered' })
    return { id }
  },
)

/**
 * The question goes to the second level: the section of the regional centre that is competent, or one that the operator chose and said why.
 * @throws Refused 403 for a unit that no Linea ticket goes to, 409 when the case has a ticket already, 422 when something is missing
 */
export const sendLinea = useCase(
  async (
    work,
    { id, ...input }: { id: string } & SendLinea,
  ): Promise<{ interactionId: string; caseId: string; ticketId: string }> => {
    const before = await lockOwn(work, id)
    if (input.contactId !== undefined) await needContact(work.tx, input.contactId)
    const { interaction, contactId, typology } = await complete(work.tx, {
      ...before,
      contact_id: input.contactId ?? before.contact_id,
      typology_id: input.typologyId ?? before.typology_id,
    })
    if (input.procedureId !== undefined && !(await procedureNames(work.tx, [input.procedureId])).has(input.procedureId))
      throw new Refused('cases.procedureUnknown', { field: 'procedureId' }, 422)
    const { unit, why, reason, derivedUnitId } = await destination(work, interaction, contactId, typology, input)
    const secondContact =
      interaction.case_id !== null ||
      (await wasInTouch(work.tx, contactId, typology.id, new Date(work.now.getTime() - secondContactDays * 86_400_000), id))
    const matter = await caseOf(work, interaction, contactId, typology)
    const isNew = interaction.case_id === null
    if (!isNew && (await hasTicket(work.tx, matter.id))) throw new Refused('cases.caseHasTicket', {}, 409)
    const timed = { unit_id: unit.id, typology_id: typology.id, priority: 'normal' as const }
    const due = await solutionDue(work.tx, timed, work.now)
    const actor = actingPerson(work.actor)
    const ticketId = work.ids()
    await insertTicket(work.tx, {
      id: ticketId,
      case_id: matter.id,
      kind: typology.itMatter ? 'it' : 'linea',
      state: 'pool',
      unit_id: unit.id,
      unit_name: unit.name,
      unit_path: unit.path,
      centre_id: unit.centre.id,
      centre_name: unit.centre.name,
      region_code: unit.regionCode ?? '',
      claimed_by: null,
      claimed_by_name: null,
      directorate_id: null,
      directorate_name: null,
      directorate_path: null,
      directorate_answer: null,
      ...keptFields(input, typology.itMatter),
      answer: null,
      due_at: due,
      opened_at: work.now,
      closed_at: null,
      sent_by: actor.personId,
      sent_by_name: actor.name,
      sent_by_unit: (await unitFacts(work.tx, actor.unitId))?.name ?? '',
      office_name: interaction.office_name,
      derivation: keepWhy(why),
      derived_unit_id: derivedUnitId,
      second_contact: secondContact,
    })
    await beginDeadlines(work, { id: ticketId, ...timed })
    await (isNew ? addFirstUnit : addCaseUnit)(work.tx, matter.id, unit.path)
    await involve(work, contactId, unit.path)
    await updateInteraction(work.tx, id, {
      state: 'linea',
      contact_id: contactId,
      typology_id: typology.id,
      question: interaction.question === '' ? input.question : interaction.question,
      case_id: matter.id,
      closed_at: work.now,
    })
    await work.journal(
      ticketSent,
      { ticketId, unitId: unit.id, unitName: unit.name, centreName: unit.centre.name, reason, dueAt: due.toISOString() },
      {
        ...subjectsOfCase({ ...interaction, contact_id: contactId }, matter.id),
        units: unitsIn(interaction.operator_path, unit.path),
      },
    )
    const kind = typology.itMatter ? 'it' : 'linea'
    await enterQueue(work, {
      ...{ id: ticketId, case_id: matter.id, kind, opened_at: work.now },
      ...{ unit_id: unit.id, unit_path: unit.path },
    })
    return { interactionId: id, caseId: matter.id, ticketId }
  },
)

/** The conversation ends with an appointment at an agency. The case stays open until the appointment is concluded. */
export const bookFromInteraction = useCase(
  async (
    work,
    { id, holdId, reason, despiteOther, earlier }: { id: string } & BookFromInteraction,
  ): Promise<{ interactionId: string; caseId: string; appointmentId: string; dayCode: string | null }> => {
    const { interaction, contactId, typology } = await lockComplete(work, id)
    const matter = await caseOf(work, interaction, contactId, typology)
    const { id: caseId, code, title } = matter
    const isSpoken = interaction.call_id !== null || interaction.channel === 'counter'
    const speaker = isSpoken ? await speakerNow(work, contactId, interaction.call_id) : undefined
    const appointment = await confirmHold(work, {
      holdId,
      contactId,
      reason,
      despiteOther,
      caseId,
      code,
      title,
      interactionId: id,
      askedBy: speaker && { name: speaker.intermediary.name, right: speaker.kind },
    })
    if (earlier) await waitForEarlier(work, appointment.id)
    const agency = await unitFacts(work.tx, appointment.unit.id)
    if (agency) {
      await addCaseUnit(work.tx, matter.id, agency.path)
      await involve(work, contactId, agency.path)
    }
    await updateInteraction(work.tx, id, { state: 'appointment', case_id: matter.id, closed_at: work.now })
    await work.journal(
      interactionBooked,
      { interactionId: id, appointmentId: appointment.id },
      {
        ...subjectsOf({ ...interaction, contact_id: contactId, case_id: matter.id }),
        units: unitsIn(interaction.operator_path, agency?.path ?? null),
      },
    )
    return { interactionId: id, caseId: matter.id, appointmentId: appointment.id, dayCode: appointment.dayCode }
  },
)

// --- what must be there ---------------------------------------------------------------------------------------------

async function lockOwn(work: Work, id: string): Promise<InteractionRow> {
  must(mayInteract(work.actor))
  const row = await readInteraction(work.tx, id, scopeOf(work.actor), true)
  if (!row) throw notFound('interaction')
  must(
    mayWriteInteraction(work.actor, {
      operatorId: row.operator_id,
      operatorName: row.operator_name,
      open: row.state === 'open',
    }),
  )
  const call = row.call_id === null ? undefined : await callFacts(work.tx, row.call_id)
  if (call) must(mayRecordCall(work.actor, call))
  return row
}

const lockComplete = async (work: Work, id: string) => complete(work.tx, await lockOwn(work, id))

/** To end, a conversation needs a contact and a typology. */
async function complete(db: Db, interaction: InteractionRow) {
  if (interaction.contact_id === null) throw new Refused('cases.contactNeeded', { field: 'contactId' }, 422)
  if (interaction.typology_id === null) throw new Refused('cases.typologyNeeded', { field: 'typologyId' }, 422)
  return { interaction, contactId: interaction.contact_id, typology: await needTypology(db, interaction.typology_id) }
}

async function needContact(db: Db, id: string): Promise<void> {
  if (!(await contactsOf(db, [id])).has(id)) throw new Refused('cases.contactUnknown', { field: 'contactId' }, 422)
}

type Recorded = Pick<InteractionRow, 'channel' | 'call_id' | 'case_id' | 'contact_id' | 'operator_path' | 'operator_id'>

const subjectsOf = (row: Recorded) => ({
  channel: row.channel,
  call: row.call_id ?? undefined,
  case: row.case_id ?? undefined,
  contact: row.contact_id ?? undefined,
  person: row.operator_id ?? undefined,
  units: unitsIn(row.operator_path),
})

/** Of a conversation whose case is known. */
const subjectsOfCase = (row: Recorded, caseId: string) => ({ ...subjectsOf(row), case: caseId })
