/** Use cases of units, their hours, and which of them is near: one transaction each. */
import { z } from 'zod'
import {
  changedMeanwhile,
  changesOf,
  type Db,
  dayAt,
  decodeCursor,
  type House,
  lastEntry,
  must,
  notFound,
  pageOf,
  Refused,
  unitsIn,
  useCase,
} from '../platform/index.ts'
import { type CalendarPlace, holidays } from './calendar.ts'
import { closuresOf } from './closure-store.ts'
import { closedDays } from './closures.ts'
import { unitHoursChanged } from './events.ts'
import type { NearestAgency, OpeningHours, Openness, Unit, UnitClosure, UnitView } from './model.ts'
import { boxAround, distanceKm, provinceOf } from './municipalities.ts'
import { numbersOf } from './number-store.ts'
import { opennessAt, overlapping } from './opening.ts'
import { maySetHours } from './policy.ts'
import {
  bumpUnit,
  findUnits,
  lockUnit,
  openingHoursOf,
  ownHours,
  positionOfUnit,
  replaceHours,
  type UnitFilter,
  unitOf,
  unitsOf,
} from './store.ts'

// --- units ----------------------------------------------------------------------------------------------------------

/** One page of units: those that a text finds, best first, or all of a kind, region, parent, in the order of the tree. */
export async function unitPage(
  db: Db,
  query: Omit<UnitFilter, 'ids' | 'under'> & {
    q?: string | undefined
    under?: string | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: Unit[]; next: string | null }> {
  const { q, under, cursor, limit, ...rest } = query
  const top = under === undefined ? undefined : await unitOf(db, under)
  if (under !== undefined && !top) throw notFound('unit')
  const filter = { ...rest, under: top?.path }
  if (q) {
    const after = decodeCursor(z.tuple([z.number(), z.string(), z.string()]), cursor)
    const found = await findUnits(db, q, limit + 1, {
      filter,
      after: after && { score: after[0], name: after[1], id: after[2] },
    })
    const { items, next } = pageOf(found, limit, each => [each.score, each.unit.name, each.unit.id])
    return { items: items.map(each => each.unit), next }
  }
  const after = decodeCursor(z.tuple([z.string()]), cursor)
  const from = after && (await unitAt(db, after[0]))
  const units = await unitsOf(db, filter, { after: from, limit: limit + 1 })
  return pageOf(units, limit, unit => [unit.id])
}

/** Where a unit stands in the lists. @throws Refused 400 when it is no longer there */
async function unitAt(db: Db, id: string): Promise<{ position: number; path: string }> {
  const row = await positionOfUnit(db, id)
  if (!row) throw new Refused('platform.cursorUnknown', {}, 400)
  return row
}

/** A unit with what stands on its page. @throws Refused 404 when there is none */
export async function unitView(db: Db, id: string, now: Date): Promise<UnitView> {
  const unit = await needUnit(db, id)
  const line = unitsIn(unit.path)
  const [above, hours, numbers] = await Promise.all([
    unitsOf(db, { ids: line.slice(0, -1) }),
    openingHoursOf(db, unit),
    numbersOf(db, id),
  ])
  const { open, nextChange, holiday } = (await openingOf(db, unit))(now)
  return {
    ...unit,
    above: above.map(each => ({ id: each.id, name: each.name })),
    hours: hours.spans,
    hoursOf: hours.unitId,
    open,
    nextChange: nextChange?.toISOString() ?? null,
    holiday,
    numbers,
  }
}

export async function needUnit(db: Db, id: string): Promise<Unit> {
  const unit = await unitOf(db, id)
  if (!unit) throw notFound('unit')
  return unit
}

/**
 * Whether a unit is open at an instant, and when that changes next. On holidays of its place it is closed.
 * @throws Refused 404 for a unit that is not there
 */
export async function isOpen(db: Db, unitId: string, at: Date): Promise<Openness> {
  return (await openingOf(db, await needUnit(db, unitId)))(at)
}

/** Returns when a unit is open, for any number of instants: its hours and closures are read once. */
export async function openingOf(db: Db, unit: Unit): Promise<(at: Date) => Openness> {
  const { spans } = await openingHoursOf(db, unit)
  const closedOn = closedDays(unit, await closuresOf(db, unitsIn(unit.path)))
  const hours = { spans, timeZone: unit.timeZone, isHoliday: (day: string) => closedOn(day) !== undefined }
  return at => ({ ...opennessAt(hours, at), holiday: closedOn(dayAt(unit.timeZone, at.getTime()))?.because === 'holiday' })
}

/** The closures of a unit, its own and of those above it, that are not over. @throws Refused 404 for a unit that is not there */
export async function closuresAhead(house: House, unitId: string): Promise<UnitClosure[]> {
  const { db, now } = reading(house)
  const unit = await needUnit(db, unitId)
  return closuresOf(db, unitsIn(unit.path), dayAt(unit.timeZone, now.getTime()))
}

/** Tells whether a day is a holiday at a place; each year is computed once. */
export function holidayTest(place: { provinceCode: string | null; municipalityCode: string | null }): (day: string) => boolean {
  const calendar: CalendarPlace = {
    provinceCode: place.provinceCode ?? undefined,
    municipalityCode: place.municipalityCode ?? undefined,
  }
  const years = new Map<number, ReadonlySet<string>>()
  return day => {
    const year = Number(day.slice(0, 4))
    const known = years.get(year) ?? new Set(holidays(year, calendar.provinceCode, calendar.municipalityCode))
    years.set(year, known)
    return known.has(day)
  }
}

/** Sets the week of a unit; without spans it keeps the hours of the unit above. @throws Refused 412 when it was changed since `version` */
export const setHours = useCase(
  async (work, { unitId, version, hours }: { unitId: string; version: number; hours: OpeningHours }): Promise<UnitView> => {
    const unit = await lockUnit(work.tx, unitId)
    if (!unit) throw notFound('unit')
    must(maySetHours(work.actor, unit))
    if (unit.version !== version)
      throw changedMeanwhile(
        await unitView(work.tx, unitId, work.now),
        await lastEntry(work.tx, [unitHoursChanged], { payload: ['unitId', unitId] }, work.now),
      )
    for (const span of hours.spans)
      if (span.opens >= span.closes) throw new Refused('organisation.spanEndsBeforeItBegins', { field: 'spans', ...span }, 422)
    const overlap = overlapping(hours.spans)
    if (overlap) {
      const [first, second] = overlap
      const values = { field: 'spans', first: `${first.opens}–${first.closes}`, second: `${second.opens}–${second.closes}` }
      throw new Refused('organisation.spansOverlap', values, 422)
    }
    const own = await ownHours(work.tx, unitId)
    await replaceHours(work.tx, unitId, hours.spans)
    await bumpUnit(work.tx, unitId)
    await work.journal(
      unitHoursChanged,
      { unitId, spans: hours.spans, changes: changesOf({ spans: own }, { spans: hours.spans }) },
      { units: unitsIn(unit.path) },
    )
    return unitView(work.tx, unitId, work.now)
  },
)

// --- the nearest agencies -------------------------------------------------------------------------------------------

/**
 * The agencies nearest to a unit or to a municipality, as the crow flies, nearest first; an agency is the nearest to itself.
 * @param withinKm no agency that lies farther away
 * @returns nothing when it is not known where the place is
 */
export async function nearestAgencies(
  db: Db,
  near: { unitId: string } | { municipalityCode: string },
  limit: number,
  withinKm = Number.POSITIVE_INFINITY,
): Promise<NearestAgency[]> {
  const from = await placeOf(db, near)
  if (!from) return []
  const agencies = await unitsOf(db, { kind: 'agency', box: Number.isFinite(withinKm) ? boxAround(from, withinKm) : undefined })
  return agencies
    .flatMap(unit =>
      unit.latitude === null || unit.longitude === null
        ? []
        : [{ unit, distanceKm: distanceKm(from, { latitude: unit.latitude, longitude: unit.longitude }) }],
    )
    .filter(each => each.distanceKm <= withinKm)
    .sort((a, b) => a.distanceKm - b.distanceKm || (a.unit.path < b.unit.path ? -1 : 1))
    .slice(0, limit)
    .map(({ unit, distanceKm: km }) => ({ unit, distanceKm: Math.round(km * 10) / 10 }))
}

async function placeOf(
  db: Db,
  near: { unitId: string } | { municipalityCode: string },
): Promise<{ latitude: number; longitude: number } | undefined> {
  if ('municipalityCode' in near) return provinceOf(near.municipalityCode)
  const unit = await unitOf(db, near.unitId)
  if (!unit || unit.latitude === null || unit.longitude === null) return undefined
  return { latitude: unit.latitude, longitude: unit.longitude }
}

/** What the routes read with: the database outside a transaction, and the instant. */
export const reading = (house: House): { db: Db; now: Date } => ({
  db: house.database.kysely,
  now: new Date(house.clock.now()),
})
