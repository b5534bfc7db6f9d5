/** Lists of tickets: of the reader's section, centre or directorate, and how many are in each. */
import { z } from 'zod'
import { can } from '../../identity/index.ts'
import {
  type Actor,
  actingPerson,
  addDays,
  boundsOf,
  type Db,
  dayAt,
  decodeCursor,
  type House,
  notFound,
  type PersonActor,
  pageOf,
  Refused,
} from '../../platform/index.ts'
import { stemsAsked } from '../finding/finding.ts'
import { leavesUnder } from '../finding/store.ts'
import { conditionOf } from '../finding/wanted.ts'
import type { TicketCounts, TicketFilter, TicketLine, TicketState, TicketView } from '../model.ts'
import { sectionsOfCentre, unitFacts } from '../places.ts'
import { scopeOf } from '../service.ts'
import { countOwn, type Scope, type TicketList, ticketCountsOf } from '../store.ts'
import { type ListKey, type ListPlace, listTickets, type Narrowing, type TicketListQuestion } from './list-store.ts'
import { linesOf } from './views.ts'

export const statesOf: Readonly<Record<Exclude<TicketView, 'mine'>, readonly TicketState[]>> = {
  pool: ['pool'],
  forwarded: ['forwarded', 'returned'],
  all: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
  closed: ['closed'],
}
/** A central directorate's pool is what it has been asked. */
export const directorateStates: Readonly<Record<Exclude<TicketView, 'mine'>, readonly TicketState[]>> = {
  pool: ['forwarded'],
  forwarded: ['returned', 'claimed', 'answered'],
  all: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
  closed: ['closed'],
}

const Cursor = z.tuple([z.number().int(), z.uuid()])

/** What a member has in charge. */
const inCharge: readonly TicketState[] = ['claimed', 'forwarded', 'returned', 'answered']

export interface WantedList extends TicketFilter {
  view: TicketView
  sectionId?: string | undefined
}

/**
 * What a list means for somebody, ready to be asked; undefined where the reader has no such list.
 * @throws Refused as `placeOf`; 422 for words that say nothing, and for a list of closed tickets that is narrowed
 */
export async function listQuestion(
  house: House,
  actor: Actor,
  { view, sectionId, ...filter }: WantedList,
): Promise<Omit<TicketListQuestion, 'limit' | 'after'> | undefined> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const scope = scopeOf(actor)
  const place: ListPlace | undefined =
    view === 'mine' ? { column: 'claimed_by', value: person.personId } : await placeOf(db, person, scope, sectionId)
  if (!place) return undefined
  const narrowing = await narrowingOf(house, filter)
  const { state } = filter
  // Closed tickets grow without end: they are found among all cases, by the index of words.
  if (view === 'closed' && (narrowing || state)) throw new Refused('cases.filterOfOpen', {}, 422)
  const ofView = view === 'mine' ? inCharge : (place.column === 'directorate_id' ? directorateStates : statesOf)[view]
  const states = state === undefined ? ofView : ofView.filter(each => each === state)
  return { place, states, scope, narrowing, order: view === 'closed' ? 'due' : filter.order, newestFirst: view === 'closed' }
}

/** One page of a list of tickets, due first; closed ones last due first. @throws Refused as `listQuestion` */
export async function ticketList(
  house: House,
  actor: Actor,
  { cursor: text, limit, ...wanted }: WantedList & { cursor?: string | undefined; limit: number },
): Promise<{ items: TicketLine[]; next: string | null }> {
  const db = house.database.kysely
  const cursor = decodeCursor(Cursor, text)
  const after: ListKey | undefined = cursor && { at: new Date(cursor[0]), id: cursor[1] }
  const question = await listQuestion(house, actor, wanted)
  const rows = question ? await listTickets(db, { ...question, after, limit: limit + 1 }) : []
  const page = pageOf(rows, limit, row => [(question?.order === 'age' ? row.opened_at : row.due_at).getTime(), row.id])
  return { items: await linesOf(db, page.items), next: page.next }
}

const weekDays = 7

/** What a filter narrows a list to; undefined when to nothing. */
async function narrowingOf(house: House, filter: TicketFilter): Promise<Narrowing | undefined> {
  const { due, typologyId, ownerId, waiting, channel, words } = filter
  if ([due, typologyId, ownerId, waiting, channel, words].every(each => each === undefined || each === '')) return undefined
  const now = house.clock.now()
  const { TIME_ZONE: timeZone } = house.config
  const endOf = (days: number) => new Date(boundsOf(timeZone, addDays(dayAt(timeZone, now), days))[1])
  const nothing = { under: undefined, unitPath: undefined, standing: undefined, typologyIds: undefined }
  return {
    ...{ ownerId, waiting },
    dueBefore: due === undefined ? undefined : due === 'late' ? new Date(now) : endOf(due === 'today' ? 0 : weekDays),
    typologyIds: typologyId === undefined ? undefined : await leavesUnder(house.database.kysely, typologyId),
    condition: conditionOf({ ...nothing, stems: await stemsAsked(house, words), channel }),
  }
}

/**
 * Where the reader's lists come from: the own section or centre, the own directorate, or a section that was asked for.
 * @throws Refused 404 for a unit out of the reader's sight, before any ticket is looked at; 422 for one that does not exist
 */
export async function placeOf(
  db: Db,
  actor: PersonActor,
  scope: Scope,
  sectionId: string | undefined,
): Promise<TicketList | undefined> {
  if (can(actor, 'tickets.advise')) return { column: 'directorate_id', value: actor.unitId }
  const wanted = sectionId ?? (can(actor, 'tickets.work') ? actor.unitId : undefined)
  if (wanted === undefined) return undefined
  const unit = await unitFacts(db, wanted)
  if (!unit) throw new Refused('cases.unitUnknown', { field: 'sectionId' }, 422)
  if (!scope.all && !unit.path.startsWith(scope.under)) throw notFound('unit')
  return unit.id === unit.centre.id && unit.kind === 'cric'
    ? { column: 'centre_id', value: unit.id }
    : { column: 'unit_id', value: unit.id }
}

/** How many tickets are in each of the reader's lists, from the kept counts. */
export async function ticketCounts(house: House, actor: Actor): Promise<TicketCounts> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  scopeOf(actor)
  const own = await unitFacts(db, person.unitId)
  const unit = { id: person.unitId, name: own?.name ?? '' }
  const inCentre = can(person, 'tickets.work') && own !== undefined
  const sections = inCentre ? await sectionsOfCentre(db, own.centre.id) : []
  const wholeCentre = inCentre && own.kind === 'cric'
  const places = wholeCentre ? sections.map(section => section.id) : [person.unitId]
  const rows = await ticketCountsOf(db, [...new Set([...places, ...sections.map(section => section.id)])])
  const sum = (units: readonly string[], states: readonly TicketState[]) =>
    rows.filter(row => units.includes(row.unit_id) && states.includes(row.state)).reduce((total, row) => total + row.tickets, 0)
  const states = can(person, 'tickets.advise') ? directorateStates : statesOf
  return {
    unit,
    counts: {
      pool: sum(places, states.pool),
      mine: await countOwn(db, person.personId),
      forwarded: sum(places, states.forwarded),
      all: sum(places, states.all),
      closed: null,
    },
    sections: sections.map(section => ({ ...section, pool: sum([section.id], ['pool']) })),
  }
}
