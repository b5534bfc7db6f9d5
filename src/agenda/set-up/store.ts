/** SQL of the set-up of an office. */
import '../tables.ts'
import { sql } from 'kysely'
import { type Db, documentsOf } from '../../platform/index.ts'
import { servicesOfUnit } from '../store.ts'
import type { AppointmentRow, OfferedRow, ServiceRow } from '../tables.ts'
import type { Booked } from './fit.ts'
import { SetUp, type SetUpCalendar, type SetUpClosure, type SetUpService } from './model.ts'

/** The set-up of an office as it holds, without closures that ended before `today`. Indexes: agenda_service_of_unit_pkey, calendar_of_unit, closure_of_unit. */
export async function readSetUp(db: Db, unitId: string, today: string): Promise<SetUp> {
  const services = await servicesOfUnit(db, unitId)
  const calendars = await db
    .selectFrom('agenda_calendar')
    .selectAll()
    .where('unit_id', '=', unitId)
    .where('active', '=', true)
    .orderBy('id')
    .execute()
  const ids = calendars.map(({ id }) => id)
  const openings =
    ids.length === 0
      ? []
      : await db
          .selectFrom('agenda_opening')
          .selectAll()
          .where('calendar_id', 'in', ids)
          .orderBy('weekday')
          .orderBy('opens')
          .execute()
  const { rows: extras } = await sql<{ calendar_id: string; day: string; opens: number; closes: number }>`
    select calendar_id, to_char(day, 'YYYY-MM-DD') as day, opens, closes from agenda_extra_opening
    where  calendar_id = any(${ids}::uuid[]) and day >= ${today}::date order by day, opens`.execute(db)
  const { rows: closures } = await sql<SetUpClosure>`
    select id, calendar_id as "calendarId", to_char(first_day, 'YYYY-MM-DD') as "firstDay",
           to_char(last_day, 'YYYY-MM-DD') as "lastDay", opens, closes, reason
    from   agenda_closure where unit_id = ${unitId} and last_day >= ${today}::date order by first_day, id`.execute(db)
  const [openingsOf, extrasOf] = [Map.groupBy(openings, row => row.calendar_id), Map.groupBy(extras, row => row.calendar_id)]
  return {
    services: services.map(row => setUpService(row)),
    calendars: calendars.map(row => ({
      ...{
        id: row.id,
        officerId: row.officer_id,
        label: row.label,
        room: row.room,
        capacity: row.capacity,
        group: row.is_group,
        services: row.services,
      },
      openings: (openingsOf.get(row.id) ?? []).map(({ weekday, opens, closes }) => ({ weekday, opens, closes })),
      extras: (extrasOf.get(row.id) ?? []).map(({ day, opens, closes }) => ({ day, opens, closes })),
    })),
    closures,
  }
}

/** A service as it stands in a set-up. */
export const setUpService = (row: ServiceRow & Partial<Pick<OfferedRow, 'shares'>>): SetUpService => ({
  ...{ id: row.id, own: row.unit_id !== null, name: row.name, description: row.description, bring: row.bring, words: row.words },
  durationMinutes: row.duration_minutes,
  preparationMinutes: row.preparation_minutes,
  bufferMinutes: row.buffer_minutes,
  noticeMinutes: row.notice_minutes,
  horizonDays: row.horizon_days,
  modes: row.modes,
  shares: row.shares ?? [],
  reminders: row.reminders,
  textReminders: row.text_reminders,
  offerMinutes: row.offer_minutes,
  offersAtMost: row.offers_at_most,
  telephoneOffers: row.telephone_offers,
})

/** Some services as the institute, or an office, has set them. */
export const readServices = (db: Db, ids: readonly string[]): Promise<ServiceRow[]> =>
  ids.length === 0 ? Promise.resolve([]) : db.selectFrom('agenda_service').selectAll().where('id', 'in', ids).execute()

/** The institute's services, by name. There are some dozens. */
export const instituteServices = (db: Db): Promise<ServiceRow[]> =>
  db.selectFrom('agenda_service').selectAll().where('unit_id', 'is', null).orderBy('name').limit(500).execute()

/** Calendars of an office, also those that it no longer has; and who else has one of the identifiers. */
export const calendarsKnown = (db: Db, unitId: string, ids: readonly string[]): Promise<{ id: string; unit_id: string }[]> =>
  db
    .selectFrom('agenda_calendar')
    .select(['id', 'unit_id'])
    .where(eb => eb.or([eb('unit_id', '=', unitId), ...(ids.length === 0 ? [] : [eb('id', 'in', ids)])]))
    .execute()

/** Closures of other offices that have one of some identifiers. */
export async function foreignClosures(db: Db, unitId: string, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false
  const row = await db
    .selectFrom('agenda_closure')
    .select('id')
    .where('id', 'in', ids)
    .where('unit_id', '<>', unitId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Writes the services of an office: its own as they are, of the institute's what the office decides otherwise. */
export async function writeServices(db: Db, unitId: string, services: readonly SetUpService[]): Promise<void> {
  for (const each of services.filter(({ own }) => own))
    await sql`
      insert into agenda_service (id, unit_id, name, description, bring, words, duration_minutes, preparation_minutes, buffer_minutes,
                                  notice_minutes, horizon_days, modes, reminders, text_reminders, offer_minutes, offers_at_most,
                                  telephone_offers, sections)
      values (${each.id}, ${unitId}, ${each.name}, ${each.description}, ${each.bring}, ${JSON.stringify(each.words)}::jsonb,
              ${each.durationMinutes}, ${each.preparationMinutes}, ${each.bufferMinutes}, ${each.noticeMinutes}, ${each.horizonDays},
              ${each.modes}::text[], ${each.reminders}::integer[], ${each.textReminders},
              ${each.offerMinutes}, ${each.offersAtMost}, ${each.telephoneOffers}, '{}')
      on conflict (id) do update set
        name = excluded.name, description = excluded.description, bring = excluded.bring, words = excluded.words,
        duration_minutes = excluded.duration_minutes, preparation_minutes = excluded.preparation_minutes,
        buffer_minutes = excluded.buffer_minutes, notice_minutes = excluded.notice_minutes, horizon_days = excluded.horizon_days,
        modes = excluded.modes, reminders = excluded.reminders, text_reminders = excluded.text_reminders,
        offer_minutes = excluded.offer_minutes, offers_at_most = excluded.offers_at_most,
        telephone_offers = excluded.telephone_offers`.execute(db)
  await db.deleteFrom('agenda_service_of_unit').where('unit_id', '=', unitId).execute()
  for (const [position, each] of services.entries())
    await sql`
      insert into agenda_service_of_unit (unit_id, service_id, position, duration_minutes, preparation_minutes, buffer_minutes,
                                          notice_minutes, horizon_days, modes, reminders, text_reminders, offer_minutes,
                                          offers_at_most, telephone_offers, shares)
      select ${unitId}, id, ${position}, nullif(${each.durationMinutes}, duration_minutes),
             nullif(${each.preparationMinutes}, preparation_minutes), nullif(${each.bufferMinutes}, buffer_minutes),
             nullif(${each.noticeMinutes}, notice_minutes), nullif(${each.horizonDays}, horizon_days),
             nullif(${each.modes}::text[], modes), nullif(${each.reminders}::integer[], reminders),
             nullif(${each.textReminders}::boolean, text_reminders), nullif(${each.offerMinutes}, offer_minutes),
             nullif(${each.offersAtMost}, offers_at_most), nullif(${each.telephoneOffers}::boolean, telephone_offers),
             ${JSON.stringify(each.shares)}::jsonb
      from   agenda_service where id = ${each.id}`.execute(db)
}

/** Writes the calendars of an office. Those that are not among them receive nobody any more, and stay for what was booked in them. */
export async function writeCalendars(
  db: Db,
  unitId: string,
  calendars: readonly (SetUpCalendar & { officerName: string | null })[],
  today: string,
): Promise<void> {
  await db.updateTable('agenda_calendar').set({ active: false }).where('unit_id', '=', unitId).execute()
  for (const each of calendars)
    await sql`
      insert into agenda_calendar (id, unit_id, officer_id, officer_name, label, room, capacity, is_group, services, active)
      values (${each.id}, ${unitId}, ${each.officerId}, ${each.officerName}, ${each.label}, ${each.room}, ${each.capacity},
              ${each.group}, ${each.services}::text[], true)
      on conflict (id) do update set
        officer_id = excluded.officer_id, officer_name = excluded.officer_name, label = excluded.label, room = excluded.room,
        capacity = excluded.capacity, is_group = excluded.is_group, services = excluded.services, active = true`.execute(db)
  const ids = calendars.map(({ id }) => id)
  if (ids.length === 0) return
  await db.deleteFrom('agenda_opening').where('calendar_id', 'in', ids).execute()
  await sql`delete from agenda_extra_opening where calendar_id = any(${ids}::uuid[]) and day >= ${today}::date`.execute(db)
  const openings = calendars.flatMap(each => each.openings.map(opening => ({ calendar_id: each.id, ...opening })))
  if (openings.length > 0) await db.insertInto('agenda_opening').values(openings).execute()
  const extras = calendars.flatMap(each =>
    each.extras.filter(({ day }) => day >= today).map(extra => ({ calendar_id: each.id, ...extra })),
  )
  if (extras.length > 0) await db.insertInto('agenda_extra_opening').values(extras).execute()
}

/** Writes the closures of an office; those that ended before `today` stay as they are. */
export async function writeClosures(db: Db, unitId: string, closures: readonly SetUpClosure[], today: string): Promise<void> {
  await sql`delete from agenda_closure where unit_id = ${unitId} and last_day >= ${today}::date`.execute(db)
  const rows = closures
    .filter(({ lastDay }) => lastDay >= today)
    .map(({ id, calendarId, firstDay, lastDay, opens, closes, reason }) => ({
      ...{ id, unit_id: unitId, calendar_id: calendarId, first_day: firstDay, last_day: lastDay, opens, closes, reason },
    }))
  if (rows.length > 0) await db.insertInto('agenda_closure').values(rows).execute()
}

/** An appointment with what it takes, and its row. */
export type BookedRow = Booked & { row: AppointmentRow }

/**
 * Appointments of an office that are to come, with what they take, at most `limit`; by time.
 * Index: appointment_of_unit, and the unique one of agenda_taken (appointment_id).
 */
export async function bookedAt(db: Db, unitId: string, now: Date, limit: number): Promise<BookedRow[]> {
  const { rows } = await sql<AppointmentRow & { lane: number; from_at: Date; until_at: Date }>`
    select appointment.*, taken.lane, taken.starts_at as from_at, taken.ends_at as until_at
    from   appointment join agenda_taken taken on taken.appointment_id = appointment.id
    where  appointment.unit_id = ${unitId} and appointment.starts_at > ${now} and appointment.state = 'booked'
    order  by appointment.starts_at, appointment.id
    limit  ${limit}`.execute(db)
  return rows.map(({ lane, from_at, until_at, ...row }) => ({
    ...{ id: row.id, serviceId: row.service_id, calendarId: row.calendar_id, lane, start: row.starts_at.getTime(), row },
    occupied: { start: from_at.getTime(), end: until_at.getTime() },
  }))
}

/** A stretch of time at an office. */
export interface OfficeSpan {
  unitId: string
  from: Date
  to: Date
}

/**
 * How many appointments that are to come begin in stretches of time that do not overlap, by office; offices without any are left out.
 * Index: appointment_of_unit, one look for each stretch.
 */
export async function countBooked(db: Db, spans: readonly OfficeSpan[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ unit_id: string; count: number }>`
    select span.unit_id, sum(booked.count)::int as count
    from   unnest(${spans.map(({ unitId }) => unitId)}::text[], ${spans.map(({ from }) => from.toISOString())}::timestamptz[],
                  ${spans.map(({ to }) => to.toISOString())}::timestamptz[]) span (unit_id, from_at, to_at)
           cross join lateral (
             select count(*) from appointment
             where  unit_id = span.unit_id and starts_at >= span.from_at and starts_at < span.to_at and state = 'booked'
           ) booked
    group  by span.unit_id having sum(booked.count) > 0`.execute(db)
  return new Map(rows.map(row => [row.unit_id, row.count]))
}

/** Keeps appointments for the transaction, in one order. */
export async function lockAppointments(db: Db, unitId: string, now: Date): Promise<void> {
  await sql`
    select id from appointment where unit_id = ${unitId} and starts_at > ${now} and state = 'booked' order by id for update`.execute(
    db,
  )
}

/** Times of calendars that are kept while a form is filled, with the service that they are kept for. Indexes: taken_of_calendar, agenda_hold_pkey. */
export async function heldIn(db: Db, calendarIds: readonly string[], now: Date): Promise<Booked[]> {
  const { rows } = await sql<{
    id: string
    service_id: string
    calendar_id: string
    lane: number
    starts_at: Date
    ends_at: Date
  }>`
    select taken.id, hold.service_id, taken.calendar_id, taken.lane, taken.starts_at, taken.ends_at
    from   agenda_taken taken join agenda_hold hold on hold.id = taken.id
    where  taken.calendar_id = any(${[...calendarIds]}::uuid[]) and taken.starts_at > ${now} and taken.held_until is not null`.execute(
    db,
  )
  return rows.map(row => ({
    ...{ id: row.id, serviceId: row.service_id, calendarId: row.calendar_id, lane: row.lane, start: row.starts_at.getTime() },
    occupied: { start: row.starts_at.getTime(), end: row.ends_at.getTime() },
  }))
}

// --- versions -------------------------------------------------------------------------------------------------------

/** The set-ups that offices have had, each as a whole. */
export const setUps = documentsOf('agenda_set_up', 'setUp', SetUp)
