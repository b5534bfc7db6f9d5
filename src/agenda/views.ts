/** Appointments as they are shown: one, and the day of an office. */
import { z } from 'zod'
import { lastMailAbout, type MailRow, mayChange, troubledMails, troubleOf, waitingMail } from '../channels/index.ts'
import { type ContactFacts, contactsOf } from '../contacts/index.ts'
import {
  type Actor,
  boundsOf,
  dayAt,
  decodeCursor,
  type House,
  type Language,
  notFound,
  pageOf,
  permissionOf,
  sentence,
  type Verdict,
} from '../platform/index.ts'
import { reasonOf } from './free-times.ts'
import { groupView } from './groups.ts'
import type { AgendaDay, Appointment, AppointmentAction, AppointmentEnding, AppointmentLine } from './model.ts'
import { holidayOf, officeOf } from './places.ts'
import {
  type AppointmentStanding,
  appointmentStandingOf,
  dayScope,
  endingOf,
  fitsMoment,
  lateCancellationMs,
  mayActOnAppointment,
  mayMendMail,
  mendable,
} from './policy.ts'
import { type Calendar, slotsOfDay } from './slots.ts'
import { calendarsOf, countDay, listDay, readAppointment } from './store.ts'
import type { AppointmentRow } from './tables.ts'
import { listingOf } from './waiting/views.ts'

/** An appointment, with what the reader may do with it. @throws Refused 404 when it is not there, or not the actor's to see */
export async function appointmentView(house: House, actor: Actor, id: string, language: Language): Promise<Appointment> {
  const db = house.database.kysely
  const row = await readAppointment(db, id)
  const standing = row && appointmentStandingOf(actor, row)
  if (!row || standing === undefined) throw notFound('appointment')
  const contact = (await contactsOf(db, [row.contact_id])).get(row.contact_id)
  const notes = standing !== 'booker'
  const mail = await lastMailAbout(db, row.case_id, row.id)
  return {
    ...appointmentLine(row, contact, mail ? troubleOf(mail) : null),
    bring: row.bring,
    phone: contact?.phone ?? null,
    interactionId: row.interaction_id,
    history: `/api/cases/${row.case_id}/history`,
    preparation: notes ? row.preparation : null,
    preparedBy: notes ? row.prepared_by_name : null,
    preparedAt: notes ? (row.prepared_at?.toISOString() ?? null) : null,
    outcome: row.outcome,
    outcomeText: row.outcome_text,
    bookedBy: { name: row.booked_by_name, unit: row.booked_by_unit, at: row.booked_at.toISOString() },
    askedBy:
      row.asked_by_name !== null && row.asked_by_right !== null ? { name: row.asked_by_name, right: row.asked_by_right } : null,
    cancelReason: row.cancel_reason,
    waiting: await listingOf(db, row),
    mail: mail ? mailOf(house, mail, standing, language) : null,
    group: notes ? await groupView(house, actor, row, language) : null,
    actions: actionsOf(row, standing, { now: house.clock.now(), timeZone: house.config.TIME_ZONE }, language),
  }
}

/** A mail that has not left, with whether the reader may change that. */
function mailOf(house: House, mail: MailRow, standing: AppointmentStanding, language: Language): Appointment['mail'] {
  const waits = waitingMail(house, mail, language)
  const right = mayMendMail(standing)
  return (
    waits && {
      ...waits,
      channel: mail.channel === 'sms' ? 'sms' : 'email',
      change: permissionOf(right.allowed ? mayChange(mail, mendable) : right, language),
    }
  )
}

function actionsOf(
  row: AppointmentRow,
  standing: AppointmentStanding,
  moment: { now: number; timeZone: string },
  language: Language,
): Appointment['actions'] {
  const permission = (action: AppointmentAction) => {
    const right = mayActOnAppointment(action, standing)
    const verdict: Verdict = right.allowed
      ? fitsMoment(action, { state: row.state, start: row.starts_at.getTime() }, moment)
      : right
    return permissionOf(verdict, language)
  }
  return {
    prepare: permission('prepare'),
    'check-in': permission('check-in'),
    'call-in': permission('call-in'),
    start: permission('start'),
    conclude: permission('conclude'),
    'no-show': permission('no-show'),
    leave: permission('leave'),
    cancel: permission('cancel'),
    move: permission('move'),
    'take-back': permission('take-back'),
  }
}

const Cursor = z.tuple([z.iso.datetime(), z.uuid()])

/**
 * One page of the day of an office, in order, with how many are in each state.
 * @throws Refused 404 when the office is not there, or not the actor's to see
 */
export async function dayView(
  house: House,
  actor: Actor,
  query: {
    unitId?: string | undefined
    date?: string | undefined
    officer?: string | undefined
    cursor?: string | undefined
    limit: number
  },
  language: Language,
): Promise<AgendaDay> {
  const db = house.database.kysely
  const scope = dayScope(actor)
  const unitId = query.unitId ?? (actor.kind === 'person' ? actor.unitId : undefined)
  if (!scope || unitId === undefined) throw notFound('unit')
  const office = await officeOf(db, unitId)
  if (!office || !(scope.all || office.path.startsWith(scope.under))) throw notFound('unit')
  const timeZone = house.config.TIME_ZONE
  const date = query.date ?? dayAt(timeZone, house.clock.now())
  const [from, to] = boundsOf(timeZone, date)
  const day = { unitId: office.id, from: new Date(from), to: new Date(to), officer: query.officer }
  const after = decodeCursor(Cursor, query.cursor)
  const rows = await listDay(db, day, after && { startsAt: new Date(after[0]), id: after[1] }, query.limit + 1)
  const page = pageOf(rows, query.limit, row => [row.starts_at.toISOString(), row.id])
  const contacts = await contactsOf(
    db,
    page.items.map(row => row.contact_id),
  )
  const counted = await countDay(db, day)
  const troubled = await troubledMails(
    db,
    page.items.map(row => row.case_id),
    page.items.map(row => row.id),
  )
  return {
    unit: { id: office.id, name: office.name },
    date,
    timeZone,
    closed: await closedOn(house, office, date, language),
    counts: {
      booked: counted.get('booked') ?? 0,
      'checked-in': counted.get('checked-in') ?? 0,
      'in-progress': counted.get('in-progress') ?? 0,
      concluded: counted.get('concluded') ?? 0,
      'no-show': counted.get('no-show') ?? 0,
      left: counted.get('left') ?? 0,
      cancelled: counted.get('cancelled') ?? 0,
    },
    items: page.items.map(row => ({
      ...appointmentLine(row, contacts.get(row.contact_id), troubled.get(row.id) ?? null),
      isGroup: row.is_group,
      followedBy: row.followed_by === null ? null : { id: row.followed_by, name: row.followed_by_name ?? '' },
    })),
    next: page.next,
  }
}

/** No day is too far away to say whether an office is closed. */
const everyDay = 200 * 366

/** Why an office receives nobody on a day; null when it does. */
async function closedOn(
  house: House,
  office: { id: string; provinceCode: string | null; municipalityCode: string | null },
  date: string,
  language: Language,
): Promise<string | null> {
  const { timeZone, now } = { timeZone: house.config.TIME_ZONE, now: house.clock.now() }
  const calendars = await calendarsOf(house.database.kysely, {
    unitIds: [office.id],
    firstDay: date,
    lastDay: date,
    timeZone,
    now: new Date(now),
  })
  return closedBecause({ office, date, calendars, timeZone, now }, language)
}

/** Why an office with these calendars receives nobody on a day; null when it does. Pure. */
export function closedBecause(
  {
    office,
    date,
    calendars,
    timeZone,
    now,
  }: {
    office: { provinceCode: string | null; municipalityCode: string | null }
    date: string
    calendars: readonly Calendar[]
    timeZone: string
    now: number
  },
  language: Language,
): string | null {
  const shortest = {
    durationMinutes: 5,
    preparationMinutes: 0,
    bufferMinutes: 0,
    shares: [],
    group: 'office' as const,
    noticeMinutes: 0,
    horizonDays: everyDay,
  }
  const day = slotsOfDay(date, calendars, { ...shortest, now, timeZone, isHoliday: holidayOf(office) })
  if (day.state !== 'closed') return null
  return reasonOf(day.because, language) ?? sentence(language, 'agenda.noHours')
}

/** What became of an appointment; null as long as it is not over. */
export const endingOfRow = ({ state, cancelled_by, starts_at, ended_at }: AppointmentRow): AppointmentEnding | null =>
  endingOf({
    state,
    cancelledBy: cancelled_by,
    isLate: ended_at !== null && ended_at.getTime() > starts_at.getTime() - lateCancellationMs,
  })

export const appointmentLine = (
  row: AppointmentRow,
  contact: ContactFacts | undefined,
  mailTrouble: AppointmentLine['mailTrouble'],
): AppointmentLine => ({
  id: row.id,
  start: row.starts_at.toISOString(),
  end: row.ends_at.toISOString(),
  state: row.state,
  unit: { id: row.unit_id, name: row.unit_name },
  service: { id: row.service_id, name: row.service_name },
  officer: row.officer_id === null ? null : { id: row.officer_id, name: row.officer_name ?? '' },
  mode: row.mode,
  contact: { id: row.contact_id, name: contact?.name ?? '' },
  reason: row.reason,
  caseId: row.case_id,
  code: row.code,
  title: row.title,
  dayCode: row.day_code,
  prepared: row.preparation !== '',
  confirmedAt: row.confirmed_at?.toISOString() ?? null,
  checkedInAt: row.checked_in_at?.toISOString() ?? null,
  calledAt: row.called_at?.toISOString() ?? null,
  startedAt: row.started_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  ending: endingOfRow(row),
  mailTrouble,
  version: row.version,
})
