/**
 * Use cases of a desk: who is next, and what becomes of them. Each locks the hall, so that choosing and claiming are one act; what each does to count,
 * place and wait is the table in `effects.ts`.
 */
import { callInForVisit, concludeForVisit, leaveForVisit, startForVisit, waitAgainForVisit } from '../agenda/index.ts'
import { beginAtCounter, endAtCounter } from '../cases/index.ts'
import { needSeenContact } from '../contacts/index.ts'
import { actingPerson, notFound, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import type { OneVisit } from './arrivals.ts'
import { serviceIn } from './arrivals.ts'
import { durationsOf } from './durations.ts'
import { visitClosed } from './events.ts'
import { openToday } from './loads.ts'
import type { CloseVisit, NameVisitor, ParkVisit, TransferVisit } from './model.ts'
import { addEntry, lockOwnDesk, lockVisit, needFreeDesk } from './places.ts'
import { type Choice, callByAfterReturn, chooseNext, type WaitingVisit } from './policy.ts'
import { readCounterService, readDesk, readHall } from './setup-store.ts'
import { entriesOf, readVisit, updateVisit } from './store.ts'
import type { DeskRow, HallRow, VisitRow } from './tables.ts'

const minute = 60_000

/** A visit as the policy looks at it. */
export const waitingOf = (row: VisitRow): WaitingVisit & { row: VisitRow } => ({
  row,
  id: row.id,
  code: row.code,
  visitClass: row.visit_class,
  priority: row.priority,
  arrivedAt: row.arrived_at.getTime(),
  dueAt: row.due_at?.getTime() ?? null,
  callBy: row.call_by.getTime(),
  notBefore: row.not_before?.getTime() ?? null,
  serviceId: row.service_id,
  onlyDeskId: row.only_desk_id,
  hasReturned: row.has_returned,
  wasTransferred: row.was_transferred,
})

/** Whom a desk would call now, of the open visits of its hall. */
export const nextOf = (
  open: readonly VisitRow[],
  desk: Pick<DeskRow, 'id' | 'services'>,
  hall: HallRow,
  now: Date,
): Choice<WaitingVisit & { row: VisitRow }> | undefined =>
  chooseNext(open.filter(({ state }) => state === 'waiting').map(waitingOf), desk, hall.rules, now.getTime())

/**
 * Chooses who is next and calls them to the desk, in one act: whoever presses at the same instant gets somebody else. Returns no visit when there is
 * nobody to call.
 * @throws Refused 409 when somebody is at the desk, or called to it, and for who does not sit there
 */
export const callNext = useCase(async (work, { deskId }: { deskId: string }): Promise<{ visitId: string | null }> => {
  const { desk, hall } = await lockOwnDesk(work, deskId)
  await needFreeDesk(work, deskId)
  const choice = nextOf(await openToday(work.house, work.tx, [hall.id]), desk, hall, work.now)
  if (!choice) return { visitId: null }
  await addEntry(work, choice.visit.row, 'called', { reason: choice.reason }, deskId)
  if (choice.visit.row.appointment_id !== null) await callInForVisit(work, choice.visit.row.appointment_id)
  return { visitId: choice.visit.id }
})

/** Calls a certain visit to the desk: from the list, or one that was parked or missed. @throws Refused as `callNext` */
export const callVisit = useCase(async (work, { visitId, deskId }: OneVisit & { deskId: string }): Promise<OneVisit> => {
  const { hall } = await lockOwnDesk(work, deskId)
  const visit = await readVisit(work.tx, visitId)
  if (visit?.hall_id !== hall.id) throw notFound('visit')
  await needFreeDesk(work, deskId)
  const open = await openToday(work.house, work.tx, [hall.id])
  const before = nextOf(open, { id: deskId, services: [] }, hall, work.now)?.visit
  const reason = {
    ...{ rule: 'chosen' as const, callBy: visit.call_by.toISOString() },
    before: before && before.id !== visitId ? before.code : null,
  }
  await addEntry(work, visit, 'called', { reason }, deskId)
  if (visit.appointment_id !== null) await callInForVisit(work, visit.appointment_id)
  return { visitId }
})

/** A step of the desk to which a visit was called, or at which it is. @throws Refused 409 for who does not sit there */
async function lockAtDesk(work: Work, visitId: string, also?: string): Promise<{ visit: VisitRow; hall: HallRow }> {
  const locked = await lockVisit(work, visitId, also)
  if (locked.visit.desk_id !== null) await lockOwnDesk(work, locked.visit.desk_id)
  return locked
}

/** Calls once more: the display chimes again. @throws Refused 409 when it was called as often as the rules say */
export const callAgain = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit } = await lockAtDesk(work, visitId)
  await addEntry(work, visit, 'called-again')
  return { visitId }
})

/** Nobody came: after a pause they are called anew; after the last call they are missed. */
export const noteAbsent = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit, hall } = await lockAtDesk(work, visitId)
  const isMissed = visit.calls >= hall.rules.maxCalls
  if (isMissed) await addEntry(work, visit, 'missed')
  else await addEntry(work, visit, 'set-back', { notBefore: work.now.getTime() + hall.rules.pauseMinutes * minute })
  return { visitId }
})

/** The wrong one was called: the call has not been. */
export const takeCallBack = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit } = await lockAtDesk(work, visitId)
  await addEntry(work, visit, 'misclicked')
  return { visitId }
})

/** The citizen is at the desk. With an appointment, it begins. */
export const noteCame = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit } = await lockAtDesk(work, visitId)
  const { personId, name } = actingPerson(work.actor)
  await addEntry(work, visit, 'came', { officerId: personId, officerName: name })
  if (visit.appointment_id !== null) await startForVisit(work, visit.appointment_id)
  if (visit.contact_id !== null) await beginTalk(work, visit, visit.contact_id)
  return { visitId }
})

/** The conversation of a visit begins when it is known with whom; there is one, however often the citizen comes to a desk. */
async function beginTalk(work: Work, visit: VisitRow, contactId: string): Promise<void> {
  if (visit.interaction_id !== null) return
  const service = await readCounterService(work.tx, visit.service_id)
  const about = { contactId, caseId: visit.case_id, unitId: visit.unit_id, about: service?.words.it ?? '' }
  await updateVisit(work.tx, visit.id, { contact_id: contactId, interaction_id: await beginAtCounter(work, about) })
}

/** Who it is, when the visit has no appointment: the conversation begins in their history. @throws Refused 404 for a contact that is not the actor's to see, 409 when somebody is named */
export const nameVisitor = useCase(async (work, { visitId, contactId }: OneVisit & NameVisitor): Promise<OneVisit> => {
  const { visit } = await lockAtDesk(work, visitId)
  if (visit.state !== 'serving' || visit.contact_id !== null) throw new Refused('counters.cannotName', { code: visit.code }, 409)
  await needSeenContact(work.tx, work.actor, contactId)
  await beginTalk(work, visit, contactId)
  return { visitId }
})

/** The citizen fetches something and comes back to the same officer: meanwhile neither wait nor service. */
export const parkVisit = useCase(async (work, { visitId, reason, remindMinutes }: OneVisit & ParkVisit): Promise<OneVisit> => {
  const { visit } = await lockAtDesk(work, visitId)
  await addEntry(work, visit, 'parked', { parkedWhy: reason, remindAt: work.now.getTime() + remindMinutes * minute })
  return { visitId }
})

/** Goes on to another service or desk: the same visit, with its code, its first arrival and its place. @throws Refused 422 for a desk elsewhere */
export const transferVisit = useCase(
  async (work, { visitId, serviceId, deskId }: OneVisit & TransferVisit): Promise<OneVisit> => {
    const seen = await readVisit(work.tx, visitId)
    if (!seen) throw notFound('visit')
    const target = await hallOfService(work, seen.unit_id, serviceId)
    const { visit } = await lockAtDesk(work, visitId, target.id)
    const service = await serviceIn(work, target, serviceId)
    const desk = deskId === null ? undefined : await readDesk(work.tx, deskId)
    if (deskId !== null && desk?.hall_id !== target.id) throw new Refused('counters.deskElsewhere', { field: 'deskId' }, 422)
    await addEntry(work, visit, 'transferred', { hallId: target.id, serviceId: service.id, onlyDeskId: deskId })
    return { visitId }
  },
)

/** The hall of the same office that has a service. */
async function hallOfService(work: Work, unitId: string, serviceId: string): Promise<HallRow> {
  const service = await readCounterService(work.tx, serviceId)
  const hall = service && (await readHall(work.tx, service.hall_id))
  if (hall?.unit_id !== unitId) throw new Refused('counters.serviceNotHere', { hall: '', field: 'serviceId' }, 422)
  return hall
}

/** Who was missed is back: called within minutes of now, with new calls. */
export const noteBack = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit, hall } = await lockVisit(work, visitId)
  await addEntry(work, visit, 'returned', { callBy: callByAfterReturn(work.now.getTime(), hall.rules) })
  return { visitId }
})

/** Left without being served. */
export const noteLeft = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit } = await lockVisit(work, visitId)
  await addEntry(work, visit, 'left')
  if (visit.appointment_id !== null) await leaveForVisit(work, visit.appointment_id)
  if (visit.interaction_id !== null) await endAtCounter(work, visit.interaction_id, '')
  return { visitId }
})

/** Takes the last step back, which was pressed by mistake: what came is called, what ended goes on. @throws Refused 409 when the desk is taken */
export const takeBackVisit = useCase(async (work, { visitId }: OneVisit): Promise<OneVisit> => {
  const { visit } = await lockVisit(work, visitId)
  // What was said to the citizen at the end of an appointment stands.
  if (visit.state === 'closed' && visit.appointment_id !== null)
    throw new Refused('counters.concluded', { code: visit.code }, 409)
  await addEntry(work, visit, 'taken-back')
  if (visit.appointment_id !== null) await waitAgainForVisit(work, visit.appointment_id)
  await updateVisit(work.tx, visitId, { handling_seconds: null })
  return { visitId }
})

/** The visit ends, with what was done; with an appointment, that ends too. */
export const closeVisit = useCase(async (work, { visitId, ...said }: OneVisit & CloseVisit): Promise<OneVisit> => {
  const { visit } = await lockAtDesk(work, visitId)
  for (const { serviceId } of said.delivered) await hallOfService(work, visit.unit_id, serviceId)
  await addEntry(work, visit, 'closed')
  if (visit.appointment_id !== null && said.conclusion !== null)
    await concludeForVisit(work, { appointmentId: visit.appointment_id, ...said.conclusion })
  if (visit.interaction_id !== null) await endAtCounter(work, visit.interaction_id, said.conclusion?.text ?? said.done)
  const { way, service } = durationsOf((await entriesOf(work.tx, [visitId])).get(visitId) ?? [], work.now.getTime())
  await updateVisit(work.tx, visitId, {
    delivered: JSON.stringify(said.delivered),
    not_delivered: said.notDelivered,
    ...(said.persons === undefined ? {} : { persons: said.persons }),
    call_enough: said.callEnough,
    came_because: said.cameBecause,
    handling_seconds: Math.round(((way ?? 0) + (service ?? 0)) / 1000),
  })
  await work.journal(
    visitClosed,
    {
      ...{ visitId, unitId: visit.unit_id, hallId: visit.hall_id, persons: said.persons ?? visit.persons },
      services: said.delivered.reduce((sum, { quantity }) => sum + quantity, 0),
      ...{ notDelivered: said.notDelivered, callEnough: said.callEnough, cameBecause: said.cameBecause },
    },
    { case: visit.case_id ?? undefined, contact: visit.contact_id ?? undefined, units: unitsIn(visit.unit_path) },
  )
  return { visitId }
})
