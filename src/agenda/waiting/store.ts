/** SQL of the waiting list. Its rows are locked last: after calendars, holds, appointments and what is taken. */
import '../tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import { maxOccupiedMs, mayHaveFrom } from '../bound-store.ts'
import type { AppointmentRow, WaitingRow } from '../tables.ts'

/** Owner of holds on times that were freed where somebody waits: nobody else has them before those who wait were asked. */
export const pauseOwner = 'waiting'
/** Owner of the hold on a time that is offered to whoever has an appointment. */
export const offerOwner = (appointmentId: string): string => `waiting:${appointmentId}`

/** Puts an appointment on the list; one that is about to leave it stays. */
export async function insertWaiting(
  db: Db,
  row: Pick<WaitingRow, 'appointment_id' | 'unit_id' | 'service_id' | 'since' | 'passed_over' | 'look_at'>,
): Promise<void> {
  await db
    .insertInto('agenda_waiting')
    .values(row)
    .onConflict(conflict => conflict.column('appointment_id').doUpdateSet({ leaves: false }))
    .execute()
}

export const readWaiting = (db: Db, appointmentId: string): Promise<WaitingRow | undefined> =>
  db.selectFrom('agenda_waiting').selectAll().where('appointment_id', '=', appointmentId).executeTakeFirst()

export async function lockListed(db: Db, appointmentId: string): Promise<WaitingRow | undefined> {
  return db.selectFrom('agenda_waiting').selectAll().where('appointment_id', '=', appointmentId).forUpdate().executeTakeFirst()
}

export async function deleteWaiting(db: Db, appointmentId: string): Promise<void> {
  await db.deleteFrom('agenda_waiting').where('appointment_id', '=', appointmentId).execute()
}

/** Nobody is offered anything more; a time that is kept now goes to the next who waits when the worker looks. */
export async function stopWaiting(db: Db, appointmentId: string, now: Date): Promise<void> {
  await sql`delete from agenda_waiting where appointment_id = ${appointmentId} and offer_id is null`.execute(db)
  await sql`
    update agenda_waiting set offer_until = least(offer_until, ${now}), leaves = true where appointment_id = ${appointmentId}`.execute(
    db,
  )
}

/** An appointment goes to another office: its citizen waits there, and what is offered elsewhere is over. */
export async function waitElsewhere(
  db: Db,
  appointmentId: string,
  to: { unitId: string; serviceId: string; now: Date },
): Promise<void> {
  await sql`
    update agenda_waiting set unit_id = ${to.unitId}, service_id = ${to.serviceId}, offer_until = least(offer_until, ${to.now}), passed_over = '{}'
    where  appointment_id = ${appointmentId} and (unit_id <> ${to.unitId} or service_id <> ${to.serviceId})`.execute(db)
}

export async function putOffer(
  db: Db,
  appointmentId: string,
  offer: { id: string; start: Date; until: Date; callAt: Date | null },
): Promise<void> {
  await sql`
    update agenda_waiting set offer_id = ${offer.id}, offer_starts_at = ${offer.start}, offer_until = ${offer.until}, offers = offers + 1,
           passed_over = array_append(passed_over, ${offer.start}), by_telephone = ${offer.callAt !== null}, call_at = ${offer.callAt},
           wrong_codes = 0
    where  appointment_id = ${appointmentId}`.execute(db)
}

/** Of which appointments it is asked what is offered. */
export type OfOffers = { appointmentId: string } | { code: string } | { contactIds: readonly string[] }

/** So many citizens of one telephone number are known by it. */
const offersOfNumber = 20
/** Numbers are easily forged: after so many wrong codes whoever calls from the citizen's number keys the whole code, which nobody guesses. */
const maxWrongCodes = 10

/**
 * Appointments with what is offered to their citizens now, which comes first; of citizens only those to whom something is offered. At most one of a
 * request code. Indexes: appointment_pkey, appointment_by_code, appointment_of_contact; agenda_waiting_pkey.
 */
export async function offersOf(
  db: Db,
  of: OfOffers,
  now: Date,
): Promise<(AppointmentRow & Pick<WaitingRow, 'offer_id' | 'offer_starts_at'>)[]> {
  const wanted =
    'appointmentId' in of
      ? sql`appointment.id = ${of.appointmentId}`
      : 'code' in of
        ? sql`appointment.code = ${of.code}`
        : sql`appointment.contact_id = any(${[...of.contactIds]}::uuid[]) and appointment.starts_at > ${now} and waiting.offer_id is not null
              and waiting.wrong_codes < ${maxWrongCodes}`
  const { rows } = await sql<AppointmentRow & Pick<WaitingRow, 'offer_id' | 'offer_starts_at'>>`
    select appointment.*, waiting.offer_id, waiting.offer_starts_at
    from   appointment left join agenda_waiting waiting on waiting.appointment_id = appointment.id and waiting.offer_until > ${now}
    where  ${wanted}
    order  by waiting.offer_id is null, appointment.state <> 'booked', appointment.starts_at desc, appointment.id
    limit  ${'contactIds' in of ? offersOfNumber : 1}`.execute(db)
  return rows
}

/** Counts a wrong code for what is offered to citizens now. Rows are locked in the order of their identifiers. Index: appointment_of_contact. */
export async function countWrongCode(db: Db, contactIds: readonly string[], now: Date): Promise<void> {
  if (contactIds.length === 0) return
  await sql`
    with offered as (
      select waiting.appointment_id
      from   agenda_waiting waiting join appointment on appointment.id = waiting.appointment_id
      where  appointment.contact_id = any(${[...contactIds]}::uuid[]) and appointment.starts_at > ${now} and waiting.offer_until > ${now}
      order  by waiting.appointment_id for update of waiting)
    update agenda_waiting set wrong_codes = wrong_codes + 1 where appointment_id in (select appointment_id from offered)`.execute(
    db,
  )
}

/** The citizen waits on without an offer. */
export async function takeOfferAway(db: Db, appointmentId: string): Promise<void> {
  await sql`
    update agenda_waiting set offer_id = null, offer_starts_at = null, offer_until = null, by_telephone = false, call_at = null
    where  appointment_id = ${appointmentId}`.execute(db)
}

/** Whether anybody but the citizen of an appointment waits for times that its calendar has, and is booked later. Index: waiting_of_office. */
export async function isWaitedFor(db: Db, { id, calendar_id, unit_id, starts_at }: AppointmentRow): Promise<boolean> {
  const { rows } = await sql`
    select from agenda_waiting waiting join appointment on appointment.id = waiting.appointment_id
    where  waiting.unit_id = ${unit_id} and waiting.appointment_id <> ${id} and appointment.starts_at > ${starts_at}
    and    waiting.service_id = any((select services from agenda_calendar where id = ${calendar_id})::text[])
    limit  1`.execute(db)
  return rows.length > 0
}

/** The time of an appointment is freed, and kept until an instant for those who wait. */
export async function keepFreed(db: Db, appointmentId: string, until: Date): Promise<void> {
  const { rows } = await sql<{ id: string; unit_id: string; starts_at: Date }>`
    with freed as (
      update agenda_taken set appointment_id = null, held_until = ${until} where appointment_id = ${appointmentId} returning id, starts_at
    )
    update agenda_hold set owner = ${pauseOwner}, until = ${until}, ended = null from freed where agenda_hold.id = freed.id
    returning agenda_hold.id, agenda_hold.unit_id, freed.starts_at`.execute(db)
  for (const row of rows) await mayHaveFrom(db, row.unit_id, row.starts_at)
}

/** What was kept for one who waits is kept for the others, if nobody has it yet. */
export async function keepForOthers(db: Db, holdId: string, until: Date): Promise<void> {
  await sql`
    with kept as (
      update agenda_taken set held_until = ${until} where id = ${holdId} and appointment_id is null returning id
    )
    update agenda_hold set owner = ${pauseOwner}, until = ${until} where id in (select id from kept)`.execute(db)
}

/** Lets go what is kept for all who wait at a time of a calendar, for the one who is offered it. Index: taken_of_calendar. */
export async function endPauses(db: Db, calendarIds: readonly string[], start: Date, end: Date): Promise<void> {
  await sql`
    with over as (
      delete from agenda_taken using agenda_hold
      where  agenda_hold.id = agenda_taken.id and agenda_hold.owner = ${pauseOwner} and agenda_taken.calendar_id = any(${[...calendarIds]}::uuid[])
      and    agenda_taken.starts_at >= ${new Date(start.getTime() - maxOccupiedMs)} and agenda_taken.starts_at < ${end} and agenda_taken.ends_at > ${start} and agenda_taken.held_until is not null
      returning agenda_taken.id
    )
    update agenda_hold set ended = 'released' where id in (select id from over)`.execute(db)
}

/** Some of what is due: so many, without those of some identifiers. */
interface Some {
  except: readonly string[]
  limit: number
}

/** Appointments whose offer is over, the longest over first. Index: offer_by_end. */
export async function offersOver(db: Db, now: Date, { except, limit }: Some): Promise<string[]> {
  const { rows } = await sql<{ appointment_id: string }>`
    select appointment_id from agenda_waiting
    where  offer_id is not null and offer_until <= ${now} and appointment_id <> all(${[...except]}::uuid[])
    order  by offer_until, appointment_id limit ${limit}`.execute(db)
  return rows.map(row => row.appointment_id)
}

/** A service of an office for which citizens wait. */
export interface Queue {
  unitId: string
  serviceId: string
}

/** Queues that were not looked at for a while. Index: waiting_to_look_at. */
export async function queuesToLookAt(db: Db, now: Date, { except, limit }: Some): Promise<Queue[]> {
  const { rows } = await sql<Queue>`
    select unit_id as "unitId", service_id as "serviceId"
    from   (select unit_id, service_id, look_at from agenda_waiting
            where  look_at <= ${now} and unit_id || ' ' || service_id <> all(${[...except]}::text[])
            order  by look_at, unit_id, service_id limit ${limit}) due
    group  by unit_id, service_id
    order  by min(look_at)`.execute(db)
  return rows
}

/** A queue is looked at again at an instant; who no longer waits for anything leaves it. */
export async function lookAgainAt(db: Db, { unitId, serviceId }: Queue, now: Date, at: Date): Promise<void> {
  await sql`
    delete from agenda_waiting waiting using appointment
    where  waiting.unit_id = ${unitId} and waiting.service_id = ${serviceId} and waiting.offer_id is null and appointment.id = waiting.appointment_id
    and    (appointment.state <> 'booked' or appointment.starts_at <= ${now})`.execute(db)
  await sql`update agenda_waiting set look_at = ${at} where unit_id = ${unitId} and service_id = ${serviceId}`.execute(db)
}

export type InQueue = Pick<WaitingRow, 'appointment_id' | 'passed_over'> &
  Pick<AppointmentRow, 'starts_at' | 'mode' | 'contact_id'>

/** Who waits in a queue and can be offered something now, in order. Index: waiting_of_office. */
export async function nextInQueue(
  db: Db,
  { unitId, serviceId }: Queue,
  { now, offersAtMost, limit }: { now: Date; offersAtMost: number; limit: number },
): Promise<InQueue[]> {
  const { rows } = await sql<InQueue>`
    select waiting.appointment_id, waiting.passed_over, appointment.starts_at, appointment.mode, appointment.contact_id
    from   agenda_waiting waiting
           join appointment on appointment.id = waiting.appointment_id
    where  waiting.unit_id = ${unitId} and waiting.service_id = ${serviceId} and waiting.offer_id is null
    and    waiting.offers < ${offersAtMost} and appointment.state = 'booked' and appointment.starts_at > ${now}
    order  by waiting.since, waiting.appointment_id
    limit  ${limit}`.execute(db)
  return rows
}

/** Appointments whose citizens are to be called about an offer, the longest due first. Index: waiting_to_call. */
export async function offersToCall(db: Db, now: Date, { except, limit }: Some): Promise<string[]> {
  const { rows } = await sql<{ appointment_id: string }>`
    select appointment_id from agenda_waiting
    where  call_at <= ${now} and offer_until > ${now} and appointment_id <> all(${[...except]}::uuid[])
    order  by call_at, appointment_id limit ${limit}`.execute(db)
  return rows.map(row => row.appointment_id)
}

/** When the citizen is called next about an offer; null is not any more. Does nothing when it is no longer the one that stands. */
export async function setCallAt(db: Db, appointmentId: string, offerId: string, at: Date | null): Promise<void> {
  await db
    .updateTable('agenda_waiting')
    .set({ call_at: at })
    .where('appointment_id', '=', appointmentId)
    .where('offer_id', '=', offerId)
    .execute()
}
