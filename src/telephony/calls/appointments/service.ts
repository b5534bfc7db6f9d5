/**
 * Use cases of calls to the citizens of appointments. The request is written down with its entry of the journal; the process that has the switch hears of
 * it there, rings the officer's telephone and then the citizen's (../life/outbound.ts).
 */
import { appointmentToCall } from '../../../agenda/index.ts'
import { contactsOf } from '../../../contacts/index.ts'
import { unitOf } from '../../../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  callable,
  type Db,
  type House,
  inTransaction,
  type Language,
  must,
  permissionOf,
  Refused,
  refused,
  system,
  unitsIn,
  useCase,
  type Verdict,
} from '../../../platform/index.ts'
import { appointmentCallAsked, appointmentCallEnded } from '../../events.ts'
import { type AppointmentCall, type AppointmentCallOrder, type AppointmentCalls, type CallCitizen, maxAttempts } from './model.ts'
import {
  type AppointmentCallRow,
  callsOfAppointment,
  endForgotten,
  insertCall,
  lastOfficerNumber,
  numberOfOffice,
  openCall,
  updateCall,
} from './store.ts'

/** A call that was asked for and that nobody has begun after this time is none any more. */
const forgottenMs = 60_000

/** The calls of an appointment, and whether the reader may make another one. @throws Refused 404 for what is not the actor's to see */
export async function appointmentCallsView(
  house: House,
  actor: Actor,
  id: string,
  language: Language,
): Promise<AppointmentCalls> {
  const db = house.database.kysely
  const { appointment, verdict } = await appointmentToCall(db, actor, id, house.clock.now())
  const rows = await callsOfAppointment(db, id)
  const number = await numberOfCitizen(db, appointment.contact_id)
  const may = verdict.allowed ? mayCallAgain(rows, number, house.clock.now()) : verdict
  return {
    items: rows.map(row => viewOf(row, house.clock.now())),
    number,
    from: actor.kind === 'person' ? await lastOfficerNumber(db, actor.personId) : '',
    left: Math.max(0, maxAttempts - tried(rows)),
    call: permissionOf(may, language),
  }
}

/**
 * Rings the officer's telephone, and when it is answered the citizen's.
 * @throws Refused 404 for what is not the actor's to see, 403 for the rights, 409 when it is too early, under way or was tried often enough, 422 for a number
 * that we do not call
 */
export const callCitizen = useCase(async (work, { appointmentId, from }: { appointmentId: string } & CallCitizen) => {
  const { tx, now } = work
  const officer = actingPerson(work.actor)
  const { appointment, verdict } = await appointmentToCall(tx, work.actor, appointmentId, now.getTime(), true)
  must(verdict)
  const officerNumber = callable(from)
  if (officerNumber === null) throw new Refused('telephony.appointment.officerNumber', { field: 'from' }, 422)
  await endForgotten(tx, appointmentId, new Date(now.getTime() - forgottenMs), now)
  const rows = await callsOfAppointment(tx, appointmentId)
  const number = await numberOfCitizen(tx, appointment.contact_id)
  const again = mayCallAgain(rows, number, now.getTime())
  if (!again.allowed || number === null) throw new Refused(again.allowed ? noNumber : again.code, {}, 409)
  const id = work.ids()
  const row: AppointmentCallRow = {
    ...{
      id,
      appointment_id: appointmentId,
      unit_id: appointment.unit_id,
      attempt: tried(rows) + 1,
      officer_id: officer.personId,
      officer_name: officer.name,
    },
    ...{
      officer_number: officerNumber,
      number,
      asked_at: now,
      dialled_at: null,
      connected_at: null,
      ended_at: null,
      outcome: null,
    },
  }
  if (!(await insertCall(tx, row))) throw new Refused(underWay, {}, 409)
  await work.journal(
    appointmentCallAsked,
    { appointmentId },
    {
      ...{ channel: 'telephone', call: id, case: appointment.case_id, contact: appointment.contact_id, person: officer.personId },
      units: unitsIn(appointment.unit_path),
    },
  )
  return { callId: id }
})

/** What the process with the switch needs to make a call that was asked for; undefined when it is over. */
export async function appointmentCallOrder(db: Db, callId: string): Promise<AppointmentCallOrder | undefined> {
  const row = await openCall(db, callId)
  const unit = row && (await unitOf(db, row.unit_id))
  if (!row || !unit) return undefined
  return {
    ...{
      callId,
      appointmentId: row.appointment_id,
      officer: row.officer_id,
      officerNumber: row.officer_number,
      number: row.number,
    },
    callerId: await numberOfOffice(db, unit.id),
    context: {
      office: { id: unit.id, name: unit.name },
      ...{ province: unit.provinceCode, region: unit.regionCode, callerKnown: true, hour: 0, holiday: false, open: [] },
    },
  }
}

/** There is no switch that can make the call. */
export const failCall = (house: House, callId: string): Promise<void> =>
  inTransaction(house, system('telephony'), async work => {
    const row = await openCall(work.tx, callId)
    if (!row) return
    await updateCall(work.tx, callId, { ended_at: work.now, outcome: 'failed' })
    await work.journal(
      appointmentCallEnded,
      { appointmentId: row.appointment_id, outcome: 'failed' },
      { channel: 'telephone', call: callId, person: row.officer_id, units: [row.unit_id] },
    )
  })

const noNumber = 'telephony.appointment.noNumber'
const underWay = 'telephony.appointment.underWay'

/** Attempts in which the citizen's number was dialled in vain. */
const tried = (rows: readonly AppointmentCallRow[]): number =>
  rows.filter(row => row.dialled_at !== null && row.ended_at !== null && row.outcome !== 'talked').length

function mayCallAgain(rows: readonly AppointmentCallRow[], number: string | null, now: number): Verdict {
  if (rows.some(row => row.ended_at === null && !isForgotten(row, now))) return refused(underWay)
  if (number === null) return refused(noNumber)
  return tried(rows) < maxAttempts ? { allowed: true } : refused('telephony.appointment.triedEnough')
}

async function numberOfCitizen(db: Db, contactId: string): Promise<string | null> {
  return callable((await contactsOf(db, [contactId])).get(contactId)?.phone ?? null)
}

function viewOf(row: AppointmentCallRow, now: number): AppointmentCall {
  const wasForgotten = isForgotten(row, now)
  const isOver = row.ended_at !== null || wasForgotten
  return {
    ...{ id: row.id, attempt: row.attempt, officer: row.officer_name, number: row.number, askedAt: row.asked_at.toISOString() },
    stage: isOver ? 'ended' : row.connected_at !== null ? 'talking' : row.dialled_at !== null ? 'citizen' : 'officer',
    outcome: wasForgotten ? 'failed' : row.outcome,
    talkedSeconds:
      row.connected_at !== null && row.ended_at !== null
        ? Math.round((row.ended_at.getTime() - row.connected_at.getTime()) / 1000)
        : null,
  }
}

/** Asked for, and begun by no process: there was none with a switch. */
const isForgotten = ({ ended_at, dialled_at, asked_at }: AppointmentCallRow, now: number): boolean =>
  ended_at === null && dialled_at === null && asked_at.getTime() <= now - forgottenMs
