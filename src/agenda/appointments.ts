/**
 * Use cases of appointments. Each locks the appointment, asks the policy, changes the rows, writes the journal and, where the citizen
 * has to know, puts a mail into the outbox, in one transaction.
 */
import { involve, type MandateKind } from '../contacts/index.ts'
import {
  changedMeanwhile,
  must,
  nameOfActor,
  notFound,
  Refused,
  sentence,
  unitsIn,
  useCase,
  type Verdict,
  type Work,
} from '../platform/index.ts'
import { giveDayCode } from './codes.ts'
import {
  appointmentBooked,
  appointmentCalledIn,
  appointmentCancelled,
  appointmentCheckedIn,
  appointmentConcluded,
  appointmentLeft,
  appointmentMoved,
  appointmentNoShow,
  appointmentPrepared,
  appointmentStarted,
  appointmentTakenBack,
} from './events.ts'
import { onTheWall, type Session, useHold } from './holds.ts'
import type {
  AppointmentAction,
  AppointmentMode,
  AppointmentOutcome,
  Cancel,
  CancelledBy,
  ConcludeAppointment,
  Move,
  OneAppointment,
  Preparation,
} from './model.ts'
import { type Office, officeOf } from './places.ts'
import { appointmentStandingOf, fitsMoment, mayActOnAppointment, mayBookAppointments } from './policy.ts'
import { forgetReminders, planReminders } from './reminders/store.ts'
import {
  appointmentBetween,
  giveBack,
  insertAppointment,
  lockCalendarOfHold,
  readAppointment,
  serviceOfUnit,
  takeForAppointment,
  updateAppointment,
} from './store.ts'
import type { AppointmentRow, ServiceRow } from './tables.ts'
import { isWaitedFor, keepFreed, stopWaiting, waitElsewhere } from './waiting/store.ts'
import { tellCitizen, writeToCitizen } from './writing.ts'

export interface ConfirmHold extends Session {
  holdId: string
  contactId: string
  /** What the citizen needs, in a sentence. */
  reason: string
  /** Although the citizen has another appointment at that time: who books has been told, and means it. */
  despiteOther?: boolean | undefined
  caseId: string
  /** Request code and title of the case. */
  code: string
  title: string
  interactionId?: string | undefined
  /** Who asks for it in the citizen's place. */
  askedBy?: { name: string; right: MandateKind } | undefined
}

export interface BookedAppointment {
  id: string
  unit: { id: string; name: string }
  service: { id: string; name: string }
  officer: { id: string; name: string } | null
  start: Date
  end: Date
  /** Its number on its day; null where there is none. */
  dayCode: string | null
}

/**
 * Makes an appointment of the actor's own hold, in the caller's transaction. The citizen is written to where there is an address.
 * @throws Refused 404 for a hold that is not the actor's; 409 with `nextFree` in its values when the time was lost meanwhile; 409
 * `agenda.citizenElsewhere` when the citizen is expected somewhere else at that time
 */
export async function confirmHold(work: Work, input: ConfirmHold): Promise<BookedAppointment> {
  must(mayBookAppointments(work.actor))
  const { hold, office, service, calendar } = await useHold(work, input.holdId, input.session)
  if (!input.despiteOther) await refuseTwoPlacesAtOnce(work, input.contactId, hold)
  const { actor } = work
  const bookedByUnit = actor.kind === 'person' ? await officeOf(work.tx, actor.unitId) : undefined
  const row: AppointmentRow = {
    id: work.ids(),
    unit_id: office.id,
    unit_name: office.name,
    unit_path: office.path,
    service_id: service.id,
    service_name: service.name,
    bring: service.bring,
    calendar_id: calendar.id,
    officer_id: calendar.officer_id,
    officer_name: calendar.officer_name,
    starts_at: hold.starts_at,
    ends_at: hold.ends_at,
    state: 'booked',
    contact_id: input.contactId,
    case_id: input.caseId,
    code: input.code,
    title: input.title,
    interaction_id: input.interactionId ?? null,
    reason: input.reason,
    preparation: '',
    prepared_by_name: null,
    prepared_at: null,
    outcome: null,
    outcome_text: null,
    booked_by: actor.kind === 'person' ? actor.personId : null,
    booked_by_name: nameOfActor(actor),
    booked_by_unit: bookedByUnit?.name ?? '',
    booked_by_path: actor.kind === 'person' ? actor.unitPath : '',
    booked_at: work.now,
    checked_in_at: null,
    called_at: null,
    started_at: null,
    ended_at: null,
    cancel_reason: null,
    cancelled_by: null,
    mode: hold.mode,
    confirmed_at: null,
    day_code: null,
    code_day: null,
    asked_by_name: input.askedBy?.name ?? null,
    asked_by_right: input.askedBy?.right ?? null,
    sequence: 0,
    version: 1,
  }
  await insertAppointment(work.tx, row)
  await takeForAppointment(work.tx, hold.id, row.id)
  await plan(work, row)
  await work.journal(appointmentBooked, placeOf(row), subjectsOfAppointment(row))
  const dayCode = await giveDayCode(work, row)
  await tellCitizen(work, row, 'confirmation', dayCode)
  return {
    id: row.id,
    unit: { id: office.id, name: office.name },
    service: { id: service.id, name: service.name },
    officer: row.officer_id === null ? null : { id: row.officer_id, name: row.officer_name ?? '' },
    start: row.starts_at,
    end: row.ends_at,
    dayCode,
  }
}

/** Writes the notes with which the office prepares itself. @throws Refused 412 when they were changed since `version` */
export const prepareAppointment = useCase(
  async (work, { appointmentId, version, text }: OneAppointment & { version: number } & Preparation): Promise<OneAppointment> => {
    const row = await lockFor(work, appointmentId, 'prepare')
    if (row.version !== version)
      throw changedMeanwhile(
        { version: row.version, preparation: row.preparation },
        row.prepared_at === null ? undefined : { by: row.prepared_by_name ?? '', at: row.prepared_at },
      )
    await updateAppointment(work.tx, row.id, {
      preparation: text,
      prepared_by_name: nameOfActor(work.actor),
      prepared_at: work.now,
    })
    await work.journal(appointmentPrepared, aboutOf(row), subjectsOfAppointment(row))
    return { appointmentId }
  },
)

/** The citizen has arrived. */
export const checkIn = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  const row = await lockFor(work, appointmentId, 'check-in')
  await updateAppointment(work.tx, row.id, { state: 'checked-in', checked_in_at: work.now })
  await work.journal(appointmentCheckedIn, aboutOf(row), subjectsOfAppointment(row))
  return { appointmentId }
})

/** The citizen who waits is called in. */
export const callIn = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  const row = await lockFor(work, appointmentId, 'call-in')
  await updateAppointment(work.tx, row.id, { called_at: work.now })
  await work.journal(appointmentCalledIn, aboutOf(row), subjectsOfAppointment(row))
  return { appointmentId }
})

/** The officer receives the citizen. */
export const startAppointment = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  await receive(work, await lockFor(work, appointmentId, 'start'))
  return { appointmentId }
})

/** The officer receives the citizen of an appointment, which is locked. */
export async function receive(work: Work, row: AppointmentRow): Promise<void> {
  await updateAppointment(work.tx, row.id, {
    state: 'in-progress',
    checked_in_at: row.checked_in_at ?? work.now,
    started_at: work.now,
  })
  await work.journal(appointmentStarted, aboutOf(row), subjectsOfAppointment(row))
}

/**
 * The appointment ends with an outcome, and with it the case (which follows the journal), unless the citizen has to come again: then the next appointment
 * is booked in the same act.
 * @throws Refused as `confirmHold`
 */
export const concludeAppointment = useCase(
  async (
    work,
    { appointmentId, outcome, text, followUp, session }: OneAppointment & ConcludeAppointment & Session,
  ): Promise<OneAppointment> => {
    if (followUp) await lockCalendarOfHold(work.tx, followUp.holdId)
    const row = await lockFor(work, appointmentId, 'conclude')
    const matter = { contactId: row.contact_id, caseId: row.case_id, code: row.code, title: row.title }
    const next = followUp && (await confirmHold(work, { ...followUp, ...matter, ...(session === undefined ? {} : { session }) }))
    if (next && next.unit.id !== row.unit_id) {
      const office = await officeOf(work.tx, next.unit.id)
      if (office) await involve(work, row.contact_id, office.path)
    }
    await conclude(work, row, { outcome, text, followUp: next ? { appointmentId: next.id, unitId: next.unit.id } : null })
    return { appointmentId }
  },
)

/** An appointment, which is locked, ends with an outcome. */
export async function conclude(
  work: Work,
  row: AppointmentRow,
  how: { outcome: AppointmentOutcome; text: string; followUp: { appointmentId: string; unitId: string } | null },
): Promise<void> {
  const { outcome, text, followUp } = how
  await updateAppointment(work.tx, row.id, { state: 'concluded', outcome, outcome_text: text, ended_at: work.now })
  await forgetReminders(work.tx, row.id)
  await work.journal(appointmentConcluded, { ...aboutOf(row), outcome, followUp }, subjectsOfAppointment(row))
}

/** The citizen did not come. */
export const noShow = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  await missed(work, await lockFor(work, appointmentId, 'no-show'))
  return { appointmentId }
})

/** The citizen of an appointment, which is locked, did not come. */
export async function missed(work: Work, row: AppointmentRow): Promise<void> {
  await updateAppointment(work.tx, row.id, { state: 'no-show', ended_at: work.now })
  await work.journal(appointmentNoShow, aboutOf(row), subjectsOfAppointment(row))
}

/** The citizen came, and has gone before being received. */
export const noteLeaving = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  const row = await lockFor(work, appointmentId, 'leave')
  await updateAppointment(work.tx, row.id, { state: 'left', ended_at: work.now })
  await work.journal(appointmentLeft, aboutOf(row), subjectsOfAppointment(row))
  return { appointmentId }
})

/**
 * Takes back the last step, which was pressed on the wrong appointment: one in progress is waiting again, or not there if its start was the
 * first thing noted of it; one that had left is waiting again; one that had arrived, or had not come, is booked.
 */
export const takeBack = useCase(async (work, { appointmentId }: OneAppointment): Promise<OneAppointment> => {
  const row = await lockFor(work, appointmentId, 'take-back')
  const arrivedBefore = row.checked_in_at !== null && row.checked_in_at.getTime() !== row.started_at?.getTime()
  const waited = row.state === 'left' || (row.state === 'in-progress' && arrivedBefore)
  const to = waited ? 'checked-in' : 'booked'
  await updateAppointment(work.tx, row.id, {
    state: to,
    checked_in_at: waited ? row.checked_in_at : null,
    called_at: waited ? row.called_at : null,
    started_at: null,
    ended_at: null,
  })
  await work.journal(appointmentTakenBack, { ...aboutOf(row), from: row.state, to }, subjectsOfAppointment(row))
  return { appointmentId }
})

/** Cancels: the time can be booked again at once, and the citizen is written to. */
export const cancelAppointment = useCase(
  async (work, { appointmentId, reason, by }: OneAppointment & Cancel): Promise<OneAppointment> => {
    const row = await lockFor(work, appointmentId, 'cancel')
    await cancel(work, row, { by, reason })
    return { appointmentId }
  },
)

/**
 * Moves to a time that the actor holds, at the same office or another. The old time can be booked again at once.
 * @throws Refused as `confirmHold`
 */
export const moveAppointment = useCase(
  async (
    work,
    { appointmentId, holdId, despiteOther, from, session }: OneAppointment & Move & Session,
  ): Promise<OneAppointment> => {
    await lockCalendarOfHold(work.tx, holdId)
    const before = await lockFor(work, appointmentId, 'move')
    if (from && (from.calendarId !== before.calendar_id || Date.parse(from.start) !== before.starts_at.getTime()))
      throw new Refused(
        'agenda.movedMeanwhile',
        { name: before.officer_name ?? before.unit_name, at: onTheWall(work.house.config.TIME_ZONE, before.starts_at.getTime()) },
        409,
      )
    const { hold, office, service, calendar } = await useHold(work, holdId, session)
    const isSameTime = office.id === before.unit_id && hold.starts_at.getTime() === before.starts_at.getTime()
    if (isSameTime && (!from || calendar.id === before.calendar_id))
      throw new Refused('agenda.sameTime', { unit: before.unit_name }, 409)
    if (!despiteOther) await refuseTwoPlacesAtOnce(work, before.contact_id, hold, appointmentId)
    await relocate(work, before, {
      ...{ holdId: hold.id, office, service, calendarId: calendar.id, mode: hold.mode, start: hold.starts_at, end: hold.ends_at },
      officer: calendar.officer_id === null ? null : { id: calendar.officer_id, name: calendar.officer_name ?? '' },
    })
    return { appointmentId }
  },
)

/** Where and when an appointment will be, and the hold that keeps it. */
export interface NewTime {
  holdId: string
  office: Pick<Office, 'id' | 'name' | 'path'>
  service: Pick<ServiceRow, 'id' | 'name' | 'bring'>
  calendarId: string
  officer: { id: string; name: string } | null
  start: Date
  end: Date
  mode: AppointmentMode
}

/** Gives an appointment, which is locked, another time; the one before can be booked again at once, and the citizen is written to. */
export async function relocate(work: Work, before: AppointmentRow, to: NewTime): Promise<void> {
  const change = {
    unit_id: to.office.id,
    unit_name: to.office.name,
    unit_path: to.office.path,
    service_id: to.service.id,
    service_name: to.service.name,
    bring: to.service.bring,
    calendar_id: to.calendarId,
    officer_id: to.officer?.id ?? null,
    officer_name: to.officer?.name ?? null,
    starts_at: to.start,
    ends_at: to.end,
    mode: to.mode,
    state: 'booked' as const,
    confirmed_at: null,
    checked_in_at: null,
    called_at: null,
    started_at: null,
    ended_at: null,
    // Numbers are an office's own.
    ...(before.unit_id === to.office.id ? {} : { day_code: null, code_day: null }),
    sequence: before.sequence + 1,
  }
  await freeTime(work, before)
  await takeForAppointment(work.tx, to.holdId, before.id)
  await updateAppointment(work.tx, before.id, change)
  const row = { ...before, ...change }
  await waitElsewhere(work.tx, row.id, { unitId: row.unit_id, serviceId: row.service_id, now: work.now })
  await plan(work, row)
  if (before.unit_id !== row.unit_id) await involve(work, row.contact_id, row.unit_path)
  await work.journal(
    appointmentMoved,
    { ...placeOf(row), previousUnitId: before.unit_id, previousStart: before.starts_at.toISOString() },
    { ...subjectsOfAppointment(row), units: unitsIn(row.unit_path, before.unit_path, row.booked_by_path) },
  )
  const isSameTime = before.unit_id === row.unit_id && before.starts_at.getTime() === row.starts_at.getTime()
  await writeToCitizen(work, row, isSameTime ? 'change' : 'move')
}

/** Before a freed time can be booked by everybody, it is kept so long for those who wait: longer than the worker takes to look at each queue. */
export const pauseMinutes = 10

/** The time of an appointment, which is locked, is given back: to those who wait first, if there are any. */
async function freeTime(work: Work, row: AppointmentRow): Promise<void> {
  if (row.starts_at > work.now && (await isWaitedFor(work.tx, row)))
    await keepFreed(work.tx, row.id, new Date(work.now.getTime() + pauseMinutes * 60_000))
  else await giveBack(work.tx, row.id)
}

/** Cancels an appointment, which is locked, because the office cannot keep it. */
export async function cancelForOffice(work: Work, row: AppointmentRow): Promise<void> {
  await cancel(work, row, { by: 'office', reason: sentence('it', 'agenda.setUp.cancelReason') })
}

/** Cancels an appointment, which is locked: the time can be booked again at once, and the citizen is written to. `reason` is for the office. */
export async function cancel(
  work: Work,
  row: AppointmentRow,
  { by, reason }: { by: CancelledBy; reason: string },
): Promise<void> {
  await freeTime(work, row)
  await stopWaiting(work.tx, row.id, work.now)
  await forgetReminders(work.tx, row.id)
  const sequence = row.sequence + 1
  await updateAppointment(work.tx, row.id, {
    ...{ state: 'cancelled', cancel_reason: reason, cancelled_by: by, ended_at: work.now, sequence },
  })
  await work.journal(appointmentCancelled, { ...placeOf(row), by }, subjectsOfAppointment(row))
  await writeToCitizen(work, { ...row, sequence }, 'cancellation')
}

// --- shared ---------------------------------------------------------------------------------------------------------

/** The appointment, locked. @throws Refused 404 when it is not the actor's to see, 403 for the rights, 409 for its state */
export async function lockFor(work: Work, id: string, action: AppointmentAction): Promise<AppointmentRow> {
  const row = await readAppointment(work.tx, id, true)
  const standing = row && appointmentStandingOf(work.actor, row)
  if (!row || standing === undefined) throw notFound('appointment')
  must(mayActOnAppointment(action, standing))
  mustFit(
    fitsMoment(
      action,
      { state: row.state, start: row.starts_at.getTime() },
      { now: work.now.getTime(), timeZone: work.house.config.TIME_ZONE },
    ),
  )
  return row
}

/** Nobody can be at two counters at once. @param moved an appointment that gives its time up @throws Refused 409 */
export async function refuseTwoPlacesAtOnce(
  work: Work,
  contactId: string,
  hold: { starts_at: Date; ends_at: Date },
  moved?: string,
): Promise<void> {
  const other = await appointmentBetween(work.tx, contactId, hold.starts_at, hold.ends_at, moved)
  if (!other) return
  throw new Refused(
    'agenda.citizenElsewhere',
    { appointmentId: other.id, unit: other.unit_name, at: other.starts_at.toISOString() },
    409,
  )
}

/** Another was faster, or it is too early: no question of rights. */
function mustFit(verdict: Verdict): void {
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 409)
}

/** Says when the citizen is reminded, as the office of the appointment offers its service. */
async function plan(work: Work, row: AppointmentRow): Promise<void> {
  const service = await serviceOfUnit(work.tx, row.unit_id, row.service_id)
  const when = { appointmentId: row.id, start: row.starts_at, now: work.now }
  await planReminders(work.tx, { ...when, minutes: service?.reminders ?? [] })
}

export const aboutOf = (row: AppointmentRow) => ({ appointmentId: row.id, unitId: row.unit_id })

const placeOf = (row: AppointmentRow) => ({
  ...aboutOf(row),
  unitName: row.unit_name,
  serviceName: row.service_name,
  start: row.starts_at.toISOString(),
})

/** Whom an entry about an appointment concerns. */
export const subjectsOfAppointment = (row: AppointmentRow) => ({
  case: row.case_id,
  contact: row.contact_id,
  person: row.officer_id ?? undefined,
  units: unitsIn(row.unit_path, row.booked_by_path),
})
