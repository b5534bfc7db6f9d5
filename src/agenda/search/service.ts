/**
 * The search for free times: by office, by province, around a place, or the first one of each region. A plain list, the earliest first.
 *
 * Offices are looked at in the order in which they can have a time at the earliest (`none_before`), until nobody who is left can come before
 * what was found. A line may be taken by somebody while it is read; whoever presses it is then told the next free time.
 */
import { z } from 'zod'
import { isSeenContact } from '../../contacts/index.ts'
import { regionNames } from '../../organisation/index.ts'
import {
  type Actor,
  type Db,
  decodeCursor,
  type House,
  notFound,
  pageOf,
  Refused,
  wallClock,
  weekdayOf,
} from '../../platform/index.ts'
import { boundsOfService } from '../bound-store.ts'
import { firstFreeAt, type TimesWanted } from '../first-free.ts'
import type { AppointmentMode, Slot } from '../model.ts'
import { type Office, officeOf, officesIn, officesNear } from '../places.ts'
import { mayLookForTimes } from '../policy.ts'
import type { Fitting } from '../slots.ts'
import { readService, serviceAtOffices } from '../store.ts'
import type { OfferedRow } from '../tables.ts'
import type { FoundTime, SearchQuery } from './model.ts'
import { officerOfLastTime } from './store.ts'

/** Beyond the nearest sixty offices nobody goes. */
const officesAround = 60
const noon = 13 * 60

/** Where the page before has ended: start, distance, office. */
const Cursor = z.tuple([z.number(), z.number(), z.string()])
type Cursor = z.infer<typeof Cursor>

interface Candidate {
  office: Office
  distanceKm: number | null
  /** Nothing is free there before. */
  bound: number
  /** Undefined as long as it has not been looked at. */
  times: Slot[] | undefined
  service: OfferedRow | undefined
}

/**
 * The first free times of a service, the earliest first, each office once on a page unless one office was asked for. Where no place is named: the
 * first time of each region, by the name of the region, on one page.
 * @throws Refused 404 for who books nothing, for a service or an office that is not there, 422 for a place that is not known
 */
export async function searchTimes(
  house: House,
  actor: Actor,
  query: SearchQuery,
): Promise<{ items: FoundTime[]; next: string | null }> {
  if (!mayLookForTimes(actor)) throw notFound('agenda')
  const db = house.database.kysely
  const after = decodeCursor(Cursor, query.cursor)
  const candidates = await candidatesFor(house, db, query, after)
  const search: Search = { house, actor, db, query, after, fits: fittingOf(house.config.TIME_ZONE, query) }
  const isWhole = query.unitId === undefined && query.province === undefined && query.near === undefined
  if (isWhole) return { items: await firstOfRegions(search, candidates), next: null }
  await lookUntilSure(search, [candidates], query.limit + 1)
  const found = timesOf(candidates).map(([candidate, slot]) => lineOf(candidate, slot, query, false))
  const page = pageOf(found, query.limit, keyOf)
  if (after !== undefined) return page
  const before = [...(await asLastTime(search, candidates)), ...(await ofFirstOffice(search, candidates))]
  const isBefore = (line: FoundTime) => before.some(each => each.unit.id === line.unit.id && each.start === line.start)
  return { items: [...before, ...page.items.filter(line => !isBefore(line))], next: page.next }
}

interface Search {
  house: House
  actor: Actor
  db: Db
  query: SearchQuery
  after: Cursor | undefined
  fits: Fitting | undefined
}

async function firstOfRegions(search: Search, candidates: readonly Candidate[]): Promise<FoundTime[]> {
  const regions = Map.groupBy(candidates, ({ office }) => office.regionCode)
  await lookUntilSure(search, [...regions.values()], 1)
  return [...regionNames().keys()].flatMap(code => {
    const [first] = timesOf(regions.get(code) ?? [])
    return first ? [lineOf(...first, search.query, false)] : []
  })
}

/** The offices that are meant and offer the service in the way that is asked for. */
async function candidatesFor(house: House, db: Db, query: SearchQuery, after: Cursor | undefined): Promise<Candidate[]> {
  const offices = await officesMeant(db, query)
  const bounds = await boundsOfService(
    db,
    query.serviceId,
    offices.map(({ office }) => office.id),
  )
  if (bounds.size === 0 && !(await readService(db, query.serviceId))) throw notFound('service')
  const now = house.clock.now()
  return offices.flatMap(({ office, distanceKm }) => {
    const known = bounds.get(office.id)
    if (!known || (query.mode && !known.modes.includes(query.mode))) return []
    const bound = Math.max(known.noneBefore, now + known.noticeMinutes * 60_000, after?.[0] ?? 0)
    return [{ office, distanceKm, bound, times: undefined, service: undefined }]
  })
}

async function officesMeant(db: Db, query: SearchQuery): Promise<{ office: Office; distanceKm: number | null }[]> {
  if (query.unitId !== undefined) {
    const office = await officeOf(db, query.unitId)
    if (!office) throw notFound('unit')
    return [{ office, distanceKm: null }]
  }
  if (query.near === undefined) return (await officesIn(db, query.province)).map(office => ({ office, distanceKm: null }))
  const near = await officesNear(db, query.near, officesAround, query.km)
  if (near.length === 0 && (await officesNear(db, query.near, 1)).length === 0)
    throw new Refused('agenda.placeUnknown', { field: 'near' }, 422)
  return near
}

/** Looks at offices, those first that can have the earliest times, until of each group the first `want` times are sure. */
async function lookUntilSure(search: Search, groups: readonly (readonly Candidate[])[], want: number): Promise<void> {
  for (let size = want + 1; ; size *= 2) {
    const batch = groups.flatMap(group => {
      const last = timesOf(group)[want - 1]?.[1]
      const until = last ? Date.parse(last.start) : Number.POSITIVE_INFINITY
      return group
        .filter(each => each.times === undefined && each.bound <= until)
        .sort((a, b) => a.bound - b.bound || (a.distanceKm ?? 0) - (b.distanceKm ?? 0))
        .slice(0, size)
    })
    if (batch.length === 0) return
    await lookAt(search, batch)
  }
}

async function lookAt({ house, actor, db, query, after, fits }: Search, batch: readonly Candidate[]): Promise<void> {
  const services = await serviceAtOffices(
    db,
    batch.map(({ office }) => office.id),
    query.serviceId,
  )
  const places = batch.flatMap(each => {
    each.service = services.get(each.office.id)
    return each.service ? [{ office: each.office, service: each.service, after: after && beginsAfter(each, after) }] : []
  })
  const wanted: TimesWanted = { times: query.unitId === undefined ? 1 : query.limit + 1, fits, keep: true }
  const found = await firstFreeAt(house, actor, db, places, wanted)
  for (const each of batch) each.times = found.get(each.office.id) ?? []
}

/** The instant from which times of an office come after the place where a page has ended. */
const beginsAfter = ({ office, distanceKm }: Candidate, [start, distance, unitId]: Cursor): number =>
  (distanceKm ?? 0) > distance || ((distanceKm ?? 0) === distance && office.id > unitId) ? start : start + 1

/** The times of offices that were found, in the order of the list. */
const timesOf = (candidates: readonly Candidate[]): [Candidate, Slot][] =>
  candidates
    .flatMap(candidate => (candidate.times ?? []).map((slot): [Candidate, Slot] => [candidate, slot]))
    .sort(
      ([a, { start: first }], [b, { start: second }]) =>
        Date.parse(first) - Date.parse(second) ||
        (a.distanceKm ?? 0) - (b.distanceKm ?? 0) ||
        (a.office.id < b.office.id ? -1 : 1),
    )

/** The first time with the officer who received the citizen last, if that officer's office is among those that are meant. */
async function asLastTime({ query, ...search }: Search, candidates: readonly Candidate[]): Promise<FoundTime[]> {
  if (query.contactId === undefined || !(await isSeenContact(search.db, search.actor, query.contactId))) return []
  const last = await officerOfLastTime(search.db, query.contactId)
  const candidate = candidates.find(({ office }) => office.id === last?.unitId)
  return last && candidate ? firstOf({ ...search, query }, candidate, last.officerId) : []
}

/** The first time of the office that comes before all others, wherever it is. */
async function ofFirstOffice(search: Search, candidates: readonly Candidate[]): Promise<FoundTime[]> {
  const { first } = search.query
  const candidate = candidates.find(({ office }) => office.id === first)
  if (candidate || first === undefined) return candidate ? firstOf(search, candidate) : []
  const office = await officeOf(search.db, first)
  return office ? firstOf(search, { office, distanceKm: null }) : []
}

async function firstOf(
  { house, actor, db, query, fits }: Search,
  { office, distanceKm }: Pick<Candidate, 'office' | 'distanceKm'>,
  officer?: string,
): Promise<FoundTime[]> {
  const service = (await serviceAtOffices(db, [office.id], query.serviceId)).get(office.id)
  if (!service || (query.mode && !service.modes.includes(query.mode))) return []
  const found = await firstFreeAt(house, actor, db, [{ office, service }], { times: 1, fits, officer })
  return (found.get(office.id) ?? []).map(slot => lineOf({ office, distanceKm, service }, slot, query, officer !== undefined))
}

function lineOf(
  { office, distanceKm, service }: Pick<Candidate, 'office' | 'distanceKm' | 'service'>,
  slot: Slot,
  query: SearchQuery,
  asLast: boolean,
): FoundTime {
  const mode: AppointmentMode = query.mode ?? service?.modes[0] ?? 'counter'
  return {
    ...slot,
    unit: { id: office.id, name: office.name, address: office.address },
    region: office.regionCode === null ? null : (regionNames().get(office.regionCode) ?? null),
    distanceKm,
    mode,
    asLastTime: asLast,
  }
}

const keyOf = ({ start, distanceKm, unit }: FoundTime): Cursor => [Date.parse(start), distanceKm ?? 0, unit.id]

function fittingOf(timeZone: string, { part, weekday }: SearchQuery): Fitting | undefined {
  if (part === undefined && weekday === undefined) return undefined
  return {
    day: day => weekday === undefined || weekdayOf(day) === weekday,
    start: start => part === undefined || wallClock(timeZone, start).minutes < noon === (part === 'morning'),
  }
}
