/**
 * People who are booked on days that a unit has closed. A closure holds at once for all offices below it; each office then moves or cancels those
 * who are booked with it, with the set-up that is in force. Whoever closes sees before how many they are, and afterwards how many are left.
 */
import { checkClosureDays, closuresAffecting, unitOf, unitsOf } from '../../organisation/index.ts'
import {
  type Actor,
  addDays,
  boundsOf,
  type Day,
  dayAt,
  type House,
  must,
  notFound,
  Refused,
  unitsIn,
  useCase,
} from '../../platform/index.ts'
import { agendaRebooked } from '../events.ts'
import { mayCountBooked } from '../policy.ts'
import { endHold, lockCalendars } from '../store.ts'
import {
  type BookedOnDays,
  type BookedOnDaysQuery,
  type DisplacedList,
  maxRebooked,
  type Rebookings,
  type RebookingsDone,
} from './model.ts'
import { rebook } from './rebook.ts'
import { displacedViews, effectOn, officeToSetUp } from './service.ts'
import { calendarsKnown, countBooked, lockAppointments, readSetUp } from './store.ts'

interface Days {
  firstDay: Day
  lastDay: Day
}

/** So many offices are named. */
const maxOffices = 50
/** Nobody is booked later. */
const bookableDays = 366

const today = (house: House): Day => dayAt(house.config.TIME_ZONE, house.clock.now())

/**
 * How many people are booked on some days at a unit and those below it; without days, on those of the closures in force. It looks once at each
 * office, and counts what is to come there.
 * @throws Refused 403 for who may not close the unit, 404 for a unit that is not there, 422 for days that are not in order or are more than a year
 */
export async function bookedOnDays(
  house: House,
  actor: Actor,
  { unitId, firstDay, lastDay = firstDay }: { unitId: string } & BookedOnDaysQuery,
): Promise<BookedOnDays> {
  const db = house.database.kysely
  const unit = await unitOf(db, unitId)
  if (!unit) throw notFound('unit')
  must(mayCountBooked(actor, unit.path))
  const units = await unitsOf(db, { under: unit.path })
  const daysOf = new Map<string, readonly Days[]>()
  if (firstDay !== undefined && lastDay !== undefined) {
    checkClosureDays({ firstDay, lastDay })
    for (const { id } of units) daysOf.set(id, [{ firstDay, lastDay }])
  } else {
    const ahead = { firstDay: today(house), lastDay: addDays(today(house), bookableDays) }
    const ids = units.map(({ id }) => id)
    for (const [id, closures] of await closuresAffecting(db, ids, ahead)) daysOf.set(id, apart(closures))
  }
  const now = house.clock.now()
  const spans = [...daysOf].flatMap(([id, days]) =>
    days.map(each => ({
      unitId: id,
      from: new Date(Math.max(now, boundsOf(house.config.TIME_ZONE, each.firstDay)[0])),
      to: new Date(boundsOf(house.config.TIME_ZONE, each.lastDay)[1]),
    })),
  )
  const counts = await countBooked(db, spans)
  const items = units
    .flatMap(({ id, name }) => ({ unitId: id, name, count: counts.get(id) ?? 0 }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'it'))
  return {
    count: items.reduce((sum, { count }) => sum + count, 0),
    offices: items.length,
    items: items.slice(0, maxOffices),
  }
}

/** Stretches of days, the first to begin first, as stretches that do not overlap. */
function apart(all: readonly Days[]): Days[] {
  const found: Days[] = []
  for (const { firstDay, lastDay } of all) {
    const before = found.at(-1)
    if (!before || firstDay > before.lastDay) found.push({ firstDay, lastDay })
    else if (lastDay > before.lastDay) before.lastDay = lastDay
  }
  return found
}

/**
 * Who is booked at an office at a time that is no longer there, the earliest first, each with where the appointment can go.
 * @throws Refused 404 for an office that is not the actor's to set up
 */
export async function displacedView(house: House, actor: Actor, unitId: string): Promise<DisplacedList> {
  const db = house.database.kysely
  const office = await officeToSetUp(db, actor, unitId)
  const setUp = await readSetUp(db, office.id, today(house))
  const { displaced, plan } = await effectOn(db, house, office, setUp, new Date(house.clock.now()), Number.POSITIVE_INFINITY)
  const items = await displacedViews(db, displaced.slice(0, maxRebooked), plan, setUp)
  return { items, more: displaced.length > items.length }
}

/**
 * Moves or cancels people whose time is no longer there, all or none, each with the mail. Whoever is not named stays in the list.
 * @throws Refused 404, 409 `agenda.setUp.settled` when one has a time again, or is cancelled, meanwhile, 409 `agenda.setUp.placeGone` when a
 * place was taken
 */
export const rebookDisplaced = useCase(
  async (work, { unitId, rebookings }: { unitId: string } & Rebookings): Promise<RebookingsDone> => {
    const { tx, house, now } = work
    const office = await officeToSetUp(tx, work.actor, unitId)
    await lockCalendars(
      tx,
      (await calendarsKnown(tx, office.id, [])).map(({ id }) => id),
    )
    await lockAppointments(tx, office.id, now)
    const setUp = await readSetUp(tx, office.id, today(house))
    const { displaced, plan, lost } = await effectOn(tx, house, office, setUp, now, Number.POSITIVE_INFINITY)
    const named = new Set(rebookings.map(({ appointmentId }) => appointmentId))
    const wanted = displaced.filter(({ id }) => named.has(id))
    const settled = named.size - wanted.length
    if (settled > 0) throw new Refused('agenda.setUp.settled', { count: settled }, 409)
    for (const holdId of lost) await endHold(tx, holdId, 'released')
    const done = await rebook(work, office, setUp, wanted, plan, rebookings)
    await work.journal(agendaRebooked, { unitId: office.id, unitName: office.name, ...done }, { units: unitsIn(office.path) })
    return done
  },
)
