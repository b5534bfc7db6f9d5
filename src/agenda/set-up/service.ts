/**
 * The set-up of an office: read, tried, saved as a whole, its versions.
 *
 * Saving takes nobody's time away unseen: each booked citizen whose time is no longer there is moved or cancelled in the same transaction,
 * as was decided of each, and is written to. Who was shown fewer people than there are now is told so, and nothing is saved.
 */
import { contactsOf } from '../../contacts/index.ts'
import { membersOfUnits, rolesWhich } from '../../identity/index.ts'
import { closuresAffecting } from '../../organisation/index.ts'
import {
  type Actor,
  addDays,
  type Db,
  type DocumentVersion,
  dayAt,
  type House,
  type Language,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
} from '../../platform/index.ts'
import { agendaSetUp } from '../events.ts'
import { reasonOf } from '../free-times.ts'
import { holidayOf, type Office, officeOf } from '../places.ts'
import { maySetUp } from '../policy.ts'
import { type Closure, type SlotRequest, slotsOfDay, wholeDays } from '../slots.ts'
import { endHold, lockCalendars } from '../store.ts'
import { problemOf } from './check.ts'
import { type Booked, type Place, type Plan, proposedPlaces, stillStands } from './fit.ts'
import type {
  Displaced,
  NewSetUp,
  SetUp,
  SetUpCalendar,
  SetUpClosure,
  SetUpEffect,
  SetUpService,
  SetUpTrial,
  SetUpVersion,
  SetUpView,
} from './model.ts'
import { rebook } from './rebook.ts'
import {
  type BookedRow,
  bookedAt,
  calendarsKnown,
  foreignClosures,
  heldIn,
  instituteServices,
  lockAppointments,
  readServices,
  readSetUp,
  setUpService,
  setUps,
  writeCalendars,
  writeClosures,
  writeServices,
} from './store.ts'

/** More is not moved in one step: the change is made in parts. */
const maxDisplaced = 500
/** An office has some hundred appointments to come; beyond that the change is refused. */
const maxBooked = 20_000
const previewDays = 14
/** Nobody is booked, nor moved, beyond a year and the days that `proposedPlaces` looks ahead. */
const plannedDays = 366 + 90

/** The set-up of an office, with what can be chosen for it. @throws Refused 404 for an office that is not the actor's */
export async function setUpView(house: House, actor: Actor, unitId: string): Promise<SetUpView> {
  const db = house.database.kysely
  const office = await officeToSetUp(db, actor, unitId)
  const setUp = await readSetUp(db, office.id, todayOf(house))
  const offered = new Set(setUp.services.map(({ id }) => id))
  return {
    unit: { id: office.id, name: office.name },
    version: await setUps.newest(db, office.id),
    setUp,
    catalogue: (await instituteServices(db)).filter(({ id }) => !offered.has(id)).map(row => setUpService(row)),
    officers: await officersOf(db, office, new Date(house.clock.now())),
  }
}

/**
 * What would come of a set-up: the free times of one of its services, and the booked citizens whose time would no longer be there. Nothing
 * is written. @throws Refused 404, 422 for a set-up that makes no sense
 */
export async function trySetUp(
  house: House,
  actor: Actor,
  { unitId, setUp, serviceId, from }: { unitId: string } & SetUpTrial,
  language: Language,
): Promise<SetUpEffect> {
  const db = house.database.kysely
  const office = await officeToSetUp(db, actor, unitId)
  const now = new Date(house.clock.now())
  await checkSetUp(db, office, setUp, now, todayOf(house))
  const { displaced, plan } = await effectOn(db, house, office, setUp, now)
  const shown = setUp.services.find(({ id }) => id === serviceId) ?? setUp.services[0]
  const asked = shown && plan.asked(shown.id)
  const first = from ?? todayOf(house)
  return {
    days: asked
      ? Array.from({ length: previewDays }, (_, i) => slotsOfDay(addDays(first, i), calendarsFor(plan, shown.id), asked)).map(
          day => ({
            ...{ date: day.day, state: day.state, reason: reasonOf(day.because, language) },
            slots: day.slots.map(({ start, places }) => ({ start: new Date(start).toISOString(), free: places.length })),
          }),
        )
      : [],
    displaced: await displacedViews(db, displaced, plan, setUp),
  }
}

/**
 * Puts a set-up in force, from the next booking on.
 * @throws Refused 404, 422 for a set-up that makes no sense, 412 when somebody else has saved one since `version`, 409 `agenda.setUp.booked`
 * when there are booked citizens of whom nothing was decided, 409 `agenda.setUp.placeGone` when a place was taken meanwhile
 */
export const saveSetUp = useCase(
  async (
    work,
    { unitId, version, setUp, reason, rebookings }: { unitId: string; version: number } & NewSetUp,
  ): Promise<{ version: number }> => {
    const { tx, house, now } = work
    const today = todayOf(house)
    const office = await officeToSetUp(tx, work.actor, unitId)
    await checkSetUp(tx, office, setUp, now, today)
    const calendars = (await calendarsKnown(tx, office.id, [])).map(({ id }) => id)
    await lockCalendars(tx, calendars)
    const before = await readSetUp(tx, office.id, today)
    const saved = { document: setUp, reason, byName: nameOfActor(work.actor), at: now }
    const next = await setUps.add(tx, office.id, version, before, saved)
    await lockAppointments(tx, office.id, now)
    const officers = new Map((await officersOf(tx, office, now)).map(({ id, name }) => [id, name]))
    await writeServices(tx, office.id, setUp.services)
    const named = setUp.calendars.map(each => ({
      ...each,
      officerName: each.officerId && (officers.get(each.officerId) ?? each.label),
    }))
    await writeCalendars(tx, office.id, named, today)
    await writeClosures(tx, office.id, setUp.closures, today)
    const { displaced, plan, lost } = await effectOn(tx, house, office, setUp, now)
    for (const holdId of lost) await endHold(tx, holdId, 'released')
    const done = await rebook(work, office, setUp, displaced, plan, rebookings)
    await work.journal(
      agendaSetUp,
      { unitId: office.id, unitName: office.name, version: next, reason, ...done },
      { units: unitsIn(office.path) },
    )
    return { version: next }
  },
)

/** One page of the set-ups that an office has had, the newest first. @throws Refused 404 */
export async function setUpHistory(
  house: House,
  actor: Actor,
  query: { unitId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: SetUpVersion[]; next: string | null }> {
  const db = house.database.kysely
  const office = await officeToSetUp(db, actor, query.unitId)
  const { items, next } = await setUps.page(db, office.id, query)
  return { items: items.map(versionView), next }
}

const versionView = ({ version, document, reason, byName, at }: DocumentVersion<SetUp>): SetUpVersion => ({
  ...{ version, setUp: document, reason, by: byName, at: at.toISOString() },
})

// --- shared ---------------------------------------------------------------------------------------------------------

const todayOf = (house: House): string => dayAt(house.config.TIME_ZONE, house.clock.now())

/** @throws Refused 404 for an office that is not the actor's to set up */
export async function officeToSetUp(db: Db, actor: Actor, unitId: string): Promise<Office> {
  const office = await officeOf(db, unitId)
  if (!office || !maySetUp(actor, office.path).allowed) throw notFound('unit')
  return office
}

async function officersOf(db: Db, office: Office, at: Date): Promise<{ id: string; name: string }[]> {
  const members = await membersOfUnits(db, { paths: [office.path], roles: rolesWhich('appointments.handle'), at })
  const byId = new Map(members.map(({ id, name }) => [id, { id, name }]))
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

/** @throws Refused 422 for the first thing that is wrong */
async function checkSetUp(db: Db, office: Office, setUp: SetUp, now: Date, today: string): Promise<void> {
  const refuse = (code: string, field: string, name: string) => new Refused(`agenda.setUp.${code}`, { field, name }, 422)
  // Who no longer works there goes on receiving until the office says who does instead.
  const before = (await readSetUp(db, office.id, today)).calendars.flatMap(({ officerId }) => officerId ?? [])
  const problem = problemOf(setUp, new Set([...before, ...(await officersOf(db, office, now)).map(({ id }) => id)]))
  if (problem) throw refuse(problem.code, problem.field, problem.name)
  const known = new Map(
    (
      await readServices(
        db,
        setUp.services.map(({ id }) => id),
      )
    ).map(row => [row.id, row.unit_id]),
  )
  for (const { id, own, name } of setUp.services) {
    const owner = known.get(id)
    if (own ? known.has(id) && owner !== office.id : owner !== null) throw refuse('serviceForeign', 'services', name)
  }
  const calendars = await calendarsKnown(
    db,
    office.id,
    setUp.calendars.map(({ id }) => id),
  )
  if (calendars.some(({ unit_id }) => unit_id !== office.id)) throw refuse('twice', 'calendars', '')
  if (
    await foreignClosures(
      db,
      office.id,
      setUp.closures.map(({ id }) => id),
    )
  )
    throw refuse('twice', 'closures', '')
}

/**
 * Who is booked at a time that a set-up does not have, by time; the plan with what stays taken; the holds whose time is gone. Closures of units
 * are read once. @throws Refused 422 where more than `most` lose their time
 */
export async function effectOn(
  db: Db,
  house: House,
  office: Office,
  setUp: SetUp,
  now: Date,
  most = maxDisplaced,
): Promise<{ displaced: BookedRow[]; plan: Plan; lost: string[] }> {
  const booked = await bookedAt(db, office.id, now, maxBooked)
  const calendars = (await calendarsKnown(db, office.id, [])).map(({ id }) => id)
  const held = await heldIn(db, calendars, now)
  const days = { firstDay: todayOf(house), lastDay: addDays(todayOf(house), plannedDays) }
  const above = wholeDays((await closuresAffecting(db, [office.id], days)).get(office.id))
  const planned = (taken: readonly Omit<Booked, 'start'>[]) => planOf(house, office, setUp, now, { above, taken })
  const empty = planned([])
  const stand = <B extends Omit<Booked, 'start'>>(all: readonly B[]) => Map.groupBy(all, each => stillStands(each, empty))
  const [appointments, holds] = [stand(booked), stand(held)]
  const displaced = appointments.get(false) ?? []
  if (booked.length === maxBooked || displaced.length > most)
    throw new Refused('agenda.setUp.tooManyBooked', { count: displaced.length }, 422)
  const stays = [...(appointments.get(true) ?? []), ...(holds.get(true) ?? [])]
  return { displaced, plan: planned(stays), lost: (holds.get(false) ?? []).map(({ id }) => id) }
}

/** @param above closures that are not of the set-up: of the office as a unit, and of the units above it */
function planOf(
  house: House,
  office: Office,
  setUp: SetUp,
  now: Date,
  { above, taken }: { above: readonly Closure[]; taken: readonly Omit<Booked, 'start'>[] },
): Plan {
  const isHoliday = holidayOf(office)
  const requests = new Map(
    setUp.services.map((service): [string, SlotRequest] => [
      service.id,
      { ...timesOf(service), now: now.getTime(), timeZone: house.config.TIME_ZONE, isHoliday, group: 'office' },
    ]),
  )
  const takenOf = Map.groupBy(taken, each => each.calendarId)
  return {
    asked: serviceId => requests.get(serviceId),
    calendars: setUp.calendars.map(each => ({
      ...{ id: each.id, capacity: each.capacity, services: each.services, openings: each.openings, extras: each.extras },
      officer: each.officerId === null ? null : { id: each.officerId, name: each.label },
      closures: [...setUp.closures.filter(closure => closes(closure, each, setUp)), ...above],
      taken: (takenOf.get(each.id) ?? []).map(({ lane, occupied }) => ({ lane, ...occupied })),
    })),
  }
}

/** Whether a closure is of a calendar: of the office, of the calendar itself, or of another one of the same officer, who is away from all. */
const closes = ({ calendarId }: SetUpClosure, { id, officerId }: SetUpCalendar, { calendars }: SetUp): boolean =>
  calendarId === null ||
  calendarId === id ||
  (officerId !== null && calendars.find(each => each.id === calendarId)?.officerId === officerId)

const timesOf = ({ durationMinutes, preparationMinutes, bufferMinutes, noticeMinutes, horizonDays, shares }: SetUpService) => ({
  ...{ durationMinutes, preparationMinutes, bufferMinutes, noticeMinutes, horizonDays, shares },
})

const calendarsFor = (plan: Plan, serviceId: string) => plan.calendars.filter(each => each.services.includes(serviceId))

/** Appointments whose time is gone, each with where it can go. */
export async function displacedViews(db: Db, displaced: readonly BookedRow[], plan: Plan, setUp: SetUp): Promise<Displaced[]> {
  const proposed = proposedPlaces(displaced, plan)
  const contacts = await contactsOf(
    db,
    displaced.map(({ row }) => row.contact_id),
  )
  return displaced.map(({ row }) => {
    const place = proposed.get(row.id)
    return {
      appointmentId: row.id,
      contact: contacts.get(row.contact_id)?.name ?? '',
      service: row.service_name,
      with: row.officer_name ?? '',
      start: row.starts_at.toISOString(),
      proposal: place ? placeView(place, setUp) : null,
    }
  })
}

const placeView = ({ start, end, calendarId }: Place, setUp: SetUp) => ({
  start: new Date(start).toISOString(),
  end: new Date(end).toISOString(),
  calendarId,
  with: setUp.calendars.find(({ id }) => id === calendarId)?.label ?? '',
})
