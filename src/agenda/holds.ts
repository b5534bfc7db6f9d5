/**
 * Holds: a time is kept for one person while the form is filled, and becomes an appointment or is let go.
 *
 * A person has one hold. Taking another time, going back, cancelling the form and confirming let the earlier one go; asking for the same
 * time again returns the same hold. When its minutes are over anybody may take the time; until somebody does, its owner still can
 * confirm it, so that a slow form costs nobody a time that nobody else wanted.
 */
import {
  type Actor,
  type Db,
  dayAt,
  type House,
  must,
  notFound,
  Refused,
  useCase,
  type Work,
  wallClock,
} from '../platform/index.ts'
import { askedOf, holdOwnerOf } from './first-free.ts'
import { needService, nextFree, unbound } from './free-times.ts'
import type { AppointmentMode, Hold, NewHold } from './model.ts'
import { type Office, officeOf } from './places.ts'
import { mayBookAppointments, mayPlace } from './policy.ts'
import { calendarsOfSlot, type FreeSlot, timeFree, timeOffered } from './slots.ts'
import {
  calendarsOf,
  endHold,
  forgetHolds,
  giveBackExpired,
  type HoldRow,
  holdsOfOwner,
  insertHold,
  lockCalendarOfHold,
  lockCalendars,
  oneAtATime,
  readCalendar,
  readHold,
  readService,
  take,
  takenBy,
} from './store.ts'
import type { CalendarRow, OfferedRow, TakenRow } from './tables.ts'

const minute = 60_000
/** Long enough to ask for name and reason, short enough that a forgotten form does not hide a time. */
export const holdMinutes = 5
/** Holds that are over are kept for a day, so that who comes back late is told what was lost. */
const forgetAfterMs = 24 * 60 * minute

/** A session stands for a citizen, who has no account: the call, or the browser's session. */
export interface Session {
  session?: string
}

/**
 * Takes hold of a time.
 * @throws Refused 409 with `nextFree` when it has been taken, 422 when no time begins then
 */
export const takeHold = useCase(async (work, input: NewHold & Session): Promise<{ id: string }> => {
  must(mayBookAppointments(work.actor))
  const owner = holdOwnerOf(work.actor, input.session)
  const { office, service } = await needService(work.tx, input.unitId, input.serviceId)
  const start = new Date(input.start)
  const mode = modeOf(service, input.mode)
  const ownHand = input.calendarId !== undefined
  if (ownHand) must(mayPlace(work.actor, office.path))
  await oneAtATime(work.tx, owner)
  const earlier = await holdsOfOwner(work.tx, owner)
  const same = earlier.find(hold => isSame(hold, input, work.now))
  if (same && same.mode === mode && (await takenBy(work.tx, same.id)) && (await isWith(work.tx, same, input)))
    return { id: same.id }

  const asked = {
    ...askedOf(work.house, work.actor, office, service),
    ...(ownHand ? unbound : {}),
    now: work.now.getTime(),
  }
  const day = dayAt(asked.timeZone, start.getTime())
  const read = () =>
    calendarsOf(work.tx, {
      unitIds: [office.id],
      serviceId: service.id,
      firstDay: day,
      lastDay: day,
      timeZone: asked.timeZone,
      now: work.now,
    })
  const time = timeOffered(start.getTime(), await read(), asked)
  if (!time) throw await refusal(work, 'agenda.notATime', office, service, start, 422)
  const ids = calendarsOfSlot(time)
    .filter(each => input.officer === undefined || each.officer?.id === input.officer)
    .filter(each => input.calendarId === undefined || each.id === input.calendarId)
    .map(each => each.id)

  await lockCalendars(work.tx, [...ids, ...earlier.map(hold => hold.calendar_id)])
  for (const hold of earlier) await endHold(work.tx, hold.id, 'released')
  await giveBackExpired(work.tx, ids, new Date(time.occupied.start), new Date(time.occupied.end), work.now)
  // The calendars may have been set up anew while this waited for them.
  const offering = (await read()).filter(calendar => ids.includes(calendar.id))
  const free = timeFree(start.getTime(), offering, asked)
  const until = new Date(work.now.getTime() + holdMinutes * minute)
  const id = free && (await holdPlace(work, free, { owner, unitId: office.id, serviceId: service.id, mode, until }))
  if (id !== undefined) return { id }
  throw await refusal(work, 'agenda.taken', office, service, start)
})

/**
 * Keeps one of the places of a free time, with whoever has least to do that day; the calendars are locked.
 * @returns the identifier of the hold; undefined when somebody else was faster everywhere
 */
export async function holdPlace(
  work: Work,
  time: FreeSlot,
  hold: { owner: string; unitId: string; serviceId: string; mode: AppointmentMode; until: Date },
): Promise<string | undefined> {
  const places = time.places.toSorted(
    (a, b) => a.calendar.taken.length - b.calendar.taken.length || (a.calendar.id < b.calendar.id ? -1 : 1),
  )
  const occupied = { start: new Date(time.occupied.start), end: new Date(time.occupied.end) }
  for (const { calendar, lane } of places) {
    const id = work.ids()
    await insertHold(work.tx, {
      ...{ id, owner: hold.owner, unit_id: hold.unitId, service_id: hold.serviceId, calendar_id: calendar.id },
      ...{ starts_at: new Date(time.start), ends_at: new Date(time.end), until: hold.until, ended: null, mode: hold.mode },
    })
    if (await take(work.tx, { id, calendarId: calendar.id, lane, ...occupied, heldUntil: hold.until })) return id
    await endHold(work.tx, id, 'released')
  }
  return undefined
}

/** @throws Refused 422 when the office does not offer the service in that way */
function modeOf(service: OfferedRow, wanted: AppointmentMode | undefined): AppointmentMode {
  const mode = wanted ?? service.modes[0] ?? 'counter'
  if (!service.modes.includes(mode)) throw new Refused('agenda.modeNotHere', { field: 'mode', service: service.name }, 422)
  return mode
}

const isSame = (hold: HoldRow, input: NewHold, now: Date): boolean =>
  hold.unit_id === input.unitId &&
  hold.service_id === input.serviceId &&
  hold.starts_at.getTime() === Date.parse(input.start) &&
  hold.until > now

async function isWith(db: Db, hold: HoldRow, { officer, calendarId }: NewHold): Promise<boolean> {
  if (calendarId !== undefined && hold.calendar_id !== calendarId) return false
  if (officer === undefined) return true
  return (await readCalendar(db, hold.calendar_id)).officer_id === officer
}

/** Lets a hold go. Doing it twice is the same. @throws Refused 404 for a hold that is not the actor's */
export const releaseHold = useCase(async (work, { holdId, session }: { holdId: string } & Session): Promise<{ id: string }> => {
  const hold = await readHold(work.tx, holdId, holdOwnerOf(work.actor, session))
  if (!hold) throw notFound('hold')
  if (hold.ended === null) await endHold(work.tx, hold.id, 'released')
  return { id: hold.id }
})

/** A hold of the actor's, with the time that is left. @throws Refused 404 when there is none */
export async function holdView(house: House, actor: Actor, holdId: string): Promise<Hold> {
  const db = house.database.kysely
  const hold = await readHold(db, holdId, holdOwnerOf(actor))
  if (!hold || hold.ended !== null || !(await takenBy(db, hold.id))) throw notFound('hold')
  const [office, service, calendar] = [
    await officeOf(db, hold.unit_id),
    await readService(db, hold.service_id),
    await readCalendar(db, hold.calendar_id),
  ]
  return {
    id: hold.id,
    unit: { id: hold.unit_id, name: office?.name ?? '' },
    service: { id: hold.service_id, name: service?.name ?? '' },
    start: hold.starts_at.toISOString(),
    end: hold.ends_at.toISOString(),
    officer: calendar.officer_id === null ? null : { id: calendar.officer_id, name: calendar.officer_name ?? '' },
    mode: hold.mode,
    until: hold.until.toISOString(),
    secondsLeft: Math.max(0, Math.floor((hold.until.getTime() - house.clock.now()) / 1000)),
  }
}

export interface HeldTime {
  hold: HoldRow
  taken: TakenRow
  office: Office
  service: OfferedRow
  calendar: CalendarRow
}

/**
 * The time that the actor holds, locked for the transaction that uses it.
 * @throws Refused 404 for a hold that is not the actor's, 409 when it was used, or with `nextFree` when somebody else has the time now
 */
export async function useHold(work: Work, holdId: string, session?: string): Promise<HeldTime> {
  await lockCalendarOfHold(work.tx, holdId)
  const hold = await readHold(work.tx, holdId, holdOwnerOf(work.actor, session), true)
  if (!hold) throw notFound('hold')
  if (hold.ended === 'confirmed') throw new Refused('agenda.holdUsed', {}, 409)
  const { office, service } = await needService(work.tx, hold.unit_id, hold.service_id)
  const taken = hold.ended === null && hold.starts_at > work.now ? await takenBy(work.tx, hold.id, true) : undefined
  if (!taken) throw await refusal(work, 'agenda.holdLost', office, service, hold.starts_at)
  return { hold, taken, office, service, calendar: await readCalendar(work.tx, hold.calendar_id) }
}

/** A refusal that says which time is the next free one. */
async function refusal(
  work: Work,
  code: string,
  office: Office,
  service: OfferedRow,
  start: Date,
  status: 409 | 422 = 409,
): Promise<Refused> {
  const { TIME_ZONE } = work.house.config
  const next = await nextFree(work.house, work.actor, work.tx, office, service)
  const values = { at: onTheWall(TIME_ZONE, start.getTime()), unit: office.name, nextFree: next?.start ?? null }
  if (!next) return new Refused(`${code}.noneFree`, values, status)
  return new Refused(`${code}.next`, { ...values, nextFreeAt: onTheWall(TIME_ZONE, Date.parse(next.start)) }, status)
}

/** As it is written to a person: `27/11/2026 10:30`. */
export function onTheWall(timeZone: string, instant: number): string {
  const { day, minutes } = wallClock(timeZone, instant)
  const time = [Math.floor(minutes / 60), minutes % 60].map(each => String(each).padStart(2, '0')).join(':')
  return `${day.split('-').reverse().join('/')} ${time}`
}

/** Removes what is left of holds that were over long ago. Called by a job. */
export const sweepHolds = (house: House): Promise<number> =>
  forgetHolds(house.database.kysely, new Date(house.clock.now() - forgetAfterMs))
