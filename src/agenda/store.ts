/** SQL of the agenda. Lists are read by keyset, each along the index named beside it. */
import './tables.ts'
import { sql } from 'kysely'
import { closuresAffecting } from '../organisation/index.ts'
import { boundsOf, type Db } from '../platform/index.ts'
import { maxOccupiedMs, mayHaveFrom } from './bound-store.ts'
import type { AppointmentState } from './model.ts'
import { type Calendar, type ExtraOpening, type Opening, type Taken, wholeDays } from './slots.ts'
import type { AppointmentRow, CalendarRow, HoldRow, OfferedRow, ServiceRow, TakenRow } from './tables.ts'

// --- services -------------------------------------------------------------------------------------------------------

/** Services as offices offer them, each office's in its order. Index: agenda_service_of_unit_pkey. */
async function offered(
  db: Db,
  where: { unitIds: readonly string[]; serviceId?: string },
): Promise<(OfferedRow & { office: string })[]> {
  if (where.unitIds.length === 0) return []
  const { rows } = await sql<OfferedRow & { office: string }>`
    select service.id, name, description, bring, words, sections, service.unit_id, offered.unit_id as office, offered.shares,
           offered.none_before, offered.xmin::text as offered_version,
           coalesce(offered.duration_minutes, service.duration_minutes) as duration_minutes,
           coalesce(offered.preparation_minutes, service.preparation_minutes) as preparation_minutes,
           coalesce(offered.buffer_minutes, service.buffer_minutes) as buffer_minutes,
           coalesce(offered.notice_minutes, service.notice_minutes) as notice_minutes,
           coalesce(offered.horizon_days, service.horizon_days) as horizon_days,
           coalesce(offered.modes, service.modes) as modes,
           coalesce(offered.reminders, service.reminders) as reminders,
           coalesce(offered.offer_minutes, service.offer_minutes) as offer_minutes,
           coalesce(offered.offers_at_most, service.offers_at_most) as offers_at_most,
           coalesce(offered.text_reminders, service.text_reminders) as text_reminders,
           coalesce(offered.telephone_offers, service.telephone_offers) as telephone_offers
    from   agenda_service_of_unit offered join agenda_service service on service.id = offered.service_id
    where  offered.unit_id = any(${[...where.unitIds]}::text[])
    ${where.serviceId === undefined ? sql`` : sql`and offered.service_id = ${where.serviceId}`}
    order  by offered.unit_id, offered.position, service.id`.execute(db)
  return rows
}

/** Services of an office, in its order. */
export const servicesOfUnit = (db: Db, unitId: string): Promise<OfferedRow[]> => offered(db, { unitIds: [unitId] })

export const serviceOfUnit = async (db: Db, unitId: string, serviceId: string): Promise<OfferedRow | undefined> =>
  (await offered(db, { unitIds: [unitId], serviceId }))[0]

/** A service as the institute, or the office whose own it is, has set it. */
export const readService = (db: Db, serviceId: string): Promise<ServiceRow | undefined> =>
  db.selectFrom('agenda_service').selectAll().where('id', '=', serviceId).executeTakeFirst()

/** A service as each of some offices offers it, by office; those that do not offer it are left out. */
export const serviceAtOffices = async (db: Db, unitIds: readonly string[], serviceId: string): Promise<Map<string, OfferedRow>> =>
  new Map((await offered(db, { unitIds, serviceId })).map(row => [row.office, row]))

// --- calendars and what is taken ------------------------------------------------------------------------------------

export interface CalendarWanted {
  unitIds: readonly string[]
  /** All services when left out. */
  serviceId?: string
  /** Days of office time, both included. */
  firstDay: string
  lastDay: string
  timeZone: string
  now: Date
  /** The owner whose holds count as free, because they are the reader's own. */
  owner?: string
}

export interface CalendarOfUnit extends Calendar {
  unitId: string
  /** Times that the owner holds. */
  own: { start: number; end: number }[]
  /** What is taken by holds, which may be over in a moment. */
  held: readonly Taken[]
  /** First day of the span that a decision of the organisation closes, which can be taken back; null when there is none. */
  closedAbove: string | null
}

interface TakenFound {
  calendar_id: string
  lane: number
  start: number
  end: number
  held: boolean
  own: boolean
}

/**
 * The calendars of offices with everything that free times are computed from, in six queries however many offices and days.
 * Indexes: those of `calendarsWithHours` and `withTaken`.
 */
export const calendarsOf = async (db: Db, wanted: CalendarWanted): Promise<CalendarOfUnit[]> =>
  withTaken(db, await calendarsWithHours(db, wanted), () => wanted, wanted)

/**
 * The calendars of offices with their hours and closures, those of the office itself and of units above it among them, as if nothing were taken.
 * Indexes: calendar_of_unit, agenda_opening_pkey, agenda_extra_opening_pkey, closure_of_unit, agenda_calendar_pkey, those of `closuresAffecting`.
 */
export async function calendarsWithHours(db: Db, wanted: Omit<CalendarWanted, 'now' | 'owner'>): Promise<CalendarOfUnit[]> {
  if (wanted.unitIds.length === 0) return []
  const { rows: calendars } = await sql<CalendarRow & { openings_of: Opening[]; extras_of: ExtraOpening[] }>`
    select calendar.*,
           (select coalesce(json_agg(json_build_object('weekday', weekday, 'opens', opens, 'closes', closes)), '[]')
            from   agenda_opening where calendar_id = calendar.id) as openings_of,
           (select coalesce(json_agg(json_build_object('day', to_char(day, 'YYYY-MM-DD'), 'opens', opens, 'closes', closes) order by day, opens), '[]')
            from   agenda_extra_opening
            where  calendar_id = calendar.id and day between ${wanted.firstDay}::date and ${wanted.lastDay}::date) as extras_of
    from   agenda_calendar calendar
    where  unit_id = any(${[...wanted.unitIds]}::text[]) and active
    ${wanted.serviceId === undefined ? sql`` : sql`and services @> ${[wanted.serviceId]}::text[]`}
    order  by unit_id, id`.execute(db)
  if (calendars.length === 0) return []
  const { rows: closures } = await sql<{
    unit_id: string
    calendar_id: string | null
    first_day: string
    last_day: string
    opens: number | null
    closes: number | null
    reason: string
    officer_id: string | null
  }>`
    select unit_id, calendar_id, (select officer_id from agenda_calendar where id = calendar_id), to_char(first_day, 'YYYY-MM-DD') as first_day, to_char(last_day, 'YYYY-MM-DD') as last_day,
           opens, closes, reason
    from   agenda_closure
    where  unit_id = any(${wanted.unitIds}::text[]) and last_day >= ${wanted.firstDay}::date and first_day <= ${wanted.lastDay}::date
    order  by first_day, last_day`.execute(db)
  const closuresOf = Map.groupBy(closures, row => row.unit_id)
  const unitClosures = await closuresAffecting(db, wanted.unitIds, wanted)
  return calendars.map(calendar => ({
    id: calendar.id,
    unitId: calendar.unit_id,
    officer: calendar.officer_id === null ? null : { id: calendar.officer_id, name: calendar.officer_name ?? '' },
    capacity: calendar.capacity,
    openings: calendar.openings_of,
    extras: calendar.extras_of,
    closures: [
      ...(closuresOf.get(calendar.unit_id) ?? [])
        // An officer who is away is so from each of their calendars.
        .filter(
          row =>
            row.calendar_id === null ||
            row.calendar_id === calendar.id ||
            (row.officer_id !== null && row.officer_id === calendar.officer_id),
        )
        .map(row => ({
          ...{ firstDay: row.first_day, lastDay: row.last_day, opens: row.opens, closes: row.closes, reason: row.reason },
        })),
      ...wholeDays(unitClosures.get(calendar.unit_id)),
    ],
    taken: [],
    own: [],
    held: [],
    closedAbove: unitClosures.get(calendar.unit_id)?.[0]?.firstDay ?? null,
  }))
}

/** Days of office time, both included. */
export type DaysOf = (unitId: string) => Pick<CalendarWanted, 'firstDay' | 'lastDay'>

/** The same calendars with what is taken of some days of each office. Indexes: taken_of_calendar, hold_of_owner. */
export async function withTaken(
  db: Db,
  calendars: readonly CalendarOfUnit[],
  daysOf: DaysOf,
  reader: Pick<CalendarWanted, 'timeZone' | 'now' | 'owner'>,
): Promise<CalendarOfUnit[]> {
  if (calendars.length === 0) return []
  const taken = Map.groupBy(await takenIn(db, calendars, daysOf, reader), row => row.calendar_id)
  return calendars.map(calendar => {
    const here = taken.get(calendar.id) ?? []
    const others = here.filter(each => !each.own)
    return { ...calendar, taken: others, own: here.filter(each => each.own), held: others.filter(each => each.held) }
  })
}

/** Times that are taken and not given back. A hold whose time is over counts as free. Indexes: taken_of_calendar, hold_of_owner. */
async function takenIn(
  db: Db,
  calendars: readonly CalendarOfUnit[],
  daysOf: DaysOf,
  { timeZone, now, owner = '' }: Pick<CalendarWanted, 'timeZone' | 'now' | 'owner'>,
): Promise<TakenFound[]> {
  const bounds = new Map<string, [from: Date, to: Date]>()
  for (const { unitId } of calendars) {
    if (bounds.has(unitId)) continue
    const { firstDay, lastDay } = daysOf(unitId)
    bounds.set(unitId, [new Date(boundsOf(timeZone, firstDay)[0]), new Date(boundsOf(timeZone, lastDay)[1])])
  }
  const column = (end: 0 | 1) => calendars.map(({ unitId }) => bounds.get(unitId)?.[end].toISOString() ?? '')
  const { rows } = await sql<TakenFound>`
    select calendar_id, lane, extract(epoch from starts_at)::float8 * 1000 as start, extract(epoch from ends_at)::float8 * 1000 as end,
           held, held and id in (select id from agenda_hold where owner = ${owner} and ended is null) as own
    from   unnest(${calendars.map(({ id }) => id)}::uuid[], ${column(0)}::timestamptz[], ${column(1)}::timestamptz[]) wanted (calendar, from_at, to_at)
           cross join lateral (
             select id, calendar_id, lane, starts_at, ends_at, held_until is not null as held
             from   agenda_taken
             where  calendar_id = calendar and starts_at >= from_at - ${maxOccupiedMs} * interval '1 millisecond'
             and    starts_at < to_at and ends_at > from_at and (held_until is null or held_until > ${now})
             -- Each calendar is looked up along the index, whatever else the planner thinks of.
             offset 0
           ) taken`.execute(db)
  return rows
}

// --- holds ----------------------------------------------------------------------------------------------------------

export type { HoldRow }

/** Requests of one owner take turns, so that two at once do not leave two holds. */
export async function oneAtATime(db: Db, owner: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('agenda.hold'), hashtext(${owner}))`.execute(db)
}

/**
 * Keeps calendars for the transaction. Everything that is locked in the agenda is locked in one order, so that nobody waits for another
 * crosswise: calendars by their identifiers, a hold, appointments by their identifiers, what is taken.
 */
export async function lockCalendars(db: Db, ids: readonly string[]): Promise<void> {
  await sql`select id from agenda_calendar where id = any(${[...ids]}::uuid[]) order by id for no key update`.execute(db)
}

/** Keeps the calendar of a hold: nobody sets it up anew while the hold becomes an appointment. */
export async function lockCalendarOfHold(db: Db, holdId: string): Promise<void> {
  await sql`
    select id from agenda_calendar where id = (select calendar_id from agenda_hold where id = ${holdId})
    for no key update`.execute(db)
}

export const insertHold = (db: Db, hold: HoldRow): Promise<unknown> => db.insertInto('agenda_hold').values(hold).execute()

export const readCalendar = (db: Db, id: string): Promise<CalendarRow> =>
  db.selectFrom('agenda_calendar').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Holds of an owner that have not ended. Index: hold_of_owner. */
export const holdsOfOwner = (db: Db, owner: string): Promise<HoldRow[]> =>
  db.selectFrom('agenda_hold').selectAll().where('owner', '=', owner).where('ended', 'is', null).execute()

/** A hold, if it is the owner's. `lock` keeps it for the transaction. */
export async function readHold(db: Db, id: string, owner: string, lock = false): Promise<HoldRow | undefined> {
  const { rows } = await sql<HoldRow>`
    select * from agenda_hold where id = ${id} and owner = ${owner} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** What a hold still takes. `lock` keeps it for the transaction: who wants to give it back waits, and then finds it used. */
export async function takenBy(db: Db, holdId: string, lock = false): Promise<TakenRow | undefined> {
  const { rows } = await sql<TakenRow>`
    select id, calendar_id, calendar_no, lane, starts_at, ends_at, held_until, appointment_id
    from   agenda_taken where id = ${holdId} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

export async function endHold(db: Db, id: string, ended: 'confirmed' | 'released'): Promise<void> {
  await db.updateTable('agenda_hold').set({ ended }).where('id', '=', id).execute()
  if (ended === 'released') await db.deleteFrom('agenda_taken').where('id', '=', id).where('appointment_id', 'is', null).execute()
}

/** Gives back times of calendars whose hold is over and that are in the way of another. Index: taken_of_calendar. */
export async function giveBackExpired(db: Db, calendarIds: readonly string[], start: Date, end: Date, now: Date): Promise<void> {
  await sql`
    delete from agenda_taken
    where  calendar_id = any(${calendarIds}::uuid[]) and starts_at >= ${new Date(start.getTime() - maxOccupiedMs)}
    and    starts_at < ${end} and ends_at > ${start} and held_until <= ${now}`.execute(db)
}

/**
 * Takes a lane of a calendar. Returns whether it was free: what is taken stays taken, whoever asks.
 * Constraint: taken_once.
 */
export async function take(
  db: Db,
  row: { id: string; calendarId: string; lane: number; start: Date; end: Date; heldUntil: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, held_until)
    select ${row.id}, id, no, ${row.lane}, ${row.start}, ${row.end}, ${row.heldUntil} from agenda_calendar where id = ${row.calendarId}
    on conflict do nothing
    returning id`.execute(db)
  return rows.length > 0
}

/** So many holds are removed in one statement. */
const forgetBatchSize = 1_000

/**
 * Removes holds that ran out before an instant and became no appointment, with what they still took, a part in each statement. Returns how
 * many. Index: hold_to_forget (until), which does not know the holds of appointments: these stay, and are not looked at again each time.
 */
export async function forgetHolds(db: Db, before: Date): Promise<number> {
  for (let forgotten = 0; ; ) {
    const { rows } = await sql<{ id: string }>`
      select id from agenda_hold
      where  until < ${before} and ended is distinct from 'confirmed'
      order  by until
      limit  ${forgetBatchSize}`.execute(db)
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return forgotten
    await sql`delete from agenda_taken where id = any(${ids}::uuid[]) and held_until is not null`.execute(db)
    await sql`delete from agenda_hold where id = any(${ids}::uuid[])`.execute(db)
    forgotten += ids.length
    if (ids.length < forgetBatchSize) return forgotten
  }
}

// --- appointments ---------------------------------------------------------------------------------------------------

export const insertAppointment = (db: Db, appointment: AppointmentRow): Promise<unknown> =>
  db.insertInto('appointment').values(appointment).execute()

export async function readAppointment(db: Db, id: string, lock = false): Promise<AppointmentRow | undefined> {
  const { rows } = await sql<AppointmentRow>`
    select * from appointment where id = ${id} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** Whose appointments some mails are about, by mail, and whether each mail is the last about its own. Indexes: mail_pkey, appointment_pkey, mail_of_case. */
export async function appointmentsOfMails(
  db: Db,
  mailIds: readonly string[],
): Promise<Map<string, Pick<AppointmentRow, 'unit_path' | 'booked_by_path'> & { is_last: boolean }>> {
  const { rows } = await sql<Pick<AppointmentRow, 'unit_path' | 'booked_by_path'> & { mail_id: string; is_last: boolean }>`
    select mail.id as mail_id, unit_path, booked_by_path,
           not exists (select from mail later
                       where  later.case_id = mail.case_id and later.subject_id = mail.subject_id
                              and (later.queued_at, later.id) > (mail.queued_at, mail.id)) as is_last
    from   mail join appointment on appointment.id = mail.subject_id
    where  mail.id = any(${[...mailIds]}::uuid[])`.execute(db)
  return new Map(rows.map(row => [row.mail_id, row]))
}

export interface DayWanted {
  unitId: string
  from: Date
  to: Date
  officer: string | undefined
}

/** An appointment of a day, with who goes on with its case, and whether the citizen is received with others. */
export type DayRow = AppointmentRow & { is_group: boolean; followed_by: string | null; followed_by_name: string | null }

/**
 * Appointments of an office between two instants, in order.
 * Indexes: appointment_of_unit (unit_id, starts_at, id), agenda_calendar_pkey, and those of `knowers_of_case`: case_pkey, ticket_case_id_key, interaction_of_case.
 */
export async function listDay(
  db: Db,
  day: DayWanted,
  after: { startsAt: Date; id: string } | undefined,
  limit: number,
): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select appointment.*, (select is_group from agenda_calendar where id = calendar_id), knower.id as followed_by, knower.name as followed_by_name
    from   (select * from appointment
            where  unit_id = ${day.unitId} and starts_at >= ${day.from} and starts_at < ${day.to}
            ${day.officer === undefined ? sql`` : sql`and officer_id = ${day.officer}`}
            ${after ? sql`and (starts_at, id) > (${after.startsAt}, ${after.id}::uuid)` : sql``}
            order  by starts_at, id
            limit  ${limit}) appointment
           left join lateral (select id, name from knowers_of_case(appointment.case_id) order by rank, at desc limit 1) knower on true
    order  by appointment.starts_at, appointment.id`.execute(db)
  return rows
}

/** How many appointments of a day are in each state. Index: appointment_of_unit. */
export async function countDay(db: Db, day: DayWanted): Promise<Map<AppointmentState, number>> {
  const { rows } = await sql<{ state: AppointmentState; appointments: number }>`
    select state, count(*)::int as appointments from appointment
    where  unit_id = ${day.unitId} and starts_at >= ${day.from} and starts_at < ${day.to}
    ${day.officer === undefined ? sql`` : sql`and officer_id = ${day.officer}`}
    group  by state`.execute(db)
  return new Map(rows.map(row => [row.state, row.appointments]))
}

/** The held time becomes the appointment's; a time that the appointment had before comes back. */
export async function takeForAppointment(db: Db, holdId: string, appointmentId: string): Promise<void> {
  await giveBack(db, appointmentId)
  await db.updateTable('agenda_taken').set({ held_until: null, appointment_id: appointmentId }).where('id', '=', holdId).execute()
  await endHold(db, holdId, 'confirmed')
}

/** The time of an appointment can be taken again; its hold is over, and is forgotten in its time. */
export async function giveBack(db: Db, appointmentId: string): Promise<void> {
  const { rows } = await sql<{ unit_id: string; starts_at: Date }>`
    with given_back as (
      delete from agenda_taken where appointment_id = ${appointmentId} returning id, starts_at
    )
    update agenda_hold set ended = 'released' from given_back where agenda_hold.id = given_back.id
    returning agenda_hold.unit_id, given_back.starts_at`.execute(db)
  for (const { unit_id, starts_at } of rows) await mayHaveFrom(db, unit_id, starts_at)
}

/** Changes an appointment that is locked in this transaction; its version grows by one. */
export async function updateAppointment(
  db: Db,
  id: string,
  change: Partial<Omit<AppointmentRow, 'id' | 'version'>>,
): Promise<void> {
  await db
    .updateTable('appointment')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** An appointment of a contact that is still to come or under way and shares some of the time; the earliest. Index: appointment_of_contact. */
export const appointmentBetween = (
  db: Db,
  contactId: string,
  from: Date,
  to: Date,
  except?: string,
): Promise<AppointmentRow | undefined> =>
  db
    .selectFrom('appointment')
    .selectAll()
    .where('contact_id', '=', contactId)
    .where('starts_at', '<', to)
    .where('ends_at', '>', from)
    .where('state', 'in', ['booked', 'checked-in', 'in-progress'])
    .$if(except !== undefined, query => query.where('id', '<>', except ?? ''))
    .orderBy('starts_at')
    .limit(1)
    .executeTakeFirst()
